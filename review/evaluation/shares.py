"""Shares of counts with their 95 % interval."""

from math import sqrt
from typing import Any, Final

# Standard deviations to either side that hold 95 % of a normal distribution.
_DEVIATIONS: Final = 1.959964


def share_of(part: int, whole: int) -> dict[str, Any]:
    """Return part, whole, share and its interval; both None where whole is 0."""
    return {
        "part": part,
        "whole": whole,
        "share": round(part / whole, 4) if whole else None,
        "interval": list(_interval(part, whole)) if whole else None,
    }


def _interval(part: int, whole: int) -> tuple[float, float]:
    """Return Wilson's score interval, which stays honest near 0 and 1."""
    share, square = part / whole, _DEVIATIONS**2
    centre = (share + square / (2 * whole)) / (1 + square / whole)
    spread = (
        _DEVIATIONS
        * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
        / (1 + square / whole)
    )
    return round(max(0.0, centre - spread), 4), round(min(1.0, centre + spread), 4)
