"""Each rule once kept and once broken; each refusal says in Chinese what to do."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from review.case import rules
from review.case.case import Case
from review.case.request import Passage
from review.case.values import Published, Source
from review.errors import (
    IncompleteError,
    NotPermittedError,
    RefusedError,
    StaleError,
)
from tests.unit.case import making as m
from tests.unit.case.making import Refused

_Asked = Callable[[], None]
_PROOF: Final = Published(kind="address", value="https://www.example.edu.cn/1")
_BLANK_PROOF: Final = Published(kind="document_number", value="　")


def _said(*opinions: tuple[str, Any], severity: str = "review", **facts: Any) -> Case:
    """A case whose one finding was spoken of so, by the reviewer or by the office."""
    said = [m.disposed(opinion=what, by=m.by(who, "x")) for who, what in opinions]  # type: ignore[arg-type]  # posts by name
    found = m.finding(severity=severity, **facts)
    return m.after(m.scanned(found), *said)


def _fast(*, stage: str = "agree", **changes: Any) -> Case:
    asked = m.submitted(item=m.item(channels=("website",), **changes.pop("item", {})))
    found = changes.pop("findings", ())
    said = changes.pop("said", ())
    from_machine = m.scanned(*found, **changes)
    return m.replay((asked, from_machine, *said, m.concluded(stage, to_head=True)))


_GENERAL: Final = m.policy(fast_lane=m.fast_lane())
_STRICT: Final = m.policy(fast_lane=m.fast_lane(most_severe="none"))
_NOTICE: Final = m.finding(severity="notice")
_UNREADABLE: Final = m.gap(unreadable=True)
_PUBLISHED_AT: Final = m.AT - m.DAY


def _rows() -> list[tuple[str, _Asked]]:
    """What is allowed: the rule's name, and a call that it lets through."""
    office, reviewer = m.OFFICE, m.REVIEWER
    return [
        ("forbid_stale", lambda: rules.forbid_stale(m.at("signing"), 3)),
        ("forbid_empty_item", lambda: rules.forbid_empty_item(m.item())),
        ("forbid_several_bodies", lambda: rules.forbid_several_bodies(())),
        (
            "forbid_several_bodies",
            lambda: rules.forbid_several_bodies(
                [m.file(), m.file(role="attachment"), m.file(role="title")]
            ),
        ),
        (
            "forbid_moving_item",
            lambda: rules.forbid_moving_item(m.at("rework"), m.item(title="新标题")),
        ),
        ("forbid_unscanned", lambda: rules.forbid_unscanned(m.at("first_pass"))),
        (
            "forbid_second_scan",
            lambda: rules.forbid_second_scan(m.at("scanning"), m.item().contents),
        ),
        (
            "forbid_unknown_place",
            lambda: rules.forbid_unknown_place(m.finding(), "疑点"),
        ),
        *_kept_additions(),
        (
            "forbid_unacknowledged_gaps",
            lambda: rules.forbid_unacknowledged_gaps(
                m.after(m.scanned(gaps=(m.gap(),)), m.acknowledged())
            ),
        ),
        (
            "forbid_undisposed_findings",
            lambda: rules.forbid_undisposed_findings(_said(("reviewer", "uncertain"))),
        ),
        (
            "forbid_undisposed_findings",
            lambda: rules.forbid_undisposed_findings(m.after(m.scanned(_NOTICE))),
        ),
        ("forbid_blank", lambda: rules.forbid_blank("同意", "意见")),
        ("forbid_blank", lambda: rules.forbid_blank(" 不妥\n", "意见")),
        (
            "forbid_unproven_publication",
            lambda: rules.forbid_unproven_publication(_PROOF),
        ),
        (
            "forbid_unproven_publication",
            lambda: rules.forbid_unproven_publication(None),
        ),
        (
            "forbid_release_without_condition",
            lambda: rules.forbid_release_without_condition(
                m.finding(releasable=True), _PROOF
            ),
        ),
        (
            "forbid_release_without_condition",
            lambda: rules.forbid_release_without_condition(m.finding(), None),
        ),
        (
            "forbid_dismissing_state_marking",
            lambda: rules.forbid_dismissing_state_marking(
                m.marking(), "not_sensitive", office
            ),
        ),
        (
            "forbid_dismissing_state_marking",
            lambda: rules.forbid_dismissing_state_marking(
                m.marking(), "uncertain", reviewer
            ),
        ),
        (
            "forbid_dismissing_state_marking",
            lambda: rules.forbid_dismissing_state_marking(
                m.finding(tier="state"), "not_sensitive", reviewer
            ),
        ),
        (
            "forbid_agreeing_over_findings",
            lambda: rules.forbid_agreeing_over_findings(
                _said(("reviewer", "uncertain"), ("reviewer", "not_sensitive")), "agree"
            ),
        ),
        (
            "forbid_agreeing_over_findings",
            lambda: rules.forbid_agreeing_over_findings(
                _said(("reviewer", "uncertain")), "uncertain"
            ),
        ),
        (
            "forbid_agreeing_over_findings",
            lambda: rules.forbid_agreeing_over_findings(
                _said(("reviewer", "must_change")), "must_change"
            ),
        ),
        (
            "forbid_agreeing_over_findings",
            lambda: rules.forbid_agreeing_over_findings(m.at("scanning"), "agree"),
        ),
        *(
            (
                "forbid_agreeing_to_unreadable",
                lambda one=one: rules.forbid_agreeing_to_unreadable(
                    m.after(m.scanned(gaps=(_UNREADABLE,))), one
                ),
            )
            for one in ("must_change", "refuse")
        ),
        (
            "forbid_agreeing_to_unreadable",
            lambda: rules.forbid_agreeing_to_unreadable(
                m.after(m.scanned(gaps=(m.gap(),))), "agree"
            ),
        ),
        (
            "forbid_groundless_refusal",
            lambda: rules.forbid_groundless_refusal("refuse", "work_secret"),
        ),
        (
            "forbid_groundless_refusal",
            lambda: rules.forbid_groundless_refusal("clear", None),
        ),
        (
            "forbid_clearing_without_first_pass",
            lambda: rules.forbid_clearing_without_first_pass(m.at("signing")),
        ),
        (
            "forbid_clearing_over_findings",
            lambda: rules.forbid_clearing_over_findings(
                _said(("reviewer", "not_sensitive"))
            ),
        ),
        (
            "forbid_clearing_over_findings",
            lambda: rules.forbid_clearing_over_findings(
                _said(("reviewer", "uncertain"), ("office", "not_sensitive"))
            ),
        ),
        (
            "forbid_clearing_over_findings",
            lambda: rules.forbid_clearing_over_findings(m.after(m.scanned(_NOTICE))),
        ),
        (
            "forbid_clearing_over_findings",
            lambda: rules.forbid_clearing_over_findings(m.at("scanning")),
        ),
        (
            "forbid_clearing_unreadable",
            lambda: rules.forbid_clearing_unreadable(
                m.after(m.scanned(gaps=(m.gap(),)))
            ),
        ),
        (
            "forbid_channels_not_asked",
            lambda: rules.forbid_channels_not_asked(m.at("signing"), ["wechat"]),
        ),
        (
            "forbid_missing_leader",
            lambda: rules.forbid_missing_leader(m.at("clearing")),
        ),
        ("forbid_fast_lane", lambda: rules.forbid_fast_lane(_fast(), _GENERAL)),
        ("forbid_fast_lane", lambda: rules.forbid_fast_lane(_fast(), _STRICT)),
        (
            "forbid_fast_lane",
            lambda: rules.forbid_fast_lane(
                _fast(findings=(_NOTICE,), said=(m.disposed(),)),
                m.policy(fast_lane=m.fast_lane(channels=("website",))),
            ),
        ),
        (
            "forbid_fast_lane",
            lambda: rules.forbid_fast_lane(_fast(findings=(_NOTICE,)), _GENERAL),
        ),
        (
            "forbid_uncleared_publication",
            lambda: rules.forbid_uncleared_publication(
                m.at("cleared"), "website", m.cleared().valid_from
            ),
        ),
        (
            "forbid_uncleared_publication",
            lambda: rules.forbid_uncleared_publication(
                m.at("expired"), "website", m.cleared().valid_until - m.INSTANT
            ),
        ),
        ("forbid_future", lambda: rules.forbid_future(m.AT, m.AT)),
        ("forbid_future_day", lambda: rules.forbid_future_day(m.TODAY, m.TODAY)),
        (
            "forbid_early_expiry",
            lambda: rules.forbid_early_expiry(m.at("cleared"), m.cleared().valid_until),
        ),
        (
            "forbid_double_revocation",
            lambda: rules.forbid_double_revocation(m.at("expired")),
        ),
        (
            "forbid_early_purge",
            lambda: rules.forbid_early_purge(m.at("refused"), m.AT, m.AT),
        ),
        (
            "forbid_second_incident",
            lambda: rules.forbid_second_incident(m.after(m.scanned(m.marking()))),
        ),
        (
            "forbid_second_incident",
            lambda: rules.forbid_second_incident(
                m.replay(
                    (
                        *m.STORIES["incident"],
                        m.judged(genuine=False),
                        m.resubmitted(),
                        m.replace(m.scanned(m.marking()), round=2),
                    )
                )
            ),
        ),
    ]


