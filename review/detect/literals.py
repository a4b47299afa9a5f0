"""Plain words one of which must stand in every match of a pattern.

Looking for a word costs a hundredth of running a pattern, so a pattern runs
only where one of its words occurs. The set is a superset by construction:
what cannot be told from the pattern's structure is not claimed.
"""

from __future__ import annotations

import re
from typing import Any, Final

# The standard library's parser of patterns; `regex` shows no structure. Only
# ordinary syntax is taken from it, anything else gives up the claim.
_parse: Final[Any] = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - see above
_MOST_WORDS: Final = 24

Words = frozenset[str]


def required_words(pattern: str) -> Words:
    """Return words one of which every match holds; empty if none can be told."""
    try:
        tree = _parse(pattern.replace(r"\p{Han}", "."))
    except re.error:
        return frozenset()
    return _best(_candidates(tree)) or frozenset()


def _candidates(tree: Any) -> list[Words]:
    """Return sets of words, each of which must contribute one to a match."""
    found: list[Words] = []
    run = ""
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL" and _is_caseless(chr(argument)):
            run += chr(argument)
            continue
        if run:
            found.append(frozenset({run}))
            run = ""
        found += _inner(name, argument)
    return [*found, frozenset({run})] if run else found


def _inner(name: str, argument: Any) -> list[Words]:
    if name == "SUBPATTERN":
        return _candidates(argument[3])
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _candidates(argument[2]) if argument[0] >= 1 else []
    if name in {"ASSERT", "ATOMIC_GROUP"}:
        return _candidates(argument[1] if name == "ASSERT" else argument)
    if name == "BRANCH":
        return _of_branches(argument[1])
    return []


def _of_branches(branches: Any) -> list[Words]:
    """Return the union over the branches, if every branch gives a word."""
    joined: set[str] = set()
    for branch in branches:
        best = _best(_candidates(branch))
        if best is None:
            return []
        joined |= best
    return [frozenset(joined)] if len(joined) <= _MOST_WORDS else []


def _best(candidates: list[Words]) -> Words | None:
    """Return the set whose shortest word is longest, then the smallest set."""
    return max(
        candidates, key=lambda words: (min(map(len, words)), -len(words)), default=None
    )


def _is_caseless(char: str) -> bool:
    """Tell whether matching without regard to case changes nothing."""
    return char.lower() == char.upper()
