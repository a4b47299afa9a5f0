"""What a case is made of: the item's files, the machine's report, what people said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from review import digests
from review.case.people import By

Channel: TypeAlias = Literal[
    "website", "wechat", "press", "broadcast", "exhibition", "other"
]
SourceKind: TypeAlias = Literal["own", "other_unit", "repost"]
FileRole: TypeAlias = Literal["title", "body", "attachment"]
Opinion: TypeAlias = Literal["not_sensitive", "must_change", "uncertain"]
Conclusion: TypeAlias = Literal["agree", "must_change", "uncertain", "refuse"]
Outcome: TypeAlias = Literal[
    "clear", "return", "partial", "refuse", "refer_upward", "ask_source"
]
SignedOutcome: TypeAlias = Literal["clear", "return", "partial", "refuse"]
Ground: TypeAlias = Literal[
    "state_secret", "work_secret", "business_secret", "personal_privacy", "other"
]
RevocationCause: TypeAlias = Literal[
    "disclosure", "error", "superseded", "withdrawn", "key", "other"
]
Evidence: TypeAlias = Literal["document_number", "address"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the item comes from; `origin` names the unit or document it was taken from."""

    kind: SourceKind = "own"
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One file of a draft: its name, role, size in bytes and SHA-256."""

    name: str
    role: FileRole
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Item:
    """One matter headed for publication, as it was handed in for one round (一事)."""

    title: str
    department: str
    channels: tuple[Channel, ...]
    drafted_by: str
    files: tuple[File, ...]
    source: Source = Source()
    planned_on: date | None = None
    external_id: str | None = None

    @property
    def contents(self) -> str:
        """Return the digest over title, body and attachments, byte for byte."""
        return files_digest(self.files)


def files_digest(files: Iterable[File]) -> str:
    """Return one digest over a round's files: role, name and bytes of each."""
    return digests.of_json(sorted([one.role, one.name, one.digest] for one in files))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingNote:
    """What the record keeps of a finding: everything but the draft's own words."""

    id: str
    file: str
    detector: str
    rule: str
    category: str
    tier: str
    severity: str
    clauses: tuple[str, ...] = ()
    level: str | None = None
    part: str = "body"
    page: int | None = None
    paragraph: int | None = None
    hidden: bool = False
    releasable: bool = False

    @property
    def needs_disposition(self) -> bool:
        """Tell whether somebody must say what becomes of it."""
        return self.severity in {"block", "review"}

    @property
    def is_state_marking(self) -> bool:
        """Tell whether it is a state secret's marking, genuine or mentioned."""
        return self.detector == "marking" and self.tier == "state"

    @property
    def is_genuine_marking(self) -> bool:
        """Tell whether the draft itself bears the marking (an incident, rule 8)."""
        return self.is_state_marking and self.severity == "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapNote:
    """A part that was not examined; unreadable means that a whole file could not be read."""

    id: str
    file: str
    code: str
    part: str = "body"
    page: int | None = None
    unreadable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """The machine's report on one round, as far as the record keeps it.

    `digest` addresses the full report, which lies encrypted with the draft.
    `canonical` is the digest of what a reader sees (None: it could not be had),
    `hidden` are the digests of texts that a reader does not see,
    `repeats` the refused cases that this draft repeats.
    """

    digest: str
    verdict: str
    xianshen: str
    lexicons: str
    model: str
    canonical: str | None
    findings: tuple[FindingNote, ...] = ()
    gaps: tuple[GapNote, ...] = ()
    attachments: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()

    @property
    def has_genuine_marking(self) -> bool:
        """Tell whether the draft is an incident and not a review."""
        return any(one.is_genuine_marking for one in self.findings)

    def gap(self, name: str) -> GapNote | None:
        """Return the gap of that id."""
        return next((one for one in self.gaps if one.id == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFinding:
    """A finding that a person marked because the machine had missed it (补充疑点).

    `file` counts the round's files from 0, the title, as the ids do. `start` and
    `end` count, half-open, in the passage's own text: the words themselves stand in
    the machine's full report and never in the record.
    """

    note: FindingNote
    file: int
    passage: int
    start: int
    end: int
    reason: str
    by: By
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgment:
    """Somebody looked at what the machine could not examine, and says how."""

    gap: str
    note: str
    by: By
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Proof that the same content is public already: a document number or an address."""

    kind: Evidence
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What somebody says of one finding, and why (处置意见)."""

    finding: str
    opinion: Opinion
    reason: str
    by: By
    at: datetime
    published: Published | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass:
    """The department's conclusion on a round (初审意见)."""

    conclusion: Conclusion
    opinion: str
    by: By
    at: datetime
    ground: Ground | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """The department head's word (部门负责人意见)."""

    agreed: bool
    opinion: str
    by: By
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """The secrecy office's decision (终审), or the head's in the fast lane.

    `channels` are those that it allows; `ground` and `clauses` say why not, or on
    what footing.
    """

    outcome: Outcome
    opinion: str
    by: By
    at: datetime
    ground: Ground | None = None
    clauses: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A question put to a superior, the secrecy administration or the source unit."""

    kind: Literal["refer_upward", "ask_source"]
    to: str
    question: str
    by: By
    at: datetime
    answer: str | None = None
    answer_document: str | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderDecision:
    """The leader in charge's word (分管领导意见)."""

    agreed: bool
    opinion: str
    by: By
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A clearance as the record keeps it (公开许可)."""

    id: str
    round: int
    channels: tuple[Channel, ...]
    canonical: str
    attachments: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    token_digest: str
    ended: Literal["revoked", "expired"] | None = None
    ended_at: datetime | None = None
    cause: RevocationCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where and when the item went out."""

    channel: Channel
    address: str
    published_at: datetime
    by: By
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A genuine state-secret marking was found on an upload (001:74, 75)."""

    round: int
    findings: tuple[str, ...]
    opened_at: datetime
    report_due: datetime
    purged: bool
    verdict: Literal["open", "genuine", "not_genuine"] = "open"
    reported_to: str | None = None
    report_document: str | None = None
    closed_at: datetime | None = None
