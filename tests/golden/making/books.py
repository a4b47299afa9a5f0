"""Workbooks and tables: xlsx, xls, et, csv."""

import io
import struct
import zipfile
from typing import Final

import openpyxl
import regex
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from review.extract.ole.write import packed
from tests.golden.making import opc
from tests.golden.making.opc import Part, core, package
from tests.golden.making.sample import Sample, still, ticks
from tests.unit.extract import book_files as old
from tests.unit.extract.word_files import SUMMARY, property_set

_SPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEETS: Final = "spreadsheetml."
_HEAD: Final = ("姓名", "部门", "备注")


def _saved(book: openpyxl.Workbook) -> bytes:
    """Return what openpyxl writes, with a moment of ours for the clock's."""
    held = io.BytesIO()
    book.properties.creator = "王测试"
    book.save(held)
    made = io.BytesIO()
    with (
        zipfile.ZipFile(held) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "docProps/core.xml":
                moment = rb"20\d\d-\d\d-\d\dT[\d:]+Z"
                text = regex.sub(moment, b"2026-09-01T08:00:00Z", text)
            target.writestr(name, text)
    return still(made.getvalue())


def equipment() -> bytes:
    """Return a small list of equipment, to be embedded."""
    book = openpyxl.Workbook()
    book.active.title = "设备"
    for row in (("名称", "数量"), ("核心交换机", 2), ("防火墙", 1)):
        book.active.append(row)
    return _saved(book)


def hiding() -> bytes:
    """Return a roster with hidden sheets, rows, columns, names and a comment."""
    book = openpyxl.Workbook()
    duty = book.active
    duty.title = "值班表"
    rows = (
        ("日期", "带班人", "值班电话", "联系手机"),
        ("10月1日", "张示例", "0889-6000001", "13800000001"),
        ("10月2日", "李样本", "0889-6000001", "13800000002"),
        ("10月3日", "赵虚构", "0889-6000001", "13800000003"),
    )
    for row in rows:
        duty.append(row)
    duty.row_dimensions[4].hidden = True
    duty.column_dimensions["D"].hidden = True
    duty["B2"].comment = Comment("带班人当天要去省里开会", "李样本")
    salary = book.create_sheet("补助")
    salary.append(("姓名", "补助"))
    salary.append(("张示例", 1500))
    salary.sheet_state = "hidden"
    code = book.create_sheet("口令")
    code.append(("系统", "口令"))
    code.append(("值班系统", "ys-duty-2026"))
    code.sheet_state = "veryHidden"
    book.defined_names["暂缓公布"] = DefinedName(
        "暂缓公布", attr_text='"调整方案未过会"', hidden=True
    )
    return _saved(book)


def plain() -> bytes:
    """Return two sheets with nothing hidden."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "一班"
    for row in (("学号", "姓名", "成绩"), (1, "张示例", 86.5), (2, "李样本", 91)):
        first.append(row)
    second = book.create_sheet("二班")
    for row in (("学号", "姓名", "成绩"), (1, "赵虚构", 78)):
        second.append(row)
    return _saved(book)


def _part(tag: str, inner: str, more: str = "") -> str:
    return opc.xml(tag, inner, f'xmlns="{_SPACE}" {more}')


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _row(number: int, *cells: str) -> str:
    held = "".join(
        one if one.startswith("<") else _cell(f"{'ABCDEF'[n]}{number}", one)
        for n, one in enumerate(cells)
    )
    return f'<row r="{number}">{held}</row>'


def kept() -> bytes:
    """Return a summary with kept values: of a formula, a linked book, a pivot table."""
    total = '<c r="B3"><f>[1]明细!$B$2*12</f><v>96000</v></c>'
    masked = '<c r="B4" s="1"><v>13800000009</v></c>'
    rows = (
        _row(1, "项目", "金额")
        + _row(2, "培训费", '<c r="B2"><v>8000</v></c>')
        + _row(3, "全年合计", total)
        + _row(4, "联系电话", masked)
    )
    styles = (
        '<numFmts count="1"><numFmt numFmtId="170" formatCode="&quot;（略）&quot;"/></numFmts>'
        '<fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="170" applyNumberFormat="1"/></cellXfs>'
    )
    book = (
        '<sheets><sheet name="汇总" sheetId="1" r:id="r1"/></sheets><externalReferences>'
        '<externalReference r:id="r3"/></externalReferences>'
        '<pivotCaches><pivotCache cacheId="1" r:id="r4"/></pivotCaches>'
    )
    linked = (
        '<externalBook r:id="r1"><sheetNames><sheetName val="明细"/></sheetNames><sheetDataSet>'
        '<sheetData sheetId="0"><row r="2"><cell r="A2" t="str"><v>外聘专家费</v></cell>'
        '<cell r="B2"><v>8000</v></cell></row></sheetData></sheetDataSet></externalBook>'
    )
    cache = (
        '<cacheSource type="worksheet"><worksheetSource ref="A1:B3" sheet="奖惩"/></cacheSource>'
        '<cacheFields count="2"><cacheField name="姓名"><sharedItems count="2"><s v="赵虚构"/>'
        '<s v="李样本"/></sharedItems></cacheField><cacheField name="处理"><sharedItems/>'
        "</cacheField></cacheFields>"
    )
    records = '<r><x v="0"/><s v="诫勉谈话"/></r><r><x v="1"/><s v="通报表扬"/></r>'
    parts = {
        "xl/workbook.xml": Part(
            f"{_SHEETS}sheet.main+xml",
            _part("workbook", book),
            (
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
                ("externalLink", "externalLinks/externalLink1.xml"),
                ("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ),
        ),
        "xl/worksheets/sheet1.xml": Part(
            f"{_SHEETS}worksheet+xml",
            _part("worksheet", f"<sheetData>{rows}</sheetData>"),
        ),
        "xl/styles.xml": Part(f"{_SHEETS}styles+xml", _part("styleSheet", styles)),
        "xl/externalLinks/externalLink1.xml": Part(
            f"{_SHEETS}externalLink+xml",
            _part("externalLink", linked),
            (("externalLinkPath", "file:///D:/财务处/经费明细.xlsx"),),
        ),
        "xl/pivotCache/pivotCacheDefinition1.xml": Part(
            f"{_SHEETS}pivotCacheDefinition+xml",
            _part("pivotCacheDefinition", cache, 'r:id="r1" refreshedBy="王测试"'),
            (("pivotCacheRecords", "pivotCacheRecords1.xml"),),
        ),
        "xl/pivotCache/pivotCacheRecords1.xml": Part(
            f"{_SHEETS}pivotCacheRecords+xml", _part("pivotCacheRecords", records)
        ),
        "docProps/core.xml": core("赵虚构"),
    }
    top = (("officeDocument", "xl/workbook.xml"), ("core", "docProps/core.xml"))
    return package(parts, top)


# --- the old binary books ---


def _book(*sheets: old.Sheet, author: str, records: tuple[bytes, ...] = ()) -> bytes:
    values = {4: author, 13: ticks(2)}
    return packed(
        {
            ("Workbook",): old.Book(sheets, records=records).stream(),
            ("\x05SummaryInformation",): property_set(SUMMARY, values),
        }
    )


def _rows(*rows: tuple[str, ...]) -> list[bytes]:
    return [
        old.label(row, column, said)
        for row, cells in enumerate(rows)
        for column, said in enumerate(cells)
    ]


def _noted(row: int, column: int, author: str, said: str) -> list[bytes]:
    """Return a comment on a cell."""
    head = old.record(0x5D, struct.pack("<HHHHH12x", 0x15, 18, 0x19, 7, 0))
    letters = said.encode("utf-16-le")
    text = old.record(0x1B6, struct.pack("<HH6xHH4x", 0, 0, len(said), 16))
    text += old.record(0x3C, b"\x01" + letters) + old.record(0x3C, b"\0" * 16)
    place = struct.pack("<HHHH", row, column, 0, 7) + old.text(author) + b"\0"
    return [head + text, old.record(0x1C, place)]


def old_hiding(title: str) -> bytes:
    """Return an old book with hidden sheets, rows, columns and a comment."""
    first = _rows(
        _HEAD,
        ("张示例", "教务处", "主持"),
        ("李样本", "学生处", "因病缺席"),
        ("赵虚构", "财务处", "记录"),
    )
    return _book(
        old.Sheet(
            title,
            [
                old.columns(2, 2, hidden=True),
                old.hidden_row(2),
                *first,
                *_noted(1, 0, "王测试", "请假条在办公室"),
            ],
        ),
        old.Sheet("备选", _rows(("姓名", "排名"), ("李样本", "第二")), state=1),
        old.Sheet("底稿", _rows(("事项",), ("暂不公开的安排",)), state=2),
        author="赵虚构",
    )


def old_linked() -> bytes:
    """Return an old book with a linked book and what was kept of it."""
    path = "\x01D\x03财务\x03底账.xls"
    other = old.record(0x1AE, struct.pack("<H", 1) + old.text(path) + old.text("工资"))
    value = struct.pack("<BBH", 0, 0, 4) + b"\x02" + old.text("绩效系数一点二")
    return _book(
        old.Sheet("汇总", _rows(("项目", "结果"), ("绩效", "已发放"))),
        author="王测试",
        records=(other, old.record(0x5A, value)),
    )


def old_plain(sheet: str, *rows: tuple[str, ...]) -> bytes:
    """Return an old book with nothing hidden but its author."""
    return _book(old.Sheet(sheet, _rows(*rows)), author="李样本")


_SCORES: Final = (
    "学号,姓名,班级,成绩\n260101,张示例,护理一班,88\n260102,李样本,护理一班,92\n"
)
_QUOTED: Final = '"项目","说明","金额（元）"\n"讲座","含交通, 不含餐","1200"\n"印刷","分两批\n送货","860"\n'
_TABBED: Final = (
    "部门\t联系人\t房间\n教务处\t张示例\t行政楼201\n学生处\t李样本\t行政楼105\n"
)
_OLD_HIDES: Final = {
    "hidden row": "因病缺席",
    "hidden column": "主持",
    "hidden sheet": "李样本\t第二",
    "very hidden sheet": "暂不公开的安排",
    "cell comment": "请假条在办公室",
    "author": "作者：赵虚构",
}

SAMPLES: Final = (
    Sample(
        "xlsx/国庆值班表（隐藏）.xlsx",
        "有隐藏的工作表、行、列、名称和批注的值班表",
        hiding,
        ("日期\t带班人\t值班电话", "10月1日\t张示例\t0889-6000001"),
        {
            "hidden row": "赵虚构",
            "hidden column": "13800000001",
            "hidden sheet": "张示例\t1500",
            "very hidden sheet": "值班系统\tys-duty-2026",
            "hidden name": "调整方案未过会",
            "cell comment": "带班人当天要去省里开会",
            "author": "作者：王测试",
        },
    ),
    Sample(
        "xlsx/经费汇总（缓存与外链）.xlsx",
        "公式引用外部工作簿，存着外部数据和透视表缓存，电话用数字格式遮住",
        kept,
        ("项目\t金额", "培训费\t8000", "全年合计\t96000", "（略）"),
        {
            "linked workbook": "file:///D:/财务处/经费明细.xlsx",
            "cached value": "外聘专家费\t8000",
            "masked number": "13800000009",
            "pivot cache": "赵虚构\t诫勉谈话",
        },
    ),
    Sample(
        "xlsx/期中成绩.xlsx",
        "两张普通的工作表",
        plain,
        ("学号\t姓名\t成绩", "1\t张示例\t86.5", "1\t赵虚构\t78"),
    ),
    Sample(
        "xls/例会签到（隐藏）.xls",
        "有隐藏的工作表、行、列和批注的旧格式签到表",
        lambda: old_hiding("签到"),
        ("姓名\t部门", "张示例\t教务处"),
        _OLD_HIDES,
    ),
    Sample(
        "xls/绩效汇总（外链）.xls",
        "引用外部工作簿并存着它的数据",
        old_linked,
        ("项目\t结果", "绩效\t已发放"),
        {"cached value": "绩效系数一点二", "linked workbook": "D/财务/底账.xls"},
    ),
    Sample(
        "et/工会活动报名（隐藏）.et",
        "WPS 表格的旧格式，与 xls 相同",
        lambda: old_hiding("报名"),
        ("姓名\t部门", "张示例\t教务处"),
        _OLD_HIDES,
    ),
    Sample(
        "et/期中成绩（新格式）.et",
        "WPS 新版存成 et 的其实是 xlsx",
        plain,
        ("学号\t姓名\t成绩", "2\t李样本\t91"),
        {"author": "作者：王测试"},
    ),
    Sample(
        "et/教材征订.et",
        "WPS 表格的旧格式，没有隐藏内容",
        lambda: old_plain(
            "征订", ("教材", "册数"), ("基础会计", "46"), ("护理学", "52")
        ),
        ("教材\t册数", "护理学\t52"),
    ),
    Sample(
        "csv/成绩（GBK）.csv",
        "GBK 编码的成绩表",
        lambda: _SCORES.encode("gbk"),
        ("学号\t姓名\t班级\t成绩", "260102\t李样本\t护理一班\t92"),
    ),
    Sample(
        "csv/活动经费（UTF-8，引号）.csv",
        "带 BOM 的 UTF-8，单元格里有逗号和换行",
        lambda: _QUOTED.encode("utf-8-sig"),
        ("讲座\t含交通, 不含餐\t1200", "印刷\t分两批 送货\t860"),
    ),
    Sample(
        "csv/联系表（UTF-16，制表符）.csv",
        "Excel 的“Unicode 文本”",
        lambda: _TABBED.encode("utf-16"),
        ("教务处\t张示例\t行政楼201", "学生处\t李样本\t行政楼105"),
    ),
)
