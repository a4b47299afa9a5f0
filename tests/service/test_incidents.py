"""A state secret's marking on an upload: sealed or purged, judged, reported (rule 8)."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from review.case.case import SEALED_TITLE
from review.case.request import Decision, Judgment
from review.errors import (
    IncompleteError,
    MissingContentsError,
    NotPermittedError,
    RefusedError,
)
from review.ports.records import RegisterQuery
from review.service.cases import incidents, look, review, sign_off, submit
from review.service.papers import forms, register
from tests.service.site import CLEAN, MARKED, Site, on_both

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLE = "关于虚构事项的报告"


def _opened(site: Site) -> str:
    case = site.submit(MARKED, title=_TITLE)
    assert case.stage == "incident"
    return case.number


def _judge(site: Site, number: str, *, genuine: bool) -> None:
    incidents.judge_incident(
        site.desk,
        number,
        genuine=genuine,
        opinion="已与定密单位核实",
        asker=site.by("li", number),
    )


@on_both
def test_a_genuine_secret_is_sealed_then_gone_and_its_record_stays(site: Site) -> None:
    number = _opened(site)
    case = site.case(number)
    kept = site.kept(number)
    assert kept
    assert case.incident is not None
    assert case.incident.report_due == site.clock() + timedelta(hours=24)

    _judge(site, number, genuine=True)
    case = site.case(number)
    assert (case.stage, case.purged) == ("incident_confirmed", True)
    assert not any(site.vault.exists(one) for one in kept)
    assert site.kept(number) == ()
    with pytest.raises(MissingContentsError):
        site.body(number, person="li")

    incidents.report_incident(
        site.desk,
        number,
        to="云山州保密局",
        document="云职院密报〔2026〕1号",
        asker=site.by("qian", number),
    )
    case = site.case(number)
    assert case.stage == "incident_closed"
    assert case.incident is not None
    assert case.incident.reported_to == "云山州保密局"
    assert site.kinds(number) == (
        "submitted",
        "scanned",
        "incident_opened",
        "incident_judged",
        "contents_purged",
        "incident_reported",
    )
    # Everything but the words themselves is still to be known.
    assert [one.digest for one in case.item.files]
    assert case.round.report is not None
    assert case.round.report.has_genuine_marking


def test_a_sealed_draft_is_for_the_office_alone(site: Site) -> None:
    number = _opened(site)
    assert site.body(number, person="li").decode() == MARKED
    looks: tuple[Callable[[str], object], ...] = (
        lambda who: site.body(number, person=who),
        lambda who: look.report_of(site.desk, number, person=who),
        lambda who: look.changes_since(site.desk, number, person=who),
        lambda who: look.earlier_dispositions(site.desk, number, person=who),
        # The papers print the title, too.
        lambda who: forms.review_form(site.desk, number, person=who),
        lambda who: forms.incident_report(site.desk, number, person=who),
    )
    for who in ("zhang", "wang", "sun", "audit", "he"):
        for one in looks:
            with pytest.raises(NotPermittedError):
                one(who)
    for one in looks:
        one("li")
    refused = site.refusals()
    assert len(refused) == 5 * len(looks)
    assert {one.verb for one in refused} == {"look_at_contents"}


def test_the_register_hides_the_title_of_an_incident(site: Site) -> None:
    number = _opened(site)
    other = site.submit(CLEAN).number
    for who in ("zhang", "li", "audit", "sun"):
        rows = register.page(site.desk, RegisterQuery(), person=who)
        titles = {one.number: one.title for one in rows}
        assert titles[number] == SEALED_TITLE
        assert titles[other] != SEALED_TITLE


def test_nothing_goes_on_while_an_incident_is_open(site: Site) -> None:
    number = _opened(site)
    asker = site.by("zhang", number)
    finding = site.findings(number)[-1]
    judgment = Judgment(finding=finding, opinion="not_sensitive", reason="只是样式")
    steps: tuple[Callable[[], object], ...] = (
        lambda: review.dispose(site.desk, number, judgment, asker=asker),
        lambda: site.conclude(number),
        lambda: site.sign(number),
        lambda: submit.withdraw(site.desk, number, reason="撤回", asker=asker),
        lambda: site.resubmit(number, CLEAN),
        lambda: incidents.judge_incident(
            site.desk, number, genuine=False, opinion="不属实", asker=asker
        ),
    )
    for step in steps:
        with pytest.raises(RefusedError):
            step()
    assert site.case(number).version == 3


def test_a_judgment_says_what_was_verified(site: Site) -> None:
    number = _opened(site)
    with pytest.raises(IncompleteError):
        incidents.judge_incident(
            site.desk, number, genuine=True, opinion="", asker=site.by("li", number)
        )
    assert not site.case(number).purged


def test_a_marking_that_is_none_goes_back_and_only_the_office_dismisses_it(
    site: Site,
) -> None:
    number = _opened(site)
    _judge(site, number, genuine=False)
    case = site.case(number)
    assert (case.stage, case.purged) == ("first_pass", False)
    assert site.body(number).decode() == MARKED
    rows = register.page(site.desk, RegisterQuery(), person="zhang")
    assert [one.title for one in rows] == [_TITLE]

    report = case.round.report
    assert report is not None
    (marking,) = (one.id for one in report.findings if one.is_genuine_marking)
    with pytest.raises(NotPermittedError, match="保密办"):
        site.dispose(number)
    for finding in site.findings(number):
        opinion = "uncertain" if finding == marking else "not_sensitive"
        judgment = Judgment(finding=finding, opinion=opinion, reason="版式示范文字")
        review.dispose(site.desk, number, judgment, asker=site.by("zhang", number))
    review.conclude(
        site.desk,
        number,
        conclusion="uncertain",
        opinion="请保密办认定",
        asker=site.by("zhang", number),
    )
    with pytest.raises(IncompleteError):
        site.sign(number)
    site.dispose(number, person="li", reason="版式示范，不是密件")
    # A state secret's marking that goes out all the same: the leader, too.
    assert site.sign(number).stage == "leading"
    case = sign_off.lead(
        site.desk, number, agreed=True, opinion="同意", asker=site.by("sun", number)
    )
    assert case.stage == "cleared"


def test_a_policy_may_purge_at_once(site: Site) -> None:
    site.adopt(marking_incident="purge")
    case = site.submit(MARKED, title=_TITLE)
    number = case.number
    assert (case.stage, case.purged) == ("incident", True)
    assert site.kept(number) == ()
    assert not any(site.vault.exists(one.digest) for one in case.item.files)
    assert case.round.report is not None
    assert not site.vault.exists(case.round.report.digest)
    with pytest.raises(MissingContentsError):
        site.body(number, person="li")
    _judge(site, number, genuine=True)
    assert site.kinds(number).count("contents_purged") == 1


def test_what_was_purged_in_error_is_handed_in_again(site: Site) -> None:
    site.adopt(marking_incident="purge")
    number = site.submit(MARKED, title=_TITLE).number
    _judge(site, number, genuine=False)
    assert site.case(number).stage == "rework"
    case = site.resubmit(number, CLEAN)
    assert (case.stage, case.purged, case.round.number) == ("first_pass", False, 2)
    # The first round's words are gone: there is nothing to show beside the second's.
    assert look.changes_since(site.desk, number, person="zhang") is None
    assert look.earlier_dispositions(site.desk, number, person="zhang") == {}
    site.conclude(number)
    assert site.sign(number).stage == "cleared"
    form = forms.review_form(site.desk, number, person="zhang")
    assert (form.round, len(form.earlier)) == (2, 1)


def test_a_second_round_may_bring_a_second_incident(site: Site) -> None:
    number = _opened(site)
    _judge(site, number, genuine=False)
    case = site.resubmit(number, MARKED + "另一版。\n")
    assert case.stage == "incident"
    assert site.kinds(number).count("incident_opened") == 2


def test_a_round_before_an_incident_goes_with_it(site: Site) -> None:
    number = site.submit(CLEAN).number
    first = site.kept(number)
    site.resubmit(number, MARKED)
    assert set(first) < set(site.kept(number))
    _judge(site, number, genuine=True)
    assert not any(site.vault.exists(one) for one in first)


def test_a_confirmed_secret_is_recognised_when_it_comes_again(site: Site) -> None:
    body = MARKED + "".join(
        f"第{one}段写着虚构的事项第{one}项，仅供测试，并无实际内容可言。\n"
        for one in "甲乙丙丁戊己"
    )
    number = site.submit(body, title=_TITLE).number
    _judge(site, number, genuine=True)
    again = site.submit(body.removeprefix("机密★5年\n"), title="另一个标题")
    assert again.round.report is not None
    assert again.round.report.repeats == (number,)


def test_the_office_refuses_an_item_with_its_ground(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    refusal = Decision(outcome="refuse", opinion="不予公开")
    with pytest.raises(IncompleteError, match="依据"):
        sign_off.sign_off(site.desk, number, refusal, asker=site.by("li", number))
    refusal = Decision(outcome="refuse", opinion="不予公开", ground="other")
    case = sign_off.sign_off(site.desk, number, refusal, asker=site.by("li", number))
    assert case.stage == "refused"
