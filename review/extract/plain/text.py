"""Plain text and Markdown, in any Chinese encoding."""

import re
from typing import Final

from review.errors import CorruptError, TooLargeError
from review.extract.interface import Block, Extraction, Gap, Role
from review.extract.limits import Limits
from review.extract.plain.barred import rows_in
from review.extract.plain.encodings import Decoded, decode, is_nonsense, restored
from review.extract.plain.tables import table_in
from review.spans import Location

_SAMPLE: Final = 1_048_576
_LINE_BREAK: Final = r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]"
_NO_BREAKS: Final = "\x1c\x1d\x1e"
_HEADING: Final = r"(#{1,6})[ \t\u3000]+(.*?)[ \t]*#*"
_ITEM_MARKS: Final = "-*+•·●▪■◆"
_ITEM: Final = rf"[ \t]*(?:[{_ITEM_MARKS}]|\d{{1,3}}[.)])[ \t\u3000]+\S.*"
_OTHER_KINDS: Final = (
    r"\{\\rtf|%PDF-|%!PS|MIME-Version:|<\?xml|<(?:svg|office:document|pkg:package)\b"
    r"|(?:(?:Received|Return-Path|From|To|Cc|Subject|Date|Message-ID|Content-Type|"
    r"Content-Transfer-Encoding|X-[\w-]+|Delivered-To|MIME-Version): ?[^\n]*\r?\n"
    r"(?:[ \t][^\n]*\r?\n)*){2,}"
)


class Text:
    """Plain text files: txt, md, and what somebody typed."""

    format = "txt"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes decode as text and are no other text format."""
        decoded = decode(sample_of(data))
        return decoded is not None and is_plain(decoded.text)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every line, or every row where the text is a table.

        Raises:
            CorruptError: The bytes decode in no known encoding.
            TooLargeError: There are more characters than allowed.
        """
        text, gaps = text_of(data, limits)
        return Extraction(table_in(text) or lines_of(text), gaps)


def is_plain(text: str) -> bool:
    """Tell whether a text does not begin like a format that others read."""
    start = text[:4096].lstrip("\ufeff \t\r\n")
    return re.match(_OTHER_KINDS, start, re.IGNORECASE) is None


def text_of(data: bytes, limits: Limits) -> tuple[str, tuple[Gap, ...]]:
    """Return the text of a whole file, put right where it must be, and its gaps.

    Raises:
        CorruptError: The bytes decode in no known encoding.
        TooLargeError: There are more characters than allowed.
    """
    decoded = decode(data)
    if decoded is None:
        raise CorruptError("文本编码无法识别，请另存为 UTF-8 编码后再提交。")
    if len(decoded.text) > limits.characters:
        raise TooLargeError("文本过长，请拆分后再提交。")
    if decoded.text.count("\n") > limits.blocks:
        raise TooLargeError("文本的行数过多，请拆分后再提交。")
    decoded, gaps = mended(decoded)
    return decoded.text.replace("\x00", "").replace("\x1a", ""), gaps


def broken_gap(decoded: Decoded) -> tuple[Gap, ...]:
    """Return the gaps of a text: bytes that did not decode, and text that is nonsense."""
    gaps = []
    if decoded.broken:
        message = f"有 {decoded.broken} 处字节无法解码，请人工核对原文。"
        gaps.append(Gap(Location(), "unreadable_part", message))
    if is_nonsense(decoded.text):
        message = "文字像是乱码，可能曾用错误的编码保存，请用原编码另存后再提交。"
        gaps.append(Gap(Location(), "garbled_text", message))
    return tuple(gaps)


def mended(decoded: Decoded) -> tuple[Decoded, tuple[Gap, ...]]:
    """Return a text with its gaps, put right where it was once decoded wrongly."""
    better = restored(decoded.text)
    if better is None:
        return decoded, broken_gap(decoded)
    message = "文字曾用错误的编码保存，已按还原后的文字检查，请人工核对。"
    gap = Gap(Location(), "garbled_text", message)
    return Decoded(better, decoded.encoding, decoded.broken), (gap,)


def sample_of(data: bytes) -> bytes:
    """Return the beginning of a long file, cut at the end of a line."""
    if len(data) <= _SAMPLE:
        return data
    sample = data[:_SAMPLE]
    cut = sample.rfind(b"\n")
    return sample[: (cut + 1) & ~1] if cut > 0 else sample


def lines_of(text: str) -> tuple[Block, ...]:
    """Return the lines of a text that are not empty: headings, items and rows told apart."""
    blocks: list[Block] = []
    titled = False
    lines = _split(text)
    rows = rows_in(lines)
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if not bare:
            continue
        if number in rows:
            blocks.extend(rows[number])
            continue
        where = Location(paragraph=number)
        heading = re.fullmatch(_HEADING, bare) if bare[0] == "#" else None
        if heading and heading[2]:
            first = not titled and len(heading[1]) == 1
            titled = titled or first
            role: Role = "title" if first else "heading"
            blocks.append(Block(heading[2], where, role=role))
        elif _may_begin_item(bare[0]) and re.fullmatch(_ITEM, line):
            blocks.append(Block(bare, where, role="item"))
        else:
            blocks.append(Block(line.rstrip(), where))
    return tuple(blocks)


def _split(text: str) -> list[str]:
    """Return the lines; quickly, where no character parts them for Python alone."""
    if any(mark in text for mark in _NO_BREAKS):
        return re.split(_LINE_BREAK, text)
    return text.splitlines()


def _may_begin_item(character: str) -> bool:
    """Tell what an item may begin with: few lines are then compared with the pattern."""
    return character in _ITEM_MARKS or character.isdecimal()
