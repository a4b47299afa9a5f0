"""The gate, code by code, on a whole installation."""

from datetime import timedelta

import pytest

from review.access.site_keys import presented
from review.case.request import Decision
from review.errors import (
    NotFoundError,
    NotPermittedError,
    SiteRefusedError,
    WrongStageError,
)
from review.service.cases import publish, review, sign_off, submit
from review.service.desk import Once
from review.service.gate import calls as gate
from review.service.gate import sites
from review.service.people import appointments as people
from tests.service.cms import ID, PAGE, TEXT, Cms, join
from tests.service.site import PRESS, TEACHING, Site, draft, on_both, page

MARKED = page("机密★5年\n关于虚构事项的报告\n各部门：现将虚构的有关事项报告如下。\n")


@pytest.fixture
def cms(site: Site) -> Cms:
    return join(site)


def test_what_nobody_handed_in_is_not_reviewed(cms: Cms) -> None:
    answer = cms.check(external_id="news-9")
    assert (answer.allowed, answer.code, answer.clearance) == (
        False,
        "not_reviewed",
        None,
    )


@on_both
def test_exactly_what_was_cleared_may_go_out(cms: Cms) -> None:
    case = cms.cleared()
    answer = cms.check()
    assert answer.allowed
    assert answer.code is None
    assert answer.case == case.number
    with cms.college.desk.store.reading() as records:
        row = records.clearance(case.grants[-1].id)
    assert row is not None
    assert answer.clearance == row.token


def test_a_yes_writes_nothing(cms: Cms) -> None:
    cms.cleared()
    cms.check()
    with cms.college.desk.store.reading() as records:
        before = records.gate.end()
    assert cms.check().allowed
    with cms.college.desk.store.reading() as records:
        assert records.gate.end() == before


def test_the_same_page_in_another_template_may_go_out(cms: Cms) -> None:
    cms.cleared()
    assert cms.check(page(TEXT, wrapped=True)).allowed
    assert cms.check(title="　学院举行秋季运动会 ").allowed


def test_while_it_is_reviewed_it_is_pending(cms: Cms) -> None:
    number = cms.submit().number
    assert cms.check().code == "pending"
    cms.college.conclude(number)
    assert cms.check().code == "pending"


def test_what_was_sent_back_is_pending(cms: Cms) -> None:
    number = cms.submit().number
    review.conclude(
        cms.college.desk,
        number,
        conclusion="must_change",
        opinion="标题要改一下",
        asker=cms.college.by("zhang", number),
    )
    assert cms.check().code == "pending"


def test_one_changed_character_is_said(cms: Cms) -> None:
    cms.cleared()
    answer = cms.check(PAGE.replace("十二个".encode(), "十三个".encode()))
    assert (answer.allowed, answer.code) == (False, "changed")
    assert len(answer.changes) == 1
    assert "十三个" in answer.changes[0]


def test_a_passage_that_was_added_is_said(cms: Cms) -> None:
    cms.cleared()
    more = page(TEXT + "闭幕式由李样本主持。\n")
    answer = cms.check(more)
    assert answer.code == "changed"
    assert len(answer.changes) == 1
    assert "新增“闭幕式由李样本主持。”" in answer.changes[0]


def test_another_title_is_a_change(cms: Cms) -> None:
    cms.cleared()
    answer = cms.check(title="学院举行冬季运动会")
    assert answer.code == "changed"
    assert "冬季" in answer.changes[0]


def test_hidden_text_that_was_not_reviewed_is_a_change(cms: Cms) -> None:
    cms.cleared()
    hidden = PAGE.replace(b"</body>", "<p hidden>另有安排</p></body>".encode())
    assert cms.check(hidden).code == "changed"


def test_what_cannot_be_read_is_a_change(cms: Cms) -> None:
    cms.cleared()
    assert cms.check(b"").code == "changed"


def test_attachments_must_be_the_reviewed_ones(cms: Cms) -> None:
    attached = [("名单.txt", "运动员名单：甲班、乙班、丙班。\n".encode())]
    cms.cleared(attachments=attached)
    assert cms.check(attachments=attached).allowed
    assert cms.check().code == "attachment"
    other = [("名单.txt", "运动员名单：甲班、乙班、丁班。\n".encode())]
    answer = cms.check(attachments=other)
    assert answer.code == "attachment"
    assert any("名单.txt" in one for one in answer.changes)


