"""Who may not is refused, and that he asked is on record (rules 5, 6 and 7)."""

from datetime import date

import pytest

from review.case.request import Decision, Judgment
from review.case.values import Source
from review.errors import (
    IncompleteError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
    StaleError,
    WrongStageError,
)
from review.ports.records import RegisterQuery
from review.service.cases import look, publish, review, sign_off, submit
from review.service.cases.submit import Draft, Upload
from review.service.desk import Asker
from review.service.papers import register
from review.service.people import appointments as people
from tests.service.site import (
    CLEAN,
    PHONE,
    PRESS,
    TEACHING,
    Site,
    appointment,
    draft,
    on_both,
)

_NOBODY = "nemo"


@on_both
def test_who_may_not_is_refused_and_stays_on_record(site: Site) -> None:
    number = site.submit(PHONE).number
    version = site.case(number).version
    (finding,) = site.findings(number)
    judgment = Judgment(finding=finding, opinion="not_sensitive", reason="办公电话")
    clear = Decision(outcome="clear", opinion="同意公开", channels=("website",))
    asked = {
        "submit": lambda who: submit.submit(site.desk, draft(CLEAN), person=who),
        "dispose": lambda who: review.dispose(
            site.desk, number, judgment, asker=Asker(person=who, seen=version)
        ),
        "sign_off": lambda who: sign_off.sign_off(
            site.desk, number, clear, asker=Asker(person=who, seen=version)
        ),
        "withdraw": lambda who: submit.withdraw(
            site.desk, number, reason="撤回", asker=Asker(person=who, seen=version)
        ),
        "resubmit": lambda who: submit.resubmit(
            site.desk, number, draft(CLEAN), asker=Asker(person=who, seen=version)
        ),
        "look_at_contents": lambda who: look.report_of(site.desk, number, person=who),
        "look": lambda who: look.see(site.desk, number, person=who),
        "register": lambda who: register.page(site.desk, RegisterQuery(), person=who),
        "appoint": lambda who: people.appoint(
            site.desk, appointment("neu", "新人甲", "office"), person=who
        ),
        "end_appointment": lambda who: people.end_appointment(
            site.desk, "任0004", ended_on=date(2027, 1, 1), reason="换岗", person=who
        ),
    }
    for ask in asked.values():
        with pytest.raises(NotPermittedError):
            ask(_NOBODY)
    refused = site.refusals()
    assert [one.verb for one in refused] == list(asked)
    assert {(one.by.id, one.by.post, one.code) for one in refused} == {
        (_NOBODY, "nobody", "not_permitted")
    }
    of_the_case = {"dispose", "sign_off", "withdraw", "resubmit", "look"}
    assert {one.verb for one in refused if one.case == number} == of_the_case | {
        "look_at_contents"
    }
    assert site.case(number).version == version


def test_a_refusal_names_the_appointment_that_was_not_enough(site: Site) -> None:
    number = site.submit(CLEAN).number
    with pytest.raises(NotPermittedError):
        site.conclude(number, person="he")
    (refused,) = site.refusals()
    assert (refused.by.name, refused.by.department, refused.case) == (
        "何演示",
        TEACHING,
        number,
    )


def test_nothing_is_kept_of_what_may_not_be_handed_in(site: Site) -> None:
    before = site.vault.check().total
    with pytest.raises(NotPermittedError):
        site.submit(CLEAN, person="he")
    with pytest.raises(IncompleteError):
        site.submit(CLEAN, title=" ")
    two = (Upload(name="a.txt", data=b"a"), Upload(name="b.txt", data=b"b"))
    with pytest.raises(RefusedError, match="一事一审"):
        submit.submit(
            site.desk,
            Draft(
                title="两件事",
                department=PRESS,
                channels=("website",),
                drafted_by="王虚构",
                uploads=two,
            ),
            person="zhang",
        )
    assert site.vault.check().total == before
    assert register.page(site.desk, RegisterQuery(), person="li") == ()


def test_nothing_is_kept_of_a_version_that_is_refused(site: Site) -> None:
    number = site.submit(CLEAN).number
    before = site.vault.check().total
    with pytest.raises(NotPermittedError):
        site.resubmit(number, PHONE, person="he")
    site.conclude(number)
    with pytest.raises(WrongStageError):
        site.resubmit(number, PHONE)
    assert site.vault.check().total == before


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_the_three_administrators_decide_nothing(site: Site, who: str) -> None:
    number = site.submit(CLEAN).number
    for ask in (
        lambda: site.submit(CLEAN, person=who),
        lambda: site.conclude(number, person=who),
        lambda: site.sign(number, person=who),
    ):
        with pytest.raises(RefusedError):
            ask()
    assert site.case(number).version == 2


