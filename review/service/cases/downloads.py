"""A draft's file as it was handed in, taken out of the program: on record each time."""

from review.access.events import DraftDownloaded
from review.case import authority
from review.case.request import Request
from review.case.values import File
from review.ledger.statement import Context
from review.service.acting import noting_refusals, person_of
from review.service.cases import look
from review.service.desk import Desk
from review.service.recording import load


def download(
    desk: Desk, number: str, name: str, *, person: str, round_number: int | None = None
) -> tuple[File, bytes]:
    """Return one file of a round; that he has it now stands in the record first.

    Raises:
        NotFoundError: There is no such case, round or file.
        NotPermittedError: The person may not see the draft itself.
        MissingContentsError: It was purged.
    """
    file, data = look.file_of(
        desk, number, name, person=person, round_number=round_number
    )
    with (
        noting_refusals(desk, person, "look_at_contents", number),
        desk.store.writing() as work,
    ):
        case = load(work, number)
        request = Request(
            person=person_of(work, person),
            at=desk.now(),
            policy=desk.policy,
            seen=case.version,
        )
        event = DraftDownloaded(
            at=request.at,
            by=authority.require("look_at_contents", request, case),
            case=number,
            round=round_number or case.round.number,
            name=file.name,
            digest=file.digest,
        )
        work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
    return file, data
