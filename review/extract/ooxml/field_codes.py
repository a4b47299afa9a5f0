"""Which field codes say something beside what the field shows."""

from typing import Final

_SHORT: Final = 200  # characters; a longer code holds what a damaged field swallowed
_TELL_NOTHING: Final = frozenset(
    [
        *("ADVANCE", "AUTONUM", "AUTONUMLGL", "BIDIOUTLINE", "CREATEDATE", "DATE"),
        *("EMBED", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "INDEX", "LISTNUM"),
        *("NOTEREF", "NUMPAGES", "PAGE", "PAGEREF", "PRINTDATE", "REF", "SAVEDATE"),
        *("SECTION", "SECTIONPAGES", "SEQ", "SHAPE", "STYLEREF", "SYMBOL", "TIME"),
        "TOC",
    ]
)


def telling(code: str) -> str | None:
    """Return a field's code in one line; `None` if it says nothing by itself."""
    words = code.split()
    if not words or (words[0].upper() in _TELL_NOTHING and len(code) < _SHORT):
        return None
    return " ".join(words)
