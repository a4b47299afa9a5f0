"""From records to a case and back: the only place where entries become events."""

from review.case.case import Case
from review.case.events import CaseEvent
from review.case.evolve import evolve, replay
from review.errors import NotFoundError
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Reading, Writing
from review.service import errands
from review.service.desk import Desk


def load(records: Reading, number: str) -> Case:
    """Return the case as its entries tell.

    Raises:
        NotFoundError: There is no such case.
    """
    return replay(happened(records, number))


def happened(records: Reading, number: str) -> tuple[CaseEvent, ...]:
    """Return what happened to the case, oldest first.

    Raises:
        NotFoundError: There is no such case.
    """
    entries = records.entries_of(number)
    if not entries:
        raise NotFoundError("没有这个编号的审查件，请核对编号。")
    return tuple(_case_event(one.statement) for one in entries)


def seal(desk: Desk, work: Writing, case: Case | None, event: CaseEvent) -> Case:
    """Append the event to the ledger and return the case after it."""
    after = evolve(case, event)
    report = after.round.report
    work.seal(
        event,
        Context(
            via=desk.via,
            policy=desk.policy.digest,
            case=after.number,
            version=after.version,
            contents=after.item.contents,
            report=report.digest if report else None,
        ),
    )
    errands.follow(desk, work, case, after, event)
    return after


def _case_event(text: str) -> CaseEvent:
    event = statement.read(text).event
    if not isinstance(event, CaseEvent):
        raise TypeError("an entry of a case holds what happened to a case")
    return event
