"""One item's way from the draft to the published page, and back."""

from datetime import datetime, timedelta
from typing import Literal

import pytest

from review.case.case import Case
from review.case.policy import FastLane
from review.case.request import Decision, Judgment
from review.case.values import Published
from review.clearance import offline, revocations
from review.clearance.interface import Revocations
from review.clearance.keys import key_set
from review.clearance.offline import OfflineVerdict
from review.contents.compare import Comparison, describe
from review.errors import IncompleteError, NotPermittedError, RefusedError
from review.service.cases import clearances, look, publish, review, sign_off, submit
from tests.service import site as sites
from tests.service.site import CLEAN, MEETING, PHONE, Site, offered, on_both


def _verdict(
    site: Site, number: str, text: str | bytes, channel: str = "website"
) -> OfflineVerdict:
    """Return what a website learns, with nothing but the token and what is published."""
    contents = offered(text)
    return offline.check(
        clearances.clearance_of(site.desk, number, person="zhang").token,
        jwks=clearances.published_keys(site.desk),
        now=site.clock(),
        revocations=clearances.revocation_list(site.desk),
        contents=contents.digest,
        channel=channel,
        hidden=contents.hidden,
    )


@on_both
def test_a_clean_item_goes_out_and_is_taken_back(site: Site) -> None:
    case = site.submit(CLEAN)
    number = case.number
    assert (number, case.stage, site.findings(number)) == (
        "2026-000001",
        "first_pass",
        (),
    )
    assert site.conclude(number).stage == "signing"
    case = site.sign(number)
    assert case.stage == "cleared"
    assert case.grant is not None
    assert case.grant.valid_until == case.grant.valid_from + timedelta(days=180)
    assert _verdict(site, number, CLEAN).allowed

    site.clock.pass_by(hours=2)
    case = publish.record_publication(
        site.desk,
        number,
        channel="website",
        address="https://www.example.edu.cn/news/1",
        published_at=site.clock() - timedelta(minutes=5),
        asker=site.by("zhang", number),
    )
    assert case.stage == "published"

    case = publish.revoke(
        site.desk,
        number,
        cause="error",
        reason="数字有误，先撤下更正",
        asker=site.by("li", number),
    )
    assert case.stage == "revoked"
    refused = _verdict(site, number, CLEAN)
    assert (refused.allowed, refused.code) == (False, "revoked")
    assert site.kinds(number) == (
        "submitted",
        "scanned",
        "first_pass_concluded",
        "signed_off",
        "cleared",
        "publication_recorded",
        "revoked",
    )


def test_two_items_get_two_numbers_and_next_year_begins_anew(site: Site) -> None:
    assert [site.submit(CLEAN).number for _ in range(2)] == [
        "2026-000001",
        "2026-000002",
    ]
    site.clock.pass_by(days=60)
    assert site.submit(CLEAN).number == "2027-000001"


@pytest.mark.parametrize("name", ["正文.txt", "正文.html", "正文.docx"])
def test_the_same_is_the_same_and_one_character_is_shown(site: Site, name: str) -> None:
    made = {"正文.txt": str.encode, "正文.html": sites.page, "正文.docx": sites.docx}
    make = made[name]
    case = site.submit(make(CLEAN), name=name)
    site.acknowledge(case.number)
    site.conclude(case.number)
    site.sign(case.number)

    def compared(text: str) -> Comparison:
        given = offered(make(text), name=name)
        return clearances.compare_with_cleared(
            site.desk, case.number, given, person="zhang"
        )

    same = compared(CLEAN)
    assert (same.same, same.changes, same.hidden_added) == (True, (), False)
    changed = compared(CLEAN.replace("十二个项目", "十三个项目"))
    assert not changed.same
    (change,) = changed.changes
    assert "十二" in change.before
    assert "十三" in change.after
    assert "十三个项目" in describe(change)


def test_another_wrapping_of_a_page_is_the_same_and_hidden_text_is_not(
    site: Site,
) -> None:
    case = site.cleared(sites.page(CLEAN), name="正文.html")
    wrapped = offered(sites.page(CLEAN, wrapped=True), name="发布.html")
    found = clearances.compare_with_cleared(
        site.desk, case.number, wrapped, person="zhang"
    )
    assert (found.same, found.changes) == (True, ())
    smuggled = sites.page(CLEAN).replace(
        b"</body>", '<p style="display:none">另有安排</p></body>'.encode()
    )
    found = clearances.compare_with_cleared(
        site.desk, case.number, offered(smuggled, name="发布.html"), person="zhang"
    )
    assert found.hidden_added


