"""A case's own page: what stands on it, who may see it, what it offers to whom."""

from datetime import date

import pytest
from httpx2 import Response
from selectolax.lexbor import LexborHTMLParser

from api.throttle import PUBLIC
from review.case.values import Channel
from review.paper import qr
from review.service.cases import incidents, publish, sign_off, submit
from tests.api.college import ADDRESS, College
from tests.pages.visible import codes_in, text_of
from tests.service.site import CLEAN, MARKED, PHONE, appointment

_HTML = {"Accept": "text/html"}
_HOSTILE = '<b>甲&"乙'
_WEBSITE: tuple[Channel, ...] = ("website",)


def _page(college: College, person: str, number: str, rest: str = "") -> Response:
    return college.browser(person).get(f"/cases/{number}{rest}", headers=_HTML)


def _words(college: College, person: str, number: str) -> str:
    words = text_of(_page(college, person, number))
    assert codes_in(words) == []
    return words


def _offered(college: College, person: str, number: str) -> set[str]:
    """Return the steps that the page offers, by the dialogs and addresses they lead to."""
    page = LexborHTMLParser(_page(college, person, number).text)
    opens = {one.attributes["data-opens"] for one in page.css(".next [data-opens]")}
    dialogs = {one.attributes["id"] for one in page.css("dialog")}
    assert opens == dialogs
    links = [one.attributes["href"] or "" for one in page.css(".next a.button")]
    return {str(one) for one in opens} | {one.rpartition("/")[2] for one in links}


def test_a_case_that_is_being_examined_shows_how_far_it_is(college: College) -> None:
    number = college.submit()
    assert "js/progress.js" not in _page(college, "zhang", number).text
    waiting = _handed_in(college)
    page = _page(college, "zhang", waiting)
    assert f'data-progress="/api/v1/cases/{waiting}/progress"' in page.text
    assert "js/progress.js" in page.text
    assert "不必守着" in _words(college, "zhang", waiting)


