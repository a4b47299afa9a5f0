"""A case's story in words: nothing left out, nothing told that is sealed."""

from datetime import date

from review.case.request import Judgment
from review.service.cases import incidents, publish, review, sign_off
from review.service.cases.overview import overview
from review.service.cases.timeline import Line, timeline
from review.service.record import records
from tests.service.site import CLEAN, MARKED, PHONE, TITLE, Site, appointment


def _story(site: Site, number: str) -> tuple[Line, ...]:
    return timeline(records.history(site.desk, number))


def _said(line: Line) -> dict[str, str]:
    return {one.name: one.value for one in line.facts}


def test_each_step_is_told_with_its_doer(site: Site) -> None:
    number = site.cleared().number
    told = [(one.what, one.came_to, one.by.name) for one in _story(site, number)]
    assert told == [
        ("送审", "", "张示例"),
        ("机检完成", "机检未发现疑点", "先审系统"),
        ("初审结论", "拟同意", "张示例"),
        ("终审", "同意公开", "李样本"),
        ("签发公开许可", "", "先审系统"),
    ]
    first = _said(_story(site, number)[0])
    assert first["标题"] == TITLE
    assert first["文件"] == "正文.txt"
    assert first["公开方式"] == "网站"


def test_what_one_says_of_many_findings_in_a_row_is_one_line(site: Site) -> None:
    number = site.submit(f"{PHONE}传真及手机13900000002\n").number
    one, two, *rest = site.findings(number)
    for finding, opinion in ((one, "not_sensitive"), (two, "must_change")):
        judgment = Judgment(finding=finding, opinion=opinion, reason=f"看过{finding}")
        review.dispose(site.desk, number, judgment, asker=site.by("zhang", number))
    assert rest == []
    line = _story(site, number)[-1]
    assert line.what == "处置疑点"
    assert line.came_to == "2 个疑点（不涉密 1、须删改 1）"
    assert [part.words for part in line.parts] == [f"看过{one}", f"看过{two}"]
    assert [_said(part)["疑点"] for part in line.parts] == [
        "第 1 个（个人隐私）",
        "第 2 个（个人隐私）",
    ]


def test_what_another_says_is_another_line(site: Site) -> None:
    number = site.submit(f"{PHONE}传真及手机13900000002\n").number
    for finding, person in zip(site.findings(number), ("zhang", "zhao"), strict=True):
        judgment = Judgment(finding=finding, opinion="not_sensitive", reason="公开的")
        review.dispose(site.desk, number, judgment, asker=site.by(person, number))
    last = _story(site, number)[-2:]
    assert [(one.by.id, one.parts) for one in last] == [("zhang", ()), ("zhao", ())]


def test_a_question_and_its_answer_are_told(site: Site) -> None:
    number = site.submit(CLEAN).number
    site.conclude(number)
    sign_off.refer(
        site.desk,
        number,
        kind="ask_source",
        to="云山市示例局",
        question="可以公开吗",
        asker=site.by("li", number),
    )
    sign_off.answer(
        site.desk,
        number,
        text="可以公开",
        document="示例〔2026〕9号",
        answered_on=date(2026, 11, 23),
        asker=site.by("li", number),
    )
    asked, answered = _story(site, number)[-2:]
    assert (asked.came_to, asked.words) == ("征求来源单位意见", "可以公开吗")
    assert _said(asked) == {"送往": "云山市示例局"}
    assert answered.words == "可以公开"
    assert _said(answered) == {"文号": "示例〔2026〕9号", "答复日期": "2026-11-23"}


def test_publication_and_revocation_are_told(site: Site) -> None:
    number = site.cleared().number
    publish.record_publication(
        site.desk,
        number,
        channel="website",
        address="https://www.yunshan.example/1.html",
        published_at=site.desk.now(),
        asker=site.by("zhang", number),
    )
    publish.revoke(
        site.desk,
        number,
        cause="error",
        reason="标题有误",
        asker=site.by("li", number),
    )
    published, revoked = _story(site, number)[-2:]
    assert _said(published) == {
        "网址或版面": "https://www.yunshan.example/1.html",
        "发布时间": "2026-11-23 09:00",
    }
    assert (revoked.tone, revoked.words) == ("bad", "标题有误")


def test_a_sealed_draft_lends_no_name_to_its_story(site: Site) -> None:
    number = site.submit(MARKED, title="虚构的秘密标题", name="秘密文件.txt").number
    seen = overview(site.desk, number, person="zhang")
    told = repr(seen.story)
    assert "虚构的秘密标题" not in told
    assert "秘密文件" not in told
    assert seen.story[-1].what == "发现国家秘密标志"
    incidents.judge_incident(
        site.desk,
        number,
        genuine=True,
        opinion="属实",
        asker=site.by("li", number),
    )
    last = overview(site.desk, number, person="li").story
    assert [one.what for one in last[-2:]] == ["核实涉密事件", "清除稿件内容"]


def test_the_proof_holds_every_entry_and_the_first_head_over_them(site: Site) -> None:
    number = site.cleared().number
    proof = overview(site.desk, number, person="zhang").proof
    history = records.history(site.desk, number)
    assert [one.digest for one in proof.entries] == [
        one.entry.digest for one in history
    ]
    assert proof.head is None or proof.head.index >= proof.entries[-1].index
    with site.desk.store.writing() as work:
        signed = work.sign_head(site.desk.now())
    site.submit(CLEAN)
    with site.desk.store.writing() as work:
        work.sign_head(site.desk.now())
    head = overview(site.desk, number, person="zhang").proof.head
    assert head is not None
    assert head.index >= proof.entries[-1].index
    assert head.index <= signed.index


def test_whose_turn_it_is_and_who_may_not_is_told_why(site: Site) -> None:
    number = site.submit(CLEAN).number
    assert overview(site.desk, number, person="zhang").barred == {}
    assert overview(site.desk, number, person="li").barred == {}
    site.appoint(appointment("zhang", "张示例", "office"))
    site.conclude(number)
    assert overview(site.desk, number, person="li").barred == {}
    barred = overview(site.desk, number, person="zhang").barred
    assert set(barred) == {"sign_off"}
    assert "不能终审同一件" in barred["sign_off"]


def test_a_deadline_that_has_passed_is_late(site: Site) -> None:
    number = site.submit(CLEAN).number
    seen = overview(site.desk, number, person="zhang")
    assert seen.due_on is not None
    assert not seen.late
    site.clock.pass_by(days=30)
    assert overview(site.desk, number, person="zhang").late


def test_a_clearance_that_ran_out_or_was_taken_back_is_in_force_no_more(
    site: Site,
) -> None:
    number = site.cleared().number
    seen = overview(site.desk, number, person="zhang")
    assert seen.in_force
    assert seen.token is not None
    publish.revoke(
        site.desk, number, cause="error", reason="有误", asker=site.by("li", number)
    )
    assert not overview(site.desk, number, person="zhang").in_force
    other = site.cleared(f"{CLEAN}又及。\n").number
    site.clock.pass_by(days=365)
    assert not overview(site.desk, other, person="zhang").in_force
