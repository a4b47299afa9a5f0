"""Each event leaves exactly its mark on the case, and nothing else."""

from collections.abc import Callable
from typing import Any, Final, get_args

import pytest

from review.case import events as e
from review.case.case import Case, Round, Stage
from review.case.events import CaseEvent
from review.case.evolve import evolve, replay
from review.case.values import (
    Acknowledgment,
    AddedFinding,
    Disposition,
    Endorsement,
    FirstPass,
    Grant,
    Incident,
    LeaderDecision,
    Publication,
    Published,
    Referral,
    SignOff,
)
from tests.unit.case import making as m
from tests.unit.case.making import replace

_PROOF: Final = Published(kind="address", value="https://www.example.edu.cn/1")


def _round(before: Case, **changes: Any) -> dict[str, Any]:
    return {"rounds": (*before.rounds[:-1], replace(before.round, **changes))}


def _moved(stage: Stage, event: CaseEvent) -> dict[str, Any]:
    return {"stage": stage, "since": event.at}


def _closed(stage: Stage, event: CaseEvent) -> dict[str, Any]:
    return {**_moved(stage, event), "closed_at": event.at}


def _who(event: Any) -> dict[str, Any]:
    return {"by": event.by, "at": event.at}


def _grant(event: e.Cleared, **changes: Any) -> Grant:
    plain = Grant(
        id=event.clearance,
        round=event.round,
        channels=event.channels,
        canonical=event.canonical,
        attachments=event.attachments,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        token_digest=event.token_digest,
    )
    return replace(plain, **changes)


def _first_pass(event: e.FirstPassConcluded) -> FirstPass:
    return FirstPass(
        conclusion=event.conclusion,
        opinion=event.opinion,
        ground=event.ground,
        **_who(event),
    )


def _sign_off(event: e.SignedOff) -> SignOff:
    return SignOff(
        outcome=event.outcome,
        opinion=event.opinion,
        ground=event.ground,
        clauses=event.clauses,
        channels=event.channels,
        **_who(event),
    )


def _incident(event: e.IncidentOpened, **changes: Any) -> Incident:
    plain = Incident(
        round=event.round,
        findings=event.findings,
        opened_at=event.at,
        report_due=event.report_due,
        purged=event.purged,
    )
    return replace(plain, **changes)


_Changes = Callable[[Case, Any], dict[str, Any]]
_Row = tuple[tuple[CaseEvent, ...], CaseEvent, _Changes]
_S = m.STORIES
_SHUT = m.opened(purged=True)


def _touching(case: Case, event: CaseEvent) -> dict[str, Any]:
    return {"hands": case.hands | {event.by.id}}


def _added(event: e.FindingAdded) -> AddedFinding:
    return AddedFinding(
        note=event.finding,
        file=event.file,
        passage=event.passage,
        start=event.start,
        end=event.end,
        reason=event.reason,
        **_who(event),
    )


