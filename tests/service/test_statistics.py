"""Figures out of real journeys: how long steps took, what findings were judged."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from review.case.request import Decision, Judgment
from review.errors import NotPermittedError, UsageError
from review.service.cases import review, sign_off
from review.service.papers import sheets, statistics
from review.service.papers.statistics import Figures, within
from review.store.tables_statistics import case_findings, case_rounds, case_steps
from tests.service.site import MARKED, PHONE, PRESS, TEACHING, Site, on_both

_YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}


def _figures(site: Site, person: str = "li", **more: Any) -> Figures:
    return statistics.figures(site.desk, person=person, **{**_YEAR, **more})


@on_both
def test_every_case_is_counted_where_it_stands(site: Site) -> None:
    site.cleared()
    late = site.submit(PHONE).number
    site.clock.pass_by(days=30)
    site.dispose(late)
    returned = site.submit("学院举行冬季长跑比赛，共有十二支队伍参加。").number
    review.conclude(
        site.desk,
        returned,
        conclusion="must_change",
        opinion="请改标题",
        asker=site.by("zhang", returned),
    )
    site.submit("教务处更新了办事指南的网址。", person="he", department=TEACHING)
    site.submit(MARKED, title="关于虚构事项的报告")
    total = _figures(site).total
    assert (total.submitted, total.cleared, total.returned) == (5, 1, 1)
    assert (total.open, total.overdue, total.incidents) == (4, 1, 1)
    press, teaching = _figures(site).by_department
    assert (press.department, press.counts.submitted) == (PRESS, 4)
    assert (teaching.department, teaching.counts.submitted) == (TEACHING, 1)
    (website,) = _figures(site).by_channel
    assert (website.channel, website.counts) == ("website", total)


def test_steps_are_measured_in_working_days(site: Site) -> None:
    # On a Monday: the three lie 1, 2 and 5 working days before their first pass.
    for days in (1, 2, 7):
        number = site.submit("学院举行秋季运动会，共有十二个项目。").number
        site.clock.pass_by(days=days)
        site.conclude(number)
        site.clock.pass_by(days=(7 - days) % 7)
    steps = {one.stage: one for one in _figures(site).steps}
    first = steps["first_pass"]
    assert (first.stays, first.median, first.ninety, first.longest) == (3, 2, 5, 5)
    assert steps["scanning"].longest == 0
    assert "signing" not in steps


def test_a_rule_that_cries_wolf_is_told_by_its_judgments(site: Site) -> None:
    number = site.submit(PHONE).number
    (found,) = _figures(site).rules
    assert (found.found, found.not_sensitive) == (1, 0)
    site.dispose(number)
    (judged,) = _figures(site).rules
    assert (judged.found, judged.not_sensitive) == (1, 1)
    (category,) = _figures(site).categories
    assert (category.category, category.not_sensitive) == (judged.category, 1)
    # The last word counts.
    (finding,) = site.findings(number)
    judgment = Judgment(finding=finding, opinion="must_change", reason="还是删去")
    review.dispose(site.desk, number, judgment, asker=site.by("zhang", number))
    (changed,) = _figures(site).rules
    assert (changed.not_sensitive, changed.must_change) == (0, 1)
    # A second round speaks again, and what was said of the first stays.
    site.resubmit(number, PHONE)
    (again,) = _figures(site).rules
    assert (again.found, again.must_change) == (2, 1)


def test_it_is_told_how_often_the_office_follows_the_department(site: Site) -> None:
    site.cleared()
    number = site.submit("学院举行冬季长跑比赛，共有十二支队伍参加。").number
    site.conclude(number)
    decision = Decision(outcome="return", opinion="请核对人数", ground="other")
    sign_off.sign_off(site.desk, number, decision, asker=site.by("li", number))
    site.resubmit(number, "学院举行冬季长跑比赛，共有十支队伍参加。")
    waiting = site.submit(
        "教务处更新了办事指南的网址。", person="he", department=TEACHING
    )
    review.conclude(
        site.desk,
        waiting.number,
        conclusion="uncertain",
        opinion="不能确定，请保密办认定",
        asker=site.by("he", waiting.number),
    )
    press, teaching = _figures(site).agreement
    assert (press.department, press.proposed, press.followed) == (PRESS, 2, 1)
    assert (press.returned, press.refused, press.uncertain) == (1, 0, 0)
    assert (teaching.proposed, teaching.uncertain) == (0, 1)
    assert _figures(site, "he").agreement == (teaching,)


def test_a_department_sees_its_own_figures_alone(site: Site) -> None:
    site.submit(PHONE)
    site.submit("教务处更新了办事指南的网址。", person="he", department=TEACHING)
    own = _figures(site, "he")
    assert own.departments == (TEACHING,)
    assert own.total.submitted == 1
    assert [one.department for one in own.by_department] == [TEACHING]
    assert own.rules == ()
    with pytest.raises(NotPermittedError, match="本部门"):
        _figures(site, "he", departments=(PRESS,))
    assert _figures(site, "he", departments=(PRESS, TEACHING)).total.submitted == 1
    assert _figures(site, "audit", departments=(PRESS,)).total.submitted == 1
    with pytest.raises(NotPermittedError):
        _figures(site, "system")
    assert [one.verb for one in site.refusals()] == ["see_statistics"] * 2


def test_only_the_days_asked_for_count(site: Site) -> None:
    site.submit(PHONE)
    day = date(2026, 11, 23)
    assert _figures(site, since=day, until=day).total.submitted == 1
    before = date(2026, 11, 22)
    assert _figures(site, since=before, until=before).total.submitted == 0
    with pytest.raises(UsageError, match="早于"):
        _figures(site, since=day, until=before)
    with pytest.raises(UsageError, match="十年"):
        _figures(site, since=date(2000, 1, 1))


def test_cases_of_earlier_versions_are_counted_once(site: Site) -> None:
    site.cleared()
    number = site.submit(PHONE).number
    site.dispose(number)
    known = _rows(site)
    with site.engine.begin() as connection:
        connection.execute(delete(case_steps))
        connection.execute(delete(case_findings))
        connection.execute(delete(case_rounds))
    assert statistics.count_uncounted(site.desk) == 2
    assert _rows(site) == known
    assert statistics.count_uncounted(site.desk) == 0


def test_a_yearly_table_is_right_before_the_rounds_are_counted(site: Site) -> None:
    site.cleared()
    number = site.submit("学院举行冬季长跑比赛，共有十二支队伍参加。").number
    site.conclude(number)
    decision = Decision(outcome="refuse", opinion="尚未公布", ground="work_secret")
    sign_off.sign_off(site.desk, number, decision, asker=site.by("li", number))
    site.conclude(site.submit("学院举行秋季运动会。").number)
    known = sheets.yearly_figures(site.desk, year=2026, person="li").rows
    assert (known[0].first_round, known[0].overturned) == (1, 1)
    with site.engine.begin() as connection:
        connection.execute(delete(case_rounds))
    assert sheets.yearly_figures(site.desk, year=2026, person="li").rows == known


def test_another_calendar_is_felt_when_the_case_goes_on(site: Site) -> None:
    number = site.submit(PHONE).number
    site.clock.pass_by(days=1)
    tuesday = frozenset({date(2026, 11, 24)})
    days = replace(site.desk.days, own_days_off=tuesday)
    site.desk = replace(site.desk, days=days)
    site.dispose(number)
    site.conclude(number)
    (first,) = (one for one in _figures(site).steps if one.stage == "first_pass")
    assert first.longest == 0


def _rows(site: Site) -> list[Any]:
    with site.engine.connect() as connection:
        return [
            tuple(one)
            for table in (case_steps, case_findings, case_rounds)
            for one in connection.execute(select(table).order_by(*table.primary_key))
        ]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 100))
def test_so_many_in_a_hundred_are_within(values: list[int], share: int) -> None:
    counted = [(one, values.count(one)) for one in sorted(set(values))]
    found = within(counted, share)
    assert sum(one <= found for one in values) * 100 >= share * len(values)
    assert sum(one < found for one in values) * 100 < share * len(values)
