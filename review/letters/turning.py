"""Which way up a page is: a few of its lines are read each way."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from review.letters.engine import Corners, Engine, Pixels
from review.letters.sheet import cut_out, runs_down

_ENOUGH: Final = 3  # lines that are read to find out
_SURE: Final = 0.85
_STEEP: Final = (
    0.5  # of the lines' length that must run down before a page lies on its side
)
_LEANING: Final = 12.0  # degrees, up to which rows may lean


def _on_its_side(places: Sequence[Corners]) -> bool:
    """Tell whether most lines of a page run down."""
    down = sum(_length(one) for one in places if runs_down(one))
    return down > _STEEP * sum(map(_length, places))


def upright(
    picture: Pixels, places: Sequence[Corners], engine: Engine
) -> Pixels | None:
    """Return the picture the right way up; None if it is, or if no way is better."""
    quarters = _quarters(picture, places, engine)
    if quarters == 0:
        return None
    return np.ascontiguousarray(np.rot90(picture, quarters))


def leaning(places: Sequence[Corners]) -> float:
    """Return by how many degrees the lines of a page fall to the right."""
    slopes: list[float] = []
    weights: list[float] = []
    for one in places:
        if runs_down(one):
            continue
        across = (one[1] + one[2] - one[0] - one[3]) / 2
        slopes.append(float(np.degrees(np.arctan2(across[1], across[0]))))
        weights.append(float(np.hypot(*across)))
    if not slopes:
        return 0.0
    order = np.argsort(slopes)
    half = np.searchsorted(np.cumsum(np.array(weights)[order]), sum(weights) / 2)
    middle = slopes[order[min(int(half), len(order) - 1)]]
    return middle if abs(middle) <= _LEANING else 0.0


def _quarters(picture: Pixels, places: Sequence[Corners], engine: Engine) -> int:
    """Return by how many quarters to the left the page must be turned."""
    longest = sorted(places, key=_length, reverse=True)
    steep = _on_its_side(places)
    sample = [one for one in longest if runs_down(one) == steep][:_ENOUGH]
    best, most = 0, 0.0
    # Laid on its left side first, as `read_lines` does with a line that runs down.
    for quarters in (1, 3) if steep else (0, 2):
        lines = [
            np.ascontiguousarray(np.rot90(cut_out(picture, one), quarters))
            for one in sample
        ]
        said = engine.read(lines)
        letters = sum(len(text) for text, _ in said)
        score = sum(score * len(text) for text, score in said) / max(letters, 1)
        if score >= _SURE:
            return quarters
        if score > most:
            best, most = quarters, score
    return best if most > 0.6 else 0  # noqa: PLR2004 - else neither way is text


def _length(corners: Corners) -> float:
    across = np.linalg.norm(corners[1] - corners[0])
    down = np.linalg.norm(corners[3] - corners[0])
    return float(max(across, down))
