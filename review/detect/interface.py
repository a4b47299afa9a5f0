"""What detection yields: findings with a clause, a reason and a place."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from review.extract.interface import Gap
from review.normalize.interface import NormalizedText
from review.spans import Location, Span

Category: TypeAlias = Literal[
    "marking",
    "exam",
    "personnel",
    "meeting",
    "finance",
    "student",
    "discipline",
    "stability",
    "foreign",
    "party",
    "union_youth",
    "procurement",
    "research",
    "itsec",
    "plans",
    "privacy",
    "business",
    "unitedfront",
    "keysite",
    "upstream",
    "assets",
    "visit",
]
Tier: TypeAlias = Literal["state", "work", "internal", "privacy", "business"]
Level: TypeAlias = Literal["top_secret", "secret", "confidential"]
Severity: TypeAlias = Literal["block", "review", "notice"]
DetectorName: TypeAlias = Literal[
    "marking",
    "lexicon",
    "pattern",
    "roster",
    "classifier",
    "document_kind",
    "repost",
    "duplicate",
    "hidden",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspicious place.

    `span` counts in the passage's own source text; a finding on the whole
    draft has no passage (`passage` is None) and an empty span.
    `score` is the probability, 0 to 1, that the place discloses.
    """

    detector: DetectorName
    rule: str
    category: Category
    tier: Tier
    severity: Severity
    score: float
    reason: str
    clauses: tuple[str, ...] = ()
    level: Level | None = None
    passage: int | None = None
    span: Span = Span(0, 0)
    text: str = ""
    where: Location = Location()
    hidden: bool = False
    releasable_when: str | None = None
    suggestion: str | None = None
    weighed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that was taken out, and why; kept in the report."""

    finding: Finding
    because: str


@dataclass(frozen=True, slots=True)
class Detection:
    """What one detector found, what it let pass, what it could not examine."""

    findings: tuple[Finding, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Detector(Protocol):
    """One way of finding what must not be published."""

    def detect(self, text: NormalizedText) -> Detection:
        """Examine every passage of `text`."""
        ...