_PASSAGE: Final = Passage(text="会议 决定了。", found=((2, 5, "exam"),))


def _kept_additions() -> list[tuple[str, _Asked]]:
    marked = m.after(m.scanned(), m.added())
    others = (
        m.addition(category="exam", end=6),
        m.addition(category="privacy"),
        m.addition(passage=5),
        m.addition(file=1),
        m.addition(start=3),
        m.addition(end=4),
    )
    whole = m.addition(start=0, end=len(_PASSAGE.text))
    return [
        *(
            (
                "forbid_marking_nothing",
                lambda one=one: rules.forbid_marking_nothing(one, _PASSAGE),
            )
            for one in (m.addition(), whole)
        ),
        *(
            (
                "forbid_marking_twice",
                lambda one=one: rules.forbid_marking_twice(marked, one, _PASSAGE),
            )
            for one in others
        ),
        (
            "forbid_adding_marking",
            lambda: rules.forbid_adding_marking(m.addition(tier="state")),
        ),
    ]


_Row = tuple[str, _Asked, type[RefusedError], str]


def _broken() -> list[_Row]:
    """What is forbidden: the rule, a call that breaks it, the error and its words."""
    return [
        *_broken_items(),
        *_broken_additions(),
        *_broken_words(),
        *_broken_clearings(),
        *_broken_ends(),
    ]


