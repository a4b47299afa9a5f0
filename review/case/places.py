"""Where items went out: an address on a channel as one digest, by which cases are found."""

from datetime import datetime

from review import digests
from review.case.case import Case
from review.contents import address as addresses


def place_of(address: str, channel: str) -> str:
    """Return the digest of an address in its one spelling, on that channel."""
    return digests.of_json([addresses.canonical(address), channel])


def places_of(case: Case) -> dict[str, datetime]:
    """Return where the case went out, each with when that was last put on record."""
    return {place_of(one.address, one.channel): one.at for one in case.publications}
