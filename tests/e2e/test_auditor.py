"""The auditor: sees every entry, proves the record, takes it away; changes nothing."""

from tests.e2e import drafts
from tests.e2e.college import College


def test_the_record_is_proved_and_taken_away(college: College) -> None:
    window = college.window("audit").go("/audit")
    window.find("form.verify button").click()
    window.sees("记录完整", "没有被改动、删除、调换或插入").check()
    with window.page.expect_download() as taken:
        window.follow("导出全部记录")
    assert taken.value.failure() is None
    with window.page.expect_download() as program:
        window.follow("核验程序")
    assert program.value.suggested_filename.endswith(".py")


def test_every_step_of_an_item_is_in_the_record(college: College) -> None:
    number = college.agreed("审计要看的一件", drafts.PHONE)
    window = college.window("audit").go("/audit/entries")
    window.find("form.by input[name=case]").fill(number)
    window.press("查找").page.wait_for_url(lambda url: number in url)
    window.sees("送审", "处置疑点", "初审结论", "张示例").check()
    assert window.find("table.entries tbody tr").count() == 4
    window.go(f"/cases/{number}").sees("经过", "记录证明")
    window.sees_no("13800000001")


def test_a_refused_request_is_on_record(college: College) -> None:
    number = college.submit("有人越权的一件")
    version = college.see(number)["version"]
    answer = college.door("li").send(
        "POST",
        f"/cases/{number}/first-pass",
        data={"conclusion": "agree", "opinion": "可以公开"},
        headers={"If-Match": f'"{version}"'},
    )
    assert answer.status == 403
    window = college.window("audit").go(f"/audit/entries?case={number}")
    window.sees("李样本").check()


def test_the_auditor_decides_nothing(college: College) -> None:
    number = college.submit("审计员只看的一件", drafts.PHONE)
    window = college.window("audit").go(f"/cases/{number}")
    assert window.find("main button:not(.plain)").count() == 0
    with window.refused(403):
        window.go("/submit")
