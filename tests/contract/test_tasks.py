"""What background work promises, on every database."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from review.ports.tasks import Task
from review.store.store import SqlStore
from tests.contract.material import MORNING, case_of, row, store_at

_LATER = MORNING + timedelta(minutes=5)
_HOLDER = "boot.1:10:100"


def _added(store: SqlStore, subject: str = "2026-000001", **changes: object) -> Task:
    wanted: dict[str, object] = {"queue": "quick", "at": MORNING, **changes}
    with store.writing() as work:
        return work.tasks.add("scan", subject, **wanted)  # type: ignore[arg-type]  # - a test names fields


def _found(store: SqlStore, task: Task) -> Task:
    with store.reading() as records:
        found = records.tasks.find(task.id)
    assert found is not None
    return found


def _claimed(store: SqlStore, task: Task, at: datetime = MORNING) -> Task | None:
    with store.writing() as work:
        return work.tasks.claim(task.id, holder=_HOLDER, at=at)


def _add_in_vain(store: SqlStore) -> None:
    """Add a task in a transaction that fails."""
    with pytest.raises(ZeroDivisionError):
        _fail_after_adding(store)


def _fail_after_adding(store: SqlStore) -> None:
    with store.writing() as work:
        work.tasks.add("scan", "2026-000009", queue="quick", at=MORNING)
        raise ZeroDivisionError


def test_a_task_is_as_it_was_added(store: SqlStore) -> None:
    task = _added(store)
    assert _found(store, task) == task
    assert task == Task(
        id=1,
        kind="scan",
        subject="2026-000001",
        queue="quick",
        state="waiting",
        attempts=0,
        due_at=MORNING,
        added_at=MORNING,
    )


def test_an_open_task_of_the_same_kind_and_subject_is_the_same(store: SqlStore) -> None:
    task = _added(store)
    assert _added(store, queue="bulk", at=_LATER) == task
    assert _claimed(store, task) is not None
    assert _added(store).id == task.id
    assert _added(store, "2026-000002").id != task.id
    with store.writing() as work:
        assert work.tasks.add("tidy", task.subject, queue="out", at=MORNING).id == 3


def test_a_finished_task_makes_room_for_another(store: SqlStore) -> None:
    task = _added(store)
    with store.writing() as work:
        work.tasks.finish(task.id, at=_LATER, result="d" * 64)
    done = _found(store, task)
    assert (done.state, done.finished_at, done.result) == ("done", _LATER, "d" * 64)
    again = _added(store)
    assert again.id == task.id + 1
    with store.reading() as records:
        assert records.tasks.last("scan", task.subject) == again
        assert records.tasks.last("scan", "2026-000009") is None


def test_only_one_takes_a_task(store: SqlStore) -> None:
    task = _added(store)
    taken = _claimed(store, task, _LATER)
    assert taken is not None
    assert (taken.state, taken.attempts) == ("running", 1)
    assert (taken.holder, taken.started_at) == (_HOLDER, _LATER)
    assert _claimed(store, task) is None
    with store.reading() as records:
        assert records.tasks.running() == (taken,)


def test_of_many_at_once_one_takes_it(engine: Engine, store: SqlStore) -> None:
    task = _added(store)
    taken: list[Task | None] = []

    def take() -> None:
        taken.append(_claimed(store_at(engine, None), task))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(taken) == 8
    assert len([one for one in taken if one is not None]) == 1


def test_due_tasks_come_longest_due_first(store: SqlStore) -> None:
    second = _added(store, "2026-000002")
    first = _added(store, "2026-000001", at=MORNING - timedelta(hours=1))
    later = _added(store, "2026-000003", due_at=_LATER)
    with store.reading() as records:
        assert records.tasks.due(MORNING) == (first, second)
        assert records.tasks.due(_LATER) == (first, second, later)
        assert records.tasks.due(_LATER, limit=1) == (first,)


@pytest.mark.parametrize(("counted", "attempts"), [(True, 1), (False, 0)])
def test_a_task_put_back_waits_again(
    store: SqlStore, *, counted: bool, attempts: int
) -> None:
    task = _added(store)
    _claimed(store, task)
    with store.writing() as work:
        work.tasks.put_back(
            task.id, due_at=_LATER, code="killed", counted=counted, queue="bulk"
        )
    back = _found(store, task)
    assert (back.state, back.due_at, back.attempts) == ("waiting", _LATER, attempts)
    assert (back.holder, back.code, back.queue) == (None, "killed", "bulk")


def test_what_is_not_running_is_not_put_back(store: SqlStore) -> None:
    task = _added(store)
    with store.writing() as work:
        work.tasks.put_back(task.id, due_at=_LATER, code="killed")
        assert work.tasks.find(task.id) == task
        work.tasks.finish(task.id, at=MORNING)
        work.tasks.put_back(task.id, due_at=_LATER, code="killed")
    assert _found(store, task).state == "done"


def test_what_is_closed_stays_as_it_was_closed(store: SqlStore) -> None:
    task = _added(store)
    _claimed(store, task)
    with store.writing() as work:
        work.tasks.close("scan", task.subject, at=MORNING)
        work.tasks.finish(task.id, at=_LATER, result="d" * 64)
        work.tasks.give_up(task.id, at=_LATER, code="error")
        work.tasks.close("scan", "2026-000009", at=_LATER)
    closed = _found(store, task)
    assert (closed.state, closed.finished_at, closed.result) == ("done", MORNING, None)
    assert (closed.code, closed.holder) == (None, None)


def test_a_task_is_given_up_with_its_code(store: SqlStore) -> None:
    task = _added(store)
    with store.writing() as work:
        work.tasks.give_up(task.id, at=_LATER, code="vault")
    failed = _found(store, task)
    assert (failed.state, failed.code, failed.finished_at) == (
        "failed",
        "vault",
        _LATER,
    )


def test_tasks_are_counted_by_lane_and_state(store: SqlStore) -> None:
    _added(store, "2026-000001")
    _added(store, "2026-000002", queue="bulk")
    _claimed(store, _added(store, "2026-000003"))
    with store.reading() as records:
        assert records.tasks.counts() == {
            ("quick", "waiting"): 1,
            ("bulk", "waiting"): 1,
            ("quick", "running"): 1,
        }


def test_cases_at_the_machine_without_a_task_are_found(store: SqlStore) -> None:
    with store.writing() as work:
        for number in range(1, 6):
            shown = row(number, stage="signing" if number == 5 else "scanning")
            work.show(case_of(shown), shown)
    _added(store, "2026-000001")
    for number, end in ((2, MORNING), (3, _LATER)):
        task = _added(store, f"2026-{number:06d}")
        with store.writing() as work:
            work.tasks.give_up(task.id, at=end, code="error")
    with store.reading() as records:
        found = records.tasks.unscanned(failed_before=_LATER)
        assert found == ("2026-000002", "2026-000004")
        assert records.tasks.unscanned(failed_before=_LATER, limit=1) == found[:1]


def test_old_tasks_are_forgotten_but_for_the_last(store: SqlStore) -> None:
    with store.writing() as work:
        for number, result in ((1, "a" * 64), (2, None), (3, "c" * 64), (4, "d" * 64)):
            task = work.tasks.add("scan", f"{number}", queue="quick", at=MORNING)
            work.tasks.finish(task.id, at=MORNING, result=result)
        work.tasks.add("scan", "1", queue="quick", at=MORNING)
        work.tasks.finish(5, at=_LATER)
    with store.writing() as work:
        assert work.tasks.drop_before(_LATER) == ("a" * 64, "c" * 64, "d" * 64)
        assert work.tasks.drop_before(_LATER + timedelta(days=1)) == ()
        assert work.tasks.find(5) is not None
        assert work.tasks.add("scan", "9", queue="quick", at=MORNING).id == 6


def test_the_result_of_a_task_is_kept(store: SqlStore) -> None:
    task = _added(store)
    with store.writing() as work:
        assert not work.is_kept("d" * 64)
        work.tasks.finish(task.id, at=MORNING, result="d" * 64)
        assert work.is_kept("d" * 64)


def test_machines_are_seen(store: SqlStore) -> None:
    with store.writing() as work:
        work.tasks.be_seen("one", MORNING)
        work.tasks.be_seen("two", MORNING)
        work.tasks.be_seen("one", _LATER)
    with store.reading() as records:
        assert records.tasks.places() == {"one": _LATER, "two": MORNING}
    with store.writing() as work:
        work.tasks.be_seen("one", MORNING + timedelta(days=31))
        assert list(work.tasks.places()) == ["one"]


def test_a_task_vanishes_with_what_it_was_added_with(store: SqlStore) -> None:
    _add_in_vain(store)
    with store.reading() as records:
        assert records.tasks.counts() == {}


def test_due_tasks_are_told_after_the_commit(engine: Engine) -> None:
    told: list[tuple[str, ...]] = []
    store = store_at(engine, None)
    store._after_commit = lambda tasks: told.append(tuple(one.subject for one in tasks))
    store.open_ledger()
    _added(store, "1")
    with store.writing() as work:
        work.tasks.add("scan", "2", queue="quick", at=MORNING)
        work.tasks.add("scan", "3", queue="quick", at=MORNING)
        work.tasks.add("scan", "4", queue="quick", at=MORNING, due_at=_LATER)
        assert told == [("1",)]
    _added(store, "2")  # open already
    _add_in_vain(store)
    assert told == [("1",), ("2", "3")]
