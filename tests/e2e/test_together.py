"""Two people at the same item at once: nobody decides on what he has not seen."""

from playwright.sync_api import expect

from tests.e2e import drafts
from tests.e2e.college import College
from tests.e2e.words import cards, judge


def test_the_second_is_told_and_keeps_what_he_wrote(college: College) -> None:
    number = college.submit("两个人同时看的一件", drafts.PHONE)
    college.dispose("zhang", number, "not_sensitive")
    stale = college.window("zhang").open(f"/cases/{number}/review")
    other = college.window("zhao").open(f"/cases/{number}/review")
    stale.press("下初审结论")
    dialog = stale.find("dialog[open]")
    dialog.get_by_label("拟同意", exact=True).check()
    dialog.get_by_label("初审意见").fill("我先看过了")
    judge(other, "须删改", "想了想还是要删去")
    with stale.refused(412):
        stale.press("签署初审结论").sees("您填写的内容还在")
    stale.page.wait_for_load_state("networkidle")
    expect(dialog.locator("[data-problem]")).to_be_visible()
    assert dialog.get_by_label("初审意见").input_value() == "我先看过了"
    expect(cards(other).first.locator("[data-state-word]")).to_have_text("须删改")
    assert college.see(number)["stage"] == "first_pass"


def test_one_press_twice_counts_once(college: College) -> None:
    number = college.submit("按了两次的一件", drafts.PHONE)
    window = college.window("zhang").open(f"/cases/{number}/review")
    card = cards(window).first
    if card.locator("details[open]").count() == 0:
        card.locator("summary").click()
    card.get_by_label("不涉密").check()
    card.get_by_label("理由").fill("是对外公布的办公联系方式")
    card.get_by_role("button", name="保存处置").dblclick()
    expect(cards(window).first.locator("[data-state-word]")).to_have_text("不涉密")
    assert len(college.see(number)["rounds"][0]["dispositions"]) == 1
