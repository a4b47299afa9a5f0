"""Plain words without which a pattern cannot match.

Looking for a word costs a hundredth of running a pattern, so a pattern runs
only where, of each set of words that its structure demands, one occurs. What
cannot be told from the structure is not claimed.
"""

from __future__ import annotations

import re
from typing import Any, Final

# The standard library's parser of patterns; `regex` shows no structure. Only
# ordinary syntax is taken from it, anything else gives up the claim.
_parse: Final[Any] = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - see above
_MOST_WORDS: Final = 24
_MOST_SETS: Final = 4

Words = frozenset[str]


def required_words(pattern: str) -> tuple[Words, ...]:
    """Return sets of words; every match holds at least one word of each set.

    The most telling sets come first; none can be told of some patterns.
    """
    try:
        tree = _parse(pattern.replace(r"\p{Han}", "."))
    except re.error:
        return ()
    ranked = sorted(set(_candidates(tree)), key=_telling, reverse=True)
    return tuple(ranked[:_MOST_SETS])


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
    """Return the most telling set."""
    return max(candidates, key=_telling, default=None)


def _telling(words: Words) -> tuple[int, int, list[str]]:
    """Rank a set: its shortest word is long, it is small; then by its words."""
    return (min(map(len, words)), -len(words), sorted(words))


def _is_caseless(char: str) -> bool:
    """Tell whether matching without regard to case changes nothing."""
    return char.lower() == char.upper()