def test_the_auditor_sees_everything_and_the_other_two_nothing(site: Site) -> None:
    number = site.submit(CLEAN).number
    assert len(register.page(site.desk, RegisterQuery(), person="audit")) == 1
    assert look.see(site.desk, number, person="audit").number == number
    for who in ("system", "security"):
        with pytest.raises(NotPermittedError):
            register.page(site.desk, RegisterQuery(), person=who)
        with pytest.raises(NotPermittedError):
            register.counts(site.desk, person=who)


def test_a_department_sees_its_own_part_of_the_register(site: Site) -> None:
    mine = site.submit(CLEAN).number
    theirs = site.submit(CLEAN, person="he", department=TEACHING).number

    def numbers(who: str, **query: tuple[str, ...]) -> list[str]:
        rows = register.page(site.desk, RegisterQuery(**query), person=who)
        return [one.number for one in rows]

    assert numbers("zhang") == [mine]
    assert numbers("he") == [theirs]
    assert numbers("li") == [theirs, mine]
    assert numbers("zhang", departments=(TEACHING,)) == []
    assert numbers("li", departments=(TEACHING,)) == [theirs]
    assert register.counts(site.desk, person="he") == {"first_pass": 1}
    assert register.counts(site.desk, person="li") == {"first_pass": 2}


@on_both
def test_a_decision_on_what_changed_meanwhile_is_refused(site: Site) -> None:
    number = site.submit(PHONE).number
    seen = site.by("zhang", number)
    site.dispose(number)
    with pytest.raises(StaleError):
        review.conclude(
            site.desk, number, conclusion="agree", opinion="可以公开", asker=seen
        )
    asker = Asker(person="zhang", seen=seen.seen + 99)
    with pytest.raises(StaleError):
        submit.withdraw(site.desk, number, reason="撤回", asker=asker)
    with pytest.raises(StaleError):
        submit.resubmit(site.desk, number, draft(CLEAN), asker=seen)
    assert site.case(number).round.number == 1
    # Being late is no trespass.
    assert site.refusals() == ()


def test_a_step_out_of_turn_is_refused(site: Site) -> None:
    number = site.submit(CLEAN).number
    with pytest.raises(WrongStageError, match="待初审"):
        site.sign(number)
    site.conclude(number)
    with pytest.raises(WrongStageError):
        site.conclude(number)
    site.sign(number)
    with pytest.raises(WrongStageError):
        site.sign(number, person="qian")


def test_the_uploader_may_review_and_the_office_may_not_do_it_for_him(
    site: Site,
) -> None:
    number = site.submit(PHONE).number
    with pytest.raises(NotPermittedError):
        site.dispose(number, person="li")
    with pytest.raises(NotPermittedError):
        site.conclude(number, person="li")
    site.dispose(number, person="zhao")
    site.conclude(number, person="zhang")
    with pytest.raises(NotPermittedError, match="轮到"):
        site.dispose(number, person="zhao")


def test_an_appointment_holds_from_its_first_day_to_its_last(site: Site) -> None:
    wanted = appointment(
        "neu",
        "新人甲",
        "office",
        since=date(2026, 11, 25),
        until=date(2026, 11, 26),
    )
    people.appoint(site.desk, wanted, person="security")
    number = site.submit(CLEAN).number
    site.conclude(number)
    for day in (23, 24):
        assert site.clock().day == day
        with pytest.raises(NotPermittedError, match="今天没有有效的任命"):
            site.sign(number, person="neu")
        site.clock.pass_by(days=1)
    site.clock.pass_by(days=1, hours=14, minutes=59)  # the last minute of his last day
    decision = Decision(outcome="return", opinion="请补充来源")
    asker = site.by("neu", number)
    assert sign_off.sign_off(site.desk, number, decision, asker=asker).stage == "rework"
    site.clock.pass_by(minutes=1)
    site.resubmit(number, CLEAN)
    site.conclude(number)
    with pytest.raises(NotPermittedError):
        site.sign(number, person="neu")


