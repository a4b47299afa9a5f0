"""The page of an evaluation: self-contained, offline, without scripts."""

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from review.report import evaluation_words
from review.report.regulations import clause_name
from review.report.templates import template

_UNNAMED: Final = "（无）"


def evaluation_page(result: Mapping[str, Any], about: Mapping[str, str]) -> str:
    """Return the page of `xianshen evaluate`'s result; it asks for nothing outside.

    `about` says of each clause what it lists. The page quotes the passages that
    were judged wrongly.
    """
    errors = result.get("errors", {})
    mistakes = [one for kind in errors.values() for one in kind["worst"]]
    categories = _categories(mistakes)
    page: str = template("evaluation.html.jinja").render(
        result=result,
        words=evaluation_words,
        clause=functools.partial(clause_name, about=about),
        unmeasured=_unmeasured(result.get("by_clause", {}), about),
        mistakes=mistakes,
        categories=categories,
        number_of={name: at for at, (name, _) in enumerate(categories)},
        category_of=category_of,
        fullest=_largest_bin,
    )
    return page


def category_of(mistake: Mapping[str, Any]) -> str:
    """Return the labelled category, else that of what was found."""
    found = [one["category"] for one in mistake["findings"]]
    return str(mistake["category"] or next(iter(found), _UNNAMED))


def _categories(mistakes: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return the categories to choose from with their count, most first."""
    counts = Counter(category_of(one) for one in mistakes)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _largest_bin(bins: Sequence[Mapping[str, Any]]) -> int:
    """Return the passages of the fullest bin, at least 1, to scale by."""
    return max([1, *(int(one["observed"]["whole"]) for one in bins)])


def _unmeasured(
    by_clause: Mapping[str, Mapping[str, Any]], about: Mapping[str, str]
) -> list[str]:
    """Return the listed clauses of which the data has no disclosure."""
    measured = {name for name, one in by_clause.items() if one["disclosures"]}
    return [name for name in about if name not in measured]