_ROWS: Final[dict[str, _Row]] = {
    "added": (
        _S["first_pass"],
        m.added(),
        lambda c, v: {**_round(c, added=(_added(v),)), **_touching(c, v)},
    ),
    "added to others, by the office": (
        (*_S["signing"], m.added()),
        m.added("0.p2", by=m.OFFICE),
        lambda c, v: _round(c, added=(*c.round.added, _added(v))),
    ),
    "scanned": (
        _S["scanning"],
        m.scanned(m.finding()),
        lambda c, v: {
            **_round(c, report=v.report, scanned_at=v.at),
            **_moved("first_pass", v),
        },
    ),
    "gap acknowledged": (
        (m.submitted(), m.scanned(gaps=(m.gap("g0"), m.gap()))),
        m.acknowledged(),
        lambda c, v: {
            **_round(
                c,
                acknowledgments=(Acknowledgment(gap="g1", note=v.note, **_who(v)),),
            ),
            **_touching(c, v),
        },
    ),
    "finding disposed": (
        (m.submitted(), m.scanned(m.finding())),
        m.disposed(published=_PROOF),
        lambda c, v: {
            **_round(
                c,
                dispositions=(
                    Disposition(
                        finding="f1",
                        opinion="not_sensitive",
                        reason=v.reason,
                        published=_PROOF,
                        **_who(v),
                    ),
                ),
            ),
            **_touching(c, v),
        },
    ),
    "disposed by the office": (
        (*_S["signing"],),
        m.disposed(by=m.OFFICE, opinion="uncertain"),
        lambda c, v: _round(
            c,
            dispositions=(
                Disposition(
                    finding="f1", opinion="uncertain", reason=v.reason, **_who(v)
                ),
            ),
        ),
    ),
    "agreed": (
        _S["first_pass"],
        m.concluded(),
        lambda c, v: {
            **_round(c, first_pass=_first_pass(v)),
            **_moved("signing", v),
            **_touching(c, v),
        },
    ),
    "agreed, to the head": (
        _S["first_pass"],
        m.concluded("uncertain", to_head=True),
        lambda c, v: {
            **_round(c, first_pass=_first_pass(v)),
            **_moved("endorsing", v),
            **_touching(c, v),
        },
    ),
    "must change, whatever the head": (
        _S["first_pass"],
        m.concluded("must_change", to_head=True),
        lambda c, v: {
            **_round(c, first_pass=_first_pass(v)),
            **_moved("rework", v),
            **_touching(c, v),
        },
    ),
    "refused by the department": (
        _S["first_pass"],
        m.concluded("refuse", ground="work_secret"),
        lambda c, v: {
            **_round(c, first_pass=_first_pass(v)),
            **_closed("refused", v),
            **_touching(c, v),
        },
    ),
    "endorsed": (
        _S["endorsing"],
        m.endorsed(),
        lambda c, v: {
            **_round(
                c,
                endorsement=Endorsement(agreed=True, opinion=v.opinion, **_who(v)),
            ),
            **_moved("signing", v),
        },
    ),
    "sent back by the head": (
        _S["endorsing"],
        m.endorsed(agreed=False),
        lambda c, v: {
            **_round(
                c,
                endorsement=Endorsement(agreed=False, opinion=v.opinion, **_who(v)),
                first_pass=None,
            ),
            **_moved("first_pass", v),
        },
    ),
    "signed off": (
        _S["signing"],
        m.signed(clauses=("001:51(1)",)),
        lambda c, v: {
            **_round(c, sign_off=_sign_off(v)),
            **_moved("clearing", v),
        },
    ),
    "signed off for the leader": (
        _S["signing"],
        m.signed(needs_leader=True),
        lambda c, v: {**_round(c, sign_off=_sign_off(v)), **_moved("leading", v)},
    ),
    "finished in the department": (
        _S["endorsing"],
        m.signed(by=m.HEAD, fast_lane=True),
        lambda c, v: {
            **_round(c, sign_off=_sign_off(v), fast_lane=True),
            **_moved("clearing", v),
        },
    ),
    **{
        f"{outcome} by the office": (
            _S["signing"],
            m.signed(outcome, ground="other"),
            lambda c, v: {**_round(c, sign_off=_sign_off(v)), **_moved("rework", v)},
        )
        for outcome in ("return", "partial")
    },
    "refused by the office": (
        _S["signing"],
        m.signed("refuse", ground="personal_privacy"),
        lambda c, v: {**_round(c, sign_off=_sign_off(v)), **_closed("refused", v)},
    ),
    "referred": (
        _S["signing"],
        m.referred(),
        lambda _c, v: {
            "referrals": (
                Referral(kind=v.kind, to=v.to, question=v.question, **_who(v)),
            ),
            **_moved("referred", v),
        },
    ),
    "answered": (
        (*_S["referred"], m.answered(), m.referred(), m.answered(), m.referred()),
        m.answered(),
        lambda c, v: {
            "referrals": (
                *c.referrals[:2],
                replace(
                    c.referrals[2],
                    answer=v.answer,
                    answer_document=v.document,
                    answered_on=v.answered_on,
                ),
            ),
            **_moved("signing", v),
        },
    ),
    "the leader agreed": (
        _S["leading"],
        m.led(),
        lambda c, v: {
            **_round(
                c, leader=LeaderDecision(agreed=True, opinion=v.opinion, **_who(v))
            ),
            **_moved("clearing", v),
        },
    ),
    "sent back by the leader": (
        _S["leading"],
        m.led(agreed=False),
        lambda c, v: {
            **_round(
                c,
                leader=LeaderDecision(agreed=False, opinion=v.opinion, **_who(v)),
                sign_off=None,
            ),
            **_moved("signing", v),
        },
    ),
    "resubmitted": (
        (*_S["expired"], m.purged()),
        m.resubmitted(by=m.HEAD),
        lambda c, v: {
            "rounds": (*c.rounds, Round(number=2, item=v.item, **_who(v))),
            "hands": c.hands | {"head"},
            "closed_at": None,
            **_moved("scanning", v),
        },
    ),
    "withdrawn": (
        _S["rework"],
        m.withdrawn(),
        lambda _c, v: {
            "withdrawn_because": v.reason,
            **_closed("withdrawn", v),
        },
    ),
    "cleared": (
        _S["clearing"],
        m.cleared(attachments=("a" * 64,)),
        lambda _c, v: {"grants": (_grant(v),), **_moved("cleared", v)},
    ),
    "revoked": (
        _S["published"],
        m.revoked(),
        lambda c, v: {
            "grants": (
                replace(c.grants[0], ended="revoked", ended_at=v.at, cause="other"),
            ),
            **_moved("revoked", v),
        },
    ),
    "expired": (
        _S["cleared"],
        m.expired(),
        lambda c, v: {
            "grants": (replace(c.grants[0], ended="expired", ended_at=v.at),),
            **_moved("expired", v),
        },
    ),
    "expired when published": (
        _S["published"],
        m.expired(),
        lambda c, v: {
            "grants": (replace(c.grants[0], ended="expired", ended_at=v.at),),
        },
    ),
    "another clearance revoked": (
        (*_S["expired"], m.cleared(clearance="c2")),
        replace(m.revoked(), clearance="c2"),
        lambda c, v: {
            "grants": (
                c.grants[0],
                replace(c.grants[1], ended="revoked", ended_at=v.at, cause="other"),
            ),
            **_moved("revoked", v),
        },
    ),
    "published": (
        _S["cleared"],
        m.published(),
        lambda _c, v: {
            "publications": (
                Publication(
                    channel=v.channel,
                    address=v.address,
                    published_at=v.published_at,
                    **_who(v),
                ),
            ),
            **_moved("published", v),
        },
    ),
    "published again": (
        _S["published"],
        m.published(address="第三版", channel="wechat"),
        lambda c, v: {
            "publications": (
                *c.publications,
                Publication(
                    channel="wechat",
                    address="第三版",
                    published_at=v.published_at,
                    **_who(v),
                ),
            ),
        },
    ),
    "incident opened": (
        (m.submitted(), m.scanned(m.marking())),
        m.opened(),
        lambda _c, v: {"incident": _incident(v), **_moved("incident", v)},
    ),
    "incident genuine": (
        _S["incident"],
        m.judged(),
        lambda c, v: {
            "incident": replace(c.incident, verdict="genuine"),
            **_moved("incident_confirmed", v),
        },
    ),
    "incident not genuine": (
        _S["incident"],
        m.judged(genuine=False),
        lambda c, v: {
            "incident": replace(c.incident, verdict="not_genuine"),
            **_moved("first_pass", v),
        },
    ),
    "incident not genuine, but purged": (
        (m.submitted(), m.scanned(m.marking()), _SHUT, m.purged("incident")),
        m.judged(genuine=False),
        lambda c, v: {
            "incident": replace(c.incident, verdict="not_genuine"),
            **_moved("rework", v),
        },
    ),
    "incident reported": (
        _S["incident_confirmed"],
        m.reported(),
        lambda c, v: {
            "incident": replace(
                c.incident,
                reported_to=v.to,
                report_document=v.document,
                closed_at=v.at,
            ),
            **_closed("incident_closed", v),
        },
    ),
    "purged": (
        _S["refused"],
        m.purged(),
        # A purge closes nothing anew, and the case stays where it was.
        lambda c, _v: {"rounds": tuple(replace(one, purged=True) for one in c.rounds)},
    ),
}


