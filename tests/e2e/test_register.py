"""The register and the figures: looked through, kept as a view, taken home as files."""

import io

from openpyxl import load_workbook
from playwright.sync_api import Download, expect

from tests.e2e.college import College


def _first_cell(saved: Download) -> str:
    # What a browser without a Chinese locale calls the file says nothing.
    book = load_workbook(io.BytesIO(saved.path().read_bytes()))
    return str(book.worksheets[0]["A1"].value)


def test_a_view_is_kept_used_and_deleted(college: College) -> None:
    college.submit("台账里的琴房开放通知")
    window = college.window("zhang").go("/register")
    window.page.keyboard.press("/")
    window.page.keyboard.type("琴房开放")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/register?q=*")
    expect(window.find("[data-row]")).to_have_count(1)
    window.press("保存这个视图").fill("名称", "琴房").press("保存")
    view = window.find("nav[aria-label=我的视图] a")
    expect(view).to_have_text("琴房")
    window.check()
    window.open("/register").follow("琴房")
    expect(window.find("[data-row]")).to_have_count(1)
    expect(window.find("nav[aria-label=我的视图] a[aria-current]")).to_have_count(1)
    window.press("保存这个视图").press("删去视图“琴房”")
    expect(window.find("nav[aria-label=我的视图]")).to_have_count(0)


def test_rows_are_walked_by_keys(college: College) -> None:
    college.submit("按键走到的第一件")
    window = college.window("zhang").go("/register")
    window.page.keyboard.press("j")
    expect(window.find("[data-row]").first).to_be_focused()
    window.page.keyboard.press("k")
    expect(window.find("[data-row]").first).to_be_focused()
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/cases/*")


def test_what_is_seen_is_saved_as_a_file(college: College) -> None:
    college.submit("要导出的一件")
    window = college.window("li").go("/register?q=%E5%AF%BC%E5%87%BA")
    window.press("导出")
    with window.page.expect_download() as saved:
        window.press("导出台账")
    assert _first_cell(saved.value) == "信息公开保密审查台账"
    # A worker makes it, and the page fetches it when it is there.
    with window.page.expect_download(timeout=60_000) as ordered:
        window.press("在后台导出")
    assert _first_cell(ordered.value) == "信息公开保密审查台账"


def test_each_chart_stands_above_its_table(college: College) -> None:
    college.submit("统计里的一件")
    window = college.window("li").go("/statistics")
    places = window.find("[data-chart]").count()
    assert places > 0
    expect(window.find("[data-chart] canvas")).to_have_count(places)
    assert window.find("section:has([data-chart]) table").count() == places
    window.follow("年度考核数据").at("/statistics/yearly").check()
    with window.page.expect_download() as saved:
        window.press("下载表格")
    assert "年度考核数据" in _first_cell(saved.value)
