"""The review's page: the draft with its findings, who may do what, nothing left undone."""

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.case.people import Post
from review.case.request import Addition
from review.service.cases import incidents, look, publish, review
from review.service.cases.review_sheet import sheet_of
from tests.api.college import College
from tests.pages.desks import (
    HIDDEN,
    HOSTILE,
    HTML,
    desk,
    dialogs,
    open_button,
    parsed,
    words,
)
from tests.service.site import BROKEN, CLEAN, MARKED, MEETING, PHONE, Site

_NUMBER = "13800000001"


def _attribute(node: LexborNode | None, name: str) -> str:
    assert node is not None
    return node.attributes[name] or ""


def _judge_form(text: str) -> LexborNode:
    """Return the form that the page's script copies into cards."""
    inside = text.partition('<template id="judge-form">')[2].partition("</template>")[0]
    form = LexborHTMLParser(inside).css_first("form")
    assert form is not None
    return form


def _cards(page: LexborHTMLParser) -> list[LexborNode]:
    return page.css(".card[data-finding]")


def test_the_draft_stands_beside_its_findings(college: College) -> None:
    number = college.submit(text=PHONE)
    answer = desk(college, "zhang", number)
    page, said = parsed(answer), words(answer)
    mark = page.css_first("#draft mark")
    assert mark is not None
    assert mark.text() == _NUMBER
    (card,) = _cards(page)
    assert _attribute(mark, "data-f") == _attribute(card, "data-finding")
    assert _attribute(mark, "data-n") == _attribute(card, "data-number")
    for one in ("个人隐私", "需处置", "未处置", "依据条款", "处理建议", "0 / 1"):
        assert one in said
    assert "现场气氛热烈" in said
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_of_a_draft_is_taken_for_markup(college: College) -> None:
    number = college.submit(text=f"{PHONE}{HOSTILE}\n", title=HOSTILE)
    answer = desk(college, "zhang", number)
    assert "<b>甲" not in answer.text
    assert HOSTILE in words(answer)


def test_every_run_tells_where_it_stands(college: College) -> None:
    number = college.submit(text=f"{PHONE}{'这是很长的一段说明文字。' * 60}\n")
    full = look.report_of(college.site.desk, number, person="zhang")
    texts = [
        {one["passage"]: one["text"] for one in file["text"]} for file in full["files"]
    ]
    seen = set()
    for lines in parsed(desk(college, "zhang", number)).css("#draft [data-lines]"):
        sheet = lines.parent
        own = lines.attributes.get("data-file") or _attribute(sheet, "data-file")
        for run in lines.css("[data-p]"):
            passage, start = int(_attribute(run, "data-p")), _attribute(run, "data-s")
            text = run.text()
            assert texts[int(own)][passage][int(start) :].startswith(text)
            seen.add((int(own), passage))
    assert seen == {(at, one) for at, each in enumerate(texts) for one in each}


def test_what_is_hidden_has_a_pane_of_its_own(college: College) -> None:
    number = college.site.submit(HIDDEN, name="正文.html").number
    page = parsed(desk(college, "zhang", number))
    assert "尚未宣布" in page.css_first("#hidden-1").text()
    assert "尚未宣布" not in page.css_first("#file-1").text()
    assert "隐藏内容" in page.css_first("#tab-hidden-1").text()
    assert any("data-hidden" in one.attributes for one in _cards(page))
    assert parsed(desk(college, "zhang", college.submit())).css(".unseen") == []


@pytest.mark.parametrize("person", ["he", "system", "security"])
def test_it_is_nothing_for_others(college: College, person: str) -> None:
    number = college.submit()
    assert desk(college, person, number).status_code == 403
    assert desk(college, person, number, "review/findings").status_code == 403


@pytest.mark.parametrize("person", ["wang", "li", "sun", "audit"])
def test_who_may_only_look_is_offered_nothing(college: College, person: str) -> None:
    number = college.submit(text=PHONE)
    page = parsed(desk(college, person, number))
    assert len(_cards(page)) == 1
    assert page.css("#side form, #judge-form, #side [data-opens]") == []
    assert "data-disposes" not in page.css_first("#side").attributes
    assert "部门初审员" in page.css_first(".do").text()


