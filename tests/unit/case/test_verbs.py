"""Each request, granted, is exactly its event; each asks the rules it must ask."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from review.case import (
    adding,
    incidents,
    publishing,
    reviewing,
    signing,
    submitting,
)
from review.case import events as e
from review.case.case import Case
from review.case.people import MACHINE, Person
from review.case.request import Decision, Judgment, Passage, Request
from review.case.values import Published
from review.errors import (
    IncompleteError,
    NotPermittedError,
    RefusedError,
    StaleError,
    WrongStageError,
)
from tests.unit.case import making as m
from tests.unit.case.making import Refused, replace

_PROOF: Final = Published(kind="address", value="https://www.example.edu.cn/1")
_TOKEN: Final = "t" * 64
_OFFICE: Final = m.person("office", name="o2")
_REVIEWER: Final = m.person("reviewer", name="r2")
_HEAD: Final = m.person("head", name="h2")
_LEADER: Final = m.person("leader", name="l2")


def _doer(who: Person) -> Any:
    return who.appointments[0].as_doer()


def _scanned(*findings: Any, **changes: Any) -> Case:
    return m.after(m.scanned(*findings, **changes))


# --- handing in


def test_submit() -> None:
    asked = m.item()
    event = submitting.submit(asked, m.request(_REVIEWER), number="2026-000007")
    assert event == e.Submitted(
        at=m.AT, by=_doer(_REVIEWER), round=1, number="2026-000007", item=asked
    )


@pytest.mark.parametrize(
    "stage", ["scanning", "first_pass", "rework", "expired", "revoked"]
)
def test_resubmit(stage: Any) -> None:
    case = m.at(stage)
    new = m.item(title="第二稿")
    event = submitting.resubmit(case, m.request(_HEAD, case), new)
    assert event == e.Resubmitted(at=m.AT, by=_doer(_HEAD), round=2, item=new)


def test_what_is_handed_in_is_one_whole_item() -> None:
    case = m.at("rework")
    two, none = m.item(files=(m.file(), m.file())), m.item(title="")
    elsewhere = m.item(department=m.OTHER)
    again, first = m.request(_REVIEWER, case), m.request(_REVIEWER)
    with Refused(RefusedError, "一事一审"):
        submitting.submit(two, first, number="1")
    with Refused(RefusedError, "一事一审"):
        submitting.resubmit(case, again, two)
    with Refused(IncompleteError, "请补齐"):
        submitting.submit(none, first, number="1")
    with Refused(IncompleteError, "请补齐"):
        submitting.resubmit(case, again, none)
    with Refused(RefusedError, "不能更换部门"):
        submitting.resubmit(case, again, elsewhere)
    with Refused(NotPermittedError, "其他部门"):
        submitting.submit(elsewhere, first, number="1")


def test_withdraw() -> None:
    case = m.at("referred")
    event = submitting.withdraw(case, m.request(_REVIEWER, case), reason=m.REASON)
    assert event == e.Withdrawn(at=m.AT, by=_doer(_REVIEWER), round=1, reason=m.REASON)
    with Refused(IncompleteError, "请填写撤回的原因。"):
        submitting.withdraw(case, m.request(_REVIEWER, case), reason=" ")


def test_record_scan() -> None:
    case, found = m.at("scanning"), m.report()
    event = submitting.record_scan(case, found, contents=case.item.contents, at=m.AT)
    assert event == e.Scanned(at=m.AT, by=MACHINE, round=1, report=found)
    with Refused(StaleError, "稿件已更新"):
        submitting.record_scan(case, found, contents="0" * 64, at=m.AT)


# --- the department


def test_acknowledge_gap() -> None:
    case = _scanned(gaps=(m.gap(),))
    request = m.request(_REVIEWER, case)
    event = reviewing.acknowledge_gap(case, request, "g1", note=m.REASON)
    assert event == e.GapAcknowledged(
        at=m.AT, by=_doer(_REVIEWER), round=1, gap="g1", note=m.REASON
    )
    with Refused(IncompleteError, "请填写怎样人工查看、看到了什么。"):
        reviewing.acknowledge_gap(case, request, "g1", note="")
    with Refused(RefusedError, "没有这一未能检查项"):
        reviewing.acknowledge_gap(case, request, "g2", note=m.REASON)


def test_dispose() -> None:
    case = _scanned(m.finding(releasable=True))
    request = m.request(_REVIEWER, case)
    judgment = Judgment(
        finding="f1", opinion="not_sensitive", reason=m.REASON, published=_PROOF
    )
    assert reviewing.dispose(case, request, judgment) == e.FindingDisposed(
        at=m.AT,
        by=_doer(_REVIEWER),
        round=1,
        finding="f1",
        opinion="not_sensitive",
        reason=m.REASON,
        published=_PROOF,
    )
    unproven = replace(judgment, published=replace(_PROOF, value=" "))
    with Refused(IncompleteError, "公开文号或网址"):
        reviewing.dispose(case, request, unproven)
    with Refused(IncompleteError, "请填写处置的理由。"):
        reviewing.dispose(case, request, replace(judgment, reason=""))
    with Refused(RefusedError, "没有这一疑点"):
        reviewing.dispose(case, request, replace(judgment, finding="f2"))


def test_dispose_asks_for_the_clauses_condition_and_the_office() -> None:
    judgment = Judgment(finding="f1", opinion="not_sensitive", reason=m.REASON)
    case = _scanned(m.finding())
    with Refused(RefusedError, "不能以已公开为由"):
        reviewing.dispose(
            case, m.request(_REVIEWER, case), replace(judgment, published=_PROOF)
        )
    case = _scanned(m.marking(severity="review"))
    with Refused(NotPermittedError, "只能由保密办认定"):
        reviewing.dispose(case, m.request(_REVIEWER, case), judgment)
    case = m.replay(
        (m.submitted(), m.scanned(m.marking(severity="review")), m.concluded())
    )
    event = reviewing.dispose(case, m.request(_OFFICE, case), judgment)
    assert event.by == _doer(_OFFICE)
    assert event.published is None


def test_conclude() -> None:
    case = m.at("first_pass")
    event = reviewing.conclude(
        case,
        m.request(_REVIEWER, case),
        conclusion="refuse",
        opinion=m.REASON,
        ground="work_secret",
    )
    assert event == e.FirstPassConcluded(
        at=m.AT,
        by=_doer(_REVIEWER),
        round=1,
        conclusion="refuse",
        opinion=m.REASON,
        ground="work_secret",
        to_head=False,
    )


@pytest.mark.parametrize(
    ("conclusion", "always", "fast", "to_head"),
    [
        ("agree", False, False, False),
        ("agree", True, False, True),
        ("agree", False, True, True),
        ("uncertain", False, True, False),
        ("uncertain", True, False, True),
    ],
)
def test_when_the_head_is_asked(
    conclusion: Any,
    *,
    always: bool,
    fast: bool,
    to_head: bool,
) -> None:
    case = m.at("first_pass")
    policy = m.policy(head_must_endorse=always, fast_lane=m.fast_lane(enabled=fast))
    event = reviewing.conclude(
        case,
        m.request(_REVIEWER, case, policy=policy),
        conclusion=conclusion,
        opinion=m.REASON,
    )
    assert event.to_head is to_head


@pytest.mark.parametrize(
    ("case", "conclusion", "opinion", "kind", "words"),
    [
        (_scanned(gaps=(m.gap(),)), "agree", m.REASON, IncompleteError, "未能检查"),
        (_scanned(m.finding()), "agree", m.REASON, IncompleteError, "没有处置意见"),
        (
            m.after(m.scanned(m.finding()), m.disposed(opinion="must_change")),
            "agree",
            m.REASON,
            RefusedError,
            "有疑点须删改",
        ),
        (
            m.after(m.scanned(gaps=(m.gap(unreadable=True),)), m.acknowledged()),
            "agree",
            m.REASON,
            RefusedError,
            "有文件无法读取",
        ),
        (m.at("first_pass"), "refuse", m.REASON, IncompleteError, "请选依据"),
        (m.at("first_pass"), "agree", " ", IncompleteError, "请填写初审意见。"),
    ],
)
def test_what_stands_in_the_way_of_a_conclusion(
    case: Case, conclusion: Any, opinion: str, kind: Any, words: str
) -> None:
    with Refused(kind, words):
        reviewing.conclude(
            case, m.request(_REVIEWER, case), conclusion=conclusion, opinion=opinion
        )


@pytest.mark.parametrize("agreed", [True, False])
def test_endorse(*, agreed: bool) -> None:
    case = m.at("endorsing")
    request = m.request(_HEAD, case)
    event = reviewing.endorse(case, request, agreed=agreed, opinion=m.REASON)
    assert event == e.Endorsed(
        at=m.AT, by=_doer(_HEAD), round=1, agreed=agreed, opinion=m.REASON
    )
    with Refused(IncompleteError, "请填写部门负责人意见。"):
        reviewing.endorse(case, request, agreed=agreed, opinion="")


def test_an_unscanned_round_is_not_spoken_of() -> None:
    """Behind the stage: even a case that got there unscanned is stopped."""
    case = replace(m.at("scanning"), stage="first_pass")
    request = m.request(_REVIEWER, case)
    judgment = Judgment(finding="f1", opinion="uncertain", reason=m.REASON)
    calls: list[Callable[[], object]] = [
        lambda: reviewing.acknowledge_gap(case, request, "g1", note=m.REASON),
        lambda: reviewing.dispose(case, request, judgment),
        lambda: adding.add_finding(case, request, m.addition(), Passage(text="甲")),
        lambda: reviewing.conclude(case, request, conclusion="agree", opinion=m.REASON),
    ]
    for call in calls:
        with Refused(IncompleteError, "机检还没有完成"):
            call()
    case = replace(case, stage="signing")
    with Refused(IncompleteError, "机检还没有完成"):
        signing.sign_off(
            case, m.request(_OFFICE, case), Decision(outcome="return", opinion=m.REASON)
        )


# --- the decision


def test_sign_off() -> None:
    case = m.at("signing")
    decision = Decision(
        outcome="clear",
        opinion=m.REASON,
        ground="other",
        clauses=("001:51(1)",),
        channels=("website",),
    )
    assert signing.sign_off(case, m.request(_OFFICE, case), decision) == e.SignedOff(
        at=m.AT,
        by=_doer(_OFFICE),
        round=1,
        outcome="clear",
        opinion=m.REASON,
        ground="other",
        clauses=("001:51(1)",),
        channels=("website",),
    )


@pytest.mark.parametrize("outcome", ["return", "partial", "refuse"])
def test_a_sign_off_that_clears_nothing_names_no_channel(outcome: Any) -> None:
    case = m.replay((m.submitted(), m.scanned(m.finding()), m.concluded()))
    policy = m.policy(leader_signs=m.leader_signs(channels=("website",)))
    decision = Decision(
        outcome=outcome, opinion=m.REASON, ground="other", channels=("website",)
    )
    event = signing.sign_off(case, m.request(_OFFICE, case, policy=policy), decision)
    assert event.channels == ()
    assert not event.needs_leader


_CLEAR: Final = Decision(outcome="clear", opinion=m.REASON, channels=("website",))


@pytest.mark.parametrize(
    ("case", "decision", "kind", "words"),
    [
        (
            m.at("signing"),
            replace(_CLEAR, opinion=""),
            IncompleteError,
            "请填写终审意见。",
        ),
        (
            m.at("signing"),
            replace(_CLEAR, outcome="partial"),
            IncompleteError,
            "请选依据",
        ),
        (m.at("signing"), replace(_CLEAR, channels=()), IncompleteError, "公开方式"),
        (m.at("signing"), replace(_CLEAR, channels=("press",)), RefusedError, "报刊"),
        (
            replace(m.at("first_pass"), stage="signing"),
            _CLEAR,
            RefusedError,
            "还没有完成初审",
        ),
        (
            m.replay((m.submitted(), m.scanned(canonical=None), m.concluded())),
            _CLEAR,
            RefusedError,
            "有文件无法读取",
        ),
        (
            m.replay((m.submitted(), m.scanned(gaps=(m.gap(),)), m.concluded())),
            _CLEAR,
            IncompleteError,
            "未能检查",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_sign_off(
    case: Case, decision: Decision, kind: Any, words: str
) -> None:
    with Refused(kind, words):
        signing.sign_off(case, m.request(_OFFICE, case), decision)


def test_a_finding_stands_in_the_way_of_a_sign_off() -> None:
    case = m.replay((m.submitted(), m.scanned(m.finding()), m.concluded()))
    with pytest.raises(IncompleteError, match="还有 1 个疑点须保密办"):
        signing.sign_off(case, m.request(_OFFICE, case), _CLEAR)


def test_finish_in_department() -> None:
    asked = m.submitted(item=m.item(channels=("website",)))
    case = m.replay((asked, m.scanned(), m.concluded(to_head=True)))
    policy = m.policy(fast_lane=m.fast_lane())
    request = m.request(_HEAD, case, policy=policy)
    event = signing.finish_in_department(
        case, request, opinion=m.REASON, channels=("website",)
    )
    assert event == e.SignedOff(
        at=m.AT,
        by=_doer(_HEAD),
        round=1,
        outcome="clear",
        opinion=m.REASON,
        channels=("website",),
        fast_lane=True,
    )
    with Refused(IncompleteError, "请填写审签意见。"):
        signing.finish_in_department(case, request, opinion="", channels=("website",))
    with Refused(IncompleteError, "请选择同意的公开方式"):
        signing.finish_in_department(case, request, opinion=m.REASON, channels=())
    with Refused(NotPermittedError, "没有开通"):
        signing.finish_in_department(
            case, m.request(_HEAD, case), opinion=m.REASON, channels=("website",)
        )
    led = replace(policy, leader_signs=m.leader_signs(channels=("website",)))
    event = signing.finish_in_department(
        case,
        m.request(_HEAD, case, policy=led),
        opinion=m.REASON,
        channels=("website",),
    )
    assert event.needs_leader


@pytest.mark.parametrize(
    ("wanted", "needed"),
    [
        (m.leader_signs(), False),
        (m.leader_signs(channels=("press", "website")), True),
        (m.leader_signs(channels=("press",)), False),
        (m.leader_signs(tiers=("state", "privacy")), True),
        (m.leader_signs(tiers=("work",)), False),
        (m.leader_signs(after_answer=True), True),
    ],
)
def test_when_the_leader_is_asked(wanted: Any, *, needed: bool) -> None:
    found = (m.finding(tier="privacy"), m.finding("f2", tier="work", severity="notice"))
    case = m.replay(
        (m.submitted(), m.scanned(*found), m.concluded(), m.referred(), m.answered())
    )
    policy = m.policy(leader_signs=wanted)
    assert signing.needs_leader(case, ("website",), policy) is needed


def test_the_leader_is_asked_after_an_answer_only() -> None:
    policy = m.policy(leader_signs=m.leader_signs(tiers=("state",), after_answer=True))
    assert not signing.needs_leader(m.at("signing"), ("website",), policy)
    assert not signing.needs_leader(m.at("scanning"), ("website",), policy)


def test_refer() -> None:
    case = m.at("signing")
    request = m.request(_OFFICE, case)
    event = signing.refer(
        case, request, kind="refer_upward", to="云山局", question=m.REASON
    )
    assert event == e.Referred(
        at=m.AT,
        by=_doer(_OFFICE),
        round=1,
        kind="refer_upward",
        to="云山局",
        question=m.REASON,
    )
    with Refused(IncompleteError, "请填写报送或征求意见的单位。"):
        signing.refer(case, request, kind="ask_source", to=" ", question=m.REASON)
    with Refused(IncompleteError, "请填写请示或征求意见的问题。"):
        signing.refer(case, request, kind="ask_source", to="云山局", question="")


def test_answer() -> None:
    case = m.at("referred")
    words = {"text": m.REASON, "document": "3号", "answered_on": m.TODAY}
    event = signing.answer(case, m.request(_OFFICE, case), **words)  # type: ignore[arg-type]  # as named
    assert event == e.Answered(
        at=m.AT,
        by=_doer(_OFFICE),
        round=1,
        answer=m.REASON,
        document="3号",
        answered_on=m.TODAY,
    )


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"text": ""}, IncompleteError, "请填写答复的内容。"),
        ({"document": " "}, IncompleteError, "请填写答复的文号或经办人。"),
        ({"answered_on": m.TODAY + m.DAY}, RefusedError, "不能晚于今天"),
    ],
)
def test_an_answer_has_words_a_paper_and_a_day(
    changes: dict[str, Any], kind: Any, told: str
) -> None:
    case = m.at("referred")
    words = {"text": m.REASON, "document": "3号", "answered_on": m.TODAY, **changes}
    with Refused(kind, told):
        signing.answer(case, m.request(_OFFICE, case), **words)


def test_today_is_the_day_in_china() -> None:
    case = m.at("referred")
    late = m.request(_OFFICE, case, at=m.AT.replace(hour=16))
    event = signing.answer(
        case, late, text=m.REASON, document="3号", answered_on=m.TODAY + m.DAY
    )
    assert event.answered_on == m.TODAY + m.DAY


@pytest.mark.parametrize("agreed", [True, False])
def test_lead(*, agreed: bool) -> None:
    case = m.at("leading")
    request = m.request(_LEADER, case)
    event = signing.lead(case, request, agreed=agreed, opinion=m.REASON)
    assert event == e.LeaderDecided(
        at=m.AT, by=_doer(_LEADER), round=1, agreed=agreed, opinion=m.REASON
    )
    with Refused(IncompleteError, "请填写分管领导意见。"):
        signing.lead(case, request, agreed=agreed, opinion="")


# --- afterwards


def test_clear() -> None:
    story = (
        m.submitted(),
        m.scanned(attachments=("a" * 64,)),
        m.concluded(),
        m.signed(),
    )
    case = m.replay(story)
    at = m.AT + timedelta(milliseconds=345)
    event = publishing.clear(
        case, clearance="c7", token_digest=_TOKEN * 64, at=at, policy=m.policy()
    )
    assert event == e.Cleared(
        at=at,
        by=MACHINE,
        round=1,
        clearance="c7",
        channels=("website",),
        canonical="c" * 64,
        attachments=("a" * 64,),
        valid_from=m.AT,
        valid_until=m.AT + 180 * m.DAY,
        token_digest=_TOKEN * 64,
    )


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (m.at("leading"), "签批手续还没有办完"),
        (replace(m.at("first_pass"), stage="clearing"), "还没有完成初审"),
        (
            m.replay(
                (m.submitted(), m.scanned(canonical=None), m.concluded(), m.signed())
            ),
            "有文件无法读取",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_clearance(case: Case, words: str) -> None:
    with Refused(RefusedError, words):
        publishing.clear(
            case, clearance="c", token_digest=_TOKEN, at=m.AT, policy=m.policy()
        )


def test_a_finding_stands_in_the_way_of_a_clearance() -> None:
    case = m.replay((m.submitted(), m.scanned(m.finding()), m.concluded(), m.signed()))
    with pytest.raises(IncompleteError, match="还有 1 个疑点须保密办"):
        publishing.clear(
            case, clearance="c", token_digest=_TOKEN, at=m.AT, policy=m.policy()
        )


def test_record_publication() -> None:
    case = m.at("cleared")
    request = m.request(_REVIEWER, case)
    words: dict[str, Any] = {
        "channel": "website",
        "address": "https://www.example.edu.cn/1",
        "published_at": m.AT,
    }
    assert publishing.record_publication(
        case, request, **words
    ) == e.PublicationRecorded(at=m.AT, by=_doer(_REVIEWER), round=1, **words)
    with Refused(IncompleteError, "请填写发布的网址或版面。"):
        publishing.record_publication(case, request, **{**words, "address": ""})
    with Refused(RefusedError, "不能晚于现在"):
        later = {**words, "published_at": m.AT + m.INSTANT}
        publishing.record_publication(case, request, **later)
    with Refused(RefusedError, "没有得到许可"):
        publishing.record_publication(case, request, **{**words, "channel": "press"})


def test_revoke() -> None:
    case = m.replay((*m.STORIES["expired"], m.cleared(clearance="c2")))
    request = m.request(_OFFICE, case)
    event = publishing.revoke(case, request, cause="secrecy", reason=m.REASON)
    assert event == e.Revoked(
        at=m.AT,
        by=_doer(_OFFICE),
        round=1,
        clearance="c2",
        cause="secrecy",
        reason=m.REASON,
    )
    with Refused(IncompleteError, "请填写撤销的原因。"):
        publishing.revoke(case, request, cause="other", reason="")
    case = replace(m.at("revoked"), stage="published")
    with Refused(RefusedError, "没有可以撤销的公开许可"):
        publishing.revoke(
            case, m.request(_OFFICE, case), cause="other", reason=m.REASON
        )


def test_expire() -> None:
    case = m.replay((*m.STORIES["expired"], m.cleared(clearance="c2")))
    end = m.cleared().valid_until
    event = publishing.expire(case, at=end)
    assert event == e.Expired(at=end, by=MACHINE, round=1, clearance="c2")
    with Refused(RefusedError, "还没有到期"):
        publishing.expire(case, at=end - m.INSTANT)


_KEPT: Final = {
    "refused": 365,
    "withdrawn": 90,
    "published": 1095,
    "expired": 1095,
    "revoked": 1095,
}


@pytest.mark.parametrize("stage", m.STORIES)
def test_purge_due(stage: Any) -> None:
    case, policy = m.at(stage), m.policy()
    due = publishing.purge_due(case, policy)
    if stage not in _KEPT:
        assert due is None
        with Refused(RefusedError, "还在保存期内"):
            publishing.purge(case, at=m.AT + 9999 * m.DAY, policy=policy)
        return
    assert due == case.since + _KEPT[stage] * m.DAY
    event = publishing.purge(case, at=due, policy=policy)
    assert event == e.ContentsPurged(at=due, by=MACHINE, round=1, because="retention")
    with Refused(RefusedError, "还在保存期内"):
        publishing.purge(case, at=due - m.INSTANT, policy=policy)


def test_each_retention_is_its_own() -> None:
    keep = replace(m.policy().retention_days, cleared=1, refused=2, withdrawn=3)
    policy = m.policy(retention_days=keep)
    wanted = {
        "published": 1,
        "expired": 1,
        "revoked": 1,
        "refused": 2,
        "withdrawn": 3,
    }
    for stage, days in wanted.items():
        case = m.at(stage)  # type: ignore[arg-type]  # a stage
        assert publishing.purge_due(case, policy) == case.since + days * m.DAY


@pytest.mark.parametrize("stage", m.STORIES)
def test_an_incident_is_no_pretext_to_purge(stage: Any) -> None:
    case = m.at(stage)
    if stage == "incident_confirmed":
        event = publishing.purge(
            case, at=case.since, policy=m.policy(), because="incident"
        )
        assert event.because == "incident"
        return
    with Refused(RefusedError, "还在保存期内"):
        publishing.purge(
            case, at=m.AT + 9999 * m.DAY, policy=m.policy(), because="incident"
        )


def test_an_incident_that_is_purged_at_once_is_purged_at_once() -> None:
    opened = m.opened(purged=True)
    case = m.replay((m.submitted(), m.scanned(m.marking()), opened))
    event = publishing.purge(case, at=opened.at, policy=m.policy(), because="incident")
    assert event == e.ContentsPurged(
        at=opened.at, by=MACHINE, round=1, because="incident"
    )


_BOTH: Final = m.cleared(channels=("website", "press", "wechat"))


@pytest.mark.parametrize(
    ("happened", "missing"),
    [
        ((), ()),
        ((_BOTH,), ("website", "wechat")),
        ((_BOTH, m.published(channel="wechat")), ("website",)),
        ((_BOTH, m.published(channel="press")), ("website", "wechat")),
        ((_BOTH, m.published(), m.published(channel="wechat")), ()),
        ((_BOTH, m.expired()), ()),
        ((_BOTH, m.revoked()), ()),
    ],
)
def test_which_publications_are_not_on_record_yet(
    happened: tuple[Any, ...], missing: tuple[str, ...]
) -> None:
    case = m.replay((*m.STORIES["clearing"], *happened))
    policy = m.policy(publication_required=("wechat", "website"))
    assert publishing.unrecorded(case, policy) == missing


def test_what_went_out_on_an_earlier_clearance_is_no_record_of_this_one() -> None:
    begins = m.AT - timedelta(hours=1)
    anew = m.cleared(clearance="c2", at=begins, valid_from=begins)
    case = m.replay((*m.STORIES["published"], m.revoked(), anew))
    policy = m.policy(publication_required=("website",))
    assert publishing.unrecorded(case, policy) == ("website",)
    case = m.replay(
        (*m.STORIES["cleared"], m.published(published_at=m.cleared().valid_from))
    )
    assert publishing.unrecorded(case, policy) == ()


# --- incidents


@pytest.mark.parametrize(("choice", "purged"), [("seal", False), ("purge", True)])
def test_open_incident(choice: Any, *, purged: bool) -> None:
    case = _scanned(m.finding("f0"), m.marking("f1"), m.marking("f2"))
    policy = m.policy(marking_incident=choice, incident_report_hours=5)
    event = incidents.open_incident(case, at=m.AT, policy=policy)
    assert event == e.IncidentOpened(
        at=m.AT,
        by=MACHINE,
        round=1,
        findings=("f1", "f2"),
        report_due=m.AT + timedelta(hours=5),
        purged=purged,
    )


def test_an_incident_is_opened_on_a_marking_and_once() -> None:
    with Refused(RefusedError, "没有发现国家秘密标志"):
        incidents.open_incident(m.at("first_pass"), at=m.AT, policy=m.policy())
    with Refused(RefusedError, "已作为涉密事件记录"):
        incidents.open_incident(m.at("incident"), at=m.AT, policy=m.policy())


@pytest.mark.parametrize("genuine", [True, False])
def test_judge_incident(*, genuine: bool) -> None:
    case = m.at("incident")
    request = m.request(_OFFICE, case)
    event = incidents.judge_incident(case, request, genuine=genuine, opinion=m.REASON)
    assert event == e.IncidentJudged(
        at=m.AT, by=_doer(_OFFICE), round=1, genuine=genuine, opinion=m.REASON
    )
    with Refused(IncompleteError, "请填写核实的情况。"):
        incidents.judge_incident(case, request, genuine=genuine, opinion="")


def test_report_incident() -> None:
    case = m.at("incident_confirmed")
    request = m.request(_OFFICE, case)
    event = incidents.report_incident(case, request, to="云山局", document="1号")
    assert event == e.IncidentReported(
        at=m.AT, by=_doer(_OFFICE), round=1, to="云山局", document="1号"
    )
    with Refused(IncompleteError, "请填写接受报告的单位。"):
        incidents.report_incident(case, request, to="", document="1号")
    with Refused(IncompleteError, "请填写报告的文号。"):
        incidents.report_incident(case, request, to="云山局", document="")


# --- every verb asks who, when and where


_Ask = Callable[[Case, Request], Any]
_ASK: Final[dict[str, tuple[Any, _Ask]]] = {
    "resubmit": ("rework", lambda c, r: submitting.resubmit(c, r, m.item())),
    "withdraw": ("signing", lambda c, r: submitting.withdraw(c, r, reason=m.REASON)),
    "acknowledge": (
        "first_pass",
        lambda c, r: reviewing.acknowledge_gap(c, r, "g1", note=m.REASON),
    ),
    "dispose": (
        "first_pass",
        lambda c, r: reviewing.dispose(
            c, r, Judgment(finding="f1", opinion="uncertain", reason=m.REASON)
        ),
    ),
    "add_finding": (
        "first_pass",
        lambda c, r: adding.add_finding(c, r, m.addition(), Passage(text="甲乙丙丁戊")),
    ),
    "conclude": (
        "first_pass",
        lambda c, r: reviewing.conclude(c, r, conclusion="agree", opinion=m.REASON),
    ),
    "endorse": (
        "endorsing",
        lambda c, r: reviewing.endorse(c, r, agreed=True, opinion=m.REASON),
    ),
    "finish": (
        "endorsing",
        lambda c, r: signing.finish_in_department(
            c, r, opinion=m.REASON, channels=("website",)
        ),
    ),
    "sign_off": ("signing", lambda c, r: signing.sign_off(c, r, _CLEAR)),
    "refer": (
        "signing",
        lambda c, r: signing.refer(
            c, r, kind="ask_source", to="云山局", question=m.REASON
        ),
    ),
    "answer": (
        "referred",
        lambda c, r: signing.answer(
            c, r, text=m.REASON, document="1号", answered_on=m.TODAY
        ),
    ),
    "lead": ("leading", lambda c, r: signing.lead(c, r, agreed=True, opinion=m.REASON)),
    "publish": (
        "cleared",
        lambda c, r: publishing.record_publication(
            c, r, channel="website", address="第一版", published_at=m.AT
        ),
    ),
    "revoke": (
        "cleared",
        lambda c, r: publishing.revoke(c, r, cause="other", reason=m.REASON),
    ),
    "judge": (
        "incident",
        lambda c, r: incidents.judge_incident(c, r, genuine=True, opinion=m.REASON),
    ),
    "report": (
        "incident_confirmed",
        lambda c, r: incidents.report_incident(c, r, to="云山局", document="1号"),
    ),
}


@pytest.mark.parametrize(("stage", "ask"), _ASK.values(), ids=_ASK)
def test_every_verb_asks_who_when_and_where(stage: Any, ask: _Ask) -> None:
    case = m.at(stage)
    everybody = m.person("reviewer", "head", "office", "leader", name="all")
    with Refused(NotPermittedError, "没有有效的任命"):
        ask(case, m.request(m.person(), case))
    with Refused(StaleError, "请刷新后再决定"):
        ask(case, m.request(everybody, case, seen=case.version + 1))
    with Refused(NotPermittedError, "审计员不参与"):
        ask(case, m.request(m.person("auditor", "office", "reviewer"), case))
    done = m.at("withdrawn")
    with Refused(WrongStageError, "“已撤回”"):
        ask(done, m.request(everybody, done))
