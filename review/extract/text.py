"""Plain text, Markdown and comma- or tab-separated tables, in any Chinese encoding."""

import csv
import re
from collections import Counter
from typing import Final

from review.errors import CorruptError, TooLargeError
from review.extract.encodings import Decoded, decode
from review.extract.interface import Block, Extraction, Gap, Role
from review.extract.limits import Limits
from review.spans import Location

_SAMPLE: Final = 1_048_576
_LINE_BREAK: Final = r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]"
_HEADING: Final = r"(#{1,6})[ \t\u3000]+(.*?)[ \t]*#*"
_ITEM: Final = r"[ \t]*(?:[-*+•·●▪■◆]|\d{1,3}[.)])[ \t\u3000]+\S.*"
_OTHER_KINDS: Final = (
    r"\{\\rtf|%PDF-|%!PS|MIME-Version:|<\?xml|<(?:svg|office:document|pkg:package)\b"
    r"|(?:(?:Received|Return-Path|From|To|Cc|Subject|Date|Message-ID|Content-Type|"
    r"Content-Transfer-Encoding|X-[\w-]+|Delivered-To|MIME-Version): ?[^\n]*\r?\n"
    r"(?:[ \t][^\n]*\r?\n)*){2,}"
)
_SEPARATORS: Final = (",", "\t", ";", "|")
_SENTENCE_MARKS: Final = frozenset("。！？；")
_AGREEMENT: Final = 0.8
_SHORT_CELL: Final = 40


class Text:
    """Plain text files: txt, md, csv, tsv."""

    format = "txt"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes decode as text and are no other text format."""
        sample = data if len(data) <= _SAMPLE else _head(data)
        decoded = decode(sample)
        if decoded is None:
            return False
        start = decoded.text[:4096].lstrip("\ufeff \t\r\n")
        return re.match(_OTHER_KINDS, start, re.IGNORECASE) is None

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every line, or every row where the text is a table.

        Raises:
            CorruptError: The bytes decode in no known encoding.
            TooLargeError: There are more characters than allowed.
        """
        decoded = decode(data)
        if decoded is None:
            raise CorruptError("文本编码无法识别，请另存为 UTF-8 编码后再提交。")
        if len(decoded.text) > limits.characters:
            raise TooLargeError("文本过长，请拆分后再提交。")
        text = decoded.text.replace("\x00", "").replace("\x1a", "")
        rows = _table_rows(text)
        blocks = _lines(text) if rows is None else _rows(rows)
        return Extraction(blocks, broken_gap(decoded))


def broken_gap(decoded: Decoded) -> tuple[Gap, ...]:
    """Return the gap for the bytes that did not decode, if there were any."""
    if not decoded.broken:
        return ()
    message = f"有 {decoded.broken} 处字节无法解码，请人工核对原文。"
    return (Gap(Location(), "unreadable_part", message),)


def _head(data: bytes) -> bytes:
    sample = data[:_SAMPLE]
    cut = sample.rfind(b"\n")
    return sample[: (cut + 1) & ~1] if cut > 0 else sample


def _lines(text: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    titled = False
    for number, line in enumerate(re.split(_LINE_BREAK, text), 1):
        if not line.strip():
            continue
        where = Location(paragraph=number)
        heading = re.fullmatch(_HEADING, line.strip())
        if heading and heading[2]:
            first = not titled and len(heading[1]) == 1
            titled = titled or first
            role: Role = "title" if first else "heading"
            blocks.append(Block(heading[2], where, role=role))
        elif re.fullmatch(_ITEM, line):
            blocks.append(Block(line.strip(), where, role="item"))
        else:
            blocks.append(Block(line.rstrip(), where))
    return tuple(blocks)


def _rows(rows: tuple[tuple[str, ...], ...]) -> tuple[Block, ...]:
    return tuple(
        Block(
            "\t".join(cells),
            Location(part="table", table=1, row=number),
            role="row",
            cells=cells,
        )
        for number, cells in enumerate(rows, 1)
        if any(cells)
    )


def _table_rows(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Return the rows where the text is plainly a separated table."""
    for separator in _SEPARATORS:
        if text.count(separator) < 2:  # noqa: PLR2004 - two rows of two cells
            continue
        try:
            parsed = list(
                csv.reader(text.splitlines(keepends=True), delimiter=separator)
            )
        except csv.Error:
            continue
        rows = tuple(
            tuple(" ".join(cell.split()) for cell in row) for row in parsed if row
        )
        if _is_table(rows):
            return rows
    return None


def _is_table(rows: tuple[tuple[str, ...], ...]) -> bool:
    counts = Counter(len(row) for row in rows)
    if len(rows) < 2:  # noqa: PLR2004 - a table has at least two rows
        return False
    width, times = counts.most_common(1)[0]
    needed = 3 if width == 2 else 2  # noqa: PLR2004 - two columns need more proof
    if width < 2 or times < needed or times < len(rows) * _AGREEMENT:  # noqa: PLR2004 - as above
        return False
    cells = [cell for row in rows if len(row) == width for cell in row]
    prose = sum(
        len(cell) > _SHORT_CELL or bool(_SENTENCE_MARKS & set(cell)) for cell in cells
    )
    return prose <= len(cells) * (0.1 if width == 2 else 0.2)  # noqa: PLR2004 - as above