def _handed_in(college: College) -> str:
    """Hand an item in that no machine has seen."""
    form = {
        "title": "云山职业学院举行读书会",
        "department": "宣传部",
        "channels": ["website"],
        "drafted_by": "冯拟稿",
        "text": CLEAN,
    }
    answer = college.browser("zhang").post("/api/v1/cases", data=form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def test_each_is_offered_what_he_may_do_now(college: College) -> None:
    number = college.submit(text=PHONE)
    assert _offered(college, "zhang", number) == {"review", "resubmit", "withdraw"}
    assert _offered(college, "wang", number) == {"review", "resubmit", "withdraw"}
    assert _offered(college, "li", number) == {"review"}
    college.site.dispose(number)
    college.site.conclude(number)
    assert _offered(college, "li", number) == {"sign-off", "review"}
    assert _offered(college, "zhang", number) == {"review", "withdraw"}
    assert _offered(college, "audit", number) == {"review"}
    sign_off.refer(
        college.site.desk,
        number,
        kind="ask_source",
        to="云山市示例局",
        question="可以公开吗",
        asker=college.site.by("li", number),
    )
    assert _offered(college, "li", number) == {"answer", "review"}


def test_after_the_clearance_it_is_published_or_taken_back(college: College) -> None:
    number = college.site.cleared().number
    assert _offered(college, "zhang", number) == {"publication", "revoke", "review"}
    assert _offered(college, "audit", number) == {"review"}
    publish.revoke(
        college.site.desk,
        number,
        cause="error",
        reason="标题有误",
        asker=college.site.by("li", number),
    )
    assert _offered(college, "zhang", number) == {"resubmit", "review"}
    assert "已撤销" in _words(college, "zhang", number)


def test_who_may_not_though_his_post_may_is_told_why(college: College) -> None:
    college.site.appoint(appointment("zhang", "张示例", "office"))
    number = college.submit()
    college.site.conclude(number)
    words = _words(college, "zhang", number)
    assert "不能终审同一件，请由其他有权签批的人办理" in words
    assert "sign-off" not in _offered(college, "zhang", number)


def test_the_dialogs_send_what_the_interface_takes(college: College) -> None:
    number = college.site.cleared().number
    page = LexborHTMLParser(_page(college, "zhang", number).text)
    version = str(college.site.case(number).version)
    fields = {}
    for form in page.css("dialog form"):
        assert form.attributes["data-send"] == "post"
        assert form.attributes["data-version"] == version
        named = form.css("input[name], select[name], textarea[name]")
        step = (form.attributes["action"] or "").rpartition("/")[2]
        fields[step] = {one.attributes["name"] for one in named}
    assert fields == {
        "revocation": {"cause", "reason"},
        "publications": {"channel", "address", "published_at"},
    }
    body = {
        "channel": "website",
        "address": "https://www.yunshan.example/1.html",
        "published_at": college.site.desk.now().isoformat(),
    }
    answer = college.step("zhang", number, "publications", body)
    assert answer.status_code == 200, answer.text
    assert "https://www.yunshan.example/1.html" in _words(college, "zhang", number)


def test_the_whole_story_stands_there_in_words(college: College) -> None:
    number = college.submit(text=PHONE, title=_HOSTILE)
    college.site.dispose(number, reason=f"办公电话{_HOSTILE}")
    college.site.conclude(number)
    college.site.sign(number)
    answer = _page(college, "zhang", number)
    assert "<b>甲" not in answer.text
    words = _words(college, "zhang", number)
    for told in (
        _HOSTILE,
        "送审",
        "机检完成 ：需要人工审查",
        "处置疑点 ：不涉密",
        f"办公电话{_HOSTILE}",
        "初审结论 ：拟同意",
        "内容属实，可以公开",
        "终审 ：同意公开",
        "李样本（保密办审查员）",
        "张示例（宣传部，部门初审员）",
        "签发公开许可",
        "信息公开保密审查表",
    ):
        assert told in words


def test_the_clearance_is_shown_with_its_proofs(college: College) -> None:
    number = college.site.cleared().number
    grant = college.site.case(number).grant
    assert grant is not None
    answer = _page(college, "zhang", number)
    words = text_of(answer)
    assert grant.id in words
    assert grant.token_digest in words
    _, path = qr.outline(f"{ADDRESS}/verify/{number}")
    assert path in answer.text
    history = college.browser("zhang").get(f"/api/v1/cases/{number}/history").json()
    assert all(one["digest"] in words for one in history)


def test_an_expired_clearance_has_no_code(college: College) -> None:
    number = college.site.cleared().number
    college.site.clock.pass_by(days=365)
    college.browsers.clear()
    answer = _page(college, "zhang", number)
    assert "<svg" not in answer.text
    assert "已过期" in text_of(answer)
    assert "publication" not in _offered(college, "zhang", number)


def test_another_department_sees_nothing(college: College) -> None:
    number = college.submit(title="云山职业学院秋季读书会")
    for rest in ("", "/changes/1"):
        answer = _page(college, "he", number, rest)
        assert answer.status_code == 403
        assert "秋季读书会" not in answer.text
    unknown = _page(college, "zhang", "2026-999999")
    assert unknown.status_code == 404
    # Whoever came here by mistake finds his way on.
    assert 'href="/register"' in unknown.text
    assert _page(college, "zhang", "nonsense").status_code == 404


def test_a_sealed_case_shows_neither_title_nor_names(college: College) -> None:
    title, name = "虚构的密件标题", "虚构的密件.txt"
    number = college.site.submit(MARKED, title=title, name=name).number
    for person in ("zhang", "audit", "sun"):
        answer = _page(college, person, number)
        assert title not in answer.text
        assert name not in answer.text
        assert "已封存" in _words(college, person, number)
        assert "表格" not in text_of(answer)
    assert title not in _words(college, "li", number)
    assert name not in _words(college, "li", number)
    assert _offered(college, "li", number) == {"judge", "review"}
    assert _offered(college, "zhang", number) == set()
    incidents.judge_incident(
        college.site.desk,
        number,
        genuine=True,
        opinion="属实",
        asker=college.site.by("li", number),
    )
    assert _offered(college, "li", number) == {"report"}
    words = _words(college, "li", number)
    assert "标志属实" in words
    assert "内容已从系统清除" in words


def test_what_a_new_round_changed_is_marked(college: College) -> None:
    number = college.submit()
    college.site.resubmit(number, CLEAN.replace("十二个", "十三个"))
    linked = f'href="/cases/{number}/changes/2"'
    assert linked in _page(college, "zhang", number).text
    answer = _page(college, "zhang", number, "/changes/2")
    page = LexborHTMLParser(answer.text)
    assert [one.text() for one in page.css("section ins")] == ["三"]
    assert [one.text() for one in page.css("section del")] == ["二"]
    assert page.css_first("body.draft") is not None
    assert codes_in(text_of(answer)) == []
    first = _page(college, "zhang", number, "/changes/1")
    assert "第一轮没有可以比较的上一轮" in text_of(first)
    assert _page(college, "zhang", number, "/changes/3").status_code == 404


def test_a_withdrawn_case_is_over(college: College) -> None:
    number = college.submit()
    by = college.site.by("zhang", number)
    submit.withdraw(college.site.desk, number, reason="不再公开", asker=by)
    words = _words(college, "zhang", number)
    assert "部门已撤回，这一件已办结" in words
    assert "不再公开" in words
    assert _offered(college, "zhang", number) == {"review"}


def test_questions_to_others_stand_with_their_answers(college: College) -> None:
    number = college.submit()
    college.site.conclude(number)
    desk = college.site.desk
    sign_off.refer(
        desk,
        number,
        kind="refer_upward",
        to="云山市示例局",
        question="是否属于工作秘密",
        asker=college.site.by("li", number),
    )
    assert "还没有答复" in _words(college, "zhang", number)
    sign_off.answer(
        desk,
        number,
        text="不属于",
        document="示例〔2026〕9号",
        answered_on=date(2026, 11, 23),
        asker=college.site.by("li", number),
    )
    words = _words(college, "zhang", number)
    assert "不属于（示例〔2026〕9号，2026-11-23）" in words
    assert "请示、征求意见函" in words


# --- what anybody may look up ---


def test_anybody_may_look_up_that_an_item_was_cleared(college: College) -> None:
    number = college.site.cleared().number
    answer = college.nobody().get(f"/verify/{number}", headers=_HTML)
    words = text_of(answer)
    assert number in words
    assert "学院举行秋季运动会" in words
    assert "2026-11-23" in words
    for known_inside in ("宣传部", "张示例", "李样本", "王虚构"):
        assert known_inside not in answer.text


def test_of_any_other_item_the_answer_is_the_same(college: College) -> None:
    pending = college.submit()
    said = set()
    for number in (pending, "2026-999999", "nonsense"):
        answer = college.nobody().get(f"/verify/{number}", headers=_HTML)
        assert answer.status_code == 404
        assert "没有查到这个编号的公开许可" in answer.text
        said.add(answer.text.replace(number, ""))
    assert len(said) == 1


def test_a_typed_number_leads_to_its_page(college: College) -> None:
    browser = college.nobody()
    assert "审查件编号" in text_of(browser.get("/verify/", headers=_HTML))
    found = browser.get("/verify/?number=2026-000001", follow_redirects=False)
    assert found.headers["location"] == "/verify/2026-000001"
    odd = browser.get("/verify/", params={"number": "//evil.example"}, headers=_HTML)
    assert odd.url.path == "/verify/"
    assert "没有查到" in odd.text


@pytest.mark.parametrize("address", ["/verify/2026-000001"])
def test_the_page_may_be_asked_as_seldom_as_the_interface(
    college: College, address: str
) -> None:
    browser = college.nobody()
    found = [browser.get(address).status_code for _ in range(PUBLIC + 1)]
    assert found[:-1] == [404] * PUBLIC
    assert found[-1] == 429
    assert browser.get("/api/v1/public/cases/2026-000001").status_code == 429
