"""How invented cases go, as forms to be filled in.

A form is made once, by the program's own rooms: `statement.write` writes each event,
`evolve`, `register_row` and `tally` say what follows. Names and times in it are marks,
which every case has its own words for. That what comes out is what the program would
have written, tests/service/test_load.py proves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import regex

from review import digests
from review.case import events
from review.case.case import Case
from review.case.evolve import replay
from review.case.people import MACHINE, By
from review.case.policy import Policy
from review.case.values import File, FindingNote, Item, Outcome, RoundReport
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.statistics import FindingCount, RoundJudged
from review.service.cases.submit import TITLE_FILE
from review.service.projection import register_row
from review.service.tally import findings_of, rounds_of
from review.store.register import values_of

BODY: Final = "正文.html"
# A mark, too: the register wants a number that is one.
NUMBER: Final = "2001-000001"
RUN_OUT: Final = -1.0
VALID_FROM, VALID_UNTIL, WENT_OUT = "from", "until", "out"
_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)
_HOURS: Final = {"at": 0, VALID_FROM: 1, VALID_UNTIL: 2, WENT_OUT: 3}
_KINDS: Final = {hour: kind for kind, hour in _HOURS.items()}
_MARK: Final = regex.compile(
    "\ue000(\\w+)\ue001"
    r"|(2001-000001)"
    r"|2001-01-01T(\d\d):(\d\d):00\.000\+08:00"
    r"|2001-01-01T(\d\d):(\d\d):00Z"
)
_STAMPED_AT: Final = 8  # hours that a stamp is ahead of UTC
_LETTERS: Final = 2_400  # bytes of a page, about
_RULES: Final = (
    ("lexicon", "001-12-18/1-考试", "exam", "work"),
    ("classifier", "passage", "meeting", "work"),
    ("pattern", "mobile", "privacy", "privacy"),
    ("lexicon", "001-12-09/2-人事", "personnel", "internal"),
)
_DECLINED: Final[Outcome] = "refuse"

# A text in parts: what stands there for all, and (odd places) the mark for each.
Parts = tuple[str, ...]


def mark(name: str) -> str:
    """Return a word that every case has its own for."""
    return f"\ue000{name}\ue001"


def moment(kind: str, step: int) -> datetime:
    """Return a time that every case has its own for: of the step so many."""
    return _EPOCH + timedelta(hours=_HOURS[kind], minutes=step)


def place_of(at: datetime) -> tuple[str, int]:
    """Return what the time stands for, and the step."""
    return _KINDS[at.hour], at.minute


@dataclass(frozen=True, slots=True)
class Step:
    """One event: which, how many hours after the one before, and what goes with it.

    `joined` happens in the transaction of the one before. `heads` tells that the
    ledger's head is signed then.
    """

    event: events.CaseEvent
    after: float
    joined: bool = False
    heads: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A way that cases go: `weight` in a hundred; its steps, and their texts.

    Compared by identity, since it is looked up a million times.
    """

    name: str
    weight: int
    steps: tuple[Step, ...]
    texts: tuple[Parts, ...]
    kinds: tuple[str, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """What a case comes to after so many of its steps, still with marks."""

    case: Case
    row: dict[str, Any]
    stays: tuple[tuple[str, int], ...]
    findings: tuple[FindingCount, ...]
    rounds: tuple[RoundJudged, ...]


def forms(policy: Policy) -> tuple[Form, ...]:
    """Return every way, the shares adding up to a hundred."""
    made = (
        _form("clean", 34, policy, _cleared(0), _published(1), _run_out(1)),
        _form("found", 30, policy, _cleared(2), _published(1), _run_out(1)),
        _form("returned", 10, policy, _returned(), _published(2), _run_out(2)),
        _form("unpublished", 9, policy, _cleared(1), _run_out(1)),
        _form("refused", 7, policy, _refused()),
        _form("withdrawn", 5, policy, _withdrawn()),
        _form("revoked", 5, policy, _cleared(1), _published(1), _revoked()),
    )
    if sum(one.weight for one in made) != 100:  # noqa: PLR2004 - per cent
        raise AssertionError("shares of a hundred")
    return made


@cache
def standing(form: Form, steps: int) -> Standing:
    """Return what a case comes to after its first `steps` steps."""
    policy = form.policy
    happened = [one.event for one in form.steps[:steps]]
    case = replay(happened)
    row = values_of(register_row(case, None, policy=policy, days=policy.working_days))
    stays: list[tuple[str, int]] = []
    for end in range(1, steps + 1):
        stage = replay(happened[:end]).stage
        if not stays or stays[-1][0] != stage:
            stays.append((stage, end - 1))
    return Standing(case, row, tuple(stays), findings_of(case), rounds_of(case))


def _form(name: str, weight: int, policy: Policy, *parts: tuple[Step, ...]) -> Form:
    steps = tuple(_numbered([step for part in parts for step in part]))
    texts, case = [], None
    for number, step in enumerate(steps, start=1):
        case = replay([one.event for one in steps[:number]])
        report = case.round.report
        context = Context(
            via="api",
            policy=policy.digest,
            case=case.number,
            version=case.version,
            contents=mark(f"contents_{case.round.number}"),
            report=report.digest if report else None,
        )
        texts.append(_parts(statement.write(step.event, context)))
    kinds = tuple(statement.kind_of(one.event) for one in steps)
    return Form(name, weight, steps, tuple(texts), kinds, policy)


def _parts(text: str) -> Parts:
    """Cut a text at its marks; a time's mark names its spelling, too."""
    found: list[str] = []
    end = 0
    for one in _MARK.finditer(text):
        found += [text[end : one.start()], _name(one)]
        end = one.end()
    return (*found, text[end:])


def _name(found: regex.Match[str]) -> str:
    name, number, stamp_hour, stamp_minute, hour, minute = found.groups()
    if number is not None:
        return "number"
    if name is not None:
        return str(name)
    if stamp_hour is not None:
        kind = _KINDS[int(stamp_hour) - _STAMPED_AT]
        return f"stamp {kind} {int(stamp_minute)}"
    return f"utc {_KINDS[int(hour)]} {int(minute)}"


def _numbered(steps: list[Step]) -> Iterator[Step]:
    """Give every step its own time, in the order in which they come."""
    for number, step in enumerate(steps):
        event = step.event
        changed: dict[str, Any] = {"at": moment("at", number)}
        if isinstance(event, events.Cleared):
            changed |= {
                "valid_from": moment(VALID_FROM, number),
                "valid_until": moment(VALID_UNTIL, number),
            }
        if isinstance(event, events.PublicationRecorded):
            changed["published_at"] = moment(WENT_OUT, number)
        yield _with(step, event, changed)


def _with(step: Step, event: events.CaseEvent, changed: dict[str, Any]) -> Step:
    return replace(step, event=replace(event, **changed))


_AT: Final = _EPOCH
_UPLOADER: Final = By(
    mark("uploader"),
    mark("uploader_name"),
    "reviewer",
    mark("department"),
    mark("uploader_appointment"),
)
_REVIEWER: Final = By(
    mark("reviewer"),
    mark("reviewer_name"),
    "reviewer",
    mark("department"),
    mark("reviewer_appointment"),
)
_SIGNER: Final = By(
    mark("signer"), mark("signer_name"), "office", None, mark("signer_appointment")
)


def _submitted(found: int) -> tuple[Step, ...]:
    submitted = events.Submitted(
        at=_AT, by=_UPLOADER, round=1, number=NUMBER, item=_item(1)
    )
    return (Step(submitted, 0), _scanned(1, found))


def _scanned(round_number: int, found: int) -> Step:
    report = RoundReport(
        digest=mark(f"report_{round_number}"),
        verdict="needs_review" if found else "clear",
        xianshen="0.1.0",
        lexicons=digests.of_bytes(b"lexicons"),
        model=digests.of_bytes(b"model"),
        canonical=mark(f"canonical_{round_number}"),
        findings=tuple(_note(one) for one in range(found)),
    )
    return Step(
        events.Scanned(at=_AT, by=MACHINE, round=round_number, report=report), 0.02
    )


def _note(number: int) -> FindingNote:
    detector, rule, category, tier = _RULES[number % len(_RULES)]
    return FindingNote(
        id=f"1-f{number + 1}",
        file=BODY,
        detector=detector,
        rule=rule,
        category=category,
        tier=tier,
        severity="review",
        clauses=("001:12(18)",),
        paragraph=3 + number,
    )


def _disposed(round_number: int, found: int) -> tuple[Step, ...]:
    return tuple(
        Step(
            events.FindingDisposed(
                at=_AT,
                by=_REVIEWER,
                round=round_number,
                finding=_note(number).id,
                opinion="not_sensitive",
                reason="只是公开的办事信息，本单位网站上已经公开过",
            ),
            3 if number == 0 else 0.1,
        )
        for number in range(found)
    )


def _agreed(round_number: int) -> Step:
    said = events.FirstPassConcluded(
        at=_AT,
        by=_REVIEWER,
        round=round_number,
        conclusion="agree",
        opinion="内容属实，不涉及国家秘密和工作秘密，可以公开",
    )
    return Step(said, 5)


def _signed(
    round_number: int, outcome: Outcome, opinion: str, **more: Any
) -> events.SignedOff:
    return events.SignedOff(
        at=_AT,
        by=_SIGNER,
        round=round_number,
        outcome=outcome,
        opinion=opinion,
        **more,
    )


def _clearing(round_number: int) -> tuple[Step, ...]:
    signed = _signed(round_number, "clear", "同意公开", channels=("website",))
    cleared = events.Cleared(
        at=_AT,
        by=MACHINE,
        round=round_number,
        clearance=mark("clearance"),
        channels=("website",),
        canonical=mark(f"canonical_{round_number}"),
        attachments=(),
        valid_from=_AT,
        valid_until=_AT,
        token_digest=mark("token_digest"),
    )
    return (Step(signed, 20), Step(cleared, 0, joined=True, heads=True))


def _cleared(found: int) -> tuple[Step, ...]:
    return (*_submitted(found), *_disposed(1, found), _agreed(1), *_clearing(1))


def _returned() -> tuple[Step, ...]:
    returned = _signed(1, "return", "请删去联系人的手机号码", ground="personal_privacy")
    again = events.Resubmitted(at=_AT, by=_UPLOADER, round=2, item=_item(2))
    return (
        *_submitted(3),
        *_disposed(1, 3),
        _agreed(1),
        Step(returned, 18, heads=True),
        Step(again, 24),
        _scanned(2, 0),
        _agreed(2),
        *_clearing(2),
    )


def _published(round_number: int) -> tuple[Step, ...]:
    went_out = events.PublicationRecorded(
        at=_AT,
        by=_UPLOADER,
        round=round_number,
        channel="website",
        address=mark("address"),
        published_at=_AT,
    )
    return (Step(went_out, 4),)


def _run_out(round_number: int) -> tuple[Step, ...]:
    # Not so long after the step before, but when the clearance has run out.
    gone = events.Expired(
        at=_AT, by=MACHINE, round=round_number, clearance=mark("clearance")
    )
    return (Step(gone, RUN_OUT),)


def _revoked() -> tuple[Step, ...]:
    taken = events.Revoked(
        at=_AT,
        by=_SIGNER,
        round=1,
        clearance=mark("clearance"),
        cause="error",
        reason="发布后发现名单有误，改正后重新送审",
    )
    return (Step(taken, 200, heads=True),)


def _refused() -> tuple[Step, ...]:
    signed = _signed(
        1,
        _DECLINED,
        "属于工作秘密，不予公开",
        ground="work_secret",
        clauses=("001:15",),
    )
    return (*_submitted(2), *_disposed(1, 2), _agreed(1), Step(signed, 24, heads=True))


def _withdrawn() -> tuple[Step, ...]:
    taken = events.Withdrawn(at=_AT, by=_UPLOADER, round=1, reason="活动改期，不再发布")
    return (*_submitted(0), Step(taken, 6))


def _item(round_number: int) -> Item:
    return Item(
        title=mark("title"),
        department=mark("department"),
        channels=("website",),
        drafted_by=mark("drafter"),
        files=(
            File(TITLE_FILE, "title", 60, mark("title_digest")),
            File(BODY, "body", _LETTERS, mark(f"body_{round_number}")),
        ),
        external_id=mark("external"),
    )
