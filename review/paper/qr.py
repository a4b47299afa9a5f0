"""QR codes as a matrix, as a picture of one dot a module, and as an outline."""

import io
from typing import Final

import segno

# Error correction M: a form gets stamped and folded.
_LEVEL: Final = "m"
_QUIET: Final = 4
_DOTS: Final = 8


def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules row by row, True for black, without the quiet zone."""
    return tuple(tuple(bool(one) for one in row) for row in _code(text).matrix)


def picture(text: str) -> bytes:
    """Return a PNG with the quiet zone that scanners need."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=_DOTS, border=_QUIET)
    return out.getvalue()


def outline(text: str) -> tuple[int, str]:
    """Return the code as one SVG path: the side in modules, quiet zone in, and the path."""
    rows = matrix(text)
    drawn = (
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return len(rows) + 2 * _QUIET, "".join(drawn)


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=_LEVEL, encoding="utf-8")