def test_other_channels_are_not_covered(cms: Cms) -> None:
    cms.cleared()
    assert cms.check(channel="wechat").code == "channel"
    assert cms.check(channel="press").code == "channel"


def test_a_refused_item_stays_refused(cms: Cms) -> None:
    number = cms.submit().number
    cms.college.conclude(number)
    sign_off.sign_off(
        cms.college.desk,
        number,
        Decision(outcome="refuse", opinion="属于工作秘密", ground="work_secret"),
        asker=cms.college.by("li", number),
    )
    assert cms.check().code == "refused"
    assert cms.submit().number == number


def test_an_incident_is_refused_and_says_nothing_of_it(cms: Cms) -> None:
    cms.submit(MARKED)
    answer = cms.check(MARKED)
    assert answer.code == "refused"
    assert "涉密" not in answer.message


def test_a_withdrawn_item_is_not_reviewed_and_may_come_anew(cms: Cms) -> None:
    number = cms.submit().number
    submit.withdraw(
        cms.college.desk,
        number,
        reason="不再公开",
        asker=cms.college.by("zhang", number),
    )
    assert cms.check().code == "not_reviewed"
    assert cms.submit().number != number


def test_a_revoked_clearance_opens_nothing_from_then_on(cms: Cms) -> None:
    number = cms.cleared().number
    assert cms.check().allowed
    publish.revoke(
        cms.college.desk,
        number,
        cause="error",
        reason="数字有误",
        asker=cms.college.by("li", number),
    )
    assert cms.check().code == "revoked"


def test_a_clearance_runs_out_by_the_clock_alone(cms: Cms) -> None:
    cms.cleared()
    assert cms.check().allowed
    cms.college.clock.pass_by(days=cms.college.desk.policy.clearance_valid_days)
    assert cms.check().code == "expired"
    publish.expire_due(cms.college.desk)
    assert cms.check().code == "expired"


def test_a_refusal_is_sealed_once_a_day(cms: Cms) -> None:
    cms.cleared()
    changed = PAGE.replace("十二个".encode(), "十三个".encode())
    for _ in range(3):
        cms.check(changed)
    assert len(cms.refusals()) == 1
    said = cms.refusals()[0]
    assert (said.site, said.external_id, said.code) == (ID, "news-1", "changed")
    assert said.by.post == "site"
    cms.check(PAGE.replace("十二个".encode(), "十四个".encode()))
    assert len(cms.refusals()) == 2
    cms.college.clock.pass_by(days=1)
    cms.check(changed)
    assert len(cms.refusals()) == 3


def test_the_same_contents_again_are_the_same_case(cms: Cms) -> None:
    first = cms.submit()
    assert cms.submit().version == first.version
    number = cms.cleared().number
    assert number == first.number
    assert cms.submit().number == number


def test_a_new_version_under_review_is_a_new_round(cms: Cms) -> None:
    number = cms.submit().number
    again = cms.submit(page(TEXT + "闭幕式由李样本主持。\n"))
    assert (again.number, again.round.number) == (number, 2)


def test_what_was_sent_back_comes_again_as_a_new_round(cms: Cms) -> None:
    number = cms.submit().number
    review.conclude(
        cms.college.desk,
        number,
        conclusion="must_change",
        opinion="标题要改一下",
        asker=cms.college.by("zhang", number),
    )
    again = cms.submit()
    assert (again.number, again.round.number) == (number, 2)


def test_a_new_version_of_what_is_cleared_waits_for_the_revocation(cms: Cms) -> None:
    number = cms.cleared().number
    changed = page(TEXT + "闭幕式由李样本主持。\n")
    with pytest.raises(WrongStageError):
        cms.submit(changed)
    publish.revoke(
        cms.college.desk,
        number,
        cause="superseded",
        reason="有新版本",
        asker=cms.college.by("zhang", number),
    )
    again = cms.submit(changed)
    assert (again.number, again.round.number) == (number, 2)
    cms.college.conclude(number)
    cms.college.sign(number)
    assert cms.check(changed).allowed
    assert cms.check(PAGE).code == "changed"


def test_an_idempotent_submission_is_carried_out_once(cms: Cms) -> None:
    said = gate.Submission(draft=draft(PAGE), external_id="news-1")
    once = Once(key="k1", fingerprint="f1")
    first = gate.submit(cms.college.desk, said, site=cms.me, once=once)
    again = gate.submit(cms.college.desk, said, site=cms.me, once=once)
    assert (again.number, again.version) == (first.number, first.version)


