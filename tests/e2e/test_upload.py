"""Handing in: files, pasted text, what is said before anything is sent."""

from tests.e2e import drafts
from tests.e2e.college import College, File
from tests.e2e.words import choose, paste, send_in


def test_several_files_are_one_item(college: College) -> None:
    window = college.window("zhang").go("/submit")
    body = (drafts.SAMPLES / "食堂改造完工喜迎新学期.txt").read_bytes()
    choose(
        window,
        File("食堂改造完工.txt", body),
        File("附件1 菜单.txt", drafts.CLEAN.encode()),
    )
    window.check()
    assert window.find("input[name=title]").input_value() == "食堂改造完工"
    number = send_in(window, channels=("网站", "公众号"))
    window.check().sees(number, "附件1 菜单.txt", "待初审")
    files = college.see(number)["rounds"][0]["item"]["files"]
    assert [one["role"] for one in files if one["role"] != "title"] == [
        "body",
        "attachment",
    ]


def test_pasted_text_is_handed_in_under_its_first_line(college: College) -> None:
    window = college.window("zhang").go("/submit")
    paste(window, f"秋季运动会开幕\n{drafts.CLEAN}")
    number = send_in(window)
    window.sees("秋季运动会开幕", "机检未发现疑点").check()
    assert college.see(number)["title"] == "秋季运动会开幕"


def test_a_marking_is_said_before_anything_is_sent(college: College) -> None:
    window = college.window("zhang").go("/submit")
    sent: list[str] = []
    window.page.on("request", lambda one: sent.append(one.method))
    choose(window, File("报告.txt", drafts.MARKED.encode()))
    window.sees("涉密文件不得上传到本系统").check()
    window.find("input[name=title]").fill("报告")
    window.page.get_by_label("网站", exact=True).check()
    window.find("[data-send-it]").click()
    window.sees("请核对并勾选确认")
    assert sent == []


def test_what_is_missing_is_said_at_once(college: College) -> None:
    window = college.window("zhang").go("/submit")
    window.find("input[name=title]").fill("没有正文的一件")
    window.find("[data-send-it]").click()
    window.sees("请选择正文文件", "请选择公开方式").check()


def test_a_broken_file_is_said_and_stays_unpublishable(college: College) -> None:
    window = college.window("zhang").go("/submit")
    choose(window, File("坏了的通知.docx", drafts.BROKEN))
    number = send_in(window)
    window.check().sees("不得发布", "未能检查")
    report = college.see(number)["rounds"][0]["report"]
    assert report["gaps"][0]["unreadable"]
