"""The one way a request becomes a record: load, decide, seal, show.

Every use case on a case goes through `act`: one transaction, in which the case
is read, a decision of `review.case` makes an event or refuses, the event is
sealed, and the register follows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from review import clock
from review.access import permissions
from review.access.permissions import OfficeVerb
from review.case.authority_table import Verb
from review.case.case import Case
from review.case.events import CaseEvent, RequestRefused
from review.case.people import By, Person
from review.case.request import Request
from review.errors import NotPermittedError
from review.ledger.statement import Context
from review.ports.records import Reading
from review.service.appointed import appointments_of
from review.service.consequences import follow
from review.service.desk import Asker, Desk
from review.service.once import carried_out, remember
from review.service.projection import show
from review.service.recording import load, seal
from review.service.retention import sweep


def person_of(records: Reading, person: str) -> Person:
    """Return somebody with all his appointments; unknown people have none."""
    appointments = appointments_of(records, person)
    name = appointments[-1].name if appointments else person
    return Person(person, name, appointments)


def act(
    desk: Desk,
    number: str,
    verb: Verb,
    *,
    asker: Asker,
    decide: Callable[[Case, Request], CaseEvent],
) -> Case:
    """Let somebody do one thing to one case; return the case after it.

    Raises:
        RefusedError: A rule forbids it; nothing happened. What was forbidden to
            the person himself is put on record.
        NotFoundError: There is no such case.
    """
    with (
        noting_refusals(desk, asker.person, verb, number),
        desk.store.writing() as work,
    ):
        before = carried_out(work, asker.person, asker.once)
        case = load(work, before or number)
        if before is not None:
            return case
        request = Request(
            person=person_of(work, asker.person),
            at=desk.now(),
            policy=desk.policy,
            seen=asker.seen,
        )
        after = follow(desk, work, seal(desk, work, case, decide(case, request)))
        show(desk, work, after)
        remember(work, asker.person, asker.once, case=number, at=request.at)
    if after.purged and not case.purged:
        sweep(desk)
    return after


@contextmanager
def noting_refusals(
    desk: Desk, person: str, verb: str, number: str | None = None
) -> Iterator[None]:
    """Put on record when somebody asks inside for what he may not do."""
    try:
        yield
    except NotPermittedError as refusal:
        with desk.store.writing() as work:
            at = desk.now()
            event = RequestRefused(
                at=at,
                by=person_of(work, person).doer_on(clock.china_date(at)),
                case=number,
                verb=verb,
                code=refusal.code,
            )
            work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
        raise


def permit(desk: Desk, records: Reading, verb: OfficeVerb, person: str) -> By:
    """Return as whom somebody may do that with the installation today.

    Raises:
        NotPermittedError: He may not; the message says who may.
    """
    return permissions.require(verb, person_of(records, person), at=desk.now())


def permitted(desk: Desk, verb: OfficeVerb, person: str) -> By:
    """Ask by itself, before anything is begun; whoever may not stands on record.

    Raises:
        NotPermittedError: He may not; the message says who may.
    """
    with noting_refusals(desk, person, verb), desk.store.reading() as records:
        return permit(desk, records, verb, person)


@contextmanager
def looking(desk: Desk, verb: OfficeVerb, person: str) -> Iterator[Reading]:
    """Begin a look that not everybody may take; whoever may not stands on record.

    Raises:
        NotPermittedError: He may not; the message says who may.
    """
    with noting_refusals(desk, person, verb), desk.store.reading() as records:
        permit(desk, records, verb, person)
        yield records
