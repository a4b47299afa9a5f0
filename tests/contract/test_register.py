"""The register shows what a plain look through all rows would, on every database."""

import random
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from review.case.case import Stage
from review.case.values import Channel
from review.errors import UsageError
from review.ports.records import RegisterQuery, RegisterRow
from review.store import register, words
from review.store.store import SqlStore
from review.store.tables import case_words, gram_counts, stage_counts
from tests.contract.material import MORNING, case_of, row

_DEPARTMENTS = ("教务处", "学生处", "人事处")
_STAGES: tuple[Stage, ...] = ("signing", "published", "refused", "first_pass")
_CHANNELS: tuple[tuple[Channel, ...], ...] = (
    ("website", "wechat"),
    ("wechat",),
    ("press", "website"),
)
_NAMES = ("张示例", "何演示")
_TODAY = date(2026, 11, 22)
_LETTERS = "考试通知关于的学Ab1\uff12%_/\\-' é\uff21ß①"
_SAMPLES = (
    "关于做好2026年期末考试工作的通知",
    "100%合格_名单",
    "ABC abc \uff21\uff22\uff23\uff11\uff12\uff13",
    "2026-000003号来文",
    "a/b\\c'd\"e",
    "考",
)
_DRAWN = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _random_row(number: int, chance: random.Random) -> RegisterRow:
    title = "".join(chance.choices(_LETTERS, k=chance.randint(1, 12)))
    if chance.random() < 0.3:
        title = chance.choice(_SAMPLES)
    due = None
    if chance.random() < 0.5:
        due = _TODAY + timedelta(days=chance.randint(-3, 3))
    return row(
        number,
        title=title,
        department=chance.choice(_DEPARTMENTS),
        stage=chance.choice(_STAGES),
        due_on=due,
        submitted_at=MORNING + timedelta(hours=chance.randint(0, 100)),
        since=MORNING + timedelta(hours=chance.randint(0, 100)),
        purged=chance.random() < 0.3,
        channels=chance.choice(_CHANNELS),
        submitted_by=chance.choice(_NAMES),
    )


@pytest.fixture
def rows(store: SqlStore) -> list[RegisterRow]:
    """Return 60 rows as they stand in the register, half of them shown anew."""
    chance = random.Random(2026)  # noqa: S311 - invented rows
    shown = {number: _random_row(number, chance) for number in range(1, 61)}
    with store.writing() as work:
        for one in shown.values():
            work.show(case_of(one), one)
        for number in chance.sample(sorted(shown), 30):
            shown[number] = _random_row(number, chance)
            work.show(case_of(shown[number]), shown[number])
    return list(shown.values())


@pytest.fixture(params=["as shipped", "tight"])
def _bounds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the few rows of a test reach the ways that only many would."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "tight":
            patch.setattr(register, "_MOST_BRANCHES", 3)
            patch.setattr(register, "_FEW", 5)
            patch.setattr(register, "_FIRST_LOOK", 1)
            patch.setattr(register, "_LARGEST_LOOK", 4)
        yield


def _fits(one: RegisterRow, query: RegisterQuery) -> bool:
    title = unicodedata.normalize("NFKC", one.title).casefold()
    wanted = unicodedata.normalize("NFKC", query.words).casefold().split()
    return all(
        (
            query.departments is None or one.department in query.departments,
            not query.stages or one.stage in query.stages,
            query.channel is None or query.channel in one.channels,
            query.submitted_by in {None, one.submitted_by},
            query.overdue_on is None
            or (one.due_on is not None and one.due_on < query.overdue_on),
            query.submitted_from is None or one.submitted_at >= query.submitted_from,
            query.submitted_until is None or one.submitted_at < query.submitted_until,
            query.before is None or one.sequence < query.before,
            all(word in title or word in one.number for word in wanted),
        )
    )


def _plainly(rows: list[RegisterRow], query: RegisterQuery) -> list[RegisterRow]:
    newest = sorted(rows, key=lambda one: one.sequence, reverse=True)
    return [one for one in newest if _fits(one, query)][: query.limit]


def _some(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), max_size=3).map(tuple)


_MOMENTS = st.integers(-5, 105).map(lambda hours: MORNING + timedelta(hours=hours))
_WORDS = st.one_of(
    st.just(""),
    st.text(_LETTERS, max_size=4),
    st.sampled_from(("0", "6-", "000", "2026-0000", "2026-000017", "000017", "9999")),
    st.tuples(st.sampled_from(_SAMPLES), st.integers(0, 9), st.integers(1, 9)).map(
        lambda one: one[0][one[1] : one[1] + one[2]]
    ),
    st.text(max_size=3),
)
_QUERIES = st.builds(
    RegisterQuery,
    departments=st.none() | _some(_DEPARTMENTS),
    stages=_some(_STAGES),
    words=st.lists(_WORDS, max_size=2).map(" ".join),
    channel=st.sampled_from((None, None, "website", "wechat", "other")),
    submitted_by=st.sampled_from((None, None, None, *_NAMES)),
    overdue_on=st.none() | st.integers(-4, 4).map(lambda d: _TODAY + timedelta(days=d)),
    submitted_from=st.none() | _MOMENTS,
    submitted_until=st.none() | _MOMENTS,
    before=st.none() | st.integers(2026_000000, 2026_000062),
    limit=st.integers(1, 8),
)


