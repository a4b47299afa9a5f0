"""All that a case's own page shows, gathered once: where it stands, its story, its proof."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from review import clock
from review.case.authority import Permission
from review.case.authority_table import VERBS, Verb
from review.case.case import Case, Round
from review.case.people import Post
from review.case.values import Grant, Opinion
from review.ledger.chain import Head
from review.service.acting import person_of
from review.service.cases import look
from review.service.cases.timeline import Line, timeline
from review.service.desk import Desk
from review.service.projection import due_on
from review.service.record import records
from review.service.record.records import Recorded, word_of

# The steps that a case waits for; whoever should take one is told why he may not.
_WAITED_FOR: Final[tuple[Verb, ...]] = (
    "conclude",
    "endorse",
    "sign_off",
    "lead",
    "answer",
    "judge_incident",
    "report_incident",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One entry of the ledger on the case, its signature checked when it was read."""

    index: int
    at: datetime
    kind_word: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The case's entries, and the first signed head that holds them all.

    `head` is None as long as none was signed since the last entry.
    """

    entries: tuple[Sealed, ...]
    head: Head | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One round in numbers: findings by severity, what was said of them, what is open."""

    round: Round
    severities: Mapping[str, int]
    opinions: Mapping[Opinion, int]

    @property
    def findings(self) -> int:
        """Return how many findings there are."""
        return sum(self.severities.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A case as one person sees it now.

    `barred` are the steps that the case waits for and that his post may take, and
    that he himself may not: with the reason. `token` is the last clearance's.
    """

    case: Case
    may: Mapping[Verb, Permission]
    barred: Mapping[Verb, str]
    due_on: date | None
    late: bool
    story: tuple[Line, ...]
    rounds: tuple[Tally, ...]
    proof: Proof
    in_force: bool = False
    token: str | None = None

    @property
    def sees_contents(self) -> bool:
        """Tell whether he may see the draft, and there is one left."""
        return self.may["look_at_contents"].allowed and not self.case.purged


def overview(desk: Desk, number: str, *, person: str) -> Overview:
    """Return everything about a case, if the person may see it.

    Raises:
        NotFoundError: There is no such case.
        NotPermittedError: It is another department's.
    """
    case = look.see(desk, number, person=person)
    may = look.steps(desk, case, person=person)
    history = records.history(desk, number)
    due = due_on(case, policy=desk.policy, days=desk.days)
    return Overview(
        case=case,
        may=may,
        barred=_barred(case, may, _posts(desk, person)),
        due_on=due,
        late=due is not None and due < clock.china_date(desk.now()),
        story=timeline(history, sealed=case.sealed),
        rounds=tuple(_tally(one) for one in reversed(case.rounds)),
        proof=_proof(desk, history),
        in_force=_in_force(case.grant, desk.now()),
        token=_token(desk, case),
    )


def _barred(
    case: Case, may: Mapping[Verb, Permission], posts: frozenset[Post]
) -> dict[Verb, str]:
    return {
        verb: reason
        for verb in _WAITED_FOR
        if (reason := may[verb].reason)
        and case.stage in VERBS[verb].stages
        and posts.intersection(VERBS[verb].posts)
    }


def _posts(desk: Desk, person: str) -> frozenset[Post]:
    with desk.store.reading() as reading:
        return person_of(reading, person).posts_on(clock.china_date(desk.now()))


def _tally(one: Round) -> Tally:
    said = [one.disposition_of(each.id) for each in one.findings]
    return Tally(
        round=one,
        severities=Counter(each.severity for each in one.findings),
        opinions=Counter(each.opinion for each in said if each is not None),
    )


def _proof(desk: Desk, history: tuple[Recorded, ...]) -> Proof:
    last = history[-1].entry.index
    with desk.store.reading() as reading:
        head = reading.head_over(last)
    entries = tuple(
        Sealed(
            index=one.entry.index,
            at=one.statement.at,
            kind_word=word_of(one.statement.kind),
            digest=one.entry.digest,
        )
        for one in history
    )
    return Proof(entries=entries, head=head)


def _in_force(grant: Grant | None, at: datetime) -> bool:
    if grant is None or grant.ended is not None:
        return False
    return grant.valid_from <= at < grant.valid_until


def _token(desk: Desk, case: Case) -> str | None:
    if case.grant is None:
        return None
    with desk.store.reading() as reading:
        row = reading.clearance(case.grant.id)
    return None if row is None else row.token
