"""Background work taken, ended, put back, and found again after anything that broke.

Whoever works takes a task in the records first; who dies leaves it there with his
name. `recover` and `catch_up` may run at any time, twice at once, and change
nothing that is in order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from review import clock
from review.case.case import Case
from review.errors import NotFoundError
from review.ports.records import Writing
from review.ports.tasks import Lane, Task, TaskKind
from review.service.desk import Desk
from review.service.errands import lane_of
from review.service.recording import load

# A machine that was not seen for so long has lost what it had taken.
SILENCE: Final = timedelta(seconds=90)
_SEEN_EVERY: Final = timedelta(seconds=15)
# A scan that was given up is tried again after so long, should the reason be gone.
_TRY_AGAIN: Final = timedelta(hours=1)
# Attempts that count, and the waits between them.
_WAITS: Final = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=15))
MOST_ATTEMPTS: Final = 3
_TIDY_AT: Final = time(3, 0)
_REMIND_AT: Final = time(8, 30)


def take(desk: Desk, task: int, *, holder: str) -> Task | None:
    """Take a waiting task; None if somebody has it or nothing is left to do."""
    with desk.store.writing() as work:
        return work.tasks.claim(task, holder=holder, at=desk.now())


def finish(desk: Desk, task: Task, *, result: bytes | None = None) -> None:
    """Put on record that a task is done; keep what it made, encrypted."""
    with desk.store.reading() as records:
        known = records.tasks.find(task.id)
    if known is not None and known.state == "done":
        return  # closed by the very event that it led to
    with desk.store.writing() as work:
        # Kept while writers wait: a sweep can't take it before the record names it.
        digest = None if result is None else desk.contents.put(result)
        work.tasks.finish(task.id, at=desk.now(), result=digest)


def try_again(desk: Desk, task: Task, *, code: str) -> None:
    """Let a task that failed wait a while, longer each time; give it up at last.

    A scan is never given up: its last attempt reports what was not examined.
    """
    at = desk.now()
    with desk.store.writing() as work:
        if task.attempts > MOST_ATTEMPTS:
            work.tasks.give_up(task.id, at=at, code=code)
            return
        wait = _WAITS[min(task.attempts, len(_WAITS)) - 1]
        work.tasks.put_back(task.id, due_at=at + wait, code=code)


def give_up(desk: Desk, task: Task, *, code: str) -> None:
    """Put on record that a task can't be done, however often it were tried."""
    with desk.store.writing() as work:
        work.tasks.give_up(task.id, at=desk.now(), code=code)


def later(
    desk: Desk,
    task: Task,
    *,
    due_at: datetime,
    code: str | None = None,
    lane: Lane | None = None,
) -> None:
    """Let a task wait for its time or in another lane; the attempt does not count."""
    with desk.store.writing() as work:
        work.tasks.put_back(
            task.id, due_at=due_at, code=code, counted=False, queue=lane
        )


def recover(
    desk: Desk, *, place: str, is_gone: Callable[[str], bool], counted: bool = True
) -> int:
    """Let tasks whose holder is gone wait again; return how many.

    `is_gone` is asked of holders on this machine alone. Those on another are
    gone when the machine was silent for long.
    """
    at = desk.now()
    with desk.store.reading() as records:
        seen = records.tasks.places()
        lost = [
            one
            for one in records.tasks.running()
            if _is_lost(one.holder or "", place, is_gone, seen.get, at)
        ]
    if lost:
        with desk.store.writing() as work:
            for one in lost:
                _put_back_if_same(work, one, at, counted=counted)
    return len(lost)


def _is_lost(
    holder: str,
    place: str,
    is_gone: Callable[[str], bool],
    seen: Callable[[str], datetime | None],
    at: datetime,
) -> bool:
    where = place_of(holder)
    if where == place:
        return is_gone(holder)
    last = seen(where)
    return last is None or last < at - SILENCE


def _put_back_if_same(
    work: Writing, task: Task, at: datetime, *, counted: bool
) -> None:
    now = work.tasks.find(task.id)
    if now is not None and (now.state, now.holder) == ("running", task.holder):
        work.tasks.put_back(
            task.id, due_at=at, code="killed" if counted else None, counted=counted
        )


def place_of(holder: str) -> str:
    """Return the machine of a holder, whose last two parts name his process there."""
    return holder.rsplit(":", 2)[0]


def be_seen(desk: Desk, place: str) -> None:
    """Put on record that this machine works, unless that was said just now."""
    at = desk.now()
    with desk.store.reading() as records:
        last = records.tasks.places().get(place)
    if last is None or last < at - _SEEN_EVERY:
        with desk.store.writing() as work:
            work.tasks.be_seen(place, at)


def catch_up(desk: Desk) -> None:
    """Add what should be waiting and is not: scans, and what each day brings."""
    at = desk.now()
    with desk.store.reading() as records:
        unscanned = records.tasks.unscanned(failed_before=at - _TRY_AGAIN)
        due_today = [
            one
            for one in _regular(desk, at)
            if records.tasks.last(one.kind, one.subject) is None
        ]
    if not unscanned and not due_today:
        return
    with desk.store.writing() as work:
        for number in unscanned:
            case = _still_scanning(work, number)
            if case is not None:
                lane = lane_of(case.item.files)
                work.tasks.add("scan", number, queue=lane, at=at)
        for one in due_today:
            if work.tasks.last(one.kind, one.subject) is None:
                work.tasks.add(
                    one.kind, one.subject, queue="out", at=at, due_at=one.due_at
                )


def waiting(desk: Desk) -> tuple[Task, ...]:
    """Return what waits and is due, longest due first."""
    with desk.store.reading() as records:
        return records.tasks.due(desk.now())


def is_idle(desk: Desk) -> bool:
    """Tell whether nothing is due and nobody is at work."""
    with desk.store.reading() as records:
        return not records.tasks.due(desk.now(), limit=1) and not (
            records.tasks.running()
        )


def _still_scanning(work: Writing, number: str) -> Case | None:
    try:
        case = load(work, number)
    except NotFoundError:
        return None
    return case if case.stage == "scanning" else None


@dataclass(frozen=True, slots=True)
class _Regular:
    """What a day or an hour brings: once, however often it is looked for."""

    kind: TaskKind
    subject: str
    due_at: datetime


def _regular(desk: Desk, at: datetime) -> tuple[_Regular, ...]:
    """Return what today and this hour bring; people are reminded on working days."""
    now = at.astimezone(clock.CHINA)
    day, hour = now.date(), time(now.hour)
    found = [
        _Regular("tidy", f"{day.isoformat()}T{hour.hour:02d}", _at(day, hour)),
        _Regular("tidy", day.isoformat(), _at(day, _TIDY_AT)),
    ]
    if desk.messengers is not None and desk.days.is_working(day):
        found.append(_Regular("remind", day.isoformat(), _at(day, _REMIND_AT)))
    return tuple(found)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=clock.CHINA)
