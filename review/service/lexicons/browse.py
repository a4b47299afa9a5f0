"""The lexicons in force as people look through them: by clause, or by a word.

Nobody is asked here: whoever holds a book was allowed to read it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from review.detect.rule_file import ContextFile, Pattern, Word
from review.normalize.steps import fold_words
from review.service.lexicons.book import Book, Rule

_REMEMBERED: Final = 50_000  # words: all of the lexicons, several times
_NUMBER: Final = 3  # digits of a regulation, before the clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A clause, what it is about, and how many rules watch over it."""

    clause: str
    about: str
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A regulation with its clauses; those that only rules name stand last."""

    number: str
    title: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule or a list knows of a word: in which field, and as what."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A rule that knows a word."""

    rule: Rule
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHit:
    """A shared list that knows a word, and how many rules use it."""

    list: ContextFile
    found: tuple[Found, ...]
    users: int


def tree(book: Book) -> tuple[Branch, ...]:
    """Return the regulations with their clauses and the number of rules of each."""
    counted: dict[str, int] = {}
    for rule in book.rules:
        for clause in dict.fromkeys(rule.clauses):
            counted[clause] = counted.get(clause, 0) + 1
    branches = []
    for one in book.regulations:
        listed = {each.clause: each.about for each in one.clauses}
        others = sorted(
            clause
            for clause in counted
            if clause[:_NUMBER] == one.number and clause not in listed
        )
        leaves = tuple(
            Leaf(clause=each, about=listed.get(each, ""), rules=counted.get(each, 0))
            for each in (*listed, *others)
        )
        branches.append(Branch(number=one.number, title=one.title, leaves=leaves))
    return tuple(branches)


def of_clause(book: Book, clause: str) -> tuple[Rule, ...]:
    """Return the rules that watch over a clause, in the order of its items."""
    mine = [one for one in book.rules if clause in one.clauses]
    return tuple(sorted(mine, key=lambda one: (one.file.item or 0, one.id)))


def items_of(book: Book, clause: str) -> tuple[str, ...]:
    """Return the items that a clause lists, in their order."""
    listed = (each for one in book.regulations for each in one.clauses)
    return next((one.items for one in listed if one.clause == clause), ())


def users_of(book: Book, name: str) -> tuple[Rule, ...]:
    """Return the rules that use a shared list."""
    return tuple(
        one
        for one in book.rules
        if name in (*one.file.disclosure.uses, *one.file.mention.uses)
    )


def rules_with(book: Book, words: str) -> tuple[RuleHit, ...]:
    """Return the rules that know a word, those that have it as their own term first."""
    wanted = _folded(words)
    hits = [
        RuleHit(rule=rule, found=found)
        for rule in book.rules
        if wanted and (found := tuple(_in_rule(rule, wanted)))
    ]
    return tuple(sorted(hits, key=lambda one: _rank(one, wanted)))


def lists_with(book: Book, words: str) -> tuple[ListHit, ...]:
    """Return the shared lists that know a word."""
    wanted = _folded(words)
    return tuple(
        ListHit(list=one, found=found, users=len(users_of(book, one.name)))
        for one in book.lists
        if wanted and (found := tuple(_in_list(one, wanted)))
    )


def _rank(hit: RuleHit, wanted: str) -> tuple[bool, bool, str]:
    first = hit.found[0]
    exact = any(_folded(one.text) == wanted for one in hit.found)
    return (not exact, first.field != "terms", hit.rule.id)


def _in_rule(rule: Rule, wanted: str) -> Iterator[Found]:
    file = rule.file
    yield from _in_words("terms", file.terms, wanted)
    yield from _in_words("disclosure.status", file.disclosure.status, wanted)
    yield from _in_patterns("disclosure.content", file.disclosure.content, wanted)
    yield from _in_texts("shields", file.shields, wanted)
    yield from _in_words("mention.words", file.mention.words, wanted)
    yield from _in_patterns("mention.patterns", file.mention.patterns, wanted)
    if wanted in _folded(file.label):
        yield Found(field="label", text=file.label)


def _in_list(one: ContextFile, wanted: str) -> Iterator[Found]:
    yield from _in_words("words", one.words, wanted)
    yield from _in_patterns("patterns", one.patterns, wanted)


def _in_words(field: str, words: Iterable[Word], wanted: str) -> Iterator[Found]:
    yield from _in_texts(field, (one.text for one in words), wanted)


def _in_texts(field: str, texts: Iterable[str], wanted: str) -> Iterator[Found]:
    """Yield the words that hold the wanted one, and those that it holds."""
    for one in texts:
        known = _folded(one)
        if wanted in known or (len(known) > 1 and known in wanted):
            yield Found(field=field, text=one)


def _in_patterns(
    field: str, patterns: Iterable[Pattern], wanted: str
) -> Iterator[Found]:
    """Yield the patterns in which the word stands as people wrote it."""
    for one in patterns:
        if wanted in one.pattern:
            yield Found(field=field, text=one.why or one.pattern)


@lru_cache(maxsize=_REMEMBERED)
def _folded(text: str) -> str:
    return fold_words(text.strip())
