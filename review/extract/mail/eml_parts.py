"""The parts of a mail: where each begins and ends, its headers and its contents.

An own reading, since a mail is often broken: a boundary that is missing or never
ends, a charset that lies, headers in raw GBK. Each byte is looked at once a level.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import regex

from review.extract.mail.eml_words import (
    header_text,
    parameters,
    text_of,
    unbased,
    unencoded,
)

_HEADER: Final = rb"([!-9;-~]{1,100})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|$)"
_BLANK: Final = rb"[ \t]*\r?(?:\n|$)"
_GUESSED: Final = rb"--([^\s-][^\r\n]{0,120})\r?\n[A-Za-z-]{4,40}:"
_END_OF_LINE: Final = rb"(--)?[ \t]*(?=\r?\n|$)"
_MOST_HEADERS: Final = 2_000


@dataclass(frozen=True)
class Part:
    """A mail, or one part of it: headers in order, and the body as it stands."""

    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    def raw(self, name: str) -> bytes:
        """Return the first header of this name as it stands; empty if there is none."""
        return next((v for n, v in self.headers if n.lower() == name), b"")

    def header(self, name: str) -> str:
        """Return the first header of this name as people read it."""
        return header_text(self.raw(name))

    @cached_property
    def kind(self) -> str:
        """Return the type of the contents, such as `text/html`."""
        value = text_of(self.raw("content-type")).partition(";")[0].strip().lower()
        return value if re.fullmatch(r"[\w.+-]+/[\w.+-]+", value) else "text/plain"

    @cached_property
    def settings(self) -> dict[str, str]:
        """Return the parameters of the type."""
        return parameters(text_of(self.raw("content-type")))

    @cached_property
    def disposition(self) -> str:
        """Return `inline`, `attachment`, or nothing."""
        value = text_of(self.raw("content-disposition"))
        return value.partition(";")[0].strip().lower()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the file names that the part gives itself, the first one shown."""
        own = parameters(text_of(self.raw("content-disposition"))).get("filename")
        found = (own, self.settings.get("name"), self.settings.get("filename"))
        shown = (unencoded(name).replace("\\", "/") for name in found if name)
        return tuple(dict.fromkeys(" ".join(name.split()) for name in shown))

    @cached_property
    def contents(self) -> bytes:
        """Return the body with its transfer encoding undone."""
        encoding = self.header("content-transfer-encoding").lower()
        if encoding == "base64":
            return unbased(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
            return _unwound(self.body)
        return self.body

    @cached_property
    def text(self) -> str:
        """Return the contents as text."""
        return text_of(self.contents, self.settings.get("charset", ""))


def part_of(data: bytes) -> Part:
    """Return a mail or a part: its headers up to a blank line, and what follows."""
    headers: list[tuple[str, bytes]] = []
    at = len(data) - len(data.lstrip(b"\r\n"))
    while len(headers) < _MOST_HEADERS:
        found = regex.match(_HEADER, data, pos=at)
        if found is None:
            break
        headers.append((found[1].decode("ascii"), found[2].strip()))
        at = found.end()
    blank = regex.match(_BLANK, data, pos=at)
    return Part(tuple(headers), data[blank.end() if blank else at :])


def pieces_of(part: Part) -> tuple[tuple[Part, ...], bytes] | None:
    """Return the parts inside a multipart, and the text outside of them.

    `None` where no boundary is found: the body is then text as it stands.
    """
    boundary = part.settings.get("boundary", "").encode("utf-8", "replace")
    if not boundary or b"--" + boundary not in part.body:
        guess = re.search(rb"(?:^|\n)" + _GUESSED, part.body)
        if guess is None:
            return None
        boundary = guess[1].rstrip()
    inside: list[Part] = []
    outside: list[bytes] = []
    for piece, within in _cut(part.body, b"--" + boundary):
        if within:
            inside.append(part_of(piece))
        else:
            outside.append(piece)
    return tuple(inside), b"\n".join(outside).strip()


def _cut(body: bytes, mark: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield the stretches between the boundary's lines, and whether each is a part."""
    start, within = 0, False
    at = body.find(mark)
    while at >= 0:
        behind = regex.match(_END_OF_LINE, body, pos=at + len(mark))
        if behind is not None and body[at - 1 : at] in {b"", b"\n"}:
            line = (
                at - body.startswith(b"\n", at - 1) - body.startswith(b"\r\n", at - 2)
            )
            yield _stretch(body[start : max(line, start)]), within
            start, within = behind.end(), behind[1] is None
        at = body.find(mark, at + len(mark))
    yield _stretch(body[start:]), within


def _stretch(piece: bytes) -> bytes:
    """Drop the line break behind the boundary."""
    return piece[2:] if piece.startswith(b"\r\n") else piece.removeprefix(b"\n")


def _unwound(body: bytes) -> bytes:
    """Return what the lines of uuencode hold; a broken line is as good as none."""
    out = []
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                continue
    return b"".join(out)
