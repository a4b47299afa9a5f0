"""What people ask: who, when, on which version, and the longer things they say."""

from dataclasses import dataclass
from datetime import datetime

from review.case.people import Person
from review.case.policy import Policy
from review.case.values import Channel, Ground, Opinion, Published, SignedOutcome
from review.detect.interface import Category, Tier
from review.spans import Location


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
class Addition:
    """What somebody marks in the draft because the machine missed it (补充疑点).

    `file` counts the round's files from 0, the title; `start` and `end` count, half-open,
    in the passage's own text. Without a `tier` it is the category's usual one.
    """

    file: int
    passage: int
    start: int
    end: int
    category: Category
    reason: str
    tier: Tier | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage as the machine's full report has it; its words go into no record.

    `found` are the places that the machine itself marked in it: start, end, category.
    """

    text: str
    where: Location = Location()
    hidden: bool = False
    found: tuple[tuple[int, int, str], ...] = ()


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
