"""What an office may choose: deadlines, expiry, who signs besides, how long drafts stay.

A policy chooses within the rules of the review and can't leave one out. Without
the machine's scan, the department's conclusion and a second person's decision
nothing is cleared under any policy; the fast lane (001:52(1)) only makes that second
person the department head. `policy_file` reads the file that it stands in.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, TypeAlias

from review import digests
from review.case.values import Channel
from review.case.working_days import WorkingDays
from review.detect.interface import Tier

FastLaneSeverity: TypeAlias = Literal["none", "notice"]
MarkingIncident: TypeAlias = Literal["seal", "purge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How many working days each step may take; what is late is shown, never decided.

    `first_pass` is the department's review, `head` the department head's word,
    `sign_off` the secrecy office's decision, `leader` the leader in charge's,
    `answer` that of whoever was asked, `rework` a new version after a return.
    """

    first_pass: int
    head: int
    sign_off: int
    leader: int
    answer: int
    rework: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FastLane:
    """When a department may finish a general item by itself (001:52(1)).

    `most_severe` is the gravest finding that such an item may have: `none` at all,
    or `notice`. It never has a gap, and `head_approves` is never anything but true.
    """

    enabled: bool
    channels: tuple[Channel, ...]
    most_severe: FastLaneSeverity
    head_approves: Literal[True] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderSigns:
    """When the leader in charge must sign after the office, any one being enough.

    The item asks for one of `channels`; a finding of one of `tiers` was disposed
    as not sensitive; `after_answer`: the office had asked above or at the source.
    """

    channels: tuple[Channel, ...]
    tiers: tuple[Tier, ...]
    after_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many calendar days a draft's contents stay after the case closed, by its end.

    The record of the decision stays for good, whatever stands here (001:52(4)).
    """

    cleared: int
    refused: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One office's choices, as its policy file states them.

    `clearance_valid_days` are calendar days within which a cleared item must be
    published; on the channels of `publication_required` its address and time must
    be put on record. The two lists of own days are sorted.
    """

    name: str
    version: str
    deadlines: Deadlines
    clearance_valid_days: int
    publication_required: tuple[Channel, ...]
    fast_lane: FastLane
    head_must_endorse: bool
    leader_signs: LeaderSigns
    marking_incident: MarkingIncident
    incident_report_hours: int
    retention_days: Retention
    repeat_check: bool
    own_days_off: tuple[date, ...]
    own_working_days: tuple[date, ...]

    @property
    def content(self) -> dict[str, object]:
        """Return the policy as plain values that JSON and YAML can hold."""
        return {
            **asdict(self),
            "own_days_off": [day.isoformat() for day in self.own_days_off],
            "own_working_days": [day.isoformat() for day in self.own_working_days],
        }

    @property
    def digest(self) -> str:
        """Return the digest of the content; comments and layout don't count."""
        return digests.of_json(self.content)

    @property
    def working_days(self) -> WorkingDays:
        """Return the office's working days, its own days included."""
        return WorkingDays(
            own_days_off=frozenset(self.own_days_off),
            own_working_days=frozenset(self.own_working_days),
        )