def test_a_new_round_is_there_when_those_before_it_are_gone() -> None:
    gone = replay((*_S["expired"], m.purged()))
    assert (gone.purged, gone.rounds[0].purged) == (True, True)
    again = evolve(gone, m.resubmitted(by=m.HEAD))
    assert (again.purged, again.rounds[0].purged) == (False, True)


@pytest.mark.parametrize(("story", "event", "changes"), _ROWS.values(), ids=_ROWS)
def test_each_event_leaves_its_mark(
    story: tuple[CaseEvent, ...], event: CaseEvent, changes: _Changes
) -> None:
    before = replay(story)
    expected = replace(before, version=before.version + 1, **changes(before, event))
    assert evolve(before, event) == expected


def test_every_event_is_shown() -> None:
    shown = {type(event) for _, event, _ in _ROWS.values()}
    assert shown | {e.Submitted} == set(get_args(CaseEvent))


def test_a_submission_begins_the_case() -> None:
    event = m.submitted()
    assert evolve(None, event) == Case(
        number="2026-000001",
        stage="scanning",
        since=event.at,
        version=1,
        rounds=(Round(number=1, item=event.item, by=event.by, at=event.at),),
        submitted_at=event.at,
        hands=frozenset({"site"}),
    )


@pytest.mark.parametrize("stage", m.STORIES)
def test_every_stage_has_its_story(stage: Stage) -> None:
    case = m.at(stage)
    assert case.stage == stage
    assert case.version == len(m.STORIES[stage])
    assert (case.closed_at is not None) == (
        stage in {"refused", "withdrawn", "incident_closed"}
    )


