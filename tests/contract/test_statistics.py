"""What `ports.statistics` promises, on every database."""

from datetime import date, timedelta
from typing import Any

from review.ports.records import RegisterRow
from review.ports.statistics import (
    CaseGroup,
    FindingCount,
    RoundJudged,
    StatisticsQuery,
    StepGroup,
    StepSpan,
)
from review.store.store import SqlStore
from tests.contract.material import MORNING, case_of, row

_TODAY = date(2026, 11, 22)


def _query(**changes: Any) -> StatisticsQuery:
    values: dict[str, Any] = {
        "submitted_from": MORNING - timedelta(days=1),
        "submitted_until": MORNING + timedelta(days=30),
        "departments": None,
        "today": _TODAY,
    }
    return StatisticsQuery(**{**values, **changes})


def _shown(store: SqlStore, *rows: RegisterRow) -> None:
    with store.writing() as work:
        for one in rows:
            work.show(case_of(one), one)


def _stay(stage: Any, days: int | None = None) -> StepSpan:
    left = None if days is None else MORNING + timedelta(days=days)
    return StepSpan(stage=stage, entered_at=MORNING, left_at=left, working_days=days)


def _spoke(rule: str, *judged: int, category: str = "exam") -> FindingCount:
    return FindingCount(
        rule=rule,
        detector="lexicon",
        category=category,
        found=judged[0],
        not_sensitive=judged[1],
        must_change=judged[2],
        uncertain=judged[3],
    )


def _counted(
    store: SqlStore, number: int, steps: Any = (), findings: Any = (), rounds: Any = ()
) -> None:
    with store.writing() as work:
        work.statistics.show(
            2026_000000 + number, steps=steps, findings=findings, rounds=rounds
        )


def test_cases_are_counted_by_department_channels_and_stage(store: SqlStore) -> None:
    _shown(
        store,
        row(1),
        row(2, round=3, late_steps=1),
        row(3, due_on=_TODAY - timedelta(days=1), incidents=1),
        row(4, due_on=_TODAY, clearance="许0001", stage="cleared"),
        row(5, department="宣传部", channels=("press",)),
    )
    _counted(store, 2, [_stay("scanning", 0), _stay("rework", 2), _stay("signing")])
    with store.reading() as records:
        groups = records.statistics.cases(_query())
    common: dict[str, Any] = {"channels": ("website", "wechat")}
    assert set(groups) == {
        CaseGroup(
            department="教务处",
            stage="signing",
            cases=3,
            rounds=5,
            cleared=0,
            returned=1,
            overdue=2,
            incidents=1,
            **common,
        ),
        CaseGroup(
            department="教务处",
            stage="cleared",
            cases=1,
            rounds=1,
            cleared=1,
            returned=0,
            overdue=0,
            incidents=0,
            **common,
        ),
        CaseGroup(
            department="宣传部",
            channels=("press",),
            stage="signing",
            cases=1,
            rounds=1,
            cleared=0,
            returned=0,
            overdue=0,
            incidents=0,
        ),
    }


def test_only_the_period_and_the_departments_asked_for_count(store: SqlStore) -> None:
    before, after = MORNING - timedelta(days=2), MORNING + timedelta(days=30)
    _shown(
        store,
        row(1),
        row(2, submitted_at=before),
        row(3, submitted_at=after),
        row(4, submitted_at=MORNING - timedelta(days=1)),
        row(5, department="宣传部"),
    )
    for number in range(1, 6):
        _counted(store, number, [_stay("scanning", number)], [_spoke("甲", 1, 0, 0, 0)])
    asked = _query(departments=("教务处",))
    with store.reading() as records:
        assert sum(one.cases for one in records.statistics.cases(asked)) == 2
        assert {one.working_days for one in records.statistics.steps(asked)} == {1, 4}
        assert records.statistics.findings(asked)[0].found == 2
        nobody = _query(departments=())
        assert records.statistics.cases(nobody) == ()
        assert records.statistics.steps(nobody) == ()
        assert records.statistics.findings(nobody) == ()


