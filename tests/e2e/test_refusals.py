"""What the rules forbid is not offered, and is refused when asked for anyway."""

import pytest
from playwright.sync_api import expect

from review import clock
from tests.e2e import drafts
from tests.e2e.college import College


def test_an_open_finding_keeps_the_conclusion_shut(college: College) -> None:
    number = college.submit("还没有处置的一件", drafts.PHONE)
    window = college.window("zhang").open(f"/cases/{number}/review")
    window.sees("还有 1 处没有处置，全部处置后才能下结论").check()
    expect(window.button("下初审结论")).to_be_disabled()
    version = college.see(number)["version"]
    answer = college.door("zhang").send(
        "POST",
        f"/cases/{number}/first-pass",
        data={"conclusion": "agree", "opinion": "可以公开"},
        headers={"If-Match": f'"{version}"'},
    )
    assert answer.status == 422
    assert "没有处置意见" in answer.json()["detail"]


def test_nobody_signs_off_his_own_item(college: College) -> None:
    """Somebody of the office who also reviews for a department."""
    college.appoint("qian", "钱例子", post="reviewer", department="宣传部")
    number = college.submit("保密办的人自己送的一件", person="qian")
    said = {"conclusion": "agree", "opinion": "可以公开"}
    college.step("zhang", number, "first-pass", said)
    window = college.window("qian").go(f"/cases/{number}/sign-off")
    window.sees("不能终审")
    expect(window.button("终审决定")).to_have_count(0)
    # Another one may.
    college.window("li").open(f"/cases/{number}/sign-off").press("终审决定")


@pytest.mark.parametrize("person", ["system", "security"])
def test_administrators_do_not_read_drafts(college: College, person: str) -> None:
    number = college.submit("管理员看不到的一件", drafts.PHONE)
    window = college.window(person)
    with window.refused(403):
        window.go(f"/cases/{number}/review")
    window.sees_no("13800000001")


def test_another_department_sees_nothing(college: College) -> None:
    number = college.submit("宣传部自己的一件", drafts.PHONE)
    window = college.window("he")
    with window.refused(403):
        window.go(f"/cases/{number}")
    window.sees("其他部门").sees_no("13800000001", "宣传部自己的一件")


def test_who_is_appointed_no_more_is_refused(college: College) -> None:
    college.hire("mao", "毛虚构")
    held = college.appoint("mao", "毛虚构", post="reviewer", department="宣传部")
    college.settle("mao")
    number = college.submit("换岗时的一件")
    window = college.window("mao").open(f"/cases/{number}/review")
    today = str(clock.china_date(clock.now()))
    ended = college.door("security").send(
        "POST",
        f"/appointments/{held}/end",
        data={"ended_on": today, "reason": "换岗"},
    )
    assert ended.ok, ended.text()
    window.press("下初审结论")
    dialog = window.find("dialog[open]")
    dialog.get_by_label("拟同意", exact=True).check()
    dialog.get_by_label("初审意见").fill("可以公开")
    with window.refused(403):
        window.press("签署初审结论").sees("任命")
    # What was written is still there.
    assert dialog.get_by_label("初审意见").input_value() == "可以公开"
