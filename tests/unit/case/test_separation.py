"""Duties kept apart: three administrators, four eyes, sealed drafts, whose turn it is."""

from typing import Any, Final

import pytest

from review.case import authority, separation
from review.case.authority_table import SIGNING_VERBS, Verb
from review.case.case import Case, Stage
from review.case.people import Post
from review.case.separation import Asking
from review.errors import NotPermittedError, RefusedError, WrongStageError
from tests.unit.case import making as m
from tests.unit.case.making import Refused

_NEW = m.person("office", name="new")


def _asking(
    verb: Verb, *posts: Any, name: str = "new", case: Case | None = None
) -> Asking:
    return Asking(
        verb=verb,
        person=m.person(*posts, name=name),
        at=m.AT,
        department=m.OWN,
        case=case,
    )


@pytest.mark.parametrize(
    ("post", "name"),
    [
        ("system_admin", "系统管理员"),
        ("security_admin", "安全管理员"),
        ("auditor", "审计员"),
    ],
)
@pytest.mark.parametrize("verb", ["submit", "sign_off", "dispose", "revoke"])
def test_no_administrator_takes_part_whatever_else_he_is(
    post: Post, name: str, verb: Verb
) -> None:
    with Refused(NotPermittedError, f"{name}不参与审查件的办理"):
        separation.forbid_administrators(_asking(verb, post, "office", "reviewer"))


def test_who_was_an_administrator_and_is_none_today_takes_part() -> None:
    was = m.appointment("auditor", until_day=m.TODAY - m.DAY)
    separation.forbid_administrators(_asking("sign_off", was, "office"))


def test_two_administrators_posts_are_both_named() -> None:
    with Refused(NotPermittedError, "审计员、系统管理员不参与"):
        separation.forbid_administrators(_asking("submit", "system_admin", "auditor"))


def test_the_auditor_may_look() -> None:
    separation.forbid_administrators(_asking("look", "auditor"))


def test_who_is_not_appointed_today_is_told_who_is_needed() -> None:
    tomorrow = m.appointment("office", from_day=m.TODAY + m.DAY)
    with Refused(NotPermittedError, "须由部门初审员、保密办审查员办理"):
        separation.forbid_unappointed(_asking("dispose", tomorrow, "leader"))
    separation.forbid_unappointed(_asking("dispose", "office"))


def test_a_department_keeps_to_its_own_items() -> None:
    there = m.appointment("reviewer", department=m.OTHER)
    with Refused(NotPermittedError, "其他部门的审查件"):
        separation.forbid_other_department(_asking("conclude", there))
    separation.forbid_other_department(_asking("conclude", there, "reviewer"))
    separation.forbid_other_department(_asking("dispose", there, "office"))


_SIGNING: Final[dict[Verb, tuple[Stage, Post]]] = {
    "sign_off": ("signing", "office"),
    "refer": ("signing", "office"),
    "answer": ("referred", "office"),
    "lead": ("leading", "leader"),
    "judge_incident": ("incident", "office"),
    "finish_in_department": ("endorsing", "head"),
    "dispose": ("signing", "office"),
    "acknowledge": ("signing", "office"),
}


@pytest.mark.parametrize("verb", _SIGNING)
def test_no_hand_in_the_item_decides_over_it(verb: Verb) -> None:
    stage, post = _SIGNING[verb]
    case = m.at(stage)
    assert case.hands >= {m.SITE.id}
    with Refused(NotPermittedError, "不能终审同一件"):
        authority.require(verb, m.request(m.person(post, name=m.SITE.id), case), case)
    authority.require(verb, m.request(m.person(post, name="new"), case), case)


def test_every_deciding_verb_is_shown() -> None:
    assert set(_SIGNING) >= SIGNING_VERBS


def test_no_hand_in_an_earlier_round_decides_over_a_later_one() -> None:
    again = (m.resubmitted(by=m.by("reviewer", "second")), m.scanned(), m.concluded())
    case = m.replay((*m.STORIES["rework"], *(m.replace(one, round=2) for one in again)))
    assert case.hands == {"site", "reviewer", "second"}
    for hand in sorted(case.hands):
        request = m.request(m.person("office", name=hand), case)
        assert not authority.may("sign_off", request, case).allowed


def test_the_head_who_answered_for_the_item_does_not_sign_it_off() -> None:
    through = (m.submitted(), m.scanned(), m.concluded(to_head=True))
    case = m.replay((*through, m.endorsed()))
    assert case.endorsers == {m.HEAD.id}
    with Refused(NotPermittedError, "部门审签的人不能终审同一件"):
        authority.require(
            "sign_off", m.request(m.person("office", name=m.HEAD.id), case), case
        )


def test_the_head_who_sent_it_back_may_still_finish_it_in_the_department() -> None:
    through = (m.submitted(), m.scanned(), m.concluded(to_head=True))
    case = m.replay((*through, m.endorsed(agreed=False), m.concluded(to_head=True)))
    assert case.endorsers == frozenset()
    again = m.replay(
        (*through, m.endorsed(), m.resubmitted(), m.replace(m.scanned(), round=2))
    )
    assert again.endorsers == {m.HEAD.id}
    asking = _asking("finish_in_department", "head", name=m.HEAD.id, case=again)
    separation.forbid_signing_own_item(asking)
    with Refused(NotPermittedError, "不能终审同一件"):
        separation.forbid_signing_own_item(
            _asking("sign_off", "office", name=m.HEAD.id, case=again)
        )


