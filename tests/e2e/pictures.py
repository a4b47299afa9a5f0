"""Draws the pictures of the manual from the running program, with invented people and drafts.

    .venv/bin/python -m tests.e2e.pictures            # into docs/手册/图

Each picture is a window of 1366×768 as somebody sees it; the manual's chapters name them.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image

from tests.e2e import drafts
from tests.e2e.college import College, File, entering
from tests.e2e.program import Program
from tests.e2e.window import Window
from tests.e2e.words import choose, open_card

FOLDER: Final = Path(__file__).parents[2] / "docs" / "手册" / "图"
# Few colours are enough for pages, and keep a picture small.
_COLOURS: Final = 200
_SAMPLE: Final = drafts.SAMPLES / "食堂改造完工喜迎新学期.txt"
_TITLE: Final = _SAMPLE.stem


def main() -> None:
    """Start a college, lead its items to where the pictures are taken, take them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xianshen-pictures-") as data:
        program = Program(Path(data) / "data", {"XIANSHEN_OFFICE_NAME": "云山职业学院"})
        with program.started(), entering(program) as college:
            asyncio.events._set_running_loop(college.loop)
            for chapter in _CHAPTERS:
                chapter(college, folder)
                for wrong in college.close_windows():
                    sys.stderr.write(f"{wrong}\n")
            asyncio.events._set_running_loop(None)


def _take(window: Window, folder: Path, name: str) -> None:
    window.page.wait_for_load_state("networkidle")
    seen = Image.open(io.BytesIO(window.page.screenshot())).convert("RGB")
    few = seen.quantize(
        _COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    few.save(folder / f"{name}.png", optimize=True)


def _submitting(college: College, folder: Path) -> None:
    window = college.window().open("/sign-in")
    _take(window, folder, "登录")
    college.submit(_TITLE, _SAMPLE.read_text("utf-8-sig"))
    window = college.window("zhang").open("/")
    _take(window, folder, "工作台")
    window.open("/submit")
    choose(
        window,
        File("关于寒假放假安排的通知.docx", drafts.docx_with_hidden_words()),
        File("附件1 值班安排.txt", drafts.CLEAN.encode()),
    )
    window.page.get_by_label("网站", exact=True).check()
    _take(window, folder, "送审")


def _reviewing(college: College, folder: Path) -> None:
    number = college.submit("第一食堂改造完工", _SAMPLE.read_text("utf-8-sig"))
    window = college.window("zhang").open(f"/cases/{number}/review")
    open_card(window).get_by_label("须删改").check()
    _take(window, folder, "审查")
    window.open(f"/cases/{number}/review")
    college.dispose("zhang", number, "must_change", "未公布的内部讨论，请删去")
    window.open(f"/cases/{number}/review").press("下初审结论")
    window.find("dialog[open]").get_by_label("须修改", exact=True).check()
    _take(window, folder, "初审结论")
    file = File("学生资助工作简讯.docx", drafts.docx_with_hidden_words())
    number = college.submit("学生资助工作简讯", files=[file])
    window.open(f"/cases/{number}/review").find("#tab-hidden-1").click()
    _take(window, folder, "隐藏内容")


def _signing(college: College, folder: Path) -> None:
    number = college.sent_back("学院举行开放日活动")
    window = college.window("zhang").open(f"/cases/{number}/resubmit")
    choose(window, File("正文.txt", drafts.EDITED.encode()))
    window.find("[data-send-it]").click()
    window.at(f"/cases/{number}").find("#progress").wait_for(state="detached")
    said = {"conclusion": "agree", "opinion": "已按意见修改，可以公开"}
    college.step("zhang", number, "first-pass", said)
    window = college.window("li").open(f"/cases/{number}/sign-off")
    window.find("#tab-last").click()
    _take(window, folder, "两轮比较")
    number = college.agreed("校园招聘会顺利举行", drafts.PHONE)
    window.open(f"/cases/{number}/sign-off")
    _take(window, folder, "终审")
    window.press("终审决定")
    window.find("dialog[open]").get_by_label("同意公开", exact=True).check()
    _take(window, folder, "终审决定")
    number = college.cleared("图书馆寒假开放时间")
    window.open(f"/cases/{number}")
    _take(window, folder, "公开许可")


def _office(college: College, folder: Path) -> None:
    window = college.window("li").open("/register")
    _take(window, folder, "台账")
    window.open("/statistics")
    _take(window, folder, "统计")
    window.open("/lexicons?q=%E8%AF%95%E9%A2%98")
    _take(window, folder, "词库")


def _administrators(college: College, folder: Path) -> None:
    pages = {
        "账号": ("system", "/admin/accounts"),
        "系统状况": ("system", "/admin/system"),
        "任命": ("security", "/admin/appointments"),
        "政策": ("security", "/admin/policy"),
        "我的账号": ("security", "/account"),
    }
    for name, (person, path) in pages.items():
        _take(college.window(person).open(path), folder, name)
    site = {
        "id": "site-news",
        "name": "学院新闻网",
        "channels": ["website"],
        "departments": ["宣传部"],
        "networks": ["10.1.2.0/24"],
    }
    assert college.door("system").send("POST", "/sites", data=site).ok
    _take(college.window("system").open("/admin/sites/site-news"), folder, "站点")
    window = college.window("audit").open("/audit")
    window.find("form.verify button").click()
    _take(window.sees("记录完整").open("/audit"), folder, "审计")
    window.open("/audit/entries")
    _take(window, folder, "审查记录")


_CHAPTERS: Final[tuple[Callable[[College, Path], None], ...]] = (
    _submitting,
    _reviewing,
    _signing,
    _office,
    _administrators,
)

if __name__ == "__main__":
    main()
