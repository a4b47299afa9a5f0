"""The order in which a text is folded, on one screen.

Each step takes and gives a `Folded` text; a new one is one line here, and
the property tests on offsets cover it unasked.
"""

from collections.abc import Callable
from typing import Final

from review.normalize.invisible import drop_invisible
from review.normalize.linebreaks import join_lines
from review.normalize.offsets import Folded, unfolded
from review.normalize.spacing import close_gaps
from review.normalize.variants import fold_lookalikes, fold_variants
from review.normalize.width import fold_width

STEPS: Final[tuple[Callable[[Folded], Folded], ...]] = (
    fold_width,
    drop_invisible,
    fold_lookalikes,
    close_gaps,
    fold_variants,
    join_lines,
)


def fold(text: str) -> Folded:
    """Return `text` as the detectors read it, with the way back."""
    folded = unfolded(text)
    for step in STEPS:
        folded = step(folded)
    return folded


def fold_words(text: str) -> str:
    """Return a rule's own words folded like a draft, so that both meet."""
    return fold(text).text
