"""The register: kept true by each writer, shown a page at a time.

A page costs what it shows, not what the register holds. Every filter walks an
index from the newest case down and stops when the page is full; where several
could be walked, the one with the fewest cases is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    insert,
    select,
    union_all,
    update,
)

from review.case.case import Stage
from review.errors import UsageError
from review.ports.records import RegisterQuery, RegisterRow
from review.store.tables import case_words, cases, stage_counts
from review.store.words import (
    index_words,
    is_storable,
    rarest_gram,
    searched_text,
    words_of,
)

_FIELDS: Final = tuple(one.name for one in fields(RegisterRow))
# Beyond so many pairs of department and stage the newest cases are walked instead.
_MOST_BRANCHES: Final = 64
_FEW: Final = 1_000  # so many cases are sorted in no time
_FIRST_LOOK: Final = 4  # times the page
_MORE: Final = 4  # times as many with each further look
_LARGEST_LOOK: Final = 4_000


def row_of(connection: Connection, number: str) -> RegisterRow | None:
    """Return one case's row."""
    found = connection.execute(_rows().where(cases.c.number == number)).one_or_none()
    return None if found is None else _row(found)


def page(connection: Connection, query: RegisterQuery) -> tuple[RegisterRow, ...]:
    """Return the cases asked for, newest first.

    Raises:
        UsageError: The words are too long, or no text at all.
    """
    if query.departments == () or query.limit < 1:
        return ()
    words = words_of(query.words)
    rarest = rarest_gram(connection, words)
    if rarest is None or rarest[1] > _count(connection, query):
        sequences = _walk(connection, query, words)
    else:
        sequences = _by_gram(connection, rarest, query, words)
    rows = connection.execute(
        _rows().where(cases.c.sequence.in_(sequences)).order_by(cases.c.sequence.desc())
    )
    return tuple(_row(one) for one in rows)


def counts(
    connection: Connection, departments: tuple[str, ...] | None
) -> Mapping[Stage, int]:
    """Return how many cases stand at each stage where any does."""
    total = func.sum(stage_counts.c.cases)
    asked = select(stage_counts.c.stage, total).group_by(stage_counts.c.stage)
    if departments is not None:
        asked = asked.where(stage_counts.c.department.in_(departments))
    return {stage: int(count) for stage, count in connection.execute(asked) if count}


def departments(connection: Connection) -> tuple[str, ...]:
    """Return the departments that ever handed an item in, in order."""
    name = stage_counts.c.department
    return tuple(connection.scalars(select(name).distinct().order_by(name)))


def show(connection: Connection, row: RegisterRow) -> None:
    """Bring a case's row, the counts and the words up to date.

    Raises:
        UsageError: The title has a character that no database can keep.
    """
    if not is_storable(row.title):
        raise UsageError("标题里有不能用的控制字符，请改正标题后重试。")
    known = select(cases.c.department, cases.c.stage, cases.c.searched)
    here = cases.c.sequence == row.sequence
    before = connection.execute(known.where(here)).one_or_none()
    values = values_of(row)
    if before is None:
        connection.execute(insert(cases), values)
    else:
        connection.execute(update(cases).where(here).values(values))
    _recount(connection, before and (before[0], before[1]), (row.department, row.stage))
    old = None if before is None else before.searched
    if old != values["searched"]:
        index_words(connection, row.sequence, before=old, after=values["searched"])


def values_of(row: RegisterRow) -> dict[str, Any]:
    """Return a row as its columns hold it."""
    return {
        **{name: getattr(row, name) for name in _FIELDS},
        "channels": ",".join(row.channels),
        "searched": searched_text(row.title, row.number),
    }


def _row(found: Sequence[Any]) -> RegisterRow:
    values = dict(zip(_FIELDS, found, strict=True))
    values["channels"] = tuple(one for one in values["channels"].split(",") if one)
    return RegisterRow(**values)


def _rows() -> Select[Any]:
    return select(*(cases.c[name] for name in _FIELDS))


def _recount(
    connection: Connection, old: tuple[str, str] | None, new: tuple[str, str]
) -> None:
    if old == new:
        return
    if old is not None:
        _count_on(connection, old, -1)
    if _count_on(connection, new, 1) == 0:
        first = {"department": new[0], "stage": new[1], "cases": 1}
        connection.execute(insert(stage_counts), first)


def _count_on(connection: Connection, place: tuple[str, str], more: int) -> int:
    changed = (
        update(stage_counts)
        .where(stage_counts.c.department == place[0], stage_counts.c.stage == place[1])
        .values(cases=stage_counts.c.cases + more)
    )
    return connection.execute(changed).rowcount


