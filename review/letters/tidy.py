"""Putting right what recognizers confuse, only where there is no doubt."""

import re
from typing import Final

_HAN: Final = "[一-鿿]"
# Of a document's number: 院发〔2026〕5号. Whatever bracket was read, it is this one.
_NUMBER: Final = rf"(?<={_HAN})\s*[\[\(（【〔\uff3b〖](\d{{4}})[\]\)）】〕\uff3d〗]\s*(?=第?\s*\d{{1,4}}\s*号)"
_WIDE: Final = {
    chr(code): chr(code - 0xFEE0)
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NARROWED: Final = str.maketrans({**_WIDE, "\u3000": " "})
_MARKS: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}


def tidy(text: str) -> str:
    """Return a line with the letters' usual width and the number's usual brackets."""
    text = text.translate(_NARROWED)
    text = re.sub(_NUMBER, r"〔\1〕", text)
    return re.sub(rf"(?<={_HAN})([,;:?!])(?={_HAN})", lambda one: _MARKS[one[1]], text)
