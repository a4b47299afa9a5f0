"""The same request twice is carried out once (Idempotency-Key)."""

from datetime import datetime

from review.errors import ReusedKeyError
from review.ports.records import Reading, Writing
from review.ports.requests import CarriedOut
from review.service.desk import Once


def carried_out(records: Reading, person: str, once: Once | None) -> str | None:
    """Return the case that the request was carried out for before; None if it was not.

    Raises:
        ReusedKeyError: The key belongs to another request.
    """
    if once is None:
        return None
    known = records.requests.find(person, once.key)
    if known is None:
        return None
    if known.fingerprint != once.fingerprint:
        raise ReusedKeyError(
            "这个 Idempotency-Key 已用于另一个请求，请换一个新的再提交。"
        )
    return known.case


def remember(
    work: Writing, person: str, once: Once | None, *, case: str, at: datetime
) -> None:
    """Remember that this transaction carries the request out."""
    if once is not None:
        work.requests.add(
            CarriedOut(
                person=person,
                key=once.key,
                fingerprint=once.fingerprint,
                case=case,
                at=at,
            )
        )
