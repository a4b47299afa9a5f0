"""May this person do this to this case now? Every verb, post, department and stage."""

from typing import Final, get_args

import pytest

from review import clock
from review.case import authority
from review.case.authority_table import SIGNING_VERBS, TURN_VERBS, VERBS, Verb
from review.case.case import FINAL_STAGES, SEALED_STAGES, Stage
from review.case.people import Post
from review.errors import NotPermittedError, StaleError, WrongStageError
from tests.unit.case import making as m
from tests.unit.case.making import Refused

_STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
_POSTS: Final[tuple[Post, ...]] = get_args(Post)
_REVIEWING = "scanning first_pass endorsing signing leading referred rework"
_ALL = f"{_REVIEWING} clearing cleared published expired revoked refused withdrawn"
_SEALED = "incident incident_confirmed incident_closed"
# The whole authority once more, as the contract and 001:49 to 52 have it.
TABLE: Final[dict[str, tuple[str, str]]] = {
    "submit": ("reviewer head site", ""),
    "acknowledge": ("reviewer office", "first_pass signing"),
    "dispose": ("reviewer office", "first_pass signing"),
    "add_finding": ("reviewer office", "first_pass signing"),
    "conclude": ("reviewer", "first_pass"),
    "endorse": ("head", "endorsing"),
    "finish_in_department": ("head", "endorsing"),
    "sign_off": ("office", "signing"),
    "refer": ("office", "signing"),
    "answer": ("office", "referred"),
    "lead": ("leader", "leading"),
    "resubmit": ("reviewer head site", "scanning first_pass rework expired revoked"),
    "withdraw": ("reviewer head site", _REVIEWING),
    "revoke": ("office leader reviewer head", "cleared published"),
    "record_publication": ("reviewer head site office", "cleared published"),
    "judge_incident": ("office", "incident"),
    "report_incident": ("office", "incident_confirmed"),
    "look": ("office auditor leader reviewer head site", f"{_ALL} {_SEALED}"),
    "look_at_contents": ("office auditor leader reviewer head", f"{_ALL} {_SEALED}"),
}
_OFFICE_TURN = {"dispose", "acknowledge", "add_finding"}


def _expected(verb: str, post: str, stage: str, *, own: bool) -> bool:
    posts, stages = TABLE[verb]
    if post not in posts.split() or (post in m.LOCAL and not own):
        return False
    if stage not in stages.split():
        return False
    if verb in _OFFICE_TURN:
        return (post == "office") == (stage == "signing")
    if verb == "look_at_contents" and stage in _SEALED.split():
        return post == "office"
    return True


def test_the_table_is_the_one_above() -> None:
    assert set(TABLE) == set(VERBS)
    assert set(get_args(Verb)) == set(VERBS)
    for verb, row in VERBS.items():
        posts, stages = TABLE[verb]
        assert row.posts == tuple(posts.split())
        assert row.stages == frozenset(stages.split())


def test_the_deciding_verbs_are_those() -> None:
    verbs = "sign_off finish_in_department refer answer lead judge_incident"
    assert frozenset(verbs.split()) == SIGNING_VERBS
    assert frozenset(_OFFICE_TURN) == TURN_VERBS


def test_the_special_stages_are_those() -> None:
    assert {"refused", "withdrawn", "incident_closed"} == FINAL_STAGES
    assert frozenset(_SEALED.split()) == SEALED_STAGES


@pytest.mark.parametrize("stage", _STAGES)
@pytest.mark.parametrize("verb", [one for one in TABLE if one != "submit"])
def test_may_follows_the_table(verb: Verb, stage: Stage) -> None:
    case = m.at(stage)
    assert case.stage == stage
    for post in _POSTS:
        for department in (m.OWN, m.OTHER):
            where = department if post in m.LOCAL else None
            held = m.appointment(post, department=where)
            request = m.request(m.person(held), case)
            answer = authority.may(verb, request, case)
            own = department == m.OWN
            assert answer.allowed == _expected(verb, post, stage, own=own), post
            assert (answer.reason is None) == answer.allowed
            assert answer.by == (held.as_doer() if answer.allowed else None)
            if answer.reason is not None:
                m.check_sentence(answer.reason, "")


