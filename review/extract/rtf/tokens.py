"""Cut rich text (RTF) into its tokens, and letters out of its bytes."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import regex

Kind: TypeAlias = Literal["open", "close", "word", "sign", "byte", "text"]

_TOKEN: Final = regex.compile(
    rb"\\(?<word>[a-zA-Z]{1,32})(?<number>-?\d{1,10})?\ ?"
    rb"|(?<byte>(?:\\'[0-9a-fA-F]{2})+)"
    rb"|\\(?<sign>[^a-zA-Z])"
    rb"|(?<open>\{)|(?<close>\})"
    rb"|(?<text>[^\\{}\r\n\x00]+)"
    rb"|[\r\n\x00]+|\\",
    regex.DOTALL,
)
_CHARSETS: Final = {
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_PAGES: Final = {
    936: "gb18030",
    950: "big5hkscs",
    932: "cp932",
    949: "cp949",
    65001: "utf-8",
    10000: "mac-roman",
    10008: "gb18030",
}
_BYTE_PAGES: Final = range(437, 1259)
_WESTERN: Final = "cp1252"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: a group's begin or end, a control word, bytes, or plain text."""

    kind: Kind
    text: bytes = b""
    number: int | None = None


_OPEN: Final = Token("open")
_CLOSE: Final = Token("close")


def tokens_in(data: bytes) -> Iterator[Token]:
    """Yield the tokens in order; binary data is one text token after its word."""
    at = 0
    while at < len(data):
        match = _TOKEN.match(data, at)
        if match is None:
            return
        at = match.end()
        token = _token(match)
        if token is None:
            continue
        yield token
        if token.text == b"bin" and token.kind == "word" and (token.number or 0) > 0:
            end = at + (token.number or 0)
            yield Token("text", data[at:end])
            at = end


def _token(match: "regex.Match[bytes]") -> Token | None:
    kind = match.lastgroup
    if kind in {"word", "number"}:
        number = None if match["number"] is None else int(match["number"])
        return Token("word", match["word"], number)
    if kind == "byte":
        digits = match["byte"].replace(b"\\'", b"").decode("ascii")
        return Token("byte", bytes.fromhex(digits))
    if kind in {"open", "close"}:
        return _OPEN if kind == "open" else _CLOSE
    if kind == "text":
        return Token("text", match["text"])
    return _sign(match["sign"]) if kind == "sign" else None


def _sign(sign: bytes) -> Token:
    # A backslash before a line's end is a paragraph's end.
    return Token("word", b"par") if sign in b"\r\n" else Token("sign", sign)


def codec_of_charset(charset: int) -> str | None:
    """Return the codec of a font's character set; `None` for the document's own."""
    return _CHARSETS.get(charset)


def codec_of_page(page: int) -> str:
    """Return the codec of a code page."""
    known = _PAGES.get(page)
    if known is None:
        known = f"cp{page}" if page in _BYTE_PAGES else _WESTERN
    try:
        # To decode nothing would not ask whether there is such a codec.
        codecs.lookup(known)
    except LookupError:
        return _WESTERN
    return known


def decoded(raw: bytes, codec: str, own: str) -> str:
    """Return letters as the font's codec says, else as the document's own."""
    for name in (codec, own):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    return raw.decode(codec, "replace")