def test_the_first_pass_itself_is_for_those_hands() -> None:
    case = m.at("first_pass")
    request = m.request(m.person("reviewer", name=m.SITE.id), case)
    assert authority.may("dispose", request, case).allowed
    assert authority.may("conclude", request, case).allowed


@pytest.mark.parametrize("verb", ["endorse", "finish_in_department"])
def test_the_reviewer_does_not_endorse_his_own_review(verb: Verb) -> None:
    case = m.at("endorsing")
    asking = _asking(verb, "head", name=m.REVIEWER.id, case=case)
    with Refused(NotPermittedError, "不能是同一个人"):
        separation.forbid_endorsing_own_review(asking)
    separation.forbid_endorsing_own_review(_asking(verb, "head", case=case))
    separation.forbid_endorsing_own_review(
        _asking(verb, "head", name=m.REVIEWER.id, case=m.at("first_pass"))
    )
    separation.forbid_endorsing_own_review(
        _asking("withdraw", "head", name=m.REVIEWER.id, case=case)
    )


def test_the_signer_does_not_lead_over_his_own_word() -> None:
    case = m.at("leading")
    with Refused(NotPermittedError, "终审和分管领导审批不能是同一个人"):
        separation.forbid_leading_own_sign_off(
            _asking("lead", "leader", name=m.OFFICE.id, case=case)
        )
    separation.forbid_leading_own_sign_off(_asking("lead", "leader", case=case))
    separation.forbid_leading_own_sign_off(
        _asking("lead", "leader", name=m.OFFICE.id, case=m.at("signing"))
    )
    separation.forbid_leading_own_sign_off(
        _asking("look", "leader", name=m.OFFICE.id, case=case)
    )


def test_a_step_out_of_its_stage_names_the_stage() -> None:
    with Refused(WrongStageError, "“待终审”"):
        separation.forbid_wrong_stage(
            _asking("conclude", "reviewer", case=m.at("signing"))
        )
    separation.forbid_wrong_stage(
        _asking("conclude", "reviewer", case=m.at("first_pass"))
    )


@pytest.mark.parametrize("stage", ["incident", "incident_confirmed", "incident_closed"])
@pytest.mark.parametrize("post", ["auditor", "leader", "reviewer", "head"])
def test_a_sealed_draft_is_for_the_office_alone(stage: Stage, post: Post) -> None:
    case = m.at(stage)
    with Refused(NotPermittedError, "稿件已封存，只有保密办可以查看"):
        authority.require("look_at_contents", m.request(m.person(post), case), case)
    both = m.person("reviewer", "office")
    by = authority.require("look_at_contents", m.request(both, case), case)
    assert by.post == "office"
    assert authority.may("look", m.request(m.person(post), case), case).allowed


@pytest.mark.parametrize(
    ("verb", "stage", "post"),
    [
        ("dispose", "signing", "office"),
        ("acknowledge", "signing", "office"),
        ("dispose", "first_pass", "reviewer"),
        ("acknowledge", "first_pass", "reviewer"),
        ("look_at_contents", "incident", "office"),
        ("look_at_contents", "first_pass", None),
        ("conclude", "first_pass", None),
        ("sign_off", "signing", None),
    ],
)
def test_whose_turn_it_is(verb: Verb, stage: Stage, post: Post | None) -> None:
    assert separation.turn(_asking(verb, case=m.at(stage))) == post


@pytest.mark.parametrize(
    ("stage", "post", "word"),
    [("first_pass", "office", "部门初审员"), ("signing", "reviewer", "保密办审查员")],
)
def test_the_others_are_told_whose_turn_it_is(
    stage: Stage, post: Post, word: str
) -> None:
    with Refused(NotPermittedError, f"这一步轮到{word}办理"):
        separation.forbid_wrong_turn(_asking("dispose", post, case=m.at(stage)))
    separation.forbid_wrong_turn(
        _asking("dispose", "office", "reviewer", case=m.at(stage))
    )


def test_a_sealed_draft_is_no_matter_of_turns() -> None:
    asking = _asking("look_at_contents", "reviewer", case=m.at("incident"))
    separation.forbid_wrong_turn(asking)


@pytest.mark.parametrize(
    "rule",
    [
        separation.forbid_signing_own_item,
        separation.forbid_endorsing_own_review,
        separation.forbid_leading_own_sign_off,
        separation.forbid_wrong_stage,
        separation.forbid_unsealing,
        separation.forbid_wrong_turn,
    ],
)
def test_without_a_case_there_is_nothing_to_keep_apart(rule: Any) -> None:
    verbs: tuple[Verb, ...] = (
        "lead",
        "endorse",
        "look_at_contents",
        "submit",
        "dispose",
    )
    for verb in verbs:
        rule(_asking(verb, "reviewer"))


def test_refusals_are_told_about_the_person_before_the_case() -> None:
    """A stranger learns nothing of where the case stands."""
    case = m.at("signing")
    there = m.person(m.appointment("reviewer", department=m.OTHER))
    with pytest.raises(RefusedError) as caught:
        authority.require("conclude", m.request(there, case), case)
    assert "待终审" not in caught.value.message
