"""What people add counts like what the machine found, and names its place without words."""

from typing import Any, Final, get_args

import pytest

from review.case import adding, reviewing, rules, signing
from review.case import events as e
from review.case.case import Case
from review.case.evolve import evolve
from review.case.people import Person
from review.case.request import Decision, Judgment, Passage
from review.case.values import FindingNote
from review.detect.interface import Category, Tier
from review.errors import IncompleteError, NotPermittedError, RefusedError
from review.spans import Location
from tests.unit.case import making as m
from tests.unit.case.making import Refused, replace

_REVIEWER: Final = m.person("reviewer", name="r2")
_OFFICE: Final = m.person("office", name="o2")
_PLACE: Final = Location("table", page=3, paragraph=7, row=2)
_PASSAGE: Final = Passage(text="会上决定了此事。", where=_PLACE, hidden=True)
_CLEAR: Final = Decision(outcome="clear", opinion=m.REASON, channels=("website",))


def _add(case: Case, who: Person = _REVIEWER, **changes: Any) -> e.FindingAdded:
    asked = m.addition(**changes)
    return adding.add_finding(case, m.request(who, case), asked, _PASSAGE)


def _two_files() -> Case:
    annex = m.file("附件.pdf", "attachment", "a" * 64)
    first = m.submitted(item=m.item(files=(m.file(), annex)))
    return m.replay((first, m.scanned()))


def test_a_finding_is_added_by_its_place() -> None:
    case = _two_files()
    event = _add(case, file=1, tier="state", clauses=("001:12(3)",))
    assert event == e.FindingAdded(
        at=m.AT,
        by=_REVIEWER.appointments[0].as_doer(),
        round=1,
        finding=FindingNote(
            id="1.p1",
            file="附件.pdf",
            detector="person",
            rule="person",
            category="meeting",
            tier="state",
            severity="review",
            clauses=("001:12(3)",),
            part="table",
            page=3,
            paragraph=7,
            hidden=True,
        ),
        file=1,
        passage=4,
        start=2,
        end=5,
        reason=m.REASON,
    )
    assert not event.finding.is_state_marking


def test_each_file_counts_its_own() -> None:
    case = _two_files()
    names = []
    for at, file in enumerate((0, 1, 1, 0)):
        event = _add(case, file=file, start=at)
        names.append(event.finding.id)
        case = evolve(case, event)
    assert names == ["0.p1", "1.p1", "1.p2", "0.p2"]
    assert case.round.open_findings == ("0.p1", "1.p1", "1.p2", "0.p2")


@pytest.mark.parametrize("category", get_args(Category))
def test_every_category_has_its_usual_tier(category: Category) -> None:
    assert adding.usual_tier(category) in get_args(Tier)


def test_without_a_tier_it_is_the_usual_one() -> None:
    case = m.at("first_pass")
    tiers = {
        one: _add(case, category=one).finding.tier
        for one in ("privacy", "business", "upstream", "exam")
    }
    assert tiers == {
        "privacy": "privacy",
        "business": "business",
        "upstream": "internal",
        "exam": "work",
    }


def test_what_cannot_be_added_is_refused() -> None:
    case = m.at("first_pass")
    request = m.request(_REVIEWER, case)
    with Refused(RefusedError, "没有这一片段"):
        adding.add_finding(case, request, m.addition(), None)
    with Refused(IncompleteError, "请填写补充疑点的理由。"):
        _add(case, reason=" 好 ")
    with Refused(RefusedError, "没有选中稿件里的文字"):
        _add(case, end=99)
    with Refused(RefusedError, "立即报告保密办"):
        _add(case, category="marking")
    marked = evolve(case, _add(case))
    with Refused(RefusedError, "不必重复补充"):
        _add(marked)


def test_the_department_adds_in_the_first_pass_and_the_office_while_it_signs() -> None:
    with Refused(NotPermittedError, "轮到部门初审员"):
        _add(m.at("first_pass"), _OFFICE)
    with Refused(NotPermittedError, "轮到保密办审查员"):
        _add(m.at("signing"), _REVIEWER)
    assert _add(m.at("signing"), _OFFICE).by.post == "office"
    handed_in = m.person("office", name="site")
    with Refused(NotPermittedError, "不能终审同一件"):
        _add(m.at("signing"), handed_in)


def test_nothing_is_concluded_before_it_is_disposed_of() -> None:
    case = m.at("first_pass")
    case = evolve(case, _add(case))

    def conclude(now: Case) -> e.FirstPassConcluded:
        request = m.request(_REVIEWER, now)
        return reviewing.conclude(now, request, conclusion="agree", opinion=m.REASON)

    with Refused(IncompleteError, "还有 1 个疑点没有处置意见"):
        conclude(case)
    for opinion, words in (("must_change", "须删改"), ("uncertain", "存疑")):
        said = evolve(case, m.disposed("0.p1", opinion=opinion))
        with Refused(RefusedError, words):
            conclude(said)
    assert conclude(evolve(case, m.disposed("0.p1"))).conclusion == "agree"


def test_nothing_is_cleared_over_what_the_office_added() -> None:
    case = m.at("signing")
    case = evolve(case, _add(case, _OFFICE))
    request = m.request(_OFFICE, case)
    with pytest.raises(IncompleteError, match="还有 1 个疑点须保密办"):
        signing.sign_off(case, request, _CLEAR)
    returned = Decision(outcome="return", opinion=m.REASON)
    assert signing.sign_off(case, request, returned).outcome == "return"
    judgment = Judgment(finding="0.p1", opinion="not_sensitive", reason=m.REASON)
    said = evolve(case, reviewing.dispose(case, request, judgment))
    request = replace(request, seen=said.version)
    assert signing.sign_off(said, request, _CLEAR).outcome == "clear"


def test_the_leader_is_asked_for_the_tier_that_a_person_chose() -> None:
    policy = m.policy(leader_signs=m.leader_signs(tiers=("state",)))
    case = m.at("signing")
    assert not signing.needs_leader(case, (), policy)
    marked = evolve(case, _add(case, _OFFICE, tier="state"))
    assert signing.needs_leader(marked, (), policy)


@pytest.mark.parametrize("most", ["none", "notice"])
def test_what_a_person_marked_is_no_general_item(most: Any) -> None:
    asked = m.submitted(item=m.item(channels=("website",)))
    happened = (asked, m.scanned(), m.added(), m.disposed("0.p1"))
    case = m.replay((*happened, m.concluded(to_head=True)))
    policy = m.policy(fast_lane=m.fast_lane(most_severe=most))
    with Refused(NotPermittedError, "不是一般事项"):
        rules.forbid_fast_lane(case, policy)
    plain = m.replay((asked, m.scanned(), m.concluded(to_head=True)))
    rules.forbid_fast_lane(plain, policy)
