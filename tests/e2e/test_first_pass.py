"""A reviewer of the department: hands in, disposes of every finding, concludes."""

from playwright.sync_api import expect

from review.detect.category_names import CATEGORY_NAMES
from tests.e2e import drafts
from tests.e2e.college import College, File
from tests.e2e.words import (
    cards,
    choose,
    conclude,
    judge,
    judge_all,
    open_card,
    paste,
    send_in,
)


def test_handed_in_disposed_of_and_concluded(college: College) -> None:
    window = college.window("zhang").go("/submit")
    choose(
        window, File("通讯稿.txt", f"{drafts.PHONE}\n另一{drafts.PHONE_LINE}".encode())
    )
    number = send_in(window, title="运动会通讯稿")
    window.follow("审查").at(f"/cases/{number}/review")
    window.check().sees("0 / 2", "13800000001")
    expect(window.button("下初审结论")).to_be_disabled()
    judge(window, "不涉密", "是对外公布的办公联系方式", at=0)
    window.sees("1 / 2").check()
    judge(window, "不涉密", "已在学院网站公布", at=1)
    window.sees("2 / 2")
    conclude(window, "拟同意", "内容属实，可以公开")
    window.at(f"/cases/{number}").sees("待终审", "内容属实，可以公开").check()


def test_by_keys_alone(college: College) -> None:
    number = college.submit("键盘处置的一件", drafts.PHONE)
    window = college.window("zhang").open(f"/cases/{number}/review")
    keyboard = window.page.keyboard
    expect(cards(window).first.locator("details")).to_have_attribute("open", "")
    keyboard.press("1")
    card = cards(window).first
    expect(card.get_by_label("不涉密")).to_be_checked()
    card.get_by_label("理由").fill("是对外公布的办公联系方式")
    keyboard.press("Control+Enter")
    expect(card.locator("[data-state-word]")).to_have_text("不涉密")
    window.sees("1 / 1")


def test_the_line_between_the_two_sides_is_moved_and_remembered(
    college: College,
) -> None:
    number = college.submit("两边宽窄的一件", drafts.PHONE)
    window = college.window("zhang").open(f"/cases/{number}/review")
    line = window.page.get_by_role("separator")
    draft = window.find(".left")
    before = draft.bounding_box()
    line.press("ArrowLeft")
    line.press("ArrowLeft")
    narrower = draft.bounding_box()
    assert before
    assert narrower
    assert narrower["width"] < before["width"]
    held = line.bounding_box()
    assert held
    window.page.mouse.move(held["x"] + 3, 400)
    window.page.mouse.down()
    window.page.mouse.move(held["x"] + 203, 400)
    window.page.mouse.up()
    share = line.get_attribute("aria-valuenow")
    window.check().open(f"/cases/{number}/review")
    expect(line).to_have_attribute("aria-valuenow", str(share))


def test_a_mark_leads_to_its_card_and_back(college: College) -> None:
    number = college.submit("两边对照的一件", drafts.PHONE)
    window = college.window("zhang").open(f"/cases/{number}/review")
    mark = window.find("mark[data-f]").first
    expect(mark).to_have_text("13800000001")
    mark.click()
    card = window.find(f"#card-{mark.get_attribute('data-f')}".replace(".", "\\."))
    expect(card.locator("details")).to_have_attribute("open", "")


def test_what_must_be_changed_cannot_be_agreed_to(college: College) -> None:
    number = college.submit("须删改的一件", drafts.PHONE)
    window = college.window("zhang").open(f"/cases/{number}/review")
    judge(window, "须删改", "手机号不公开，请删去")
    window.press("下初审结论").check()
    dialog = window.find("dialog[open]")
    expect(dialog.get_by_label("拟同意", exact=True)).to_be_disabled()
    dialog.get_by_label("须修改", exact=True).check()
    dialog.get_by_label("初审意见").fill("请删去手机号")
    window.press("签署初审结论").at(f"/cases/{number}").sees("待修改")


def test_the_department_refuses_with_a_ground(college: College) -> None:
    number = college.submit("命题安排", drafts.EXAM)
    window = college.window("zhang").open(f"/cases/{number}/review")
    judge_all(window, "须删改", "考试尚未举行，不得公开")
    window.press("下初审结论")
    dialog = window.find("dialog[open]")
    dialog.get_by_label("不予公开", exact=True).check()
    dialog.get_by_label("不公开的依据").select_option(label="工作秘密")
    dialog.get_by_label("初审意见").fill("考试尚未举行，试题和答案不得公开")
    window.check().press("签署初审结论").at(f"/cases/{number}").sees("不予公开")


def test_something_that_the_machine_missed_is_marked(college: College) -> None:
    number = college.submit("机器没有标出的一件")
    window = college.window("zhang").open(f"/cases/{number}/review")
    line = window.find("#draft [data-line]").filter(has_text="各班同学踊跃参加").first
    line.dblclick()
    window.press("标为疑点").check()
    window.find("dialog[open] select").select_option(label=CATEGORY_NAMES["student"])
    window.fill("为什么不宜公开", "写出了没有公布的安排").press("标为疑点")
    window.sees("人工补充", "0 / 1").check()
    open_card(window)
    judge(window, "不涉密", "核对过，是公开安排")
    window.sees("1 / 1")


def test_pasted_text_that_is_clean_is_concluded_after_reading(college: College) -> None:
    window = college.window("zhang").go("/submit")
    paste(window, f"迎新安排\n{drafts.CLEAN}")
    number = send_in(window)
    window.follow("审查").at(f"/cases/{number}/review")
    conclude(window, "拟同意", "已通读全文，可以公开")
    window.sees("待终审")