def test_who_is_not_signed_in_comes_back_after_it(college: College) -> None:
    number = college.submit()
    answer = college.nobody().get(
        f"/cases/{number}/review", headers=HTML, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"next=%2Fcases%2F{number}%2Freview")


def test_the_conclusion_waits_until_all_is_disposed_of(college: College) -> None:
    number = college.submit(text=PHONE)
    page = parsed(desk(college, "zhang", number))
    assert not open_button(page, "conclude")
    assert dialogs(page) == {"add"}
    college.site.dispose(number)
    page = parsed(desk(college, "zhang", number))
    assert open_button(page, "conclude")
    assert dialogs(page) == {"add", "conclude"}
    assert page.css("#conclude input[disabled][name=conclusion]") == []
    assert "不涉密 1" in page.css_first("#conclude .summary").text()


def test_the_conclusion_follows_from_the_dispositions(college: College) -> None:
    number = college.submit(text=PHONE)
    college.site.dispose(number, "must_change", reason="个人号码，请删去")
    page = parsed(desk(college, "zhang", number))
    (closed,) = page.css("#conclude input[disabled][name=conclusion]")
    assert _attribute(closed, "value") == "agree"
    shown = page.css_first("#conclude").text()
    assert "不能拟同意" in shown
    assert _NUMBER in shown
    assert "个人号码，请删去" in shown


def test_what_the_forms_send_is_what_the_interface_takes(college: College) -> None:
    number = college.submit(text=PHONE)
    form = _judge_form(desk(college, "zhang", number).text)
    named = {
        one.attributes["name"]: one
        for one in form.css("input[name], select[name], textarea[name]")
    }
    assert set(named) == {"opinion", "reason", "published_kind", "published_value"}
    (finding,) = college.site.findings(number)
    body = {
        "opinion": "uncertain",
        "reason": form.css_first("[data-fill=reason]").text(),
    }
    step = f"findings/{finding}/disposition"
    assert college.step("zhang", number, step, body, put=True).status_code == 200
    assert "存疑" in words(desk(college, "zhang", number, "review/findings"))
    page = parsed(desk(college, "zhang", number))
    fields = page.css("#conclude [name]")
    assert {one.attributes["name"] for one in fields} == {
        "conclusion",
        "ground",
        "opinion",
    }
    body = {"conclusion": "uncertain", "opinion": "请保密办审定"}
    assert college.step("zhang", number, "first-pass", body).status_code == 200


def test_the_findings_alone_are_those_of_the_page(college: College) -> None:
    number = college.submit(text=PHONE)
    whole = parsed(desk(college, "zhang", number)).css_first("#side")
    part = parsed(desk(college, "zhang", number, "review/findings")).css_first("#side")
    assert part.html == whole.html
    assert _attribute(part, "data-from") == f"/cases/{number}/review/findings"
    assert _attribute(part, "data-version") == str(college.site.case(number).version)


def test_what_could_not_be_examined_is_acknowledged_there(college: College) -> None:
    site = college.site
    number = site.submit(CLEAN, attachments=[("名单.docx", BROKEN)]).number
    page = parsed(desk(college, "zhang", number))
    form = page.css_first(".card[data-gap] form")
    (gap,) = site.case(number).round.open_gaps
    assert _attribute(form, "action").endswith(f"/gaps/{gap}/acknowledgment")
    assert "0 / 1" in page.css_first(".meter").text()
    assert "读不出来" in words(desk(college, "zhang", number))
    site.acknowledge(number)
    page = parsed(desk(college, "zhang", number))
    assert "打开原件逐处看过" in page.css_first(".card[data-gap]").text()
    assert page.css(".card form") == []
    closed = page.css("#conclude input[disabled][name=conclusion]")
    assert {_attribute(one, "value") for one in closed} == {"agree", "uncertain"}


def test_an_added_finding_is_shown_like_the_others(college: College) -> None:
    number = college.submit()
    page = parsed(desk(college, "zhang", number))
    form = page.css_first("#add form")
    chosen = {_attribute(one, "value") for one in form.css("select option")}
    assert "marking" not in chosen
    run = page.css_first("#file-1 > .text:not(.top) [data-p]")
    body = {
        "file": 1,
        "passage": int(_attribute(run, "data-p")),
        "start": 0,
        "end": 4,
        "category": "meeting",
        "reason": HOSTILE,
    }
    answer = college.step("zhang", number, "findings", body)
    assert answer.status_code == 201, answer.text
    said = words(desk(college, "zhang", number))
    assert "人工补充" in said
    assert HOSTILE in said
    page = parsed(desk(college, "zhang", number))
    assert page.css_first("#draft mark").text() == run.text()[:4]
    assert _attribute(page.css_first(".card"), "data-finding") == "1.p1"