@pytest.mark.usefixtures("_bounds")
def test_a_page_is_what_a_plain_look_through_all_rows_gives(
    store: SqlStore, rows: list[RegisterRow]
) -> None:
    found = Counter[str]()

    @_DRAWN
    @given(_QUERIES)
    def law(query: RegisterQuery) -> None:
        assume(words.is_storable(query.words))
        with store.reading() as records:
            page = records.register(query)
        assert list(page) == _plainly(rows, query)
        found["some" if page else "none"] += 1

    law()
    assert min(found.values()) > 20
    assert len(found) == 2


@pytest.mark.usefixtures("_bounds")
def test_words_find_what_a_plain_look_at_titles_and_numbers_finds(
    store: SqlStore, rows: list[RegisterRow]
) -> None:
    found = Counter[int]()

    @_DRAWN
    @given(_WORDS, st.none() | st.sampled_from(_DEPARTMENTS), st.integers(1, 60))
    def law(wanted: str, department: str | None, limit: int) -> None:
        assume(words.is_storable(wanted))
        departments = None if department is None else (department,)
        query = RegisterQuery(words=wanted, departments=departments, limit=limit)
        with store.reading() as records:
            page = records.register(query)
        assert list(page) == _plainly(rows, query)
        found[min(len(page), 2)] += 1

    law()
    assert len(found) == 3


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ("考", 3),
        ("考试", 2),
        ("期末考试工作", 1),
        ("末考 通知", 1),
        ("招生", 1),
        ("abc", 1),
        ("ABC", 1),
        ("\uff21\uff22\uff23", 1),
        ("%", 1),
        ("_", 1),
        ("100%", 1),
        ("%合", 1),
        ("2026年", 1),
        ("5", 1),
        ("000002", 1),
        ("2026-000002", 1),
        ("2026-", 5),
        ("2026", 5),
        ("考试 招生", 0),
        ("查无此词", 0),
        ("  ", 5),
    ],
)
def test_words_are_found(store: SqlStore, wanted: str, titles: int) -> None:
    shown = [
        "关于做好2026年期末考试工作的通知",
        "考试",
        "招生简章（ABC班）",
        "合格率100%合_格",
        "考5",
    ]
    with store.writing() as work:
        for number, title in enumerate(shown, start=1):
            work.show(case_of(row(number)), row(number, title=title))
    with store.reading() as records:
        assert len(records.register(RegisterQuery(words=wanted))) == titles


def test_a_new_title_is_found_and_the_old_one_is_not(
    store: SqlStore, engine: Engine
) -> None:
    with store.writing() as work:
        work.show(case_of(row()), row(title="期末考试安排"))
        work.show(case_of(row(2)), row(2, title="期末总结"))
        work.show(case_of(row()), row(title="期初招生安排"))
    with store.reading() as records:
        assert records.register(RegisterQuery(words="考试")) == ()
        assert len(records.register(RegisterQuery(words="招生"))) == 1
    with engine.connect() as connection:
        counted = {
            one.gram: one.cases
            for one in connection.execute(gram_counts.select())
            if one.cases
        }
        indexed = Counter(one.gram for one in connection.execute(case_words.select()))
    assert counted == dict(indexed)
    assert counted["期末"] == 1


@pytest.mark.parametrize("wanted", ["字" * 201, "考\0试", "考\ud800"])
def test_words_that_no_title_can_hold_are_refused(store: SqlStore, wanted: str) -> None:
    with store.reading() as records, pytest.raises(UsageError, match="搜索词"):
        records.register(RegisterQuery(words=wanted))


def test_the_longest_words_are_looked_for(store: SqlStore) -> None:
    # One character that folds to eighteen, two hundred times.
    with store.reading() as records:
        assert records.register(RegisterQuery(words="\ufdfa" * 200)) == ()


def test_a_title_that_cannot_be_kept_is_refused(store: SqlStore) -> None:
    with pytest.raises(UsageError, match="标题"), store.writing() as work:
        work.show(case_of(row()), row(title="考\0试"))


def test_a_row_comes_back_as_it_was_shown(store: SqlStore) -> None:
    full = row(
        source="repost",
        planned_on=date(2026, 12, 1),
        due_on=date(2026, 11, 30),
        late_steps=1,
        findings=5,
        open_findings=2,
        incidents=1,
        referrals=3,
        outcome="partial",
        ground="work_secret",
        decided_at=MORNING,
        clearance="许0001",
        valid_until=MORNING + timedelta(days=3),
        published_at=MORNING,
        closed_at=MORNING,
        purged=True,
        external_id="cms-1",
        channels=(),
    )
    for shown in (row(), full, row(title="换了标题", stage="revoked")):
        with store.writing() as work:
            work.show(case_of(shown), shown)
            assert work.register_row(shown.number) == shown
        with store.reading() as records:
            assert records.register_row(shown.number) == shown
            assert records.register(RegisterQuery()) == (shown,)
            assert records.register_row("2026-000002") is None