def _conditions(
    query: RegisterQuery, department: str | None = None, stage: Stage | None = None
) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of every case asked for, words aside.

    One department and one stage, where given, in place of all that were asked for.
    """
    wanted: list[ColumnElement[bool]] = []
    if department is not None:
        wanted.append(cases.c.department == department)
    elif query.departments is not None:
        wanted.append(cases.c.department.in_(query.departments))
    if stage is not None:
        wanted.append(cases.c.stage == stage)
    elif query.stages:
        wanted.append(cases.c.stage.in_(query.stages))
    if query.overdue_on is not None:
        wanted += [cases.c.due_on.is_not(None), cases.c.due_on < query.overdue_on]
    if query.before is not None:
        wanted.append(cases.c.sequence < query.before)
    return (*wanted, *_handed_in(query), *_submitted(query))


def _handed_in(query: RegisterQuery) -> tuple[ColumnElement[bool], ...]:
    """Return how and by whom; of the channel no index knows, each row is looked at."""
    wanted: list[ColumnElement[bool]] = []
    if query.channel is not None:
        padded = "," + cases.c.channels + ","
        wanted.append(padded.contains(f",{query.channel},"))
    if query.submitted_by is not None:
        wanted.append(cases.c.submitted_by == query.submitted_by)
    return tuple(wanted)


def _submitted(query: RegisterQuery) -> tuple[ColumnElement[bool], ...]:
    wanted: list[ColumnElement[bool]] = []
    if query.submitted_from is not None:
        wanted.append(cases.c.submitted_at >= query.submitted_from)
    if query.submitted_until is not None:
        wanted.append(cases.c.submitted_at < query.submitted_until)
    return tuple(wanted)


def _holding(words: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return tuple(cases.c.searched.contains(word, autoescape=True) for word in words)


def _count(connection: Connection, query: RegisterQuery) -> int:
    """Return how many cases are at the departments and stages asked for."""
    asked = select(func.coalesce(func.sum(stage_counts.c.cases), 0))
    if query.departments is not None:
        asked = asked.where(stage_counts.c.department.in_(query.departments))
    if query.stages:
        asked = asked.where(stage_counts.c.stage.in_(query.stages))
    return int(connection.scalar(asked) or 0)


def _walk(
    connection: Connection, query: RegisterQuery, words: Sequence[str]
) -> Sequence[int]:
    """Return the newest cases asked for, each department's stage walked by itself."""
    if _few_submitted(connection, query):
        wanted = (*_conditions(query), *_holding(words))
        return connection.scalars(
            _newest(query, wanted, index="INDEXED BY ix_cases_submitted")
        ).all()
    branches = [
        _newest(
            query,
            (*_conditions(query, department, stage), *_holding(words)),
            index=_index(query, department, stage),
        )
        for department, stage in _places(query)
    ]
    if len(branches) == 1:
        return connection.scalars(branches[0]).all()
    parts = [select(one.subquery().c.sequence) for one in branches]
    merged = union_all(*parts).subquery().c.sequence
    newest = select(merged).order_by(merged.desc()).limit(query.limit)
    return connection.scalars(newest).all()


def _places(query: RegisterQuery) -> Sequence[tuple[str | None, Stage | None]]:
    if query.submitted_by is not None:
        return [(None, None)]  # one person's cases are few, wherever they stand
    departments = dict.fromkeys(query.departments or (None,))
    stages = dict.fromkeys(query.stages or (None,))
    places = list(product(departments, stages))
    return places if len(places) <= _MOST_BRANCHES else [(None, None)]


def _newest(
    query: RegisterQuery, wanted: Sequence[ColumnElement[bool]], *, index: str
) -> Select[Any]:
    # SQLite keeps no statistics by itself and is told what to walk; PostgreSQL knows.
    newest = select(cases.c.sequence).where(*wanted)
    newest = newest.order_by(cases.c.sequence.desc()).limit(query.limit)
    return newest.with_hint(cases, index, "sqlite")


def _index(query: RegisterQuery, department: str | None, stage: Stage | None) -> str:
    """Return what SQLite is to walk: it ends in the sequence, so nothing is sorted."""
    if query.submitted_by is not None:
        return "INDEXED BY ix_cases_submitted_by"
    names = [("department", department), ("stage", stage)]
    parts = [name for name, value in names if value is not None]
    if query.overdue_on is not None and stage is None:
        parts.append("due")
    if not parts:
        return "NOT INDEXED"  # the table itself, which lies in this order
    return "INDEXED BY ix_cases_" + "_".join(parts)


def _few_submitted(connection: Connection, query: RegisterQuery) -> bool:
    """Tell whether so few were submitted in the time asked for that they are sorted."""
    within = _submitted(query)
    if not within:
        return False
    some = select(cases.c.sequence).where(*within).limit(_FEW + 1)
    some = some.with_hint(cases, "INDEXED BY ix_cases_submitted", "sqlite")
    many = select(func.count()).select_from(some.subquery())
    return (connection.scalar(many) or 0) <= _FEW


def _by_gram(
    connection: Connection,
    rarest: tuple[str, int],
    query: RegisterQuery,
    words: Sequence[str],
) -> Sequence[int]:
    """Return the newest cases asked for among those that have the piece.

    Looks at more of them each time, until the page is full or none is left.
    """
    gram, left = rarest
    wanted = (*_conditions(query), *_holding(words))
    found: list[int] = []
    below, size = query.before, query.limit * _FIRST_LOOK
    while left > 0:
        look = _with_gram(gram, below, size)
        fitting = select(cases.c.sequence).where(cases.c.sequence.in_(look), *wanted)
        newest = fitting.order_by(cases.c.sequence.desc()).limit(query.limit)
        found += connection.scalars(newest)
        if len(found) >= query.limit or left <= size:
            break
        below = connection.scalar(select(func.min(look.subquery().c.sequence)))
        if below is None:
            break
        left, size = left - size, min(_MORE * size, _LARGEST_LOOK)
    return found[: query.limit]


def _with_gram(gram: str, below: int | None, size: int) -> Select[Any]:
    look = select(case_words.c.sequence).where(case_words.c.gram == gram)
    if below is not None:
        look = look.where(case_words.c.sequence < below)
    return look.order_by(case_words.c.sequence.desc()).limit(size)