def _broken_additions() -> list[_Row]:
    marked = m.after(m.scanned(), m.added())
    outside = ((-1, 3), (2, 2), (4, 3), (0, 8), (7, 8), (2, 3))
    return [
        *(
            (
                "forbid_marking_nothing",
                lambda start=start, end=end: rules.forbid_marking_nothing(
                    m.addition(start=start, end=end), _PASSAGE
                ),
                RefusedError,
                "没有选中稿件里的文字",
            )
            for start, end in outside
        ),
        *(
            (
                "forbid_marking_twice",
                lambda what=what: rules.forbid_marking_twice(
                    marked, m.addition(category=what), _PASSAGE
                ),
                RefusedError,
                "不必重复补充",
            )
            for what in ("meeting", "exam")
        ),
        (
            "forbid_adding_marking",
            lambda: rules.forbid_adding_marking(m.addition(category="marking")),
            RefusedError,
            "立即报告保密办",
        ),
    ]


def _broken_items() -> list[_Row]:
    stale, refused, incomplete = StaleError, RefusedError, IncompleteError
    items = {
        "标题": m.item(title=" "),
        "部门": m.item(department=""),
        "拟稿人": m.item(drafted_by=" "),
        "公开方式": m.item(channels=()),
        "正文": m.item(files=(m.file(role="attachment"),)),
        "标题、正文": m.item(title="", files=()),
    }
    return [
        *(
            (
                "forbid_stale",
                lambda seen=seen: rules.forbid_stale(m.at("signing"), seen),
                stale,
                "请刷新后再决定",
            )
            for seen in (2, 4, None)
        ),
        *(
            (
                "forbid_empty_item",
                lambda one=one: rules.forbid_empty_item(one),
                incomplete,
                f"请补齐：{word}。",
            )
            for word, one in items.items()
        ),
        (
            "forbid_several_bodies",
            lambda: rules.forbid_several_bodies([m.file(), m.file()]),
            refused,
            "一事一审",
        ),
        (
            "forbid_moving_item",
            lambda: rules.forbid_moving_item(
                m.at("rework"), m.item(department=m.OTHER)
            ),
            refused,
            "不能更换部门",
        ),
        (
            "forbid_unscanned",
            lambda: rules.forbid_unscanned(m.at("scanning")),
            incomplete,
            "机检还没有完成",
        ),
        (
            "forbid_second_scan",
            lambda: rules.forbid_second_scan(m.at("first_pass"), m.item().contents),
            stale,
            "已有机检报告",
        ),
        (
            "forbid_second_scan",
            lambda: rules.forbid_second_scan(m.at("scanning"), "0" * 64),
            stale,
            "稿件已更新",
        ),
    ]