def test_stays_are_counted_by_length_once_they_have_ended(store: SqlStore) -> None:
    _shown(store, row(1), row(2))
    _counted(store, 1, [_stay("scanning", 0), _stay("first_pass", 2)])
    _counted(
        store,
        2,
        [_stay("scanning", 0), _stay("first_pass", 2), _stay("first_pass", 1)],
    )
    _counted(store, 2, [_stay("scanning", 0), _stay("first_pass", 2), _stay("signing")])
    with store.reading() as records:
        steps = records.statistics.steps(_query())
    assert steps == (
        StepGroup(stage="first_pass", working_days=2, stays=2),
        StepGroup(stage="scanning", working_days=0, stays=2),
    )


def test_findings_are_added_up_by_rule_the_most_frequent_first(
    store: SqlStore,
) -> None:
    _shown(store, row(1), row(2))
    _counted(store, 1, (), [_spoke("甲", 1, 0, 0, 0), _spoke("乙", 2, 2, 0, 0)])
    _counted(
        store,
        2,
        (),
        [_spoke("乙", 3, 1, 1, 1), _spoke("乙", 1, 0, 0, 0, category="plans")],
    )
    _counted(store, 1, (), [_spoke("乙", 2, 1, 1, 0)])
    with store.reading() as records:
        findings = records.statistics.findings(_query())
    assert findings == (
        _spoke("乙", 5, 2, 2, 1),
        _spoke("乙", 1, 0, 0, 0, category="plans"),
    )


def _judged(
    number: int, conclusion: Any, outcome: Any = None, days: int | None = None
) -> RoundJudged:
    at = None if days is None else MORNING + timedelta(days=days)
    return RoundJudged(
        round=number, conclusion=conclusion, outcome=outcome, cleared_at=at
    )


def test_rounds_are_counted_by_what_was_said_of_them(store: SqlStore) -> None:
    _shown(store, row(1), row(2), row(3, department="宣传部"))
    returned = _judged(1, "agree", "return")
    _counted(store, 1, rounds=[returned])
    first = [_judged(2, "agree", "clear", 3), returned]
    _counted(store, 1, rounds=first)
    _counted(store, 2, rounds=[_judged(1, "uncertain"), _judged(2, "agree", "clear")])
    _counted(store, 3, rounds=[_judged(1, "agree", "clear")])
    with store.reading() as records:
        groups = records.statistics.judged(_query(departments=("教务处",)))
        assert {(one.conclusion, one.outcome, one.rounds) for one in groups} == {
            ("agree", "clear", 2),
            ("agree", "return", 1),
            ("uncertain", None, 1),
        }
        assert len(records.statistics.judged(_query())) == 4
        rounds = records.statistics.rounds(_query(departments=("教务处",)))
        assert set(rounds) == {2026_000001, 2026_000002}
        assert rounds[2026_000001] == tuple(reversed(first))
        assert records.statistics.rounds(_query(departments=())) == {}


def test_the_same_counts_again_change_nothing(store: SqlStore) -> None:
    _shown(store, row(1))
    for _ in range(2):
        _counted(store, 1, [_stay("scanning", 0)], [_spoke("甲", 1, 0, 0, 0)])
    with store.reading() as records:
        assert records.statistics.steps(_query())[0].stays == 1
        assert records.statistics.findings(_query())[0].found == 1


def test_cases_that_were_never_counted_are_told_some_at_a_time(
    store: SqlStore,
) -> None:
    _shown(store, row(1), row(2), row(3), row(4))
    _counted(store, 2, [_stay("scanning")])
    with store.reading() as records:
        first = records.statistics.uncounted(after=0, limit=2)
        assert first == ("2026-000001", "2026-000003")
        rest = records.statistics.uncounted(after=2026_000003, limit=2)
        assert rest == ("2026-000004",)


def test_cases_whose_rounds_were_never_counted_are_told(store: SqlStore) -> None:
    decided = row(1, outcome="clear", stage="cleared")
    _shown(store, decided, row(2, outcome="clear"), row(3))
    for number in (1, 3):
        _counted(store, number, [_stay("scanning")])
    _counted(store, 2, [_stay("scanning")], (), [_judged(1, "agree", "clear")])
    with store.reading() as records:
        assert records.statistics.uncounted(after=0, limit=9) == ("2026-000001",)
