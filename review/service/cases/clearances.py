"""Clearances as they go out: the token, the keys, the list of those taken back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from review.case.case import Case
from review.case.events import Revoked
from review.clearance import revocations
from review.clearance.interface import Revocation, Revocations
from review.clearance.keys import Jwks, jwks
from review.contents.compare import Comparison, compare
from review.contents.interface import Contents, from_json
from review.errors import NotFoundError
from review.ledger import statement
from review.service.cases import look
from review.service.desk import Desk

_LIST_HOLDS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A clearance with its token."""

    case: Case
    token: str


def clearance_of(desk: Desk, number: str, *, person: str) -> Cleared:
    """Return the case's last clearance.

    Raises:
        NotFoundError: It was never cleared.
    """
    case = look.see(desk, number, person=person)
    if case.grant is None:
        raise NotFoundError("这一件没有公开许可。")
    with desk.store.reading() as records:
        row = records.clearance(case.grant.id)
    if row is None:
        raise NotFoundError("这一件的公开许可没有找到，请报告系统管理员。")
    return Cleared(case, row.token)


def compare_with_cleared(
    desk: Desk, number: str, offered: Contents, *, person: str
) -> Comparison:
    """Compare what is about to be published with what was cleared, to the character."""
    case = clearance_of(desk, number, person=person).case
    number_of_round = case.grants[-1].round
    full = look.report_of(desk, number, person=person, round_number=number_of_round)
    return compare(from_json(full["contents"]), offered)


def published_keys(desk: Desk) -> Jwks:
    """Return the public keys that clearances are checked with (JWKS)."""
    return jwks(desk.clearance_keys)


def revocation_list(desk: Desk) -> str:
    """Return the signed list of clearances taken back, as the ledger tells; good for a day."""
    now = desk.now().replace(microsecond=0)
    with desk.store.reading() as records:
        said = [
            statement.read(one.statement).event
            for one in records.entries_of_kind("case.revoked")
        ]
    entries = [
        Revocation(
            id=one.clearance,
            revoked_at=one.at.replace(microsecond=0),
            reason=one.cause,
        )
        for one in said
        if isinstance(one, Revoked)
    ]
    taken_back = Revocations(
        issuer=desk.office.id,
        issued_at=now,
        next_update=now + _LIST_HOLDS,
        entries=tuple(sorted(entries, key=lambda one: one.id)),
    )
    return revocations.sign(taken_back, desk.clearance_keys.current)