def _broken_words() -> list[_Row]:
    refused, incomplete = RefusedError, IncompleteError
    two = m.after(m.scanned(m.finding("f1"), m.finding("f2", severity="block")))
    gaps = m.after(m.scanned(gaps=(m.gap("g1"), m.gap("g2"))), m.acknowledged())
    return [
        (
            "forbid_unknown_place",
            lambda: rules.forbid_unknown_place(None, "疑点"),
            refused,
            "没有这一疑点",
        ),
        (
            "forbid_unacknowledged_gaps",
            lambda: rules.forbid_unacknowledged_gaps(gaps),
            incomplete,
            "还有 1 处未能检查",
        ),
        (
            "forbid_undisposed_findings",
            lambda: rules.forbid_undisposed_findings(two),
            incomplete,
            "还有 2 个疑点",
        ),
        *(
            (
                "forbid_blank",
                lambda text=text: rules.forbid_blank(text, "初审意见"),
                incomplete,
                "请填写初审意见。",
            )
            for text in ("", "  \n", "　　", " 好 ")
        ),
        (
            "forbid_unproven_publication",
            lambda: rules.forbid_unproven_publication(_BLANK_PROOF),
            incomplete,
            "公开文号或网址",
        ),
        (
            "forbid_release_without_condition",
            lambda: rules.forbid_release_without_condition(m.finding(), _PROOF),
            refused,
            "不能以已公开为由",
        ),
        *(
            (
                "forbid_dismissing_state_marking",
                lambda by=by, one=one: rules.forbid_dismissing_state_marking(
                    one, "not_sensitive", by
                ),
                NotPermittedError,
                "只能由保密办认定",
            )
            for by in (m.REVIEWER, m.HEAD)
            for one in (m.marking(), m.marking(severity="notice"))
        ),
        (
            "forbid_agreeing_over_findings",
            lambda: rules.forbid_agreeing_over_findings(
                _said(("reviewer", "must_change")), "agree"
            ),
            refused,
            "请选“须修改”",
        ),
        (
            "forbid_agreeing_over_findings",
            lambda: rules.forbid_agreeing_over_findings(
                _said(("reviewer", "not_sensitive"), ("reviewer", "uncertain")), "agree"
            ),
            refused,
            "请选“存疑报保密办”",
        ),
        *(
            (
                "forbid_agreeing_to_unreadable",
                lambda one=one: rules.forbid_agreeing_to_unreadable(
                    m.after(m.scanned(gaps=(m.gap("g0"), _UNREADABLE))), one
                ),
                refused,
                "读不出来的不能公开",
            )
            for one in ("agree", "uncertain")
        ),
        *(
            (
                "forbid_groundless_refusal",
                lambda one=one: rules.forbid_groundless_refusal(one, None),
                incomplete,
                "请选依据",
            )
            for one in ("refuse", "partial")
        ),
    ]