def test_a_site_keeps_to_its_channels_departments_and_hosts(cms: Cms) -> None:
    with pytest.raises(NotPermittedError):
        cms.submit(channels=("press",))
    with pytest.raises(NotPermittedError):
        cms.submit(department=TEACHING)
    with pytest.raises(Exception, match="回调"):
        cms.submit(callback_url="https://elsewhere.example.com/")


def test_a_site_from_elsewhere_is_not_let_in(cms: Cms) -> None:
    cms.cleared()
    with pytest.raises(SiteRefusedError):
        cms.check(address="10.9.9.9")
    with pytest.raises(SiteRefusedError):
        gate.let_in(cms.college.desk, cms.keeper, cms.key, address="10.9.9.9")
    with cms.college.desk.store.reading() as records:
        assert len(records.entries_of_kind("account.sign_in_refused")) == 1


def test_a_revoked_key_opens_nothing_and_the_other_one_does(cms: Cms) -> None:
    cms.cleared()
    other = sites.issue_key(cms.college.desk, ID, person="system")
    sites.revoke_key(cms.college.desk, ID, cms.key.id, person="system")
    with pytest.raises(SiteRefusedError):
        cms.check()
    shown = presented(other.text)
    assert shown is not None
    cms.key = shown
    assert cms.check().allowed


def test_a_closed_site_is_not_let_in(cms: Cms) -> None:
    cms.cleared()
    sites.close(cms.college.desk, ID, person="system")
    with pytest.raises(SiteRefusedError):
        cms.check()


def test_without_an_appointment_the_gate_stays_shut(cms: Cms) -> None:
    cms.cleared()
    held = people.appointments(cms.college.desk, ID)[0]
    people.end_appointment(
        cms.college.desk,
        held.id,
        ended_on=cms.college.clock.at.date(),
        reason="云职院〔2026〕9号",
        person="security",
    )
    for _ in range(2):
        with pytest.raises(NotPermittedError):
            cms.check()
    refused = [one for one in cms.college.refusals() if one.verb == "gate_check"]
    assert len(refused) == 1
    with pytest.raises(NotPermittedError):
        cms.submit(external_id="news-2")


def test_a_case_of_its_department_is_asked_for_by_number(cms: Cms) -> None:
    number = cms.college.cleared(PAGE, name="正文.html").number
    assert cms.check(external_id=None, case=number).allowed
    assert cms.check(external_id=None, case="2026-999999").code == "not_reviewed"


def test_another_sites_item_is_none_of_its_business(cms: Cms) -> None:
    number = cms.cleared().number
    other = join(cms.college, id="site-other", name="另一网站")
    assert other.check().code == "not_reviewed"
    assert other.check(external_id=None, case=number).code == "not_reviewed"
    with pytest.raises(NotFoundError):
        gate.case_of(cms.college.desk, site=other.me, number=number)
    with pytest.raises(NotFoundError):
        gate.case_of(cms.college.desk, site=other.me, external_id="news-1")


def test_a_publication_goes_into_the_register_once(cms: Cms) -> None:
    number = cms.cleared().number
    for _ in range(2):
        gate.publications(
            cms.college.desk,
            number,
            site=cms.me,
            channel="website",
            address="https://news.example.edu.cn/1",
            published_at=cms.college.clock.at,
        )
    case = cms.college.case(number)
    assert case.stage == "published"
    assert len(case.publications) == 1
    assert cms.check().allowed


def test_only_who_administers_the_system_keeps_sites(cms: Cms) -> None:
    for person in ("security", "audit", "zhang", "li"):
        with pytest.raises(NotPermittedError):
            sites.issue_key(cms.college.desk, ID, person=person)
    assert [one.site.id for one in sites.listed(cms.college.desk, person="audit")] == [
        ID
    ]


def test_the_day_of_a_keys_last_use_is_kept(cms: Cms) -> None:
    assert cms.me.departments == (PRESS,)
    seen = sites.listed(cms.college.desk, person="system")[0]
    assert dict(seen.last_used) == {cms.key.id: cms.college.clock.at.date()}


def test_a_key_that_only_asks_is_used_too(cms: Cms) -> None:
    clock, key = cms.college.clock, cms.key.id
    for _ in range(2):
        cms.check()
        seen = sites.listed(cms.college.desk, person="system")[0]
        assert dict(seen.last_used) == {key: clock.at.date()}
        clock.at += timedelta(days=1)
