"""May exactly this be sent out at this address now: what a publishing proxy asks.

A page counts by the address that it was put on record as published at, and by its
contents; a file by its bytes, which a clearance that holds must cover.
"""

from dataclasses import dataclass
from typing import Final

from review.access.site_keys import PresentedKey
from review.case.places import place_of
from review.case.values import Channel
from review.service.desk import Desk
from review.service.gate.calls import answered
from review.service.gate.gatekeeper import Gatekeeper
from review.service.gate.question import Answer, Offered, OfferedFile, Question

# An address is published at again with each new version; a form is attached to many.
_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ToServe:
    """What somebody is about to send out, and at which address."""

    address: str
    channel: Channel
    offered: Offered | OfferedFile


def may_serve(
    desk: Desk,
    keeper: Gatekeeper,
    key: PresentedKey,
    asked: ToServe,
    *,
    address: str,
) -> Answer:
    """Tell whether it may be sent out there now; only a no is written down.

    `address` is where the question comes from.

    Raises:
        SiteRefusedError: The key does not hold, or not from there.
        NotPermittedError: The site may not ask for this department today.
    """
    with desk.store.reading() as records:
        if isinstance(asked.offered, OfferedFile):
            cases = records.gate.cases_with(asked.offered.digest, limit=_MOST)
        else:
            place = place_of(asked.address, asked.channel)
            cases = records.gate.cases_at(place, limit=_MOST)
    questions = [
        Question(case=one, channel=asked.channel, offered=asked.offered)
        # Unknown is answered as what was never handed in.
        for one in cases or ("",)
    ]
    return answered(desk, keeper, key, questions, address=address)