def _broken_clearings() -> list[_Row]:
    refused, incomplete, barred = RefusedError, IncompleteError, NotPermittedError
    elsewhere = m.replace(m.REVIEWER, department=m.OTHER)
    unsettled = {
        "nobody spoke": _said(),
        "must change": _said(("reviewer", "must_change")),
        "the office doubts": _said(
            ("reviewer", "not_sensitive"), ("office", "uncertain")
        ),
        "the department doubted": _said(
            ("reviewer", "uncertain"), ("reviewer", "not_sensitive")
        ),
        "block": _said(("reviewer", "not_sensitive"), severity="block"),
        "marking": _said(
            ("reviewer", "not_sensitive"), detector="marking", tier="state"
        ),
    }
    not_general = {
        "a gap": _fast(gaps=(m.gap(),)),
        "a finding": _fast(findings=(m.finding(),)),
        "a block": _fast(findings=(m.finding(severity="block"),)),
        "a repost": _fast(item={"source": Source("repost", "云山日报")}),
        "another channel": m.at("endorsing"),
        "not agreed": _fast(stage="uncertain"),
        "not scanned": m.at("scanning"),
        "doubted once": _fast(
            findings=(_NOTICE,),
            said=(m.disposed(opinion="uncertain"), m.disposed()),
        ),
    }
    lane = m.policy(fast_lane=m.fast_lane(channels=("website",)))
    return [
        *(
            (
                "forbid_clearing_without_first_pass",
                lambda case=case: rules.forbid_clearing_without_first_pass(case),
                refused,
                "还没有完成初审",
            )
            for case in (
                m.at("first_pass"),
                m.after(m.scanned(), m.concluded(by=elsewhere)),
            )
        ),
        *(
            (
                "forbid_clearing_over_findings",
                lambda case=case: rules.forbid_clearing_over_findings(case),
                incomplete,
                "还有 1 个疑点须保密办",
            )
            for case in unsettled.values()
        ),
        *(
            (
                "forbid_clearing_unreadable",
                lambda case=case: rules.forbid_clearing_unreadable(case),
                refused,
                "有文件无法读取",
            )
            for case in (
                m.at("scanning"),
                m.after(m.scanned(canonical=None)),
                m.after(m.scanned(gaps=(_UNREADABLE,))),
            )
        ),
        (
            "forbid_channels_not_asked",
            lambda: rules.forbid_channels_not_asked(m.at("signing"), ()),
            incomplete,
            "请选择同意的公开方式",
        ),
        (
            "forbid_channels_not_asked",
            lambda: rules.forbid_channels_not_asked(
                m.at("signing"), ["website", "press", "other"]
            ),
            refused,
            "没有申请：报刊、其他；",
        ),
        *(
            (
                "forbid_missing_leader",
                lambda stage=stage: rules.forbid_missing_leader(m.at(stage)),
                refused,
                "签批手续还没有办完",
            )
            for stage in m.STORIES
            if stage != "clearing"
        ),
        (
            "forbid_fast_lane",
            lambda: rules.forbid_fast_lane(_fast(), m.policy()),
            barred,
            "没有开通",
        ),
        *(
            (
                "forbid_fast_lane",
                lambda case=case: rules.forbid_fast_lane(case, lane),
                barred,
                "不是一般事项",
            )
            for case in not_general.values()
        ),
        (
            "forbid_fast_lane",
            lambda: rules.forbid_fast_lane(_fast(findings=(_NOTICE,)), _STRICT),
            barred,
            "不是一般事项",
        ),
    ]


