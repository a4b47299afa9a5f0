"""Drafts that are not plain text: hidden words, pictures of pages, very many pages."""

from playwright.sync_api import expect

from tests.e2e import drafts
from tests.e2e.college import College, File
from tests.e2e.words import acknowledge, cards, conclude, judge


def test_hidden_words_stand_in_a_pane_of_their_own(college: College) -> None:
    file = File("资助简讯.docx", drafts.docx_with_hidden_words())
    number = college.submit("学生资助工作简讯", files=[file])
    window = college.window("zhang").open(f"/cases/{number}/review")
    window.check()
    visible = window.find("#file-1")
    expect(visible).to_contain_text("推进会")
    expect(visible).not_to_contain_text("身份证号")
    expect(visible.locator("table td").first).to_have_text("项目")
    window.find("#tab-hidden-1").click()
    expect(window.find("#hidden-1")).to_contain_text(drafts.HIDDEN_LINE)
    window.check()


def test_a_scan_is_looked_at_by_a_person(college: College) -> None:
    file = File("扫描件.pdf", drafts.scanned_pdf())
    number = college.submit("扫描的通知", files=[file])
    window = college.window("zhang").open(f"/cases/{number}/review")
    window.sees("未能检查，须人工查看")
    expect(window.button("下初审结论")).to_be_disabled()
    picture = window.find("#file-1 .pages img, #file-1 .pages image").first
    expect(picture).to_be_visible()
    window.check()
    acknowledge(window, "逐页看过扫描件，是放假通知，没有不宜公开的内容")
    conclude(window, "拟同意", "人工看过扫描件，可以公开")
    window.sees("待终审", "都已人工查看并确认").check()


def test_a_scan_with_words_is_read(college: College) -> None:
    file = File("扫描件.pdf", drafts.scanned_pdf("NOTICE 13800000001"))
    number = college.submit("扫描的通知", files=[file])
    window = college.window("zhang").open(f"/cases/{number}/review")
    expect(cards(window)).to_have_count(1)
    expect(window.find("#file-1 mark").first).to_have_text("13800000001")


def test_three_hundred_pages(college: College) -> None:
    data = drafts.long_pdf(300, phones_on=(1, 150, 300))
    number = college.submit("三百页的汇编", files=[File("汇编.pdf", data)])
    window = college.window("zhang").open(f"/cases/{number}/review")
    expect(cards(window)).to_have_count(3)
    window.check(thorough=False)
    judge(window, "不涉密", "是对外公布的办公联系方式", at=2)
    window.sees("1 / 3")


def test_an_attachment_has_a_tab_of_its_own(college: College) -> None:
    files = [
        File("通知.txt", drafts.CLEAN.encode()),
        File("附件 名单.txt", drafts.PHONE.encode()),
    ]
    number = college.submit("带附件的通知", files=files)
    window = college.window("zhang").open(f"/cases/{number}/review")
    window.find("#tab-file-2").click()
    expect(window.find("#file-2 mark").first).to_have_text("13800000001")
    window.check()
