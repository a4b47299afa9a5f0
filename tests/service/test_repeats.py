"""What was refused once is recognised when it comes again, whole or in part."""

from review.case.request import Decision
from review.case.values import RoundReport
from review.service import retention
from review.service.cases import look, review, sign_off
from tests.service.site import CLEAN, REFUSED, Site, on_both


def _refused(site: Site, text: str = REFUSED) -> str:
    number = site.submit(text, title="期末考试安排").number
    site.dispose(number, "uncertain", reason="考试还没有举行")
    review.conclude(
        site.desk,
        number,
        conclusion="uncertain",
        opinion="请保密办确定",
        asker=site.by("zhang", number),
    )
    decision = Decision(
        outcome="refuse", opinion="考试启用前不公开", ground="work_secret"
    )
    sign_off.sign_off(site.desk, number, decision, asker=site.by("li", number))
    return number


def _report(site: Site, text: str, title: str = "复习提纲") -> RoundReport:
    report = site.submit(text, title=title).round.report
    assert report is not None
    return report


@on_both
def test_a_refused_draft_is_recognised_under_another_title(site: Site) -> None:
    number = _refused(site)
    touched_up = REFUSED.replace("命题教师为李样本", "命题教师是张示例").replace(
        "\n", "\n\n"
    )
    report = _report(site, touched_up)
    assert report.repeats == (number,)
    assert report.verdict != "clear"
    found = [one for one in report.findings if one.detector == "duplicate"]
    assert found
    assert all(one.needs_disposition for one in found)


def test_a_part_of_a_refused_draft_is_recognised_among_other_things(site: Site) -> None:
    number = _refused(site)
    part = REFUSED.splitlines()[1]
    assert _report(site, f"{CLEAN}{part}\n").repeats == (number,)


def test_what_is_said_of_a_repeat_names_the_case_and_not_its_words(site: Site) -> None:
    number = _refused(site)
    again = site.submit(REFUSED, title="复习提纲").number
    full = look.report_of(site.desk, again, person="zhang")
    found = [
        one
        for file in full["files"]
        for one in file["findings"]
        if one["detector"] == "duplicate"
    ]
    assert found
    for one in found:
        assert f"与不予公开件 {number} 高度相似" in one["reason"]


def test_other_drafts_and_cleared_ones_are_no_repeats(site: Site) -> None:
    _refused(site)
    assert _report(site, CLEAN).repeats == ()
    site.cleared()
    assert _report(site, CLEAN).repeats == ()


def test_a_department_may_refuse_by_itself_and_it_counts(site: Site) -> None:
    number = site.submit(REFUSED, title="期末考试安排").number
    site.dispose(number, "must_change", reason="考试还没有举行")
    case = review.conclude(
        site.desk,
        number,
        conclusion="refuse",
        opinion="不予公开",
        ground="work_secret",
        asker=site.by("zhang", number),
    )
    assert case.stage == "refused"
    assert _report(site, REFUSED).repeats == (number,)


def test_fingerprints_outlive_the_draft(site: Site) -> None:
    number = _refused(site)
    site.clock.pass_by(days=366)
    assert retention.purge_due(site.desk) == (number,)
    assert _report(site, REFUSED).repeats == (number,)


def test_a_repeat_of_two_refusals_names_both(site: Site) -> None:
    numbers = (_refused(site), _refused(site))
    assert _report(site, REFUSED).repeats == numbers
