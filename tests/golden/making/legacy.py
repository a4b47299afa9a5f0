"""Old documents: doc, wps, rtf; and what LibreOffice writes of newer ones.

What LibreOffice writes bears the hour and its version: those files are made once, and
again only where they are asked for.
"""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.golden.making import books, word
from tests.golden.making.sample import Sample, ticks
from tests.unit.extract.word_files import (
    SUMMARY,
    VANISHED,
    WHITE,
    Word,
    deleted,
    inserted,
    packed_day,
    property_set,
    strings,
)

_AUTHORS: Final = 51
_FILTERS: Final = {
    "doc": "doc:MS Word 97",
    "rtf": "rtf:Rich Text Format",
    "odt": "odt:writer8",
    "ods": "ods:calc8",
    "xls": "xls:MS Excel 97",
}


def by_office(make: Callable[[], bytes], ending: str, to: str) -> Callable[[], bytes]:
    """Return what lets LibreOffice save a file in another format."""

    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, f"a.{ending}")
            source.write_bytes(make())
            target = Path(folder, "out")
            command = (
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                _FILTERS[to],
                "--outdir",
                str(target),
                str(source),
            )
            subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own file
            return (target / f"a.{to}").read_bytes()

    return made


def by_hand() -> bytes:
    """Return a binary document with tracked changes, hidden and white text."""
    day = packed_day(2026, 9, 3) | 9 << 6 | 30
    text = (
        "关于清理办公用房的通知\r各部门：\r请于九月底前完成自查。"
        "自查结果报纪检室。\r处级干部超标两间。\r本通知自发文之日起执行。另有名单未附。\r"
    )
    made = Word({"main": text})
    made.look("自查结果报纪检室。", inserted(1, day))
    made.look("处级干部超标两间。", deleted(2, day))
    made.look("另有名单未附。", VANISHED)
    made.parts[_AUTHORS] = strings("未知", "张示例", "李样本")
    values: dict[int, str | int | bytes] = {
        4: "赵虚构",
        7: "红头模板.dot",
        13: ticks(2),
    }
    made.streams[("\x05SummaryInformation",)] = property_set(SUMMARY, values)
    return made.saved()


def white_by_hand(title: str, line: str, faint: str) -> bytes:
    """Return a binary document with white text."""
    made = Word({"main": f"{title}\r{line}{faint}\r"})
    made.look(faint, WHITE)
    made.streams[("\x05SummaryInformation",)] = property_set(SUMMARY, {4: "王测试"})
    return made.saved()


def _rich(text: str) -> str:
    return "".join(
        one if ord(one) < 128 else f"\\u{_signed(ord(one))}?" for one in text
    )


def _signed(number: int) -> int:
    return number - 0x10000 if number > 0x7FFF else number


_RTF_HEAD: Final = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}"
    r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
)


def rich_hiding() -> bytes:
    """Return rich text with hidden, white and tracked text and a comment."""
    day = packed_day(2026, 9, 3) | 9 << 6 | 30
    people = _rich("未知"), _rich("张示例")
    body = (
        rf"{{\*\revtbl{{{people[0]};}}{{{people[1]};}}}}"
        rf"{{\info{{\author {_rich('李样本')}}}{{\*\company {_rich('云山职业学院')}}}}}"
        rf"\pard\fs28 {_rich('关于开展教学检查的通知')}\par "
        rf"{_rich('检查从第五周开始。')}{{\v {_rich('抽查名单已内定')}}}\par "
        rf"{_rich('请各系做好准备。')}{{\cf2 {_rich('结果与绩效挂钩')}}}\par "
        rf"{_rich('检查组由教务处牵头')}{{\deleted\revauthdel1\revdttmdel{day} {_rich('并邀请督学参加')}}}"
        rf"{_rich('。')}{{\*\atnid LY}}{{\*\atnauthor {_rich('王测试')}}}\chatn"
        rf"{{\*\annotation{{\*\atndate {day}}}\pard {_rich('督学人选未定')}\par}}\par "
    )
    return f"{_RTF_HEAD}{body}}}".encode("ascii")


def rich_table() -> bytes:
    """Return rich text in GBK bytes with a table."""

    def byte(text: str) -> str:
        return "".join(f"\\'{one:02x}" for one in text.encode("gbk"))

    def row(*cells: str) -> str:
        places = "".join(rf"\cellx{3000 * n}" for n in range(1, len(cells) + 1))
        held = "".join(rf"\pard\intbl {byte(one)}\cell" for one in cells)
        return rf"\trowd{places}{held}\row "

    body = rf"\pard\fs28 {byte('车辆进校登记')}\par " + row("日期", "车牌", "事由")
    body += (
        row("9月3日", "云A00001", "送餐")
        + row("9月4日", "云A00002", "维修")
        + r"\pard "
    )
    return f"{_RTF_HEAD}{body}{byte('保卫处')}\\par}}".encode("ascii")


