"""A page's text, read as a browser will read it: the answer says the encoding."""

import codecs
from typing import Final

import regex

from review.proxy.interface import StopError

# As browsers name them: both are read with the larger set.
_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
_DECLARED: Final = regex.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", regex.I
)
_LOOKED_AT: Final = 1024  # bytes in which a browser looks for it


def page_text(data: bytes, charset: str | None) -> tuple[str, str]:
    """Return the text of a page, and the encoding to send it with.

    Raises:
        StopError: It is in another encoding than it says, or in one of no use here.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise StopError("template", "UTF-16")
    if data.startswith(codecs.BOM_UTF8):
        name = "utf-8"
    else:
        found = _DECLARED.search(data[:_LOOKED_AT])
        declared = found[1].decode("ascii") if found else "utf-8"
        name = (charset or declared).strip().strip("\"'").lower()
    codec = _CODECS.get(name)
    if codec is None:
        raise StopError("template", "an encoding that is not read here")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        raise StopError("template", "bytes that are no text") from None
    return text.removeprefix("\ufeff"), codec
