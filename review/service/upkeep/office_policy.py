"""The policy in force, put on record whenever it changes."""

import json
from dataclasses import dataclass
from datetime import datetime

from review.case.events import PolicyAdopted
from review.case.people import MACHINE
from review.case.policy import Policy
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Reading
from review.service.acting import permitted
from review.service.desk import Desk


def adopt_policy(desk: Desk) -> bool:
    """Record the policy with its whole content, if it is not the last one recorded.

    Every record names its policy by digest; this is where the digest is explained.
    Returns whether it was new.
    """
    digest = desk.policy.digest
    with desk.store.reading() as records:
        if _last_adopted(records) == digest:
            return False
    with desk.store.writing() as work:
        if _last_adopted(work) == digest:
            return False
        content = json.dumps(desk.policy.content, ensure_ascii=False, sort_keys=True)
        event = PolicyAdopted(at=desk.now(), by=MACHINE, digest=digest, content=content)
        work.seal(event, Context(via=desk.via, policy=digest))
    return True


def _last_adopted(records: Reading) -> str | None:
    event = _last_adoption(records)
    return event.digest if event else None


def _last_adoption(records: Reading) -> PolicyAdopted | None:
    entry = records.last_of_kind("office.policy_adopted")
    event = statement.read(entry.statement).event if entry else None
    return event if isinstance(event, PolicyAdopted) else None


def read_policy(desk: Desk, *, person: str) -> Policy:
    """Return the policy in force.

    Raises:
        NotPermittedError: The person holds no post here today.
    """
    permitted(desk, "read_policy", person)
    return desk.policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInForce:
    """The policy in force, and since when it has been on record as such."""

    policy: Policy
    since: datetime | None


def see_policy(desk: Desk, *, person: str) -> PolicyInForce:
    """Return the policy in force with the moment from which it holds.

    Raises:
        NotPermittedError: The person holds no post here today.
    """
    policy = read_policy(desk, person=person)
    with desk.store.reading() as records:
        last = _last_adoption(records)
    known = last is not None and last.digest == policy.digest
    return PolicyInForce(policy=policy, since=last.at if last and known else None)