def test_departments_are_those_that_hand_items_in(
    store: SqlStore, rows: list[RegisterRow]
) -> None:
    with store.reading() as records:
        assert records.departments() == tuple(sorted({one.department for one in rows}))


def test_counts_are_those_of_the_rows(
    store: SqlStore, engine: Engine, rows: list[RegisterRow]
) -> None:
    for departments in (None, (), ("教务处",), ("教务处", "教务处", "人事处"), ("无",)):
        counted = Counter(
            one.stage
            for one in rows
            if departments is None or one.department in departments
        )
        with store.reading() as records:
            assert records.counts(departments) == counted
    with engine.connect() as connection:
        assert all(one.cases >= 0 for one in connection.execute(stage_counts.select()))


def test_nothing_is_shown_of_no_department(
    store: SqlStore, rows: list[RegisterRow]
) -> None:
    assert rows
    with store.reading() as records:
        assert records.register(RegisterQuery(departments=())) == ()
        assert records.register(RegisterQuery(limit=0)) == ()


def test_pages_follow_each_other(store: SqlStore, rows: list[RegisterRow]) -> None:
    seen: list[RegisterRow] = []
    query = RegisterQuery(limit=7)
    with store.reading() as records:
        while page := records.register(query):
            seen += page
            query = replace(query, before=page[-1].sequence)
    assert seen == sorted(rows, key=lambda one: -one.sequence)


def test_what_is_due_comes_oldest_first(
    store: SqlStore, rows: list[RegisterRow]
) -> None:
    before = MORNING + timedelta(hours=60)
    stages: tuple[Stage, ...] = ("published", "refused")
    due = sorted(
        (
            one
            for one in rows
            if one.stage in stages and one.since < before and not one.purged
        ),
        key=lambda one: (one.since, one.sequence),
    )
    with store.reading() as records:
        assert records.due_for(stages, before) == tuple(one.number for one in due)
        assert records.due_for((), before) == ()
    assert len(due) > 3


def test_moments_come_back_whole_in_milliseconds(store: SqlStore) -> None:
    offsets = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
    moments = st.datetimes(
        datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
        datetime(2999, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
        timezones=offsets,
    )

    @settings(_DRAWN, max_examples=50)
    @given(moments, moments)
    def law(one: datetime, other: datetime) -> None:
        shown = row(submitted_at=one, since=other)
        with store.writing() as work:
            work.show(case_of(shown), shown)
        with store.reading() as records:
            back = records.register_row(shown.number)
            earlier = records.due_for(("signing",), one)
        assert back is not None
        for given_at, kept_at in ((one, back.submitted_at), (other, back.since)):
            cut = given_at.replace(microsecond=given_at.microsecond // 1000 * 1000)
            assert kept_at == cut
            assert kept_at.tzinfo is UTC
        # The order of what is kept is the order of time.
        assert (earlier == (shown.number,)) == (back.since < back.submitted_at)

    law()


def test_a_moment_without_its_zone_is_refused(store: SqlStore) -> None:
    naive = row(since=datetime(2026, 11, 22))  # noqa: DTZ001 - the very point
    with pytest.raises(Exception, match="时区"), store.writing() as work:
        work.show(case_of(naive), naive)


_SHAPES = [
    {},
    {"before": 2026_000050},
    {"departments": ("教务处",)},
    {"stages": ("signing",)},
    {"departments": ("教务处",), "stages": ("signing",)},
    {"departments": ("教务处", "人事处"), "stages": ("signing", "refused")},
    {"overdue_on": _TODAY},
    {"overdue_on": _TODAY, "departments": ("教务处",)},
    {"overdue_on": _TODAY, "stages": ("signing",)},
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("shape", _SHAPES)
def test_no_page_sorts_the_register(
    store: SqlStore, engine: Engine, rows: list[RegisterRow], shape: dict[str, Any]
) -> None:
    assert rows
    plans: list[str] = []

    def explain(
        connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> None:
        if statement.startswith("SELECT") and "cases" in statement:
            raw = connection.connection.dbapi_connection
            plan = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append("\n".join(one[3] for one in plan.fetchall()))

    event.listen(engine, "before_cursor_execute", explain)
    with store.reading() as records:
        assert records.register(RegisterQuery(**shape))
    event.remove(engine, "before_cursor_execute", explain)
    steps = [line for plan in plans for line in plan.splitlines()]
    walked = [line for line in steps if line.startswith(("SEARCH cases", "SCAN cases"))]
    assert walked
    # Without a condition the table itself is walked, from its end.
    assert ("SCAN cases" in walked) == (shape == {})
    merged = len(shape.get("departments", ())) > 1
    assert merged == any("TEMP B-TREE" in line for line in steps)


def test_every_stage_fits_its_column() -> None:
    assert max(len(stage) for stage in get_args(Stage)) <= 32
