"""A case as a value: one item, its rounds, and where the review stands (一事一审)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from review.case.people import By
from review.case.values import (
    Acknowledgment,
    AddedFinding,
    Disposition,
    Endorsement,
    FindingNote,
    FirstPass,
    Grant,
    Incident,
    Item,
    LeaderDecision,
    Publication,
    Referral,
    RoundReport,
    SignOff,
)

Stage: TypeAlias = Literal[
    "scanning",
    "first_pass",
    "endorsing",
    "signing",
    "referred",
    "leading",
    "clearing",
    "rework",
    "cleared",
    "published",
    "expired",
    "revoked",
    "refused",
    "withdrawn",
    "incident",
    "incident_confirmed",
    "incident_closed",
]

# Nothing more is asked of anybody; what was decided stays decided.
FINAL_STAGES: Final[frozenset[Stage]] = frozenset(
    {"refused", "withdrawn", "incident_closed"}
)
# A clearance stands: the item may be out.
CLEARED_STAGES: Final[frozenset[Stage]] = frozenset({"cleared", "published"})
SEALED_TITLE: Final = "（涉密事件，标题已封存）"
# Sealed: the contents are for the secrecy office alone.
SEALED_STAGES: Final[frozenset[Stage]] = frozenset(
    {"incident", "incident_confirmed", "incident_closed"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One exact version of the item, and everything said of it (轮次)."""

    number: int
    item: Item
    by: By
    at: datetime
    report: RoundReport | None = None
    scanned_at: datetime | None = None
    acknowledgments: tuple[Acknowledgment, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    first_pass: FirstPass | None = None
    endorsement: Endorsement | None = None
    sign_off: SignOff | None = None
    fast_lane: bool = False
    leader: LeaderDecision | None = None
    added: tuple[AddedFinding, ...] = ()
    purged: bool = False

    @property
    def findings(self) -> tuple[FindingNote, ...]:
        """Return what the machine found, and after it what people added."""
        found = self.report.findings if self.report else ()
        return (*found, *(one.note for one in self.added))

    def finding(self, name: str) -> FindingNote | None:
        """Return the finding of that id, whoever marked it."""
        return next((one for one in self.findings if one.id == name), None)

    def disposition_of(self, finding: str) -> Disposition | None:
        """Return what was said last of that finding."""
        said = (one for one in reversed(self.dispositions) if one.finding == finding)
        return next(said, None)

    @property
    def open_findings(self) -> tuple[str, ...]:
        """Return the ids of findings that still need a disposition."""
        return tuple(
            one.id
            for one in self.findings
            if one.needs_disposition and self.disposition_of(one.id) is None
        )

    @property
    def open_gaps(self) -> tuple[str, ...]:
        """Return the ids of gaps that nobody has acknowledged."""
        if self.report is None:
            return ()
        known = {one.gap for one in self.acknowledgments}
        return tuple(one.id for one in self.report.gaps if one.id not in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The one review of one item, from upload to clearance (审查件).

    `version` counts the events; a request names the version it was made on.
    `hands` are the ids of those who uploaded or did the department's review in
    any round: none of them may sign off.
    """

    number: str
    stage: Stage
    since: datetime
    version: int
    rounds: tuple[Round, ...]
    submitted_at: datetime
    hands: frozenset[str] = frozenset()
    referrals: tuple[Referral, ...] = ()
    grants: tuple[Grant, ...] = ()
    publications: tuple[Publication, ...] = ()
    incident: Incident | None = None
    withdrawn_because: str | None = None
    closed_at: datetime | None = None

    @property
    def round(self) -> Round:
        """Return the round under review, the last one."""
        return self.rounds[-1]

    @property
    def purged(self) -> bool:
        """Tell whether nothing of its contents is kept any more."""
        return self.round.purged

    @property
    def item(self) -> Item:
        """Return the item as last handed in."""
        return self.round.item

    @property
    def endorsers(self) -> frozenset[str]:
        """Return the ids of the department heads who agreed to any round."""
        said = (one.endorsement for one in self.rounds)
        return frozenset(one.by.id for one in said if one is not None and one.agreed)

    @property
    def grant(self) -> Grant | None:
        """Return the clearance last issued."""
        return self.grants[-1] if self.grants else None

    @property
    def open_title(self) -> str:
        """Return the title as lists show it: an incident's may be part of the secret."""
        return SEALED_TITLE if self.sealed else self.item.title

    @property
    def sealed(self) -> bool:
        """Tell whether only the secrecy office may look at the contents."""
        return self.stage in SEALED_STAGES