def test_a_clearance_holds_for_its_attachments_and_its_channels(site: Site) -> None:
    attached = [("报名表.txt", "姓名：\n班级：\n".encode())]
    number = site.submit(CLEAN, attachments=attached).number
    site.conclude(number)
    site.sign(number)
    left_out = clearances.compare_with_cleared(
        site.desk, number, offered(CLEAN), person="zhang"
    )
    assert not left_out.same
    assert [(one.kind, one.name) for one in left_out.attachments] == [
        ("removed", "报名表.txt")
    ]
    found = clearances.compare_with_cleared(
        site.desk, number, offered(CLEAN, attachments=attached), person="zhang"
    )
    assert found.same
    assert _verdict(site, number, CLEAN).code == "changed"
    assert _verdict(site, number, CLEAN, channel="wechat").code == "channel"


def test_a_channel_that_nobody_asked_for_is_not_given(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    with pytest.raises(RefusedError, match="公众号"):
        site.sign(number, channels=("website", "wechat"))
    with pytest.raises(IncompleteError):
        site.sign(number, channels=())
    assert site.case(number).stage == "signing"
    assert site.sign(number).stage == "cleared"


def test_each_finding_is_disposed_of_by_itself(site: Site) -> None:
    number = site.submit(MEETING + PHONE).number
    findings = site.findings(number)
    assert len(findings) > 1
    for count, finding in enumerate(findings, start=1):
        with pytest.raises(IncompleteError, match="处置意见"):
            site.conclude(number)
        judgment = Judgment(
            finding=finding, opinion="not_sensitive", reason="会议结果已经公布"
        )
        case = review.dispose(
            site.desk, number, judgment, asker=site.by("zhang", number)
        )
        assert len(case.round.open_findings) == len(findings) - count
    assert site.conclude(number).stage == "signing"
    assert site.sign(number).stage == "cleared"


def test_a_disposition_needs_a_reason_and_a_finding_of_this_round(site: Site) -> None:
    number = site.submit(PHONE).number
    (finding,) = site.findings(number)
    for judgment, error in (
        (
            Judgment(finding=finding, opinion="not_sensitive", reason=" "),
            IncompleteError,
        ),
        (
            Judgment(finding="9.f9", opinion="not_sensitive", reason="公开信息"),
            RefusedError,
        ),
        (
            Judgment(
                finding=finding,
                opinion="not_sensitive",
                reason="公开信息",
                published=Published(kind="address", value="https://www.example.edu.cn"),
            ),
            RefusedError,
        ),
    ):
        with pytest.raises(error):
            review.dispose(site.desk, number, judgment, asker=site.by("zhang", number))
    assert site.case(number).version == 2


def test_published_elsewhere_is_a_reason_where_the_clause_says_so(site: Site) -> None:
    number = site.submit(MEETING).number
    report = site.case(number).round.report
    assert report is not None
    for one in report.findings:
        assert one.releasable
        judgment = Judgment(
            finding=one.id,
            opinion="not_sensitive",
            reason="决定已经发文公布",
            published=Published(kind="document_number", value="云职院〔2026〕9号"),
        )
        review.dispose(site.desk, number, judgment, asker=site.by("zhang", number))
    site.conclude(number)
    assert site.sign(number).stage == "cleared"


def test_uncertain_goes_to_the_office_and_the_office_settles_it(site: Site) -> None:
    number = site.submit(PHONE).number
    site.dispose(number, "uncertain", reason="不清楚是不是本人同意")
    with pytest.raises(RefusedError, match="存疑"):
        site.conclude(number)
    case = review.conclude(
        site.desk,
        number,
        conclusion="uncertain",
        opinion="请保密办确定",
        asker=site.by("zhang", number),
    )
    assert case.stage == "signing"
    with pytest.raises(IncompleteError, match="保密办"):
        site.sign(number)
    site.dispose(number, person="li", reason="办公电话，已向本人核实")
    assert site.sign(number).stage == "cleared"


def test_what_must_change_comes_back_as_a_new_round(site: Site) -> None:
    number = site.submit(MEETING + PHONE).number
    site.dispose(number, "must_change", reason="删去这一处")
    with pytest.raises(RefusedError, match="须删改"):
        site.conclude(number)
    case = review.conclude(
        site.desk,
        number,
        conclusion="must_change",
        opinion="改好再送",
        asker=site.by("zhang", number),
    )
    assert case.stage == "rework"

    case = site.resubmit(number, PHONE)
    assert (case.stage, case.round.number) == ("first_pass", 2)
    changes = look.changes_since(site.desk, number, person="zhang")
    assert changes is not None
    assert any("同意5票" in one.before for one in changes.changes)
    assert all("同意5票" not in one.after for one in changes.changes)

    # What was said of the telephone number stands beside it, and does not count.
    (finding,) = site.findings(number)
    assert case.round.dispositions == ()
    said = look.earlier_dispositions(site.desk, number, person="zhang")
    assert [(one.round, one.disposition.opinion) for one in said[finding]] == [
        (1, "must_change")
    ]
    with pytest.raises(IncompleteError):
        site.conclude(number)
    site.dispose(number)
    site.conclude(number)
    case = site.sign(number)
    assert case.grant is not None
    assert case.grant.round == 2
    # The first round stays to be read.
    old = look.file_of(site.desk, number, "正文.txt", person="li", round_number=1)
    assert "同意5票" in old[1].decode()
    assert look.changes_since(site.desk, number, person="li", round_number=1) is None


def test_a_round_replaced_before_its_conclusion_ends_without_one(site: Site) -> None:
    number = site.submit(PHONE).number
    site.dispose(number)
    case = site.resubmit(number, CLEAN)
    assert (case.round.number, case.round.dispositions) == (2, ())
    assert case.rounds[0].first_pass is None


def test_part_of_an_item_goes_out_after_a_round_of_its_own(site: Site) -> None:
    number = site.submit(MEETING + CLEAN).number
    site.dispose(number)
    site.conclude(number)
    partly = Decision(outcome="partial", opinion="删去会议一段后公开")
    with pytest.raises(IncompleteError, match="依据"):
        sign_off.sign_off(site.desk, number, partly, asker=site.by("li", number))
    partly = Decision(
        outcome="partial",
        opinion="删去会议一段后公开",
        ground="work_secret",
        clauses=("001:12(3)",),
    )
    case = sign_off.sign_off(site.desk, number, partly, asker=site.by("li", number))
    assert (case.stage, case.grants) == ("rework", ())
    site.resubmit(number, CLEAN)
    site.conclude(number)
    site.sign(number)
    with site.desk.store.reading() as reading:
        row = reading.register_row(number)
    assert row is not None
    assert (row.stage, row.outcome, row.round) == ("cleared", "partial", 2)


def test_the_office_sends_back_what_is_to_be_changed(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    back = Decision(outcome="return", opinion="标题请写全称")
    case = sign_off.sign_off(site.desk, number, back, asker=site.by("li", number))
    assert case.stage == "rework"
    # The same contents once more are a new round all the same.
    case = site.resubmit(number, CLEAN)
    assert (case.round.number, case.round.sign_off) == (2, None)


_KINDS: tuple[Literal["refer_upward", "ask_source"], ...] = (
    "refer_upward",
    "ask_source",
)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_question_is_answered_before_the_office_decides(
    site: Site, kind: Literal["refer_upward", "ask_source"]
) -> None:
    number = site.submit(PHONE).number
    site.dispose(number, "uncertain", reason="不清楚是不是本人同意")
    review.conclude(
        site.desk,
        number,
        conclusion="uncertain",
        opinion="请保密办确定",
        asker=site.by("zhang", number),
    )
    case = sign_off.refer(
        site.desk,
        number,
        kind=kind,
        to="云山州教育局",
        question="这一号码可否公开？",
        asker=site.by("li", number),
    )
    assert case.stage == "referred"
    with pytest.raises(RefusedError):
        site.sign(number)
    tomorrow = site.clock() + timedelta(days=1)
    with pytest.raises(RefusedError, match="今天"):
        _answer(site, number, tomorrow)
    site.clock.pass_by(days=2)
    case = _answer(site, number, tomorrow)
    assert (case.stage, case.referrals[-1].answer) == ("signing", "可以公开")
    site.dispose(number, person="li", reason="已有答复，可以公开")
    assert site.sign(number).stage == "cleared"


def _answer(site: Site, number: str, at: datetime) -> Case:
    return sign_off.answer(
        site.desk,
        number,
        text="可以公开",
        document="云教函〔2026〕7号",
        answered_on=at.date(),
        asker=site.by("li", number),
    )


def test_the_press_needs_the_leader_who_may_send_it_back(site: Site) -> None:
    number = site.submit(CLEAN, channels=("website", "press")).number
    site.conclude(number)
    case = site.sign(number, channels=("website", "press"))
    assert (case.stage, case.grants) == ("leading", ())
    with pytest.raises(NotPermittedError):
        sign_off.lead(
            site.desk, number, agreed=True, opinion="同意", asker=site.by("li", number)
        )
    case = sign_off.lead(
        site.desk,
        number,
        agreed=False,
        opinion="报刊先不发",
        asker=site.by("sun", number),
    )
    assert (case.stage, case.round.sign_off) == ("signing", None)
    # The office now leaves the press out: nobody else need agree.
    case = site.sign(number)
    assert case.stage == "cleared"
    assert case.grant is not None
    assert case.grant.channels == ("website",)


def test_the_leaders_word_clears(site: Site) -> None:
    number = site.submit(CLEAN, channels=("press",)).number
    site.conclude(number)
    site.sign(number, channels=("press",))
    case = sign_off.lead(
        site.desk, number, agreed=True, opinion="同意刊发", asker=site.by("sun", number)
    )
    assert case.stage == "cleared"
    assert site.kinds(number)[-3:] == ("signed_off", "leader_decided", "cleared")


def test_the_head_endorses_where_the_policy_asks_it(site: Site) -> None:
    site.adopt(head_must_endorse=True)
    number = site.submit(CLEAN).number
    assert site.conclude(number).stage == "endorsing"
    with pytest.raises(RefusedError):
        site.sign(number)
    case = _endorse(site, number, agreed=False)
    assert (case.stage, case.round.first_pass) == ("first_pass", None)
    site.conclude(number)
    assert _endorse(site, number, agreed=True).stage == "signing"
    assert site.sign(number).stage == "cleared"


def _endorse(site: Site, number: str, *, agreed: bool) -> Case:
    return review.endorse(
        site.desk,
        number,
        agreed=agreed,
        opinion="已看过全文",
        asker=site.by("wang", number),
    )


def _finish(site: Site, number: str, person: str = "wang") -> Case:
    return sign_off.finish_in_department(
        site.desk,
        number,
        opinion="一般信息，可以公开",
        channels=("website",),
        asker=site.by(person, number),
    )


def test_the_fast_lane_is_closed_until_the_policy_opens_it(site: Site) -> None:
    site.adopt(head_must_endorse=True)
    number = site.submit(CLEAN).number
    site.conclude(number)
    with pytest.raises(NotPermittedError, match="没有开通"):
        _finish(site, number)


def test_the_fast_lane_is_for_general_items_alone(site: Site) -> None:
    lane = FastLane(enabled=True, channels=("website",), most_severe="notice")
    site.adopt(fast_lane=lane)
    number = site.submit(CLEAN).number
    assert site.conclude(number).stage == "endorsing"
    with pytest.raises(NotPermittedError):
        _finish(site, number, person="li")
    case = _finish(site, number)
    assert (case.stage, case.round.fast_lane) == ("cleared", True)

    number = site.submit(PHONE).number
    site.dispose(number)
    site.conclude(number)
    with pytest.raises(NotPermittedError, match="不是一般事项"):
        _finish(site, number)
    assert _endorse(site, number, agreed=True).stage == "signing"


def test_nobody_wears_two_hats_in_one_case(site: Site) -> None:
    both = sites.appointment("zhang", "张示例", "office")
    sites.people.appoint(site.desk, both, person="security")
    number = site.submit(CLEAN).number
    site.conclude(number)
    with pytest.raises(NotPermittedError, match="不能终审同一件"):
        site.sign(number, person="zhang")
    assert site.sign(number, person="qian").stage == "cleared"


def test_a_gap_is_looked_at_by_a_person_first(site: Site) -> None:
    case = site.submit(sites.docx(CLEAN), name="正文.docx")
    number = case.number
    (gap,) = case.round.open_gaps
    with pytest.raises(IncompleteError, match="未能检查"):
        site.conclude(number)
    with pytest.raises(IncompleteError):
        review.acknowledge_gap(
            site.desk, number, gap, note="", asker=site.by("zhang", number)
        )
    assert site.acknowledge(number).round.open_gaps == ()
    site.conclude(number)
    assert site.sign(number).stage == "cleared"


def test_what_cannot_be_read_cannot_be_cleared(site: Site) -> None:
    case = site.submit(CLEAN, attachments=[("名单.docx", sites.BROKEN)])
    number, report = case.number, case.round.report
    assert report is not None
    assert report.verdict == "blocked"
    assert [one.unreadable for one in report.gaps] == [True]
    site.acknowledge(number)
    with pytest.raises(RefusedError, match="无法读取"):
        site.conclude(number)
    review.conclude(
        site.desk,
        number,
        conclusion="must_change",
        opinion="附件打不开，请换",
        asker=site.by("zhang", number),
    )
    site.resubmit(number, CLEAN)
    changes = look.changes_since(site.desk, number, person="zhang")
    assert changes is not None
    assert [(one.kind, one.name) for one in changes.attachments] == [
        ("removed", "名单.docx")
    ]
    site.conclude(number)
    assert site.sign(number).stage == "cleared"


def test_a_body_that_cannot_be_read_has_nothing_to_compare(site: Site) -> None:
    case = site.submit(sites.BROKEN, name="正文.docx")
    number, report = case.number, case.round.report
    assert report is not None
    assert (report.canonical, report.verdict) == (None, "blocked")
    site.acknowledge(number)
    review.conclude(
        site.desk,
        number,
        conclusion="must_change",
        opinion="正文打不开，请换",
        asker=site.by("zhang", number),
    )
    site.resubmit(number, sites.docx(CLEAN))
    assert look.changes_since(site.desk, number, person="zhang") is None
    assert look.earlier_dispositions(site.desk, number, person="zhang") == {}


def test_an_item_may_be_taken_back_until_it_is_decided(site: Site) -> None:
    number = site.submit(CLEAN).number
    asker = site.by("zhang", number)
    with pytest.raises(IncompleteError):
        submit.withdraw(site.desk, number, reason="", asker=asker)
    case = submit.withdraw(site.desk, number, reason="活动改期", asker=asker)
    assert (case.stage, case.withdrawn_because) == ("withdrawn", "活动改期")
    with pytest.raises(RefusedError):
        site.conclude(number)
    cleared = site.cleared()
    with pytest.raises(RefusedError):
        submit.withdraw(
            site.desk,
            cleared.number,
            reason="不发了",
            asker=site.by("zhang", cleared.number),
        )


def test_a_publication_outside_the_clearance_is_not_recorded(site: Site) -> None:
    number = site.submit(CLEAN, channels=("website", "wechat")).number
    site.conclude(number)
    case = site.sign(number)
    assert case.grant is not None
    for channel, at, words in (
        ("wechat", site.clock(), "没有得到许可"),
        ("website", site.clock() + timedelta(hours=1), "晚于现在"),
        ("website", case.grant.valid_from - timedelta(days=1), "有效期"),
    ):
        with pytest.raises(RefusedError, match=words):
            publish.record_publication(
                site.desk,
                number,
                channel=channel,  # type: ignore[arg-type]  # - written above
                address="https://www.example.edu.cn/news/1",
                published_at=at,
                asker=site.by("zhang", number),
            )
    assert site.case(number).publications == ()


def test_an_empty_list_of_revocations_is_signed_too(site: Site) -> None:
    keys = key_set(clearances.published_keys(site.desk))
    text = clearances.revocation_list(site.desk)
    found = revocations.verify(text, keys, now=site.clock())
    assert isinstance(found, Revocations)
    assert (found.issuer, found.entries) == ("yunshan", ())
