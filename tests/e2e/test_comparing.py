"""An editor compares what he is about to print with what was cleared."""

from playwright.sync_api import expect

from tests.e2e import drafts
from tests.e2e.college import College, File

FILES = (
    File("正文.txt", drafts.CLEAN.encode()),
    File("另附.txt", "运动会赛程见校园网。\n".encode()),
)


def test_what_is_pasted_is_compared_in_the_browser(college: College) -> None:
    number = college.cleared("校报要登的一件")
    window = college.window("zhang").go("/compare")
    window.follow("校报要登的一件").check()
    window.page.get_by_label("将要发布的文字").fill(drafts.CLEAN)
    window.press("比对").sees("一个字不差", "许可在这一公开方式上有效").check()
    expect(window.find("[data-result] .hint.good:visible")).to_have_count(2)
    changed = drafts.CLEAN[:-3] + "<b>乙</b>" + drafts.CLEAN[-3:]
    window.page.get_by_label("将要发布的文字").fill(changed)
    expect(window.find("[data-result]")).to_be_hidden()
    window.page.get_by_label("报刊").check()
    window.press("比对").sees("不一致", "这一公开方式没有得到许可").check()
    expect(window.find(".sides ins")).to_have_text("<b>乙</b>")
    # A clearance that holds is no yes to contents that differ: nothing is green.
    window.page.get_by_label("网站").check()
    window.press("比对").sees("许可本身有效，但内容不一致，不能发布").check()
    expect(window.find("[data-result] .hint.good:visible")).to_have_count(0)
    assert number in window.page.url


def test_of_a_file_it_is_said_what_was_not_compared(college: College) -> None:
    number = college.cleared("有附件的一件", files=FILES)
    window = college.window("zhang").go(f"/compare?case={number}")
    window.page.get_by_label("或者选择").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": drafts.CLEAN.encode()}
    )
    window.press("比对").sees(
        "与审查通过的一致", "标题、附件没有比", "1 个附件"
    ).check()
    linked = f'<p><a href="https://x.example/">{drafts.CLEAN}</a></p>'
    window.page.get_by_label("或者选择").set_input_files(
        {"name": "a.html", "mimeType": "text/html", "buffer": linked.encode()}
    )
    window.press("比对").sees("一个字不差", "1 个链接指向审查时没有的地址").check()


def test_a_letter_goes_with_the_item(college: College) -> None:
    number = college.cleared("要出许可书的一件")
    window = college.window("zhang").go(f"/cases/{number}")
    forms = window.find("section[aria-labelledby=forms] li")
    letter = forms.filter(has_text="信息公开许可书")
    with window.page.expect_download() as saved:
        letter.get_by_role("link", name="PDF").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF")
