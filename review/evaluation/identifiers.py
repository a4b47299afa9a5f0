"""Measures the identifier patterns on cases with known values."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from review.detect.identifiers import Identifier, find_identifiers
from review.evaluation.data import IdentifierCase
from review.normalize.steps import fold, fold_words

# The kinds that a check digit or a fixed structure defines.
KINDS: Final = ("id_card", "mobile", "bank_card", "uscc", "plate")


def measure_identifiers(cases: Sequence[IdentifierCase]) -> dict[str, Any]:
    """Return recall and precision by kind: valid values found, others not."""
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases:
        found = find_identifiers(fold(case.text).text)
        for kind, value, valid in case.expected:
            if kind in KINDS:
                hit = any(one.valid and _is(one, kind, value) for one in found)
                counts[kind, _outcome(valid=valid, hit=hit)] += 1
    return {kind: _figures(kind, counts) for kind in KINDS} | {
        "all": _figures(None, counts)
    }


def _outcome(*, valid: bool, hit: bool) -> str:
    if valid:
        return "found" if hit else "missed"
    return "invented" if hit else "left"


def _is(one: Identifier, kind: str, value: str) -> bool:
    left, right = _plain(one.value), _plain(fold_words(value))
    return one.kind == kind and (left.endswith(right) or right.endswith(left))


def _plain(value: str) -> str:
    return "".join(char for char in value.lower() if char.isalnum())


def _figures(kind: str | None, counts: Counter[tuple[str, str]]) -> dict[str, Any]:
    def total(outcome: str) -> int:
        return sum(
            count
            for (name, what), count in counts.items()
            if what == outcome and kind in {None, name}
        )

    found, missed, invented = total("found"), total("missed"), total("invented")
    return {
        "valid": found + missed,
        "recall": round(found / (found + missed), 4) if found + missed else None,
        "precision": round(found / (found + invented), 4) if found + invented else None,
    }
