"""Plays the review at a desk and holds every step against the laws.

`Play` is what hypothesis and the seeded driver share: one request after the
other, the clock moving between them. A broken law is a `ViolationError` that tells
the whole story up to it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from traceback import walk_tb
from typing import TYPE_CHECKING, Final

from review.case import events as e
from review.case.events import CaseEvent
from review.case.evolve import evolve, replay
from review.case.values import RoundReport
from review.errors import RefusedError, XianshenError
from tests.property import review_history as h
from tests.property import review_laws_of_people as people
from tests.property import review_requests as requests
from tests.property import review_world as world
from tests.property.review_arguments import Scene
from tests.property.review_desk import Desk, MakeDesk
from tests.property.review_history import Fact
from tests.property.review_laws_of_people import Situation
from tests.property.review_oracle import laws_for
from tests.property.review_requests import Call
from tests.property.review_world import china_day

if TYPE_CHECKING:
    from review.case.case import Case
    from review.case.people import Appointment

# What a granted request adds to a case: its own event, then the machine's.
ADDS: Final[dict[str, type]] = {
    "submit": e.Submitted,
    "resubmit": e.Resubmitted,
    "withdraw": e.Withdrawn,
    "acknowledge": e.GapAcknowledged,
    "dispose": e.FindingDisposed,
    "add_finding": e.FindingAdded,
    "conclude": e.FirstPassConcluded,
    "endorse": e.Endorsed,
    "finish_in_department": e.SignedOff,
    "sign_off": e.SignedOff,
    "refer": e.Referred,
    "answer": e.Answered,
    "lead": e.LeaderDecided,
    "record_publication": e.PublicationRecorded,
    "revoke": e.Revoked,
    "judge_incident": e.IncidentJudged,
    "report_incident": e.IncidentReported,
    "scan": e.Scanned,
    "clear": e.Cleared,
    "open_incident": e.IncidentOpened,
    "expire": e.Expired,
    "purge": e.ContentsPurged,
}


class ViolationError(AssertionError):
    """A law was broken; the message tells which, and all that led to it."""

    def __init__(self, law: str, story: Sequence[object]) -> None:
        super().__init__("\n".join([law, *(str(one) for one in story)]))
        self.law = law
        self.story = tuple(story)


class Play:
    """One story: a school, a desk, and everything that happened so far.

    `only` names the laws that are held, where a single one is in question.
    """

    def __init__(
        self,
        make_desk: MakeDesk,
        dice: Random,
        *,
        counts: Counter[str] | None = None,
        only: frozenset[str] | None = None,
    ) -> None:
        opening = world.open_school(dice)
        self.at: datetime = opening.at
        self.policy = opening.policy
        self.appointments: tuple[Appointment, ...] = opening.appointments
        self.histories: dict[str, tuple[CaseEvent, ...]] = {}
        self.cases: dict[str, Case] = {}
        self.counts: Counter[str] = Counter() if counts is None else counts
        self.story: list[object] = [opening]
        self._desk: Desk = make_desk(opening)
        self._only = only

    def request(self, dice: Random) -> None:
        """Let some time pass and ask for something: mostly for what comes next."""
        chance = dice.random()
        if chance < 0.6:
            self.natural(dice)
        elif chance < 0.83:
            self.spoiled(dice)
        else:
            self.wild(dice)

    def natural(self, dice: Random) -> None:
        self._pass_time(dice)
        self.ask(requests.natural(dice, self._scene()))

    def spoiled(self, dice: Random) -> None:
        self._pass_time(dice)
        self.ask(requests.spoiled(dice, self._scene()))

    def wild(self, dice: Random, verb: str | None = None) -> None:
        self._pass_time(dice)
        self.ask(requests.wild(dice, self._scene(), verb))

    def ask(self, call: Call) -> None:
        """Put one request to the desk and judge what came of it."""
        self.story.append(call)
        arguments = [one for one in (call.number, call.ask) if one is not None]
        refusal: XianshenError | None = None
        try:
            getattr(self._desk, call.verb)(*arguments, **call.arguments)
        except XianshenError as error:
            refusal = error
        except Exception as error:
            if self._only is None:
                raise ViolationError(f"crash: {error!r}", self.story) from error
            self.counts["crash"] += 1
            return
        added = self._look_for_changes(call)
        if refusal is not None:
            self._refused(call, refusal, added)
        else:
            self._granted(call, added)

    # --- what is judged

    def hold(self, kept: object, law: str) -> None:
        if not kept and (self._only is None or law in self._only):
            raise ViolationError(law, self.story)

    def _look_for_changes(self, call: Call) -> tuple[CaseEvent, ...]:
        """Return the events that are new, which can only be of the case asked about."""
        numbers = self._desk.numbers()
        new = [one for one in numbers if one not in self.histories]
        self.hold(
            not new or (call.verb == "submit" and len(new) == 1), "one_case_a_call"
        )
        added: tuple[CaseEvent, ...] = ()
        for number in numbers:
            before = self.histories.get(number, ())
            after = self._desk.history(number)
            self.hold(after[: len(before)] == before, "records_only_grow")
            if len(after) == len(before):
                continue
            self.hold(number in {call.number, *new}, "one_case_a_call")
            added = after[len(before) :]
            self._judge(call, before, added)
            self.histories[number] = after
            self._fold(number, added)
        return added

    def _judge(
        self, call: Call, before: tuple[CaseEvent, ...], added: tuple[CaseEvent, ...]
    ) -> None:
        past = before
        for event in added:
            human = event.by.post != "system"
            fact = Fact(
                event=event,
                verb=call.verb,
                person=call.ask.person if call.ask and human else None,
                seen=call.ask.seen if call.ask else None,
                policy=self.policy,
                appointments=self.appointments,
                contents=call.arguments.get("contents"),
            )
            for law in laws_for(type(event)):
                if self._only is None or law.__name__ in self._only:
                    self.hold(law(past, fact), law.__name__)
            self.counts[f"event {type(event).__name__}"] += 1
            past = (*past, event)

    def close(self) -> None:
        """Hold at the end that every history gives the case that it gave on the way."""
        for number, history in self.histories.items():
            self.hold(replay(history) == self.cases[number], "replay_gives_the_case")

    def _fold(self, number: str, added: tuple[CaseEvent, ...]) -> None:
        case = self.cases.get(number)
        for event in added:
            case = evolve(case, event)
        assert case is not None
        self.cases[number] = case
        history = self.histories[number]
        self.counts[f"stage {case.stage}"] += 1
        self.hold(case.stage == h.standing(history), "replay_gives_the_stage")
        self.hold(case.version == len(history), "replay_counts_the_events")
        told = next(one for one in reversed(history) if not _leaves_the_stage(one))
        closed = told.at if case.stage in h.FINAL else None
        self.hold(case.closed_at == closed, "closed_when_it_was_decided")
        handed = (e.Submitted, e.Resubmitted, e.ContentsPurged)
        last = next(one for one in reversed(history) if isinstance(one, handed))
        purged = isinstance(last, e.ContentsPurged)
        self.hold(case.purged == purged, "purged_means_the_last_hand_in")

    def _granted(self, call: Call, added: tuple[CaseEvent, ...]) -> None:
        self.counts[f"granted {call.verb}"] += 1
        if call.verb in requests.OF_PEOPLE:
            self.hold(not added, "one_case_a_call")
            known = self._desk.appointments()
            self._hold_none_of(people.broken_by_appointing(self._met(call), known))
            self.appointments = known
            return
        self.hold(
            self._desk.appointments() == self.appointments, "posts_only_by_appointment"
        )
        if call.verb in {"look", "look_at_contents"}:
            self.hold(not added, "looking_changes_nothing")
            self._hold_none_of(people.broken_by_looking(self._met(call)))
            sealed = self.cases[call.number or ""].sealed
            self.counts[f"granted {call.verb}, sealed: {sealed}"] += 1
            return
        kinds = [type(one) for one in added]
        self.hold(kinds == self._expected(call, added), "one_step_a_call")

    def _expected(self, call: Call, added: tuple[CaseEvent, ...]) -> list[type]:
        """Return what the step must have added, the machine's share included."""
        expected: list[type] = [ADDS[call.verb]]
        purges = False
        report = call.arguments.get("report")
        if isinstance(report, RoundReport) and any(map(h.genuine, report.findings)):
            expected.append(e.IncidentOpened)
            purges = self.policy.marking_incident == "purge"
        elif added and isinstance(added[0], e.IncidentJudged) and added[0].genuine:
            opened = h.last(self.histories[call.number or ""], e.IncidentOpened)
            purges = opened is not None and not opened.purged
        if purges:
            expected.append(e.ContentsPurged)
        if added and _ends_the_review(added[0]):
            expected.append(e.Cleared)
        return expected

    def _refused(
        self, call: Call, refusal: XianshenError, added: tuple[CaseEvent, ...]
    ) -> None:
        self.hold(not added, "refused_means_nothing_happened")
        self.hold(
            self._desk.appointments() == self.appointments,
            "refused_means_nothing_happened",
        )
        self.hold(isinstance(refusal, RefusedError), "refusals_are_refusals")
        self.counts[f"refused {_rule(refusal)}"] += 1
        chinese = any("\u4e00" <= one <= "\u9fff" for one in refusal.message)
        self.hold(chinese and refusal.message.endswith("。"), "refusals_speak_chinese")
        if call.ask is not None and call.verb in requests.ASKED_BY:
            met = self._met(call)
            told = people.broken_by_refusing(met, refusal.code, refusal.message)
            self._hold_none_of(told)

    def _met(self, call: Call) -> Situation:
        history = self.histories.get(call.number or "", ())
        return Situation(call=call, history=history, appointments=self.appointments)

    def _hold_none_of(self, broken: Iterable[str]) -> None:
        for law in broken:
            self.hold(False, law)  # noqa: FBT003 - it is broken, as the name says

    # --- helpers

    def _scene(self) -> Scene:
        return Scene(at=self.at, appointments=self.appointments, cases=self.cases)

    def _pass_time(self, dice: Random) -> None:
        chance = dice.random()
        if chance < 0.8:
            self.at += timedelta(minutes=dice.randrange(1, 90))
        elif chance < 0.88:
            # The last or the first instant of a day in China.
            day = china_day(self.at) + timedelta(days=1)
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            midnight = start - timedelta(hours=8)
            instants = (timedelta(milliseconds=-1), timedelta(0))
            self.at = max(self.at, midnight + dice.choice(instants))
        elif chance < 0.97:
            self.at += timedelta(days=dice.randrange(1, 4))
        else:
            self.at += timedelta(days=dice.randrange(4, 40))
        if dice.random() < 0.01:
            self.policy = world.policy(dice)
            self._desk.adopt(self.policy)
            self.story.append(self.policy)


def play(
    make_desk: MakeDesk,
    seed: int,
    *,
    requests_: int = 40,
    counts: Counter[str] | None = None,
    only: frozenset[str] | None = None,
) -> int:
    """Play one story from a seed; return how many requests it had."""
    dice = Random(seed)  # noqa: S311 - a test's dice
    story = Play(make_desk, dice, counts=counts, only=only)
    for _ in range(requests_):
        story.request(dice)
    story.close()
    return requests_


def _leaves_the_stage(event: CaseEvent) -> bool:
    of_places = e.GapAcknowledged | e.FindingDisposed | e.FindingAdded
    return isinstance(event, e.ContentsPurged | of_places)


def _ends_the_review(event: CaseEvent) -> bool:
    if isinstance(event, e.LeaderDecided):
        return event.agreed
    if isinstance(event, e.SignedOff):
        return event.outcome == "clear" and not event.needs_leader
    return False


def _rule(refusal: XianshenError) -> str:
    """Return the function that refused, out of the traceback."""
    names = [frame.f_code.co_name for frame, _ in walk_tb(refusal.__traceback__)]
    return names[-1]
