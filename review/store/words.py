"""Words looked for in titles and numbers: cut into short pieces, the rarest walked first.

A case is found by a word if the word stands in its title or number, whatever the
case of Latin letters and the width of characters. Every word must be found.
"""

import unicodedata
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from review.errors import UsageError
from review.store.tables import case_words, gram_counts

_LONGEST: Final = 200
_LONGEST_GRAM: Final = 3
_NUMERIC: Final = frozenset("0123456789-")


def folded(text: str) -> str:
    """Return the text as it is compared: no case, no width."""
    return unicodedata.normalize("NFKC", text).casefold()


def searched_text(title: str, number: str) -> str:
    """Return what a case is looked for in, title and number a line each."""
    return " ".join(folded(title).split()) + "\n" + number


def words_of(query: str) -> tuple[str, ...]:
    """Return the words that were asked for, each once.

    Raises:
        UsageError: They are too long for any title, or no text at all.
    """
    if len(query) > _LONGEST:
        raise UsageError(f"搜索词太长，请缩短到 {_LONGEST} 个字以内。")
    if not is_storable(query):
        raise UsageError("搜索词里有不能用的字符，请重新输入。")
    return tuple(dict.fromkeys(folded(query).split()))


def is_storable(text: str) -> bool:
    """Tell whether every database can keep the text: no NUL, no half a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def grams_of(text: str) -> frozenset[str]:
    """Return the pieces that a text is found by.

    Single characters and pairs, but of digits and hyphens, of which there are few,
    threes alone. Whatever contains a word has all the word's pieces; a word of
    one or two digits has none.
    """
    return frozenset(
        line[at : at + size]
        for line in text.split("\n")
        for size in range(1, _LONGEST_GRAM + 1)
        for at in range(len(line) - size + 1)
        if _is_gram(line[at : at + size])
    )


def rarest_gram(
    connection: Connection, words: tuple[str, ...]
) -> tuple[str, int] | None:
    """Return the rarest piece of the words and how many cases have it.

    None where the words have no pieces; a piece that no case has counts 0.
    """
    grams = {gram for word in words for gram in grams_of(word)}
    if not grams:
        return None
    rows = connection.execute(
        select(gram_counts.c.gram, gram_counts.c.cases).where(
            gram_counts.c.gram.in_(grams)
        )
    )
    known = {row.gram: row.cases for row in rows}
    rarest = min(sorted(grams), key=lambda gram: known.get(gram, 0))
    return rarest, known.get(rarest, 0)


def index_words(
    connection: Connection, sequence: int, *, before: str | None, after: str
) -> None:
    """Make a case found by its new text and no longer by its old one."""
    old = frozenset[str]() if before is None else grams_of(before)
    new = grams_of(after)
    _take_off(connection, sequence, sorted(old - new))
    _add(connection, sequence, sorted(new - old))


def _is_gram(piece: str) -> bool:
    if _NUMERIC.issuperset(piece):
        return len(piece) == _LONGEST_GRAM
    return len(piece) < _LONGEST_GRAM and " " not in piece


def _add(connection: Connection, sequence: int, grams: list[str]) -> None:
    if not grams:
        return
    rows = [{"gram": gram, "sequence": sequence} for gram in grams]
    connection.execute(insert(case_words), rows)
    counted = gram_counts.c.gram.in_(grams)
    known = set(connection.scalars(select(gram_counts.c.gram).where(counted)))
    connection.execute(
        update(gram_counts).where(counted).values(cases=gram_counts.c.cases + 1)
    )
    unknown = [{"gram": gram, "cases": 1} for gram in grams if gram not in known]
    if unknown:
        connection.execute(insert(gram_counts), unknown)


def _take_off(connection: Connection, sequence: int, grams: list[str]) -> None:
    if not grams:
        return
    connection.execute(
        delete(case_words).where(
            case_words.c.sequence == sequence, case_words.c.gram.in_(grams)
        )
    )
    connection.execute(
        update(gram_counts)
        .where(gram_counts.c.gram.in_(grams))
        .values(cases=gram_counts.c.cases - 1)
    )
