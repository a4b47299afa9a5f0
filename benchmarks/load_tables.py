"""Rows into PostgreSQL by COPY, many at a time, with the indexes made afterwards."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Table, make_url

from benchmarks.load_shapes import Standing, place_of
from benchmarks.load_stories import Story
from review import clock
from review.case.policy import Policy
from review.service.projection import sequence_of
from review.store.schema import metadata
from review.store.words import grams_of, searched_text

_FILLED: Final = (
    "entries",
    "heads",
    "clearances",
    "cases",
    "case_steps",
    "case_findings",
    "case_rounds",
    "case_words",
    "kept",
    "site_items",
    "published_places",
    "fingerprints",
)
# An index that belongs to a constraint goes and comes with it. The keys of entries and
# heads stay: the guards look for the last one at each row.
_CONSTRAINTS: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype IN ('u', 'p') AND conrelid::regclass::text = ANY(%s)
        AND conname NOT IN ('pk_entries', 'pk_heads')
"""
_INDEXES: Final = """
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)
        AND indexname NOT IN ('pk_entries', 'pk_heads')
"""


class Tables:
    """Rows that wait to be copied, by their table; lines that wait for the witness."""

    def __init__(
        self, connection: psycopg.Connection[Any], witness: Path, policy: Policy
    ) -> None:
        """Fill through that connection, and append to that witness file."""
        days, deadlines = policy.working_days, policy.deadlines
        allowed = {
            "first_pass": deadlines.first_pass,
            "signing": deadlines.sign_off,
            "rework": deadlines.rework,
        }
        # Asked of few pairs of days, a million times.
        self._between = cache(days.between)
        self._due = cache(
            lambda stage, day: (
                days.add(day, allowed[stage]) if stage in allowed else None
            )
        )
        self._connection = connection
        self._witness_file = witness
        self._rows: dict[str, list[tuple[Any, ...]]] = {one: [] for one in _FILLED}
        self._lines: list[str] = []

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Keep a row, its columns in the table's own order."""
        self._rows[table].append(row)

    def witness(self, line: str) -> None:
        """Keep a line for the witness file."""
        self._lines.append(line)

    def heads_so_far(self) -> int:
        """Return how many signed heads there are."""
        found = self._connection.execute("SELECT count(*) FROM heads").fetchone()
        return int(found[0]) if found else 0

    def flush(self) -> None:
        """Copy what waits, in one transaction; then let the witness know."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for name, rows in self._rows.items():
                if not rows:
                    continue
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(name), _columns(metadata.tables[name])
                )
                with cursor.copy(into) as copy:
                    for row in rows:
                        copy.write_row(row)
                rows.clear()
        if self._lines:
            with self._witness_file.open("a", encoding="utf-8") as file:
                file.write("\n".join(self._lines) + "\n")
            self._lines.clear()

    def show(
        self,
        story: Story,
        stood: Standing,
        places: Counter[tuple[str, str]],
        grams: Counter[str],
    ) -> None:
        """Put a case into the register and what is counted."""
        sequence = sequence_of(story.number)
        late = self._stays(sequence, story, stood)
        row = _own(stood.row, story)
        stage, entered = stood.stays[-1]
        row |= {
            "sequence": sequence,
            "due_on": self._due(stage, clock.china_date(story.times[entered])),
            "late_steps": late,
            "searched": searched_text(row["title"], story.number),
        }
        columns = metadata.tables["cases"].columns
        self.add("cases", tuple(row[one.name] for one in columns))
        for found in stood.findings:
            self.add(
                "case_findings",
                (
                    sequence,
                    found.rule,
                    found.detector,
                    found.category,
                    found.found,
                    found.not_sensitive,
                    found.must_change,
                    found.uncertain,
                ),
            )
        for one in stood.rounds:
            cleared = None if one.cleared_at is None else _time(story, one.cleared_at)
            self.add(
                "case_rounds",
                (sequence, one.round, one.conclusion, one.outcome, cleared),
            )
        pieces = grams_of(row["searched"])
        for gram in pieces:
            self.add("case_words", (gram, sequence))
        grams.update(pieces)
        places[row["department"], row["stage"]] += 1

    def counted(
        self,
        places: Mapping[tuple[str, str], int],
        grams: Mapping[str, int],
        numbers: Mapping[int, int],
    ) -> None:
        """Write down the sums."""
        stages = [(*place, count) for place, count in places.items()]
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO stage_counts VALUES (%s, %s, %s)", stages)
            cursor.executemany(
                "INSERT INTO gram_counts VALUES (%s, %s)", list(grams.items())
            )
            cursor.executemany(
                "INSERT INTO case_numbers VALUES (%s, %s)", list(numbers.items())
            )
        self._connection.commit()

    def _stays(self, sequence: int, story: Story, stood: Standing) -> int:
        """Add each stay at a stage; return how many were too long."""
        late = 0
        for position, (stage, entered) in enumerate(stood.stays):
            came = story.times[entered]
            left, days = None, None
            if position + 1 < len(stood.stays):
                left = story.times[stood.stays[position + 1][1]]
                first, last = clock.china_date(came), clock.china_date(left)
                days = self._between(first, last)
                due = self._due(stage, first)
                late += due is not None and last > due
            self.add("case_steps", (sequence, position, stage, came, left, days))
        return late


@contextmanager
def indexes_aside(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Take the indexes off the tables to be filled, and make the very same again."""
    tables = list(_FILLED)
    constraints = connection.execute(_CONSTRAINTS, [tables]).fetchall()
    for table, name, _ in constraints:
        _run(connection, f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    indexes = connection.execute(_INDEXES, [tables]).fetchall()
    for name, _ in indexes:
        _run(connection, f'DROP INDEX "{name}"')
    connection.commit()
    yield
    for table, name, how in constraints:
        _run(connection, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {how}')
    for _, how in indexes:
        _run(connection, how)
    connection.commit()


def connected(url: str) -> psycopg.Connection[Any]:
    """Connect to a database by the address that the program has for it."""
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False))


def _run(connection: psycopg.Connection[Any], command: str) -> None:
    connection.execute(command.encode())  # our own tables


def _columns(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(one.name) for one in table.columns)


def _own(row: Mapping[str, Any], story: Story) -> dict[str, Any]:
    """Return a register's row with the case's own words and times."""
    return {
        name: _own_value(value, story)
        for name, value in row.items()
        if name != "searched"
    }


def _own_value(value: Any, story: Story) -> Any:
    if isinstance(value, datetime):
        return _time(story, value)
    if isinstance(value, str):
        return story.own(value)
    return value


def _time(story: Story, at: datetime) -> datetime:
    return story.time(*place_of(at))
