"""How a case stands, read off its history by other means than the code that is judged.

`evolve` folds forwards; this looks backwards for the last event that tells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias, TypeVar

from review.case import events as e
from review.case.events import CaseEvent
from review.case.people import Appointment
from review.case.policy import Policy
from review.case.values import FindingNote, Item, RoundReport
from tests.property.review_world import china_day

DEPARTMENTAL: Final = frozenset({"reviewer", "head", "site"})
ADMINISTRATORS: Final = frozenset({"system_admin", "security_admin", "auditor"})
SEALED: Final = frozenset({"incident", "incident_confirmed", "incident_closed"})
FINAL: Final = frozenset({"refused", "withdrawn", "incident_closed"})

_Kind = TypeVar("_Kind")
# Where an event of that kind leaves the case; None: where it stood before.
_Leads: TypeAlias = Callable[[Any, Sequence[CaseEvent]], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An event with all that was known when it came about."""

    event: CaseEvent
    verb: str
    person: str | None
    seen: int | None
    policy: Policy
    appointments: tuple[Appointment, ...]
    contents: str | None = None

    @property
    def today(self) -> date:
        return china_day(self.event.at)

    @property
    def held(self) -> tuple[Appointment, ...]:
        """The appointments of whoever asked that hold on the day."""
        return held_by(self.person, self.appointments, self.today)


Past: TypeAlias = Sequence[CaseEvent]
Law: TypeAlias = Callable[[Past, Fact], bool]


def held_by(
    person: str | None, appointments: Sequence[Appointment], day: date
) -> tuple[Appointment, ...]:
    """The person's appointments that hold on that day, by arithmetic of our own."""
    return tuple(
        one
        for one in appointments
        if one.person == person
        and one.from_day <= day
        and one.until_day >= day
        and (one.ended_on is None or one.ended_on > day)
    )


def standing(history: Sequence[CaseEvent]) -> str:
    """Where the case stands after its last event that tells."""
    for index in range(len(history) - 1, -1, -1):
        where = _LEADS[type(history[index])](history[index], history[:index])
        if where is not None:
            return where
    raise ValueError("nothing has happened")


def all_of(history: Sequence[CaseEvent], kind: type[_Kind]) -> list[_Kind]:
    return [one for one in history if isinstance(one, kind)]


def last(history: Sequence[CaseEvent], kind: type[_Kind]) -> _Kind | None:
    return next((one for one in reversed(history) if isinstance(one, kind)), None)


def of_round(history: Sequence[CaseEvent], number: int) -> list[CaseEvent]:
    return [one for one in history if one.round == number]


def item_of(history: Sequence[CaseEvent]) -> Item:
    """The item as last handed in."""
    for one in reversed(history):
        if isinstance(one, e.Submitted | e.Resubmitted):
            return one.item
    raise ValueError("nothing was handed in")


def report_of(history: Sequence[CaseEvent], number: int) -> RoundReport | None:
    scanned = last(of_round(history, number), e.Scanned)
    return scanned.report if scanned else None


def findings_of(history: Sequence[CaseEvent], number: int) -> list[FindingNote]:
    """All that was marked in that round, by the machine and by people."""
    report = report_of(history, number)
    added = all_of(of_round(history, number), e.FindingAdded)
    return [*(report.findings if report else ()), *(one.finding for one in added)]


def opinions(
    history: Sequence[CaseEvent], number: int, finding: str
) -> list[e.FindingDisposed]:
    """All that was said of a finding in that round, oldest first."""
    said = all_of(of_round(history, number), e.FindingDisposed)
    return [one for one in said if one.finding == finding]


def hands(history: Sequence[CaseEvent]) -> set[str]:
    """Who uploaded, or had a part in a department's first pass, in any round."""
    of_places = e.GapAcknowledged | e.FindingDisposed | e.FindingAdded
    first_pass = of_places | e.FirstPassConcluded
    return {
        one.by.id
        for one in history
        if isinstance(one, e.Submitted | e.Resubmitted)
        or (isinstance(one, first_pass) and one.by.post != "office")
    }


def endorsers(history: Sequence[CaseEvent]) -> set[str]:
    """Who answered for the item as a department's head, in any round."""
    return {one.by.id for one in all_of(history, e.Endorsed) if one.agreed}


def counts(finding: FindingNote) -> bool:
    """Tell whether somebody must say what becomes of it."""
    return finding.severity != "notice"


def genuine(finding: FindingNote) -> bool:
    """Tell whether the draft itself bears a state secret's marking."""
    marked = finding.detector == "marking" and finding.tier == "state"
    return marked and finding.severity == "block"


def said(text: str) -> bool:
    """Tell whether somebody wrote something."""
    return len(text.strip()) > 1


def _concluded(event: e.FirstPassConcluded, _: Sequence[CaseEvent]) -> str:
    if event.conclusion == "must_change":
        return "rework"
    if event.conclusion == "refuse":
        return "refused"
    return "endorsing" if event.to_head else "signing"


def _signed(event: e.SignedOff, _: Sequence[CaseEvent]) -> str:
    if event.outcome == "clear":
        return "leading" if event.needs_leader else "clearing"
    return "refused" if event.outcome == "refuse" else "rework"


def _expired(_: e.Expired, before: Sequence[CaseEvent]) -> str:
    for one in reversed(before):
        if isinstance(one, e.PublicationRecorded):
            return "published"
        if isinstance(one, e.Cleared):
            break
    return "expired"


def _judged(event: e.IncidentJudged, before: Sequence[CaseEvent]) -> str:
    opened = last(before, e.IncidentOpened)
    if event.genuine:
        return "incident_confirmed"
    return "rework" if opened and opened.purged else "first_pass"


def _always(where: str | None) -> _Leads:
    return lambda _event, _before: where


_LEADS: Final[dict[type, _Leads]] = {
    e.Submitted: _always("scanning"),
    e.Resubmitted: _always("scanning"),
    e.Scanned: _always("first_pass"),
    e.GapAcknowledged: _always(None),
    e.FindingDisposed: _always(None),
    e.FindingAdded: _always(None),
    e.FirstPassConcluded: _concluded,
    e.Endorsed: lambda event, _: "signing" if event.agreed else "first_pass",
    e.SignedOff: _signed,
    e.Referred: _always("referred"),
    e.Answered: _always("signing"),
    e.LeaderDecided: lambda event, _: "clearing" if event.agreed else "signing",
    e.Withdrawn: _always("withdrawn"),
    e.Cleared: _always("cleared"),
    e.Revoked: _always("revoked"),
    e.Expired: _expired,
    e.PublicationRecorded: _always("published"),
    e.IncidentOpened: _always("incident"),
    e.IncidentJudged: _judged,
    e.IncidentReported: _always("incident_closed"),
    e.ContentsPurged: _always(None),
}