def test_a_deputy_acts_by_an_appointment_of_his_own(site: Site) -> None:
    number = site.submit(CLEAN, channels=("press",)).number
    site.conclude(number)
    site.sign(number, channels=("press",))
    asker = site.by("feng", number)
    with pytest.raises(NotPermittedError):
        sign_off.lead(site.desk, number, agreed=True, opinion="同意", asker=asker)
    deputy = appointment("feng", "冯代理", "leader", deputy_for="sun")
    made = people.appoint(site.desk, deputy, person="security")
    case = sign_off.lead(site.desk, number, agreed=True, opinion="同意", asker=asker)
    assert case.round.leader is not None
    assert case.round.leader.by.appointment == made.id
    assert made.deputy_for == "sun"


def test_an_ended_appointment_decides_no_more_and_what_it_decided_stands(
    site: Site,
) -> None:
    number = site.cleared().number
    (held,) = people.appointments(site.desk, "li")
    people.end_appointment(
        site.desk,
        held.id,
        ended_on=date(2026, 11, 23),
        reason="云职院〔2026〕8号",
        person="security",
    )
    other = site.submit(CLEAN).number
    site.conclude(other)
    with pytest.raises(NotPermittedError):
        site.sign(other)
    assert site.case(number).stage == "cleared"
    assert site.sign(other, person="qian").stage == "cleared"


def test_the_security_administrator_does_not_appoint_himself(site: Site) -> None:
    with pytest.raises(NotPermittedError, match="自己"):
        people.appoint(
            site.desk, appointment("security", "吴安全", "office"), person="security"
        )
    with pytest.raises(NotPermittedError, match="初始设置"):
        people.found(site.desk, appointment("neu", "新人甲", "office"))
    with pytest.raises(NotPermittedError, match="已经任命"):
        people.found(site.desk, appointment("neu", "新人甲", "security_admin"))
    with pytest.raises(NotPermittedError, match="不同的人"):
        people.appoint(
            site.desk, appointment("li", "李样本", "auditor"), person="security"
        )
    assert [one.verb for one in site.refusals()] == ["appoint", "appoint"]


def test_what_is_not_there_is_not_found(site: Site) -> None:
    with pytest.raises(NotFoundError):
        look.see(site.desk, "2026-000009", person="li")
    number = site.submit(CLEAN).number
    with pytest.raises(NotFoundError):
        look.report_of(site.desk, number, person="li", round_number=2)
    with pytest.raises(NotFoundError):
        look.file_of(site.desk, number, "标题", person="li")
    with pytest.raises(NotFoundError):
        look.file_of(site.desk, number, "没有.txt", person="li")
    with pytest.raises(NotFoundError):
        people.end_appointment(
            site.desk,
            "任9999",
            ended_on=date(2027, 1, 1),
            reason="换岗",
            person="security",
        )


def test_a_new_round_stays_with_its_department(site: Site) -> None:
    both = appointment("zhang", "张示例", "reviewer", TEACHING)
    people.appoint(site.desk, both, person="security")
    number = site.submit(CLEAN).number
    moved = draft(CLEAN, department=TEACHING)
    with pytest.raises(RefusedError, match="不能更换部门"):
        submit.resubmit(site.desk, number, moved, asker=site.by("zhang", number))


def test_a_website_hands_in_and_records_and_decides_nothing(site: Site) -> None:
    cms = appointment("cms", "学院网站", "site", PRESS)
    people.appoint(site.desk, cms, person="security")
    number = site.submit(CLEAN, person="cms").number
    with pytest.raises(NotPermittedError):
        site.body(number, person="cms")
    with pytest.raises(NotPermittedError):
        site.conclude(number, person="cms")
    site.conclude(number)
    site.sign(number)
    case = publish.record_publication(
        site.desk,
        number,
        channel="website",
        address="https://www.example.edu.cn/news/1",
        published_at=site.clock(),
        asker=site.by("cms", number),
    )
    assert case.publications[-1].by.post == "site"


def test_where_an_item_comes_from_is_on_record(site: Site) -> None:
    given = draft(CLEAN)
    reposted = Draft(
        title=given.title,
        department=given.department,
        channels=given.channels,
        drafted_by=given.drafted_by,
        uploads=given.uploads,
        source=Source("repost", "云政办〔2026〕3号"),
        planned_on=date(2026, 12, 1),
        external_id="cms-17",
    )
    number = submit.submit(site.desk, reposted, person="zhang").number
    item = site.case(number).item
    assert (item.source, item.planned_on, item.external_id) == (
        Source("repost", "云政办〔2026〕3号"),
        date(2026, 12, 1),
        "cms-17",
    )