def _broken_ends() -> list[_Row]:
    refused = RefusedError
    begins, ends = m.cleared().valid_from, m.cleared().valid_until
    return [
        *(
            (
                "forbid_uncleared_publication",
                lambda case=case, one=one: rules.forbid_uncleared_publication(
                    case, one, _PUBLISHED_AT
                ),
                refused,
                "没有得到许可",
            )
            for case, one in (
                (m.at("signing"), "website"),
                (m.at("revoked"), "website"),
                (m.at("cleared"), "wechat"),
            )
        ),
        *(
            (
                "forbid_uncleared_publication",
                lambda when=when: rules.forbid_uncleared_publication(
                    m.at("cleared"), "website", when
                ),
                refused,
                "不在公开许可的有效期内",
            )
            for when in (begins - m.INSTANT, ends)
        ),
        (
            "forbid_future",
            lambda: rules.forbid_future(m.AT + m.INSTANT, m.AT),
            refused,
            "不能晚于现在",
        ),
        (
            "forbid_future_day",
            lambda: rules.forbid_future_day(m.TODAY + timedelta(days=1), m.TODAY),
            refused,
            "不能晚于今天",
        ),
        *(
            (
                "forbid_early_expiry",
                lambda case=case, when=when: rules.forbid_early_expiry(case, when),
                refused,
                "还没有到期",
            )
            for case, when in (
                (m.at("signing"), ends),
                (m.at("cleared"), ends - m.INSTANT),
                (m.at("expired"), ends),
                (m.at("revoked"), ends),
            )
        ),
        *(
            (
                "forbid_double_revocation",
                lambda stage=stage: rules.forbid_double_revocation(m.at(stage)),
                refused,
                "没有可以撤销的",
            )
            for stage in ("signing", "revoked")
        ),
        *(
            (
                "forbid_early_purge",
                lambda case=case, due=due: rules.forbid_early_purge(case, m.AT, due),
                refused,
                "还在保存期内",
            )
            for case, due in (
                (m.at("refused"), m.AT + m.INSTANT),
                (m.at("refused"), None),
                (m.replay((*m.STORIES["refused"], m.purged())), m.AT),
            )
        ),
        *(
            (
                "forbid_second_incident",
                lambda case=case: rules.forbid_second_incident(case),
                refused,
                "没有发现国家秘密标志",
            )
            for case in (
                m.at("scanning"),
                m.after(m.scanned(m.marking(severity="review"))),
            )
        ),
        (
            "forbid_second_incident",
            lambda: rules.forbid_second_incident(
                m.replay((*m.STORIES["incident"], m.judged(genuine=False)))
            ),
            refused,
            "已作为涉密事件记录",
        ),
    ]


def _numbered(rows: list[Any]) -> list[Any]:
    return [pytest.param(*row, id=f"{row[0]}-{n}") for n, row in enumerate(rows)]


@pytest.mark.parametrize(("name", "call"), _numbered(_rows()))
def test_what_is_allowed_is_let_through(name: str, call: _Asked) -> None:
    assert name in _names()
    call()


@pytest.mark.parametrize(("name", "call", "kind", "words"), _numbered(_broken()))
def test_what_is_forbidden_is_refused(
    name: str, call: _Asked, kind: type[RefusedError], words: str
) -> None:
    assert name in _names()
    if "疑点 f1" in words:
        with pytest.raises(kind, match=words) as caught:
            call()
        m.check_sentence(caught.value.message, words)
        return
    with Refused(kind, words):
        call()


def _names() -> set[str]:
    return {
        name
        for name, one in inspect.getmembers(rules, inspect.isfunction)
        if name.startswith("forbid_")
    }


def test_every_rule_is_shown_kept_and_broken() -> None:
    assert {row[0] for row in _rows()} == _names()
    assert {row[0] for row in _broken()} == _names()
