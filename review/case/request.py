"""What people ask: who, when, on which version, and the longer things they say."""

from dataclasses import dataclass
from datetime import datetime

from review.case.people import Person
from review.case.policy import Policy
from review.case.values import Channel, Ground, Opinion, Published, SignedOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks, when, under which policy, and which version of the case he saw.

    `seen` is the number of events that the person's page showed; a decision on
    something that changed meanwhile is refused (rule 7). None only where there is
    no case yet.
    """

    person: Person
    at: datetime
    policy: Policy
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """What somebody wants to say of one finding (处置意见)."""

    finding: str
    opinion: Opinion
    reason: str
    published: Published | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the office wants to decide on a round (终审意见).

    `channels` are those allowed; they count for the outcome `clear` alone.
    """

    outcome: SignedOutcome
    opinion: str
    ground: Ground | None = None
    clauses: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
