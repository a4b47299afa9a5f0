"""The secrecy office: signs off, sends back, refuses, refers, with what the department said beside it."""

from playwright.sync_api import expect

from tests.e2e import drafts
from tests.e2e.college import College
from tests.e2e.words import judge, judge_all, sign


def test_signing_off_gives_a_clearance(college: College) -> None:
    number = college.agreed("校园开放日公告", drafts.PHONE)
    window = college.window("li").go("/").sees(number)
    window.go(f"/cases/{number}").follow("终审").at(f"/cases/{number}/sign-off")
    window.check().sees("13800000001", "不涉密")
    sign(window, "同意公开", "同意公开")
    window.at(f"/cases/{number}").sees("同意公开", "公开许可", "许可摘要").check()


def test_sent_back_to_be_changed(college: College) -> None:
    number = college.agreed("要修改的公告", drafts.PHONE)
    window = college.window("li").open(f"/cases/{number}/sign-off")
    sign(window, "修改后再审", "请把个人手机号改为办公电话")
    window.sees("待修改").check()
    window = college.window("zhang").go("/")
    window.find("section[aria-labelledby=back]").get_by_text(number).wait_for()
    window.go(f"/cases/{number}/resubmit").sees("请把个人手机号改为办公电话")


def test_refused_with_its_ground(college: College) -> None:
    number = college.agreed("命题工作安排", drafts.EXAM)
    window = college.window("li").open(f"/cases/{number}/sign-off")
    judge_all(window, "须删改", "考试没有举行，试题和答案不公开")
    sign(window, "不予公开", "试题和答案在考试前不公开", ground="工作秘密")
    window.sees("不予公开", "工作秘密").check()


def test_referred_upward_and_answered(college: College) -> None:
    number = college.agreed("要请示的通稿")
    window = college.window("li").open(f"/cases/{number}/sign-off")
    window.press("报请或征求意见").check()
    dialog = window.find("dialog[open]")
    dialog.get_by_label("征求来源单位意见").check()
    window.fill("致（单位）", "云山市教育局").fill("请示或征求意见的问题", "能否公开？")
    window.press("签署并送出").at(f"/cases/{number}").sees("等候答复", "云山市教育局")
    window.check().press("登记答复").check()
    window.fill("答复的内容", "可以公开").fill("文号", "云教函〔2026〕8号")
    window.fill("答复日期", "2026-11-20").press("登记")
    window.sees("待终审", "云教函〔2026〕8号").check()


def test_what_the_department_is_unsure_of_comes_to_the_office(college: College) -> None:
    number = college.submit("拿不准的一件", drafts.PHONE)
    department = college.window("zhang").open(f"/cases/{number}/review")
    judge(department, "存疑", "不能确定是否已经公布，请保密办核实")
    department.press("下初审结论")
    dialog = department.find("dialog[open]")
    expect(dialog.get_by_label("拟同意", exact=True)).to_be_disabled()
    dialog.get_by_label("存疑报保密办", exact=True).check()
    dialog.get_by_label("初审意见").fill("有不能确定的内容，报保密办审定")
    department.press("签署初审结论").sees("待终审")
    window = college.window("li").open(f"/cases/{number}/sign-off").check()
    window.sees("不能确定是否已经公布，请保密办核实")
    window.press("终审决定")
    expect(window.find("dialog[open] input[value=clear]")).to_be_disabled()
    window.press("再看看")
    judge(window, "不涉密", "已经在学院网站公布")
    sign(window, "同意公开", "核实过，同意公开")
    window.sees("公开许可")
