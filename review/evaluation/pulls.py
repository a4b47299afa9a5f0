"""Which words of a text pull the classifier's score up, and which down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import regex

from review.detect.features import Floats

MOST: Final = 8
_WORDLIKE: Final = regex.compile(r"[\p{Han}\p{Latin}\d]")


@dataclass(frozen=True, slots=True)
class Pulls:
    """Words with their weights, the heaviest first; only sizes compare."""

    up: tuple[tuple[str, float], ...] = ()
    down: tuple[tuple[str, float], ...] = ()


def pulls_of(text: str, words: Sequence[str], sums: Floats) -> Pulls:
    """Return the words of `text` that weigh most, for and against a disclosure.

    `sums` has the weight of everything before each place, as
    `Classifier.summed_weights` gives it; a word counts as often as it stands.
    """
    totals: dict[str, float] = {}
    at = 0
    for word in words:
        # After the text's own words come the names of rules that fired.
        if not text.startswith(word, at):
            break
        if _WORDLIKE.search(word):
            weight = float(sums[at + len(word)] - sums[at])
            totals[word] = totals.get(word, 0.0) + weight
        at += len(word)
    ranked = sorted(
        ((word, round(weight, 3)) for word, weight in totals.items()),
        key=lambda one: (-one[1], one[0]),
    )
    return Pulls(
        up=tuple(one for one in ranked[:MOST] if one[1] > 0),
        down=tuple(one for one in ranked[: -MOST - 1 : -1] if one[1] < 0),
    )
