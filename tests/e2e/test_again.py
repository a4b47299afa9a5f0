"""A draft that was changed: handed in again, and what changed is seen by everybody."""

from tests.e2e import drafts
from tests.e2e.college import College, File
from tests.e2e.words import choose, conclude, open_card, send_in


def test_the_next_round_shows_what_changed(college: College) -> None:
    number = college.sent_back("改好再送的一件")
    window = college.window("zhang").go(f"/cases/{number}").sees("待修改")
    window.follow("重新送审").at(f"/cases/{number}/resubmit").check()
    window.sees("请删去手机号后重新送审")
    choose(window, File("正文.txt", drafts.EDITED.encode()))
    assert send_in(window, title="改好再送的一件") == number
    window.sees("第 2 轮", "机检未发现疑点").check()
    window.follow("与第 1 轮相比改了什么").at(f"/cases/{number}/changes/2").check()
    assert "13800000001" in "".join(window.find("del").all_inner_texts())
    assert "学院网站" in "".join(window.find("ins").all_inner_texts())
    window.go(f"/cases/{number}/review")
    conclude(window, "拟同意", "已按意见修改")
    office = college.window("li").open(f"/cases/{number}/sign-off")
    office.find("#tab-last").click()
    office.check()
    assert "13800000001" in "".join(office.find("#changes-last del").all_inner_texts())


def test_an_earlier_disposition_is_shown_but_not_carried_over(
    college: College,
) -> None:
    number = college.sent_back("又送来的一件")
    window = college.window("zhang").open(f"/cases/{number}/resubmit")
    choose(window, File("正文.txt", f"{drafts.PHONE}改了一处。".encode()))
    send_in(window)
    window.open(f"/cases/{number}/review").sees("0 / 1")
    open_card(window)
    window.sees("只供参考", "手机号不公开，请删去").check()