def test_every_stage_is_shown() -> None:
    assert set(m.STORIES) == set(get_args(Stage))


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ((), "at least one event"),
        ((m.scanned(),), "begins with its submission"),
        ((m.submitted(), m.submitted()), "submitted once"),
        ((m.submitted(), m.judged()), "no incident"),
        ((m.submitted(), m.reported()), "no incident"),
    ],
)
def test_what_is_no_story_is_refused(story: tuple[CaseEvent, ...], words: str) -> None:
    with pytest.raises(ValueError, match=f"^a case .*{words}|^there is {words}"):
        replay(story)


def test_a_head_who_sends_back_is_no_hand_and_no_endorser() -> None:
    case = m.replay((*m.STORIES["endorsing"], m.endorsed(agreed=False)))
    assert "head" not in case.hands | case.endorsers


def test_a_new_round_begins_without_what_was_added() -> None:
    case = m.replay((*m.STORIES["first_pass"], m.added(), m.resubmitted()))
    assert [len(one.added) for one in case.rounds] == [1, 0]
    assert case.round.findings == ()


@pytest.mark.parametrize("by", [m.REVIEWER, m.HEAD, m.by("site", "another")])
def test_whoever_of_a_department_speaks_of_a_finding_has_a_hand_in_it(by: Any) -> None:
    assert m.after(m.scanned(m.finding()), m.disposed(by=by)).hands == {"site", by.id}


@pytest.mark.parametrize("by", [m.OFFICE, m.LEADER])
def test_the_office_has_no_hand_in_a_department_s_review(by: Any) -> None:
    assert m.after(m.scanned(m.finding()), m.disposed(by=by)).hands == {"site"}
