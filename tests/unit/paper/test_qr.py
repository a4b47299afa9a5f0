"""The outline of a QR code says the same as its matrix."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from review.paper import qr

_QUIET = 4


@given(st.text(min_size=1, max_size=60))
def test_the_outline_draws_the_dark_modules_and_no_others(text: str) -> None:
    side, path = qr.outline(text)
    rows = qr.matrix(text)
    assert side == len(rows) + 2 * _QUIET
    drawn = {
        (int(x) - _QUIET, int(y) - _QUIET)
        for x, y in regex.findall(r"M(\d+) (\d+)h1v1h-1z", path)
    }
    dark = {(x, y) for y, row in enumerate(rows) for x, one in enumerate(row) if one}
    assert drawn == dark
    assert regex.sub(r"M\d+ \d+h1v1h-1z", "", path) == ""
