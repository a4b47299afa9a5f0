"""Measures the register: pages of 100,000 cases against pages of 1,000.

On SQLite and on PostgreSQL (a server of its own). What a page costs must follow
from what it shows: the ratio of the two medians is what counts, taken in turn
within one run. Prints a table, writes benchmarks/results/register.json.
"""

import json
import platform
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, text

from benchmarks import material
from benchmarks.rows import Row
from review.case.case import Stage
from review.ledger.keys import SigningKey
from review.ports.records import RegisterQuery, RegisterRow
from review.store import engine as databases
from review.store import migrate
from review.store.register import values_of
from review.store.store import SqlStore
from review.store.tables import case_words, cases, gram_counts, stage_counts
from review.store.words import grams_of
from tests.databases import running_postgres

SMALL, LARGE = 1_000, 100_000
ROUNDS = 60
FEWER = 5  # to try it
WANTED = 2.0
_SEED = 20261122
_CHUNK = 2_000
_TODAY = date(2026, 11, 22)
_NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
_RARE = "琴房改造"  # in ten titles, however many there are
_DEPARTMENTS: Final = tuple(f"第{number}系" for number in "一二三四五六七八")
# In a hundred cases; the open ones have a last day, and half of them are late.
_STAGES: Final[dict[Stage, int]] = {
    "published": 60,
    "cleared": 8,
    "refused": 6,
    "expired": 6,
    "withdrawn": 4,
    "revoked": 2,
    "signing": 8,
    "first_pass": 4,
    "rework": 2,
}
_OPEN: Final = frozenset({"signing", "first_pass", "rework"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One query on one database: rows shown and median milliseconds, both sizes."""

    database: str
    query: str
    rows: tuple[int, int]
    small: float
    large: float

    @property
    def ratio(self) -> float:
        """Return how much longer the large register takes."""
        return self.large / self.small


def main() -> None:
    """Measure, print, write."""
    figures = measured()
    print(
        f"{'database':<12}{'query':<44}{'rows':>8}{'1,000':>11}{'100,000':>11}  ratio"
    )
    for one in figures:
        rows = f"{one.rows[0]}/{one.rows[1]}"
        times = f"{one.small:>8.2f} ms{one.large:>8.2f} ms"
        print(f"{one.database:<12}{one.query:<44}{rows:>8}{times}{one.ratio:>7.2f}")
    target = material.ROOT / "benchmarks" / "results" / "register.json"
    target.parent.mkdir(exist_ok=True)
    report = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "rounds": ROUNDS,
        "cases": [SMALL, LARGE],
        "wanted": WANTED,
        "rows": [
            {
                "database": one.database,
                "query": one.query,
                "rows": one.rows,
                "milliseconds": [round(one.small, 3), round(one.large, 3)],
                "ratio": round(one.ratio, 2),
            }
            for one in figures
        ],
    }
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def rows(rounds: int = ROUNDS) -> list[Row]:
    """Return the worst ratio on each database as rows of the common table."""
    worst: dict[str, Figure] = {}
    for one in measured(rounds):
        known = worst.get(one.database)
        if known is None or one.ratio > known.ratio:
            worst[one.database] = one
    return [
        Row(
            f"register, {LARGE:,} / {SMALL:,} cases, {database}",
            f"{one.ratio:.2f}",
            f"<= {WANTED:.0f}",
            f"slowest ratio: {one.query}, {one.large:.1f} ms",
        )
        for database, one in worst.items()
    ]


def measured(rounds: int = ROUNDS) -> list[Figure]:
    """Fill both registers on both databases and time every query."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        urls = [f"sqlite+pysqlite:///{folder}/{size}.db" for size in (SMALL, LARGE)]
        figures += _on("sqlite", urls, rounds)
        with (
            server.lend(migrated=False) as small,
            server.lend(migrated=False) as large,
        ):
            figures += _on("postgresql", [small, large], rounds)
    return figures


def queries(size: int) -> dict[str, RegisterQuery | tuple[str, ...] | None]:
    """Return what is asked; a tuple or None asks for the counts of departments."""
    page_20 = _sequence(size) - 19 * 50 + 1
    return {
        "first page": RegisterQuery(),
        "page 20": RegisterQuery(before=page_20),
        "one department": RegisterQuery(departments=("第三系",)),
        "three departments": RegisterQuery(departments=_DEPARTMENTS[:3]),
        "one stage": RegisterQuery(stages=("signing",)),
        "all open stages": RegisterQuery(stages=("signing", "first_pass", "rework")),
        "department and stage": RegisterQuery(
            departments=("第三系",), stages=("published",)
        ),
        "overdue": RegisterQuery(overdue_on=_TODAY),
        "the last ten days": RegisterQuery(submitted_from=_NOW - timedelta(days=10)),
        "2 characters, in an eighth (考试)": RegisterQuery(words="考试"),
        "4 characters, in an eighth (期末考试)": RegisterQuery(words="期末考试"),
        "4 characters, in ten (琴房改造)": RegisterQuery(words=_RARE),
        "2 characters, in ten (琴房)": RegisterQuery(words="琴房"),
        # Pages that even the small register can fill: the same work on both.
        "two words (考试 公示)": RegisterQuery(words="考试 公示", limit=15),
        "words within a department": RegisterQuery(
            words="考试", departments=("第三系",), limit=10
        ),
        "words within a stage": RegisterQuery(words="考试", stages=("published",)),
        "nothing found (查无此词)": RegisterQuery(words="查无此词"),
        "a whole number": RegisterQuery(words="2026-000500"),
        "counts, all": None,
        "counts, one department": ("第三系",),
    }


def invented(size: int) -> Iterator[RegisterRow]:
    """Yield `size` invented rows, oldest first, the same each time."""
    chance = random.Random(_SEED)  # noqa: S311 - not for secrets
    words = material.words(3_000)
    stages, weights = list(_STAGES), list(_STAGES.values())
    for number in range(1, size + 1):
        stage = chance.choices(stages, weights)[0]
        title = material.title(chance, words)
        if number % (size // 10) == 0:
            title = f"关于{_RARE}的通知"
        submitted = _NOW - timedelta(hours=(size - number) / 4)
        due = None
        if stage in _OPEN:
            due = _TODAY + timedelta(days=chance.choice((-3, 3)))
        yield RegisterRow(
            number=f"2026-{number:06d}",
            sequence=_sequence(number),
            title=title,
            department=chance.choice(_DEPARTMENTS),
            channels=("website",),
            stage=stage,
            version=5,
            round=1,
            drafted_by="李样本",
            submitted_by="张示例",
            submitted_at=submitted,
            since=submitted,
            due_on=due,
        )


def _sequence(number: int) -> int:
    return 2026 * 1_000_000 + number


def _on(database: str, urls: list[str], rounds: int) -> list[Figure]:
    with _filled(urls[0], SMALL) as small, _filled(urls[1], LARGE) as large:
        stores = [(_store(small), queries(SMALL)), (_store(large), queries(LARGE))]
        return [_timed(database, name, stores, rounds) for name in queries(SMALL)]


def _store(engine: Engine) -> SqlStore:
    key = SigningKey.generate()
    return SqlStore(engine, key=key, algorithm="sha256", witness=None, now=lambda: _NOW)


def _timed(database: str, name: str, stores: list[Any], rounds: int) -> Figure:
    times: tuple[list[float], list[float]] = ([], [])
    shown = [0, 0]
    for _ in range(rounds):
        for which, (store, asked) in enumerate(stores):
            began = time.perf_counter()
            shown[which] = _ask(store, asked[name])
            times[which].append((time.perf_counter() - began) * 1_000)
    small, large = (statistics.median(one) for one in times)
    return Figure(database, name, (shown[0], shown[1]), small, large)


def _ask(store: SqlStore, asked: RegisterQuery | tuple[str, ...] | None) -> int:
    with store.reading() as records:
        if isinstance(asked, RegisterQuery):
            return len(records.register(asked))
        return len(records.counts(asked))


@contextmanager
def _filled(url: str, size: int) -> Iterator[Engine]:
    engine = databases.make_engine(url)
    migrate.upgrade(engine)
    with databases.writing(engine) as connection:
        _fill(connection, size)
    with engine.connect() as connection:
        # What a server does by itself at night; SQLite keeps no figures, and gets none.
        if engine.dialect.name == "postgresql":
            tuning = connection.execution_options(isolation_level="AUTOCOMMIT")
            tuning.execute(text("VACUUM ANALYZE"))
    yield engine
    engine.dispose()


def _fill(connection: Connection, size: int) -> None:
    """Put the rows in as `SqlWriting.show` would, many at a time."""
    places, grams = Counter[tuple[str, str]](), Counter[str]()
    values: list[dict[str, Any]] = []
    pieces: list[tuple[str, int]] = []
    for row in invented(size):
        values.append(values_of(row))
        places[row.department, row.stage] += 1
        found = grams_of(values[-1]["searched"])
        grams.update(found)
        pieces += [(gram, row.sequence) for gram in found]
    for start in range(0, size, _CHUNK):
        connection.execute(insert(cases), values[start : start + _CHUNK])
    _pour(connection, sorted(pieces))
    counted = [{"gram": gram, "cases": count} for gram, count in grams.items()]
    connection.execute(insert(gram_counts), counted)
    stood = [
        {"department": place[0], "stage": place[1], "cases": count}
        for place, count in places.items()
    ]
    connection.execute(insert(stage_counts), stood)


def _pour(connection: Connection, pieces: list[tuple[str, int]]) -> None:
    """Fill the largest table by each driver's quickest way."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        raw.executemany(f"INSERT INTO {case_words.name} VALUES (?, ?)", pieces)  # noqa: S608 - our own table
        return
    with raw.cursor().copy(f"COPY {case_words.name} FROM STDIN") as copy:
        for piece in pieces:
            copy.write_row(piece)


if __name__ == "__main__":
    main()
