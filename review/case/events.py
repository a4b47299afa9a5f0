"""What happened to a case: the only thing that is ever stored about it.

Names are in the past tense. The same values are what the ledger seals, so a
field may be added with a default, and none may ever be renamed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from review.case.people import Appointment, By
from review.case.values import (
    Channel,
    Conclusion,
    FindingNote,
    Ground,
    Item,
    Opinion,
    Outcome,
    Published,
    RevocationCause,
    RoundReport,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event says: who, when, and on which round's contents."""

    at: datetime
    by: By
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Event):
    """An item was handed in: the case's first round."""

    number: str
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned(Event):
    """The machine has finished its pass over the round."""

    report: RoundReport


@dataclass(frozen=True, slots=True, kw_only=True)
class GapAcknowledged(Event):
    """Somebody looked at a part that the machine could not examine."""

    gap: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDisposed(Event):
    """Somebody said of one finding what becomes of it, and why."""

    finding: str
    opinion: Opinion
    reason: str
    published: Published | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAdded(Event):
    """Somebody marked what the machine had missed: where, and why, but not the words.

    `file` counts the round's files from 0, the title; `start` and `end` count in the
    text of that passage of the report which the record names.
    """

    finding: FindingNote
    file: int
    passage: int
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPassConcluded(Event):
    """The department concluded its review of the round."""

    conclusion: Conclusion
    opinion: str
    ground: Ground | None = None
    to_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsed(Event):
    """The department head agreed, or sent the round back to the first pass."""

    agreed: bool
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff(Event):
    """The secrecy office decided; in the fast lane the department head did."""

    outcome: Outcome
    opinion: str
    ground: Ground | None = None
    clauses: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    fast_lane: bool = False
    needs_leader: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred(Event):
    """The office put a question to somebody else before it decides."""

    kind: Literal["refer_upward", "ask_source"]
    to: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Event):
    """The answer came and was put on record."""

    answer: str
    document: str
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderDecided(Event):
    """The leader in charge agreed with the office, or sent the round back to it."""

    agreed: bool
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmitted(Event):
    """A new version came in: a new round with its own review."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The department no longer asks to publish the item."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared(Event):
    """A clearance was issued on the round's exact contents."""

    clearance: str
    channels: tuple[Channel, ...]
    canonical: str
    attachments: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    token_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked(Event):
    """The clearance was taken back."""

    clearance: str
    cause: RevocationCause
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(Event):
    """The clearance ran out."""

    clearance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRecorded(Event):
    """The item went out; address and time go into the register."""

    channel: Channel
    address: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Event):
    """A genuine state-secret marking was found: sealed or purged at once."""

    findings: tuple[str, ...]
    report_due: datetime
    purged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentJudged(Event):
    """The office says whether the marking is genuine."""

    genuine: bool
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported(Event):
    """The incident report went to the secrecy administration."""

    to: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsPurged(Event):
    """The draft's contents were deleted; the record stays whole."""

    because: Literal["retention", "incident"]


CaseEvent: TypeAlias = (
    Submitted
    | Scanned
    | GapAcknowledged
    | FindingDisposed
    | FindingAdded
    | FirstPassConcluded
    | Endorsed
    | SignedOff
    | Referred
    | Answered
    | LeaderDecided
    | Resubmitted
    | Withdrawn
    | Cleared
    | Revoked
    | Expired
    | PublicationRecorded
    | IncidentOpened
    | IncidentJudged
    | IncidentReported
    | ContentsPurged
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointed:
    """Somebody was appointed to a post, for a department, from a day until a day."""

    at: datetime
    by: By
    appointment: Appointment


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEnded:
    """An appointment was ended before its last day."""

    at: datetime
    by: By
    appointment: str
    ended_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted:
    """A policy came into force; its whole content, so that a digest can be read later."""

    at: datetime
    by: By
    digest: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused:
    """Somebody asked for what is forbidden; kept for the auditor."""

    at: datetime
    by: By
    case: str | None
    verb: str
    code: str


OfficeEvent: TypeAlias = Appointed | AppointmentEnded | PolicyAdopted | RequestRefused
