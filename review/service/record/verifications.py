"""The whole record verified: ordered, carried out by a worker, its result kept.

A long record takes minutes, which no request should wait for. What was found lies
encrypted in the vault until the task is forgotten; on the command line,
`xianshen records verify` needs neither a queue nor a worker.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from review.access.permissions import OfficeVerb
from review.errors import NotFoundError, TamperError
from review.ledger.chain import Head
from review.ports.tasks import Task, TaskState
from review.service.acting import looking, permit, person_of
from review.service.desk import Desk
from review.service.record import records as recording

_TASK: Final = "verify"
_LANE: Final = "bulk"
_VERB: Final[OfficeVerb] = "verify_ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a verification came to: how much is proven, or the first fault.

    `head` is the last digest, `keys` the public keys in the order of their turns;
    a broken record has neither, and no number of entries.
    """

    problem: str | None = None
    entries: int | None = None
    head: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Who (by id and name) wanted the record verified and when, and what came of it.

    `id` is None where nothing could be put on record, the end of it being gone.
    """

    id: int | None
    state: TaskState
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None


def order(desk: Desk, *, person: str) -> Verification:
    """Let a worker verify the whole record; asked twice, it is done once.

    A record whose end contradicts its witness takes no more entries and no more
    tasks: then that is the answer, and not an error.

    Raises:
        NotPermittedError: He may not ask for it.
    """
    with looking(desk, _VERB, person) as records:
        name = person_of(records, person).name
    at = desk.now()
    try:
        with desk.store.writing() as work:
            task = work.tasks.add(_TASK, person, queue=_LANE, at=at)
    except TamperError as error:
        return Verification(
            id=None,
            state="done",
            asked_by=person,
            asked_by_name=name,
            asked_at=at,
            ended_at=at,
            outcome=Outcome(problem=error.message),
        )
    return _verification(desk, task)


def carry_out(
    desk: Desk, person: str, *, witnessed: Callable[[], Iterable[Head]]
) -> bytes:
    """Verify the whole record, against the heads in it and those `witnessed` here.

    A broken record is a result like any other.

    Raises:
        NotPermittedError: Who asked for it may not any more.
        LedgerError: The witness cannot be read now.
    """
    with desk.store.reading() as records:
        permit(desk, records, _VERB, person)
    return json.dumps(asdict(_outcome(desk, witnessed)), ensure_ascii=False).encode()


def status(desk: Desk, number: int, *, person: str) -> Verification:
    """Return how far a verification is, whoever asked for it, and what it came to.

    Raises:
        NotPermittedError: He may not ask for one.
        NotFoundError: There is none of that number; it may be forgotten by now.
    """
    with looking(desk, _VERB, person) as records:
        task = records.tasks.find(number)
    if task is None or task.kind != _TASK:
        raise NotFoundError("没有这一次核验，或结果已过保存期，请重新核验。")
    return _verification(desk, task)


def last(desk: Desk, *, person: str) -> Verification | None:
    """Return the last one that is still remembered, whoever asked for it.

    Raises:
        NotPermittedError: He may not ask for one.
    """
    with looking(desk, _VERB, person) as records:
        task = records.tasks.newest(_TASK)
    return None if task is None else _verification(desk, task)


def _outcome(desk: Desk, witnessed: Callable[[], Iterable[Head]]) -> Outcome:
    try:
        proven = recording.check(desk, witnessed=witnessed())
    except TamperError as error:
        return Outcome(problem=error.message)
    keys = tuple(one.hex for one in proven.keys)
    return Outcome(entries=proven.entries, head=proven.head, keys=keys)


def _verification(desk: Desk, task: Task) -> Verification:
    outcome = None
    if task.result is not None:
        said = json.loads(desk.contents.get(task.result))
        outcome = Outcome(**{**said, "keys": tuple(said["keys"])})
    with desk.store.reading() as records:
        name = person_of(records, task.subject).name
    return Verification(
        id=task.id,
        state=task.state,
        asked_by=task.subject,
        asked_by_name=name,
        asked_at=task.added_at,
        ended_at=task.finished_at,
        outcome=outcome,
    )
