"""The words of mail headers: encoded words, parameters, raw bytes of any encoding."""

import binascii
import re
import string
from typing import Final
from urllib.parse import unquote_to_bytes

from review.extract.plain.encodings import decode

_ENCODED: Final = r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?="
_BETWEEN: Final = r"(\?=)[ \t\r\n]+(=\?)"
_PARAMETER: Final = (
    r";\s*([A-Za-z0-9_.-]{1,60}?)(?:\*([0-9]{1,3}))?(\*)?\s*=\s*"
    r"(?:\"((?:[^\"\\]|\\.)*)\"?|([^;]*))"
)
_NOT_BASED: Final = bytes(
    {*range(256)} - {*b"+/", *string.ascii_letters.encode(), *string.digits.encode()}
)
# Written in seven bits: they would pass as ASCII.
_STATEFUL: Final = ("hz", "iso-2022", "utf-7", "utf7")
_LATIN: Final = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "latin1"})


def text_of(data: bytes, charset: str = "") -> str:
    """Return bytes as text; the declared charset counts where it can be true."""
    name = charset.strip().strip("\"'").lower()
    if name.startswith(_STATEFUL):
        try:
            return data.decode(name)
        except (UnicodeError, LookupError):
            name = ""
    if name.startswith(("utf-16", "utf-32", "utf16", "utf32")):
        try:
            return data.decode(name, "replace")
        except LookupError:
            name = ""
    found = decode(data, None if name in _LATIN else name)
    if found is not None:
        return found.text
    # Control characters make no text unreadable that a mail calls text.
    calm = data.translate(None, bytes({*range(32)} - {9, 10, 13}))
    found = decode(calm, name)
    return found.text if found else calm.decode("gb18030", "replace")


def header_text(raw: bytes) -> str:
    """Return a header's value as people read it, on one line."""
    return " ".join(unencoded(text_of(raw)).split())


def unencoded(text: str) -> str:
    """Return a text with its encoded words decoded.

    Neighbours of one charset are decoded together: mailers cut inside a character.
    """
    if "=?" not in text:
        return text
    text = re.sub(_BETWEEN, r"\1\2", text)
    out: list[str] = []
    run: list[bytes] = []
    charset, at = "", 0
    for found in re.finditer(_ENCODED, text):
        name = found[1].partition("*")[0]
        joins = found.start() == at and name.lower() == charset.lower()
        if run and not joins:
            out.append(text_of(b"".join(run), charset))
            run = []
        out.append(text[at : found.start()])
        run.append(_word(found[2], found[3]))
        charset, at = name, found.end()
    if run:
        out.append(text_of(b"".join(run), charset))
    return "".join(out) + text[at:]


def _word(kind: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if kind in "bB":
        return unbased(raw)
    return binascii.a2b_qp(raw.replace(b"_", b" "), header=False)


def unbased(raw: bytes) -> bytes:
    """Return what base64 holds, whatever stands between or is missing at the end."""
    kept = raw.translate(None, _NOT_BASED)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def parameters(value: str) -> dict[str, str]:
    """Return the parameters behind a header's value, in lower case names.

    Pieces of a long one are joined; percent signs and encoded words are decoded.
    """
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in re.finditer(_PARAMETER, value, re.DOTALL):
        name, number, extended, quoted, bare = found.groups()
        text = bare if quoted is None else re.sub(r"\\([\"\\])", r"\1", quoted)
        piece = (int(number or 0), bool(extended), text.strip())
        pieces.setdefault(name.lower(), []).append(piece)
    return {name: _joined(parts) for name, parts in pieces.items()}


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    parts.sort(key=lambda part: part[0])
    if not any(extended for _, extended, _ in parts):
        return " ".join(unencoded("".join(text for _, _, text in parts)).split())
    charset, raw = "", b""
    for number, extended, text in parts:
        if extended and number == 0 and text.count("'") > 1:
            charset, _, text = text.split("'", 2)  # noqa: PLW2901 - its head is off
        data = text.encode("utf-8", "surrogateescape")
        raw += unquote_to_bytes(data) if extended else data
    return text_of(raw, charset)
