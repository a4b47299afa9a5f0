"""Every kind of thing that a workbook hides, one file each, built from raw parts."""

import base64
import io
import zipfile

import pytest

from review.errors import UnreadableError, UnsupportedError
from review.extract.interface import Block, Document
from review.extract.read import read
from tests.unit.extract.mutations import damaged

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACES = f'xmlns="{_MAIN}" xmlns:r="{_DOC}"'

Parts = dict[str, str | bytes]


def _links(*links: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{_DOC}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for n, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'


def _cell(reference: str, text: str, attributes: str = "") -> str:
    return f'<c r="{reference}" t="inlineStr" {attributes}><is><t>{text}</t></is></c>'


def _row(number: int, *texts: str, attributes: str = "") -> str:
    cells = "".join(_cell(f"{'ABCDEFG'[n]}{number}", t) for n, t in enumerate(texts))
    return f'<row r="{number}" {attributes}>{cells}</row>'


def _book(  # noqa: PLR0913 - the places where a workbook may hide something
    rows: str = "",
    *,
    before: str = "",
    after: str = "",
    book: str = "",
    state: str = "visible",
    links: tuple[tuple[str, str], ...] = (),
    parts: Parts | None = None,
) -> bytes:
    """Make a workbook of one sheet; `links` hang on the sheet."""
    own: Parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {_SPACES}><sheets><sheet name="Sheet1" '
        f'sheetId="1" state="{state}" r:id="r1"/></sheets>{book}</workbook>',
        "xl/_rels/workbook.xml.rels": _links(
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {_SPACES}>{before}"
        f"<sheetData>{rows}</sheetData>{after}</worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": _links(*links),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (own | (parts or {})).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _styles(fonts: str, fills: str, formats: str, cells: str) -> Parts:
    return {
        "xl/styles.xml": f"<styleSheet {_SPACES}><numFmts>{formats}</numFmts><fonts>"
        f"<font/>{fonts}</fonts><fills><fill/>{fills}</fills>"
        f"<cellXfs><xf/>{cells}</cellXfs></styleSheet>"
    }


def _drawing(shape: str, properties: str = "") -> str:
    return (
        f"<xdr:wsDr {_DRAWING}><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col>"
        f"<xdr:row>2</xdr:row></xdr:from><xdr:sp><xdr:nvSpPr>"
        f'<xdr:cNvPr id="2" name="TextBox 1" {properties}/></xdr:nvSpPr>{shape}'
        "</xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
    )


_TEXT_BODY = "<xdr:txBody><a:p><a:r>{run}<a:t>框里的字</a:t></a:r></a:p></xdr:txBody>"
_WHITE_RUN = '<a:rPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:rPr>'


def _mashup() -> str:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("Formulas/Section1.m", "section 一; 服务器 = 库")
    record = bytes(4) + len(inner.getvalue()).to_bytes(4, "little") + inner.getvalue()
    return f"<DataMashup>{base64.b64encode(record).decode()}</DataMashup>"


def _pivot() -> Parts:
    return {
        "xl/pivotCache/pivotCacheDefinition1.xml": f"<pivotCacheDefinition {_SPACES} "
        'refreshedBy="张示例"><cacheSource><worksheetSource ref="A1:B9" sheet="源表"/>'
        '</cacheSource><cacheFields><cacheField name="姓名"><sharedItems>'
        '<s v="李样本"/><s v="王样本"/><s v="已删者"/></sharedItems></cacheField>'
        '<cacheField name="手机"><sharedItems/></cacheField></cacheFields>'
        "</pivotCacheDefinition>",
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _links(
            ("pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/pivotCache/pivotCacheRecords1.xml": f"<pivotCacheRecords {_SPACES}>"
        '<r><x v="0"/><s v="13800001111"/></r><r><x v="1"/><s v="13800002222"/></r>'
        "</pivotCacheRecords>",
    }


_EXTERNAL = (
    f"<externalLink {_SPACES}><externalBook><sheetNames><sheetName val='工资'/>"
    "</sheetNames><sheetDataSet><sheetData sheetId='0'><row r='1'><cell r='A1' t='str'>"
    "<v>李样本</v></cell><cell r='B1'><v>123456</v></cell></row></sheetData>"
    "</sheetDataSet></externalBook></externalLink>"
)
_REVISIONS: Parts = {
    "xl/revisions/revisionHeaders.xml": f"<headers {_SPACES}><header r:id='r1' "
    "userName='王样本' dateTime='2026-03-04T00:00:00Z'/></headers>",
    "xl/revisions/_rels/revisionHeaders.xml.rels": _links(
        ("revisionLog", "revisionLog1.xml")
    ),
    "xl/revisions/revisionLog1.xml": f"<revisions {_SPACES}><rcc rId='1' sId='1'>"
    "<oc r='A1' t='inlineStr'><is><t>原来的字</t></is></oc>"
    "<nc r='A1' t='inlineStr'><is><t>新的字</t></is></nc></rcc></revisions>",
}
_WHITE = '<font><color rgb="FFFFFFFF"/></font>'
_SOLID = '<fill><patternFill patternType="solid"><fgColor rgb="FF112233"/></patternFill></fill>'
_BLUE = '<font><color rgb="FF112233"/></font>'
_MASK = '<numFmt numFmtId="170" formatCode="{}"/>'
_ONE_CELL = '<row r="1">' + _cell("A1", "看不见", 's="1"') + "</row>"
_NUMBER = '<row r="1"><c r="A1" s="1"><v>13800001111</v></c></row>'

# What it is, the file, the text, the part and the cell or row it is found at, the remark.
_CASES: tuple[tuple[str, bytes, str, str, str | int | None, str], ...] = (
    (
        "hidden sheet",
        _book(_row(1, "藏"), state="hidden"),
        "藏",
        "hidden",
        1,
        "隐藏的工作表",
    ),
    (
        "very hidden sheet",
        _book(_row(1, "藏"), state="veryHidden"),
        "藏",
        "hidden",
        1,
        "深度隐藏的工作表",
    ),
    (
        "hidden row",
        _book(_row(3, "藏", attributes='hidden="1"')),
        "藏",
        "hidden",
        3,
        "隐藏的行",
    ),
    (
        "collapsed row",
        _book(_row(1, "藏", attributes='hidden="1" outlineLevel="1"')),
        "藏",
        "hidden",
        1,
        "折叠的分组行",
    ),
    (
        "row without height",
        _book(_row(1, "藏", attributes='ht="0" customHeight="1"')),
        "藏",
        "hidden",
        1,
        "行高为零的行",
    ),
    (
        "rows hidden by default",
        _book(_row(1, "藏"), before='<sheetFormatPr zeroHeight="1"/>'),
        "藏",
        "hidden",
        1,
        "隐藏的行",
    ),
    (
        "filtered row",
        _book(
            _row(2, "藏", attributes='hidden="1"'),
            after='<autoFilter ref="A1:A9"><filterColumn colId="0"><filters>'
            '<filter val="只看这个"/></filters></filterColumn></autoFilter>',
        ),
        "藏",
        "hidden",
        2,
        "筛选掉的行",
    ),
    (
        "what a filter asks for",
        _book(
            after='<autoFilter ref="A1:A9"><filterColumn colId="0"><filters>'
            '<filter val="只看这个"/></filters></filterColumn></autoFilter>'
        ),
        "只看这个",
        "hidden",
        "A1:A9",
        "筛选条件",
    ),
    (
        "hidden column",
        _book(
            _row(1, "名", "藏"), before='<cols><col min="2" max="9" hidden="1"/></cols>'
        ),
        "名\t藏",
        "hidden",
        "B1",
        "隐藏的列 B（同行各格一并列出）",
    ),
    (
        "collapsed column",
        _book(
            _row(1, "藏"),
            before='<cols><col min="1" max="1" hidden="1" outlineLevel="1"/></cols>',
        ),
        "藏",
        "hidden",
        "A1",
        "折叠的分组列 A",
    ),
    (
        "column without width",
        _book(_row(1, "藏"), before='<cols><col min="1" max="1" width="0"/></cols>'),
        "藏",
        "hidden",
        "A1",
        "列宽为零的列 A",
    ),
    (
        "white text",
        _book(_ONE_CELL, parts=_styles(_WHITE, "", "", '<xf fontId="1"/>')),
        "看不见",
        "hidden",
        "A1",
        "白色文字",
    ),
    (
        "text in the colour of its ground",
        _book(
            _ONE_CELL, parts=_styles(_BLUE, _SOLID, "", '<xf fontId="1" fillId="1"/>')
        ),
        "看不见",
        "hidden",
        "A1",
        "文字与底色同色",
    ),
    (
        "tiny text",
        _book(
            _ONE_CELL,
            parts=_styles('<font><sz val="1"/></font>', "", "", '<xf fontId="1"/>'),
        ),
        "看不见",
        "hidden",
        "A1",
        "极小字号",
    ),
    (
        "a format that shows nothing",
        _book(
            _ONE_CELL,
            parts=_styles("", "", _MASK.format(";;;"), '<xf numFmtId="170"/>'),
        ),
        "看不见",
        "hidden",
        "A1",
        "不显示的单元格",
    ),
    (
        "a format that masks",
        _book(
            _NUMBER,
            parts=_styles(
                "", "", _MASK.format("&quot;保密&quot;"), '<xf numFmtId="170"/>'
            ),
        ),
        "13800001111",
        "hidden",
        "A1",
        "数字格式遮住的实际值（同行各格一并列出）",
    ),
    (
        "under a merged cell",
        _book(
            _row(1, "题", "藏"),
            after='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>',
        ),
        "题\t藏",
        "hidden",
        "B1",
        "被合并单元格盖住的内容（同行各格一并列出）",
    ),
    (
        "words of a formula",
        _book('<row r="1"><c r="A1"><f>IF(B1="王样本",1,0)</f><v>0</v></c></row>'),
        '=IF(B1="王样本",1,0)',
        "hidden",
        "A1",
        "公式里的文字",
    ),
    (
        "a formula without a result",
        _book('<row r="1"><c r="A1"><f>"绝"&amp;"密"</f></c></row>'),
        '="绝"&"密"',
        "hidden",
        "A1",
        "没有结果的公式",
    ),
    (
        "options",
        _book(
            after='<dataValidations><dataValidation sqref="B1:B9" prompt="填密级">'
            '<formula1>"校内,内部"</formula1></dataValidation></dataValidations>'
        ),
        "校内,内部",
        "hidden",
        "B1:B9",
        "单元格提示或选项",
    ),
    (
        "conditional format",
        _book(
            after='<conditionalFormatting sqref="A1"><cfRule type="containsText" '
            'text="违纪"><formula>NOT(ISERROR(1))</formula></cfRule></conditionalFormatting>'
        ),
        "违纪",
        "hidden",
        None,
        "条件格式里的文字",
    ),
    (
        "scenario",
        _book(
            after='<scenarios><scenario name="甲案" comment="暂不公开"><inputCells r="A1" '
            'val="98765"/></scenario></scenarios>'
        ),
        "暂不公开",
        "hidden",
        None,
        "方案",
    ),
    (
        "header that is not in use",
        _book(
            after="<headerFooter><firstHeader>&amp;C首页眉</firstHeader></headerFooter>"
        ),
        "首页眉",
        "header",
        None,
        "没有启用的页眉页脚",
    ),
    (
        "hidden name",
        _book(
            book='<definedNames><definedName name="密" hidden="1">"暗语"</definedName>'
            "</definedNames>"
        ),
        '密："暗语"',
        "hidden",
        None,
        "隐藏的名称",
    ),
    (
        "where it was saved",
        _book(book='<absPath url="C:\\用户\\张示例\\"/>'),
        "C:\\用户\\张示例\\",
        "metadata",
        None,
        "保存路径",
    ),
    (
        "comment",
        _book(
            links=(("comments", "../comments1.xml"),),
            parts={
                "xl/comments1.xml": f"<comments {_SPACES}><authors><author>张示例</author>"
                '</authors><commentList><comment ref="B2" authorId="0"><text><r><t>批注字'
                "</t></r></text></comment></commentList></comments>"
            },
        ),
        "批注字",
        "comment",
        "B2",
        "批注，作者张示例",
    ),
    (
        "reply",
        _book(
            links=(("threadedComment", "../threadedComments/threadedComment1.xml"),),
            parts={
                "xl/threadedComments/threadedComment1.xml": "<ThreadedComments>"
                '<threadedComment ref="A1" dT="2026-02-03T04:05" personId="p" id="2" '
                'parentId="1"><text>回复字</text></threadedComment></ThreadedComments>',
                "xl/persons/person.xml": '<personList><person displayName="王样本" '
                'id="p" userId="wang"/></personList>',
            },
        ),
        "回复字",
        "comment",
        "A1",
        "批注的回复，作者王样本，2026-02-03",
    ),
    (
        "pivot cache",
        _book(parts=_pivot()),
        "李样本\t13800001111",
        "hidden",
        2,
        "数据透视表缓存",
    ),
    (
        "deleted value of a pivot cache",
        _book(parts=_pivot()),
        "姓名：已删者",
        "hidden",
        None,
        "数据透视表缓存",
    ),
    (
        "linked workbook",
        _book(parts={"xl/externalLinks/externalLink1.xml": _EXTERNAL}),
        "李样本\t123456",
        "hidden",
        1,
        "外部工作簿缓存（工资）",
    ),
    (
        "connection",
        _book(
            parts={
                "xl/connections.xml": f"<connections {_SPACES}><connection name='库'>"
                "<dbPr connection='Server=db.example;User ID=admin'/></connection>"
                "</connections>"
            }
        ),
        "库\nServer=db.example;User ID=admin",
        "hidden",
        None,
        "数据连接",
    ),
    (
        "revision",
        _book(parts=_REVISIONS),
        "原来的字",
        "deletion",
        "A1",
        "共享工作簿修订记录，作者王样本，2026-03-04，修订前",
    ),
    (
        "query",
        _book(parts={"customXml/item1.xml": _mashup()}),
        "section 一; 服务器 = 库",
        "hidden",
        None,
        "Power Query 查询",
    ),
    (
        "printer",
        _book(
            parts={
                "xl/printerSettings/printerSettings1.bin": "\\\\打印\\财务处".encode(
                    "utf-16-le"
                ).ljust(220, b"\0")
            }
        ),
        "\\\\打印\\财务处",
        "metadata",
        None,
        "打印机",
    ),
    (
        "hidden shape",
        _book(
            links=(("drawing", "../drawings/drawing1.xml"),),
            parts={
                "xl/drawings/drawing1.xml": _drawing(
                    _TEXT_BODY.format(run=""), 'hidden="1"'
                )
            },
        ),
        "框里的字",
        "hidden",
        "B3",
        "隐藏的图形",
    ),
    (
        "white text of a shape",
        _book(
            links=(("drawing", "../drawings/drawing1.xml"),),
            parts={
                "xl/drawings/drawing1.xml": _drawing(_TEXT_BODY.format(run=_WHITE_RUN))
            },
        ),
        "框里的字",
        "hidden",
        "B3",
        "白色文字",
    ),
    (
        "alternative text",
        _book(
            links=(("drawing", "../drawings/drawing1.xml"),),
            parts={"xl/drawings/drawing1.xml": _drawing("", 'descr="一张合影"')},
        ),
        "一张合影",
        "image",
        "B3",
        "替代文字",
    ),
    (
        "string of a deleted cell",
        _book(
            parts={
                "xl/sharedStrings.xml": f"<sst {_SPACES}><si><t>删去的字</t></si></sst>"
            }
        ),
        "删去的字",
        "hidden",
        None,
        "没有单元格用到的文字（可能是删去的内容）",
    ),
    (
        "white run of a string",
        _book(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            parts={
                "xl/sharedStrings.xml": f"<sst {_SPACES}><si><r><t>看见</t></r><r><rPr>"
                '<color rgb="FFFFFFFF"/></rPr><t>白字</t></r></si></sst>'
            },
        ),
        "白字",
        "hidden",
        None,
        "白色文字",
    ),
    (
        "sheet that the workbook does not list",
        _book(
            parts={
                "xl/worksheets/sheet9.xml": f"<worksheet {_SPACES}><sheetData>"
                f"{_row(1, '漏网')}</sheetData></worksheet>"
            }
        ),
        "漏网",
        "hidden",
        1,
        "工作簿没有列出的工作表",
    ),
)


def _found(document: Document, text: str, part: str) -> Block:
    blocks = [b for b in document.blocks if b.text == text and b.where.part == part]
    assert blocks, [(b.text, b.where.part, b.detail) for b in document.blocks]
    return blocks[0]


@pytest.mark.parametrize("case", _CASES, ids=[case[0] for case in _CASES])
def test_hidden_kind(
    case: tuple[str, bytes, str, str, str | int | None, str],
) -> None:
    _, data, text, part, place, detail = case
    block = _found(read(data, "a.xlsx"), text, part)
    assert block.hidden
    assert block.detail == detail
    if isinstance(place, int):
        assert block.where.row == place
    elif place is not None:
        assert block.where.cell == place
    shown = [b.text for b in read(data, "a.xlsx").blocks if not b.hidden]
    assert text not in shown


def test_a_roster_with_a_hidden_column_stays_one_table() -> None:
    rows = "".join(
        _row(n, name, number)
        for n, (name, number) in enumerate(
            (("姓名", "手机"), ("李样本", "13800001111"), ("王样本", "13800002222")), 1
        )
    )
    data = _book(rows, before='<cols><col min="2" max="2" hidden="1"/></cols>')
    blocks = [b for b in read(data, "a.xlsx").blocks if b.role == "row"]
    assert [(b.hidden, b.cells) for b in blocks] == [
        (False, ("姓名",)),
        (False, ("李样本",)),
        (False, ("王样本",)),
        (True, ("姓名", "手机")),
        (True, ("李样本", "13800001111")),
        (True, ("王样本", "13800002222")),
    ]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ('0"元"', "5", "5元"),
        ('[=1]"男";[=2]"女"', "2", "女"),
        ('"内部"0;"负"0', "-3", "负3"),
        ("#,##0.00_ ;[Red]\\-#,##0.00", "-3.5", "-3.5"),
        ("0.00", "0.30000000000000004", "0.3"),
    ],
)
def test_number_formats_read_as_shown(code: str, value: str, shown: str) -> None:
    quoted = code.replace('"', "&quot;")
    parts = _styles("", "", _MASK.format(quoted), '<xf numFmtId="170"/>')
    data = _book(f'<row r="1"><c r="A1" s="1"><v>{value}</v></c></row>', parts=parts)
    rows = [b for b in read(data, "a.xlsx").blocks if b.role == "row"]
    assert rows[0].cells == (shown,)
    assert not rows[0].hidden


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    parts = _styles("", "", "", '<xf numFmtId="14"/>')
    row = '<row r="1"><c r="A1" s="1"><v>44001</v></c></row>'
    data = _book(row, book='<workbookPr date1904="1"/>', parts=parts)
    assert read(data, "a.xlsx").blocks[0].text == "2024-06-20"


def test_white_headings_of_a_styled_table_are_seen() -> None:
    data = _book(
        _ONE_CELL,
        links=(("table", "../tables/table1.xml"),),
        parts=_styles(_WHITE, "", "", '<xf fontId="1"/>')
        | {
            "xl/tables/table1.xml": f'<table {_SPACES} ref="A1:B3" displayName="名册">'
            '<tableStyleInfo name="TableStyleMedium2"/></table>'
        },
    )
    block = _found(read(data, "a.xlsx"), "看不见", "sheet")
    assert not block.hidden


def test_formulas_that_nobody_worked_out_are_a_gap() -> None:
    data = _book('<row r="1"><c r="A1"><f>"绝"&amp;"密"</f></c></row>')
    assert [gap.code for gap in read(data, "a.xlsx").gaps] == ["unsupported_part"]
    done = _book('<row r="1"><c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c></row>')
    assert read(done, "a.xlsx").gaps == ()


def test_a_white_run_on_a_dark_ground_is_seen() -> None:
    strings = (
        f"<sst {_SPACES}><si><r><rPr><color rgb='FFFFFFFF'/></rPr><t>表头</t></r></si>"
        "</sst>"
    )
    data = _book(
        '<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>',
        parts=_styles("", _SOLID, "", '<xf fillId="1"/>')
        | {"xl/sharedStrings.xml": strings},
    )
    (block,) = read(data, "a.xlsx").blocks
    assert (block.text, block.hidden) == ("表头", False)


def test_a_chart_of_a_hidden_sheet_is_hidden() -> None:
    chart = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        "<c:pt><c:v>图里的名字</c:v></c:pt></c:chartSpace>"
    )
    parts: Parts = {
        "xl/drawings/drawing1.xml": _drawing(""),
        "xl/drawings/_rels/drawing1.xml.rels": _links(
            ("chart", "../charts/chart1.xml")
        ),
        "xl/charts/chart1.xml": chart,
    }
    links = (("drawing", "../drawings/drawing1.xml"),)
    for state, hidden in (("visible", False), ("veryHidden", True)):
        data = _book(state=state, links=links, parts=parts)
        found = [b for b in read(data, "a.xlsx").blocks if b.text == "图里的名字"]
        assert [b.hidden for b in found] == [hidden]


def test_a_binary_workbook_is_refused_by_its_contents() -> None:
    with pytest.raises(UnsupportedError, match="xlsb"):
        read(_book(parts={"xl/workbook.bin": b"\x83\x01"}), "a.xlsx")
    assert read(_book(_row(1, "xl/workbook.bin")), "a.xlsx").blocks


def test_a_protected_sheet_is_read() -> None:
    data = _book(_row(1, "字"), after='<sheetProtection sheet="1" password="CC1A"/>')
    assert [b.text for b in read(data, "a.xlsx").blocks] == ["字"]


def test_text_after_an_apostrophe_is_whole() -> None:
    parts = _styles("", "", "", '<xf quotePrefix="1"/>')
    row = '<row r="1">' + _cell("A1", "=保密", 's="1"') + "</row>"
    assert read(_book(row, parts=parts), "a.xlsx").blocks[0].text == "=保密"


def test_two_cells_of_one_place_are_both_read() -> None:
    row = f'<row r="1">{_cell("A1", "甲")}{_cell("A1", "乙")}</row>'
    assert read(_book(row), "a.xlsx").blocks[0].cells == ("甲 乙",)


def test_a_million_empty_rows_and_wide_columns_stay_small() -> None:
    data = _book(
        _row(1, "甲") + '<row r="9" hidden="1"/>' * 20_000 + _row(1_048_576, "乙"),
        before='<dimension ref="A1:XFD1048576"/><cols>'
        + '<col min="1" max="99999999" width="0"/>' * 2_000
        + "</cols>",
        after="<mergeCells>"
        + '<mergeCell ref="A2:XFD1048576"/>' * 500
        + "</mergeCells>",
    )
    assert [b.text for b in read(data, "a.xlsx").blocks] == ["甲", "乙"]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_mutated_workbooks_give_blocks_or_a_clear_error() -> None:
    outcomes = {"read": 0, "refused": 0}
    for data in damaged([case[1] for case in _CASES], 300):
        try:
            read(data, "a.xlsx")
            outcomes["read"] += 1
        except UnreadableError:
            outcomes["refused"] += 1
    assert all(outcomes.values())