@pytest.mark.parametrize("post", _POSTS)
def test_may_submit_follows_the_table(post: Post) -> None:
    request = m.request(m.person(post))
    answer = authority.may("submit", request, department=m.OWN)
    assert answer.allowed == (post in TABLE["submit"][0].split())
    assert not authority.may("submit", request, department=m.OTHER).allowed


def test_who_has_not_seen_the_last_version_is_sent_back_first() -> None:
    case = m.at("signing")
    request = m.request(m.person("auditor"), case, seen=case.version - 1)
    with Refused(StaleError, "请刷新后再决定"):
        authority.require("sign_off", request, case)


def test_the_post_first_named_is_the_one_acted_on() -> None:
    case = m.at("cleared")
    both = m.person("reviewer", "office")
    by = authority.require("revoke", m.request(both, case), case)
    assert by.post == "office"
    by = authority.require("record_publication", m.request(both, case), case)
    assert by.post == "reviewer"


@pytest.mark.parametrize(
    ("stage", "post"), [("first_pass", "reviewer"), ("signing", "office")]
)
def test_who_holds_both_acts_on_the_post_whose_turn_it_is(
    stage: Stage, post: Post
) -> None:
    case = m.at(stage)
    request = m.request(m.person("reviewer", "office"), case)
    assert authority.require("dispose", request, case).post == post


def test_the_appointment_for_the_own_department_is_the_one_acted_on() -> None:
    case = m.at("first_pass")
    other = m.appointment("reviewer", id="there", department=m.OTHER)
    both = m.person(other, m.appointment("reviewer", id="here"))
    by = authority.require("conclude", m.request(both, case), case)
    assert (by.appointment, by.department) == ("here", m.OWN)


def test_an_appointment_for_another_department_gives_no_turn() -> None:
    """Reviewer there and in the office here: neither may do the first pass."""
    case = m.at("first_pass")
    there = m.appointment("reviewer", department=m.OTHER)
    request = m.request(m.person(there, m.appointment("office")), case)
    with Refused(NotPermittedError, "没有适用于这一件的任命"):
        authority.require("dispose", request, case)


def test_a_deputy_acts_while_he_is_appointed_and_under_his_own_name() -> None:
    case = m.at("endorsing")
    deputy = m.appointment("head", "deputy", deputy_for="head", until_day=m.TODAY)
    request = m.request(m.person(deputy), case)
    assert authority.require("endorse", request, case).id == "deputy"
    late = m.request(m.person(deputy), case, at=m.AT + m.DAY)
    with Refused(NotPermittedError, "没有有效的任命"):
        authority.require("endorse", late, case)


def test_a_day_ends_at_midnight_in_china() -> None:
    case = m.at("signing")
    last = m.appointment("office", until_day=m.TODAY)
    midnight = m.AT.replace(hour=16)
    assert clock.china_date(midnight) == m.TODAY + m.DAY
    before = m.request(m.person(last), case, at=midnight - m.INSTANT)
    assert authority.may("sign_off", before, case).allowed
    after = m.request(m.person(last), case, at=midnight)
    assert not authority.may("sign_off", after, case).allowed
    first = m.appointment("office", from_day=m.TODAY + m.DAY)
    assert authority.may(
        "sign_off", m.request(m.person(first), case, at=midnight), case
    ).allowed


def test_a_wrong_stage_is_a_refusal_of_its_own_kind() -> None:
    case = m.at("scanning")
    with Refused(WrongStageError, "这一件现在是“待机检”"):
        authority.require("sign_off", m.request(m.person("office"), case), case)
