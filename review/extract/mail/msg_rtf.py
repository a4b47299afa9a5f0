"""The rich text of an Outlook message: undo its packing, and keep its words."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import regex

from review.errors import CorruptError, TooLargeError
from review.extract.mail.eml_words import text_of

_PACKED: Final = b"LZFu"
_PLAIN: Final = b"MELA"
_HEAD: Final = 16
_WINDOW: Final = 4096
# What every packed text may already refer to; the format prescribes it.
_KNOWN: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern "
    rb"\fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl"
    rb"\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN: Final = (
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\(.)|([{}])"
    rb"|[\r\n]+|([^\\{}\r\n]+)"
)
_SILENT: Final = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata themedata datastore "
    b"xmlnstbl listtable listoverridetable rsidtbl generator filetbl htmltag "
    b"mhtmltag colorschememapping latentstyles fldinst".split()
)
_MARKS: Final = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
}
_SIGNS: Final = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_DEEPEST: Final = 1_000


def unpacked_rtf(data: bytes, most: int) -> bytes:
    """Return the rich text that a message carries packed.

    Raises:
        CorruptError: It is not packed in this way, or cut off.
        TooLargeError: It becomes longer than `most` bytes.
    """
    if len(data) < _HEAD:
        raise CorruptError("邮件的富文本正文已损坏。")
    size, kind = struct.unpack_from("<I4s", data, 4)
    if kind == _PLAIN:
        return data[_HEAD : _HEAD + size]
    if kind != _PACKED:
        raise CorruptError("邮件的富文本正文已损坏。")
    out = bytearray(_KNOWN)
    for step in _steps(data, out):
        if len(out) > most:
            raise TooLargeError("邮件的富文本正文过大。")
        out += step
    return bytes(out[len(_KNOWN) : len(_KNOWN) + size])


def _steps(data: bytes, out: bytearray) -> Iterator[bytes]:
    """Yield what each step adds: a byte, or a repetition of what stands before."""
    at = _HEAD
    while at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                return
            if not flags >> bit & 1:
                yield data[at : at + 1]
                at += 1
                continue
            word = int.from_bytes(data[at : at + 2], "big")
            at += 2
            back = (len(out) - (word >> 4)) % _WINDOW
            if not back:
                return
            yield _repeated(out, back, (word & 15) + 2)


def _repeated(out: bytearray, back: int, length: int) -> bytes:
    """Return what stands so far back; the end may repeat itself."""
    start = len(out) - back
    if start < 0:
        # A place of the window that was never written holds zeros.
        return bytes(length)
    piece = bytes(out[start : start + length])
    return (piece * (length // len(piece) + 1))[:length]


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds between two braces."""

    silent: bool = False
    after: int = 1
    optional: bool = False


@dataclass(slots=True)
class _Words:
    """The words of a rich text while it is gone through."""

    charset: str = "gb18030"
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    out: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    _skip: int = 0
    _markup: bool = False

    def byte(self, value: bytes) -> None:
        """Take a byte in the text's own charset; a character may need two."""
        if self._skip:
            self._skip -= 1
        elif not self._is_silent:
            self.raw += value

    def plain(self, value: bytes) -> None:
        """Take plain text."""
        kept = value[self._skip :]
        self._skip = max(0, self._skip - len(value))
        if not self._is_silent:
            self.raw += kept

    def say(self, text: str) -> None:
        """Take text whose characters are known."""
        self.flush()
        if not self._is_silent:
            self.out.append(text)

    def flush(self) -> None:
        """Decode the bytes that were gathered."""
        if self.raw:
            self.out.append(text_of(bytes(self.raw), self.charset))
            self.raw.clear()

    def brace(self, which: bytes) -> None:
        """Open or close a group."""
        self._skip = 0
        if which == b"{" and len(self.groups) < _DEEPEST:
            self.groups.append(replace(self.groups[-1], optional=False))
        elif which == b"}" and len(self.groups) > 1:
            self.groups.pop()

    def control(self, word: bytes, number: int | None) -> None:
        """Take a control word."""
        group = self.groups[-1]
        if word in _SILENT or group.optional:
            self.groups[-1] = replace(group, silent=True, optional=False)
        elif word in _MARKS:
            self.say(_MARKS[word])
        elif word == b"u" and number is not None:
            self._unicode(number % 0x10000)
            self._skip = group.after
        elif word == b"uc":
            self.groups[-1] = replace(group, after=min(number or 0, 8))
        elif word == b"ansicpg" and number:
            self.charset = charset_of(number)
        elif word == b"htmlrtf":
            self.flush()
            self._markup = number != 0

    def option(self) -> None:
        """Mark the group as one that a reader may pass over."""
        self.groups[-1] = replace(self.groups[-1], optional=True)

    def _unicode(self, unit: int) -> None:
        last = self.out[-1] if self.out and not self.raw else ""
        if 0xDC00 <= unit < 0xE000 and "\ud800" <= last < "\udc00":  # noqa: PLR2004 - the halves of a pair
            pair = (last + chr(unit)).encode("utf-16-le", "surrogatepass")
            self.out[-1] = pair.decode("utf-16-le", "replace")
        else:
            self.say(chr(unit))

    @property
    def _is_silent(self) -> bool:
        return self._markup or self.groups[-1].silent


def rtf_words(data: bytes) -> str:
    """Return the text of a rich text, roughly: a line is a paragraph or a table's row."""
    words = _Words()
    resume = 0
    for found in regex.finditer(_TOKEN, data, regex.DOTALL):
        if found.start() < resume:
            continue
        if found[2] == b"bin":
            resume = found.end() + max(0, int(found[3] or 0))
        else:
            _take(words, found.groups())
    words.flush()
    return (
        "".join(words.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def _take(words: _Words, token: tuple[bytes | None, ...]) -> None:
    """Take one token: exactly one of its kinds is there, or it is a line break."""
    code, word, number, sign, brace, plain = token
    if code is not None:
        words.byte(bytes((int(code, 16),)))
    elif plain is not None:
        words.plain(plain)
    elif sign == b"*":
        words.option()
    elif sign is not None:
        words.say(_SIGNS.get(sign, ""))
    elif word is not None:
        words.flush()
        words.control(word, None if number is None else int(number))
    elif brace is not None:
        words.flush()
        words.brace(brace)


def charset_of(page: int) -> str:
    """Return the charset of a Windows code page."""
    names = {936: "gb18030", 54936: "gb18030", 20936: "gb18030", 52936: "hz"}
    names |= {65001: "utf-8", 950: "big5", 1200: "utf-16-le", 28591: "latin-1"}
    return names.get(page, f"cp{page}")