def test_a_new_round_shows_what_changed_and_what_was_said(college: College) -> None:
    site = college.site
    number = college.submit(text=PHONE)
    site.dispose(number, "must_change", reason="个人号码，请删去")
    body = {"conclusion": "must_change", "opinion": "请删去号码"}
    assert college.step("zhang", number, "first-pass", body).status_code == 200
    site.resubmit(number, f"{PHONE}请自带水杯。\n")
    answer = desk(college, "zhang", number)
    page = parsed(answer)
    assert page.css_first("#changes-last li ins").text() == "请自带水杯。"
    (card,) = _cards(page)
    assert "第 1 轮" in card.text()
    assert "个人号码，请删去" in card.text()
    assert "须重新处置" in card.text()
    assert "data-open" in card.attributes
    assert "请删去号码" in page.css_first("#words").text()
    words(answer)


def test_what_was_cleared_before_is_compared_with(college: College) -> None:
    site = college.site
    number = site.cleared().number
    publish.revoke(
        site.desk, number, cause="error", reason="有误", asker=site.by("li", number)
    )
    site.resubmit(number, f"{CLEAN}请自带水杯。\n")
    page = parsed(desk(college, "zhang", number))
    assert "获准公开的第 1 轮" in page.css_first("#tab-last").text()
    site.resubmit(number, f"{CLEAN}请自带雨伞。\n")
    page = parsed(desk(college, "zhang", number))
    assert "第 2 轮" in page.css_first("#tab-last").text()
    assert "获准公开的第 1 轮" in page.css_first("#tab-public").text()
    assert "雨伞" in page.css_first("#changes-public li ins").text()


def test_an_incident_shows_its_contents_to_the_office_alone(college: College) -> None:
    number = college.submit(text=MARKED)
    answer = desk(college, "zhang", number)
    said = words(answer)
    assert "只有保密办可以查看" in said
    assert "与保密办联系" in said
    assert "虚构的有关事项" not in answer.text
    assert not college.site.refusals()
    page = parsed(desk(college, "li", number))
    assert dialogs(page) == {"judge"}
    assert page.css("#side form") == []


def test_a_purged_draft_leaves_its_record(college: College) -> None:
    site = college.site
    number = college.submit(text=MARKED)
    asker = site.by("li", number)
    incidents.judge_incident(
        site.desk, number, genuine=True, opinion="经核实属实", asker=asker
    )
    page = parsed(desk(college, "li", number))
    assert "已按规定清除" in page.css_first(".nothing").text()
    assert "（稿件内容已清除）" in page.css_first(".card").text()
    assert dialogs(page) == {"report"}
    about = college.browser("li").get(
        f"/cases/{number}", headers={"Accept": "text/html"}
    )
    assert "（内容已清除）" in about.text
    assert f"/api/v1/cases/{number}/rounds/1/files/" not in about.text


def test_before_the_machine_is_done_there_is_nothing_to_review(
    college: College,
) -> None:
    form = {
        "title": "云山职业学院举行读书会",
        "department": "宣传部",
        "channels": ["website"],
        "drafted_by": "冯拟稿",
        "text": CLEAN,
    }
    answer = college.browser("zhang").post("/api/v1/cases", data=form)
    said = words(desk(college, "zhang", answer.json()["number"]))
    assert "机检还没有完成" in said


@pytest.fixture
def strict(site: Site) -> Site:
    """Let the head and the leader have their word, too."""
    leader = site.desk.policy.leader_signs
    channels = ("website",)
    wanted = type(leader)(channels=channels, tiers=(), after_answer=False)
    site.adopt(head_must_endorse=True, leader_signs=wanted)
    return site