_REVIEWED_SHOWS: Final = (
    "关于2026年国庆节放假值班的通知",
    "放假期间各部门安排专人值班，",
    "值班电话保持畅通。",
    "10月1日\t行政楼101\t张示例",
)
_REVIEWED_HIDES: Final = {
    "tracked insertion": "并报保卫处备案",
    "tracked deletion": "值班费每人每天一百五十元，",
    "comment": "校领导手机号不要写进值班表",
    "header": "云山职业学院文件",
    "author": "作者：赵虚构",
}
_UNSEEN_SHOWS: Final = ("致2026级新同学的一封信", "请携带录取通知书和身份证。")
_UNSEEN_HIDES: Final = {
    "hidden run": "本批补录名单含未公示的三人",
    "white text": "内部减免口径暂不公开",
    "tiny text": "底线分数四百零二分",
    "text box": "报名咨询时间：工作日8:30至17:00",
}
_CONVERT: Final = ("conversion",)

# Made by LibreOffice, and so not the same each time.
BY_OFFICE: Final = (
    Sample(
        "doc/国庆值班通知（修订批注）.doc",
        "LibreOffice 存成的旧格式，有修订和批注",
        by_office(word.reviewed, "docx", "doc"),
        _REVIEWED_SHOWS,
        _REVIEWED_HIDES,
        _CONVERT,
    ),
    Sample(
        "doc/致新同学的信（隐藏文字）.doc",
        "LibreOffice 存成的旧格式，有隐藏、白色、极小文字和文本框",
        by_office(word.unseen, "docx", "doc"),
        _UNSEEN_SHOWS,
        _UNSEEN_HIDES,
        _CONVERT,
    ),
    Sample(
        "wps/致新同学的信（旧格式）.wps",
        "WPS 文字的旧格式，与 doc 相同",
        by_office(word.unseen, "docx", "doc"),
        _UNSEEN_SHOWS,
        _UNSEEN_HIDES,
        _CONVERT,
    ),
    Sample(
        "rtf/国庆值班通知（修订批注）.rtf",
        "LibreOffice 存成的 RTF，有修订和批注",
        by_office(word.reviewed, "docx", "rtf"),
        _REVIEWED_SHOWS,
        _REVIEWED_HIDES,
        _CONVERT,
    ),
    Sample(
        "odt/国庆值班通知（LibreOffice）.odt",
        "LibreOffice 存成的 odt，有修订和批注",
        by_office(word.reviewed, "docx", "odt"),
        _REVIEWED_SHOWS,
        _REVIEWED_HIDES,
        ("recognition",),  # of the thumbnail
    ),
    Sample(
        "ods/国庆值班表（LibreOffice）.ods",
        "LibreOffice 存成的 ods，有隐藏的工作表、行和列",
        by_office(books.hiding, "xlsx", "ods"),
        ("日期\t带班人\t值班电话",),
        {
            "hidden row": "赵虚构",
            "hidden column": "13800000001",
            "hidden sheet": "张示例\t1500",
            "cell comment": "带班人当天要去省里开会",
        },
        ("recognition",),
    ),
    Sample(
        "xls/国庆值班表（LibreOffice）.xls",
        "LibreOffice 存成的 xls，有隐藏的工作表、行和列",
        by_office(books.hiding, "xlsx", "xls"),
        ("日期\t带班人\t值班电话",),
        {
            "hidden row": "赵虚构",
            "hidden column": "13800000001",
            "hidden sheet": "张示例\t1500",
            "cell comment": "带班人当天要去省里开会",
        },
    ),
)

SAMPLES: Final = (
    Sample(
        "doc/清理办公用房（修订）.doc",
        "逐字节写出的旧格式，有修订、隐藏文字和属性",
        by_hand,
        (
            "关于清理办公用房的通知",
            "请于九月底前完成自查。",
            "本通知自发文之日起执行。",
        ),
        {
            "tracked insertion": "自查结果报纪检室。",
            "tracked deletion": "处级干部超标两间。",
            "hidden run": "另有名单未附。",
            "author": "作者：赵虚构",
            "template path": "红头模板.dot",
        },
        _CONVERT,
    ),
    Sample(
        "wps/宿舍调整说明（旧格式）.wps",
        "WPS 文字的旧格式，有白色文字",
        lambda: white_by_hand(
            "宿舍调整说明", "三号楼调整为女生宿舍。", "床位预留给外单位"
        ),
        ("宿舍调整说明", "三号楼调整为女生宿舍。"),
        {"white text": "床位预留给外单位", "author": "作者：王测试"},
        _CONVERT,
    ),
    Sample(
        "rtf/教学检查（隐藏与批注）.rtf",
        "有隐藏、白色、修订删除的文字和批注",
        rich_hiding,
        ("关于开展教学检查的通知", "检查从第五周开始。", "检查组由教务处牵头"),
        {
            "hidden run": "抽查名单已内定",
            "white text": "结果与绩效挂钩",
            "tracked deletion": "并邀请督学参加",
            "comment": "督学人选未定",
            "author": "作者：李样本",
            "company": "单位：云山职业学院",
        },
        _CONVERT,
    ),
    Sample(
        "rtf/车辆进校登记（GBK）.rtf",
        "GBK 字节写的 RTF，有表格",
        rich_table,
        ("车辆进校登记", "日期\t车牌\t事由", "9月4日\t云A00002\t维修", "保卫处"),
        {},
        _CONVERT,
    ),
)