def test_the_head_and_the_leader_sign_there(strict: Site, college: College) -> None:
    number = college.submit(text=PHONE)
    strict.dispose(number)
    strict.conclude(number)
    assert dialogs(parsed(desk(college, "zhang", number))) == set()
    page = parsed(desk(college, "wang", number))
    assert dialogs(page) == {"endorse"}
    assert "内容属实，可以公开" in page.css_first("#endorse .facts").text()
    assert page.css("#endorse [name=code]") == []
    body = {"agreed": True, "opinion": "同意"}
    assert college.step("wang", number, "endorsement", body).status_code == 200
    page = parsed(desk(college, "li", number))
    assert _attribute(page.css_first(".do a"), "href") == f"/cases/{number}/sign-off"
    strict.sign(number)
    page = parsed(desk(college, "sun", number))
    assert dialogs(page) == {"lead"}
    assert "data-proves" in page.css_first("#lead form").attributes
    assert college.step("sun", number, "leader-decision", body).status_code == 200


def test_a_general_item_is_finished_where_the_policy_allows(site: Site) -> None:
    lane = type(site.desk.policy.fast_lane)(
        enabled=True, channels=("website",), most_severe="none"
    )
    site.adopt(fast_lane=lane)
    number = site.submit(CLEAN).number
    site.conclude(number)
    assert sheet_of(site.desk, number, person="wang").permits("finish_in_department")
    assert not sheet_of(site.desk, number, person="li").permits("sign_off")


def test_only_what_may_go_out_by_its_clause_asks_for_evidence(
    college: College,
) -> None:
    released = parsed(desk(college, "zhang", college.submit(text=MEETING)))
    assert any("data-releasable" in one.attributes for one in _cards(released))
    kept = parsed(desk(college, "zhang", college.submit(text=PHONE)))
    assert all("data-releasable" not in one.attributes for one in _cards(kept))


def test_the_sheet_counts_what_is_left(site: Site) -> None:
    number = site.submit(PHONE, attachments=[("名单.docx", BROKEN)]).number
    sheet = sheet_of(site.desk, number, person="zhang")
    assert (sheet.needed, sheet.left, len(sheet.standing)) == (2, 2, 1)
    assert set(sheet.against) == {"agree", "must_change", "uncertain", "refuse"}
    site.acknowledge(number)
    site.dispose(number, "uncertain")
    sheet = sheet_of(site.desk, number, person="zhang")
    assert (sheet.needed, sheet.left, len(sheet.standing)) == (2, 0, 1)
    assert set(sheet.against) == {"agree", "uncertain"}
    (card,) = [one for one in sheet.cards if one.note.needs_disposition]
    assert (card.before[-3:], card.after) == ("系人手机"[-3:], "")
    assert card.finding is not None
    assert card.finding.text == _NUMBER


def test_what_is_only_for_information_wants_no_word(college: College) -> None:
    number = college.site.submit(HIDDEN, name="正文.html").number
    sheet = sheet_of(college.site.desk, number, person="zhang")
    notices = [one for one in sheet.cards if one.note.severity == "notice"]
    assert notices
    assert sheet.needed == sheet.left == len(sheet.cards) - len(notices) > 0
    assert sheet.cards[-1].note.severity == "notice"
    page = parsed(desk(college, "zhang", number))
    shown = page.css(".card.notice [data-state-word]")
    assert {one.text() for one in shown} == {"供参考"}


@pytest.mark.parametrize(
    ("person", "post"), [("zhang", "reviewer"), ("li", "office"), ("audit", "auditor")]
)
def test_the_watermark_names_who_looks_and_when(
    college: College, person: str, post: Post
) -> None:
    answer = college.browser(person).get("/watermark.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert f"（{person}）" in answer.text
    assert "2026-11-23 09:00" in answer.text
    assert post not in answer.text
    assert "watermark.css" in desk(college, person, college.submit()).text


def test_nobody_has_no_watermark(college: College) -> None:
    answer = college.nobody().get("/watermark.svg", follow_redirects=False)
    assert answer.status_code == 303


def test_an_addition_of_the_office_stands_against_clearing(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    wanted = Addition(
        file=1, passage=0, start=0, end=2, category="meeting", reason="尚未公布"
    )
    review.add_finding(site.desk, number, wanted, asker=site.by("li", number))
    sheet = sheet_of(site.desk, number, person="li")
    assert [one.note.id for one in sheet.standing] == ["1.p1"]
    assert sheet.against_clearing is not None
    assert "1 个疑点须保密办" in sheet.against_clearing
