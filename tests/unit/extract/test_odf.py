"""What OpenDocument files show and hide, built from raw parts."""

import base64
import io
import zipfile

import pytest
from PIL import Image

from review.errors import (
    CorruptError,
    EncryptedError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.interface import Block, Document
from review.extract.limits import Limits
from review.extract.opendocument.odf import Odf
from review.extract.read import read
from tests.unit.extract.mutations import damaged

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{prefix}="{_URN}{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
        ("presentation", "presentation"),
        ("meta", "meta"),
        ("config", "config"),
        ("form", "form"),
        ("script", "script"),
    )
) + (
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:VL="http://openoffice.org/2001/versions-list"'
)
_TYPES = {
    "text": "application/vnd.oasis.opendocument.text",
    "spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
    "presentation": "application/vnd.oasis.opendocument.presentation",
}
_WHO = "<dc:creator>张示例</dc:creator><dc:date>2026-02-03T04:05:06</dc:date>"

Parts = dict[str, str | bytes]


def _xml(root: str, inside: str) -> str:
    return f"<office:{root} {_SPACES}>{inside}</office:{root}>"


def _packed(parts: Parts, kind: str = "text") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _TYPES[kind])
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _odf(
    body: str,
    styles: str = "",
    *,
    kind: str = "text",
    parts: Parts | None = None,
    scripts: str = "",
) -> bytes:
    content = (
        f"<office:scripts>{scripts}</office:scripts>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    )
    own: Parts = {"content.xml": _xml("document-content", content)}
    return _packed(own | (parts or {}), kind)


def _text_style(properties: str) -> str:
    return (
        '<style:style style:name="T" style:family="text">'
        f"<style:text-properties {properties}/></style:style>"
    )


def _span(text: str) -> str:
    return f'<text:p>看见<text:span text:style-name="T">{text}</text:span></text:p>'


def _sheet(rows: str, *, before: str = "", styles: str = "", more: str = "") -> bytes:
    body = (
        f'<table:table table:name="表" table:style-name="ta">{before}{rows}'
        f"</table:table>{more}"
    )
    return _odf(body, styles, kind="spreadsheet")


def _cell(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _row(*texts: str, attributes: str = "") -> str:
    cells = "".join(_cell(text) for text in texts)
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def _slide(shapes: str, *, style: str = "", notes: str = "", more: str = "") -> bytes:
    layout = (
        '<style:page-layout style:name="L"><style:page-layout-properties '
        'fo:page-width="28cm" fo:page-height="15.75cm"/></style:page-layout>'
    )
    master = '<style:master-page style:name="M" style:page-layout-name="L"/>'
    parts: Parts = {
        "styles.xml": _xml(
            "document-styles",
            f"<office:automatic-styles>{layout}</office:automatic-styles>"
            f"<office:master-styles>{master}</office:master-styles>",
        )
    }
    body = (
        f'<draw:page draw:style-name="dp" draw:master-page-name="M">{shapes}'
        f"<presentation:notes>{notes}</presentation:notes></draw:page>{more}"
    )
    page = (
        '<style:style style:name="dp" style:family="drawing-page">'
        f"<style:drawing-page-properties {style}/></style:style>"
    )
    return _odf(body, page, kind="presentation", parts=parts)


def _box(text: str, attributes: str = "", more: str = "") -> str:
    return (
        f'<draw:frame svg:width="5cm" svg:height="1cm" {attributes}>{more}'
        f"<draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
    )


def _headed(attributes: str) -> Parts:
    return {
        "styles.xml": _xml(
            "document-styles",
            '<office:master-styles><style:master-page style:name="M">'
            f"<style:header {attributes}><text:p>页眉字</text:p></style:header>"
            "</style:master-page></office:master-styles>",
        )
    }


_CHANGES = (
    "<text:tracked-changes>"
    f'<text:changed-region text:id="c1"><text:insertion><office:change-info>{_WHO}'
    "</office:change-info></text:insertion></text:changed-region>"
    f'<text:changed-region text:id="c2"><text:deletion><office:change-info>{_WHO}'
    "</office:change-info><text:p>删去的字</text:p></text:deletion></text:changed-region>"
    "</text:tracked-changes>"
)
_CELL_CHANGE = (
    "<table:tracked-changes><table:cell-content-change>"
    '<table:cell-address table:column="1" table:row="4" table:table="0"/>'
    f"<office:change-info>{_WHO}</office:change-info><table:previous>"
    "<table:change-track-table-cell><text:p>原来的字</text:p>"
    "</table:change-track-table-cell></table:previous>"
    "</table:cell-content-change></table:tracked-changes>"
)
_META = (
    "<office:meta><meta:initial-creator>张示例</meta:initial-creator>"
    "<meta:editing-cycles>7</meta:editing-cycles>"
    '<meta:template xlink:title="红头" xlink:href="file:///C:/模板.ott"/>'
    '<meta:user-defined meta:name="密级">内部</meta:user-defined></office:meta>'
)
_MODULE = (
    '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" '
    '"module.dtd"><script:module xmlns:script="http://openoffice.org/2000/script" '
    'script:name="M">Sub 主过程</script:module>'
)
_VERSIONS = (
    f'<VL:version-list {_SPACES}><VL:version-entry VL:title="Version1" '
    'VL:comment="改稿前" VL:creator="王样本"/></VL:version-list>'
)

# What it is, the file, the text, its part, its remark.
_CASES: tuple[tuple[str, bytes, str, str, str], ...] = (
    (
        "insertion",
        _odf(
            _CHANGES + '<text:p>前<text:change-start text:change-id="c1"/>添上'
            '<text:change-end text:change-id="c1"/>后</text:p>'
        ),
        "添上",
        "insertion",
        "修订插入，作者张示例，2026-02-03",
    ),
    (
        "deletion",
        _odf(_CHANGES + '<text:p>前<text:change text:change-id="c2"/>后</text:p>'),
        "删去的字",
        "deletion",
        "修订删除，作者张示例，2026-02-03",
    ),
    (
        "deletion that no place names",
        _odf(_CHANGES + "<text:p>字</text:p>"),
        "删去的字",
        "deletion",
        "修订删除，作者张示例，2026-02-03",
    ),
    (
        "annotation",
        _odf(
            f"<text:p>字<office:annotation>{_WHO}<text:p>批注字</text:p>"
            "</office:annotation></text:p>"
        ),
        "批注字",
        "comment",
        "批注，作者张示例，2026-02-03",
    ),
    (
        "hidden characters",
        _odf(_span("藏字"), _text_style('text:display="none"')),
        "藏字",
        "hidden",
        "隐藏文字",
    ),
    (
        "white characters",
        _odf(_span("白字"), _text_style('fo:color="#ffffff"')),
        "白字",
        "hidden",
        "白色文字",
    ),
    (
        "characters in the colour of their ground",
        _odf(
            _span("蓝字"),
            _text_style('fo:color="#112233" fo:background-color="#112233"'),
        ),
        "蓝字",
        "hidden",
        "文字与底色同色",
    ),
    (
        "tiny characters",
        _odf(_span("小字"), _text_style('fo:font-size="1pt"')),
        "小字",
        "hidden",
        "极小字号",
    ),
    (
        "hidden text field",
        _odf(
            '<text:p>看见<text:hidden-text text:condition="ooow:1" '
            'text:string-value="藏字"/></text:p>'
        ),
        "藏字",
        "hidden",
        "隐藏文字字段",
    ),
    (
        "hidden paragraph",
        _odf(
            '<text:p>藏段<text:hidden-paragraph text:condition="ooow:1" '
            'text:is-hidden="true"/></text:p>'
        ),
        "藏段",
        "hidden",
        "隐藏段落",
    ),
    (
        "conditional text",
        _odf(
            '<text:p>看<text:conditional-text text:string-value-if-false="另一段话" '
            'text:string-value-if-true="甲">甲</text:conditional-text></text:p>'
        ),
        "另一段话",
        "hidden",
        "条件文字",
    ),
    (
        "hidden section",
        _odf(
            '<text:section text:name="节" text:display="none"><text:p>节里的字</text:p>'
            "</text:section>"
        ),
        "节里的字",
        "hidden",
        "隐藏的区段（节）",
    ),
    (
        "variable",
        _odf(
            '<text:user-field-decls><text:user-field-decl text:name="底价" '
            'office:string-value="九十八万"/></text:user-field-decls><text:p>字</text:p>'
        ),
        "底价 九十八万",
        "hidden",
        "文档变量",
    ),
    (
        "field that is not shown",
        _odf(
            '<text:p>看<text:variable-set text:name="v" text:display="none" '
            'office:string-value="暗值"/></text:p>'
        ),
        "暗值",
        "hidden",
        "不显示的字段",
    ),
    (
        "options",
        _odf(
            '<text:p><text:drop-down text:name="d"><text:label text:value="绝密"/>'
            "公开</text:drop-down></text:p>"
        ),
        "绝密",
        "hidden",
        "下拉选项",
    ),
    (
        "ruby",
        _odf(
            "<text:p><text:ruby><text:ruby-base>字</text:ruby-base>"
            "<text:ruby-text>注在上面</text:ruby-text></text:ruby></text:p>"
        ),
        "注在上面",
        "hidden",
        "拼音指南",
    ),
    (
        "index mark",
        _odf('<text:p>字<text:toc-mark text:string-value="目录里的话"/></text:p>'),
        "目录里的话",
        "hidden",
        "索引标记",
    ),
    (
        "alternative text",
        _odf(f"<text:p>{_box('框', more='<svg:desc>一张合影</svg:desc>')}</text:p>"),
        "一张合影",
        "image",
        "替代文字",
    ),
    (
        "address of a link",
        _odf('<text:p><text:a xlink:href="http://oa.example/1">处</text:a></text:p>'),
        "http://oa.example/1",
        "hidden",
        "链接地址",
    ),
    (
        "source outside",
        _odf(
            '<text:section text:name="s"><text:section-source '
            'xlink:href="file:///D:/底稿.odt"/></text:section>'
        ),
        "file:///D:/底稿.odt",
        "hidden",
        "外部引用",
    ),
    (
        "control",
        _odf(
            '<office:forms><form:form><form:hidden form:name="h" form:value="控件里的字"/>'
            "</form:form></office:forms>"
        ),
        "控件里的字",
        "hidden",
        "控件的值",
    ),
    (
        "header that is off",
        _odf("<text:p>字</text:p>", parts=_headed('style:display="false"')),
        "页眉字",
        "header",
        "没有启用的页眉页脚",
    ),
    (
        "property",
        _odf("", parts={"meta.xml": _xml("document-meta", _META)}),
        "密级：内部",
        "metadata",
        "文件属性",
    ),
    (
        "template",
        _odf("", parts={"meta.xml": _xml("document-meta", _META)}),
        "模板：红头 file:///C:/模板.ott",
        "metadata",
        "文件属性",
    ),
    (
        "printer",
        _odf(
            "",
            parts={
                "settings.xml": _xml(
                    "document-settings",
                    '<config:config-item config:name="PrinterName" '
                    'config:type="string">财务处打印机</config:config-item>',
                )
            },
        ),
        "财务处打印机",
        "metadata",
        "打印机",
    ),
    (
        "macro",
        _odf("", parts={"Basic/Standard/M.xml": _MODULE}),
        "Sub 主过程",
        "hidden",
        "宏代码",
    ),
    (
        "list of versions",
        _odf("", parts={"VersionList.xml": _VERSIONS}),
        "Version1 改稿前 王样本",
        "metadata",
        "较早的版本",
    ),
    (
        "hidden sheet",
        _sheet(
            _row("藏"),
            styles='<style:style style:name="ta" style:family="table">'
            '<style:table-properties table:display="false"/></style:style>',
        ),
        "藏",
        "hidden",
        "隐藏的工作表",
    ),
    (
        "hidden row",
        _sheet(_row("藏", attributes='table:visibility="collapse"')),
        "藏",
        "hidden",
        "隐藏的行",
    ),
    (
        "filtered row",
        _sheet(_row("藏", attributes='table:visibility="filter"')),
        "藏",
        "hidden",
        "筛选掉的行",
    ),
    (
        "closed group of rows",
        _sheet(
            f'<table:table-row-group table:display="false">{_row("藏")}'
            "</table:table-row-group>"
        ),
        "藏",
        "hidden",
        "折叠的分组行",
    ),
    (
        "row without height",
        _sheet(
            _row("藏", attributes='table:style-name="ro"'),
            styles='<style:style style:name="ro" style:family="table-row">'
            '<style:table-row-properties style:row-height="0cm"/></style:style>',
        ),
        "藏",
        "hidden",
        "行高为零的行",
    ),
    (
        "hidden column",
        _sheet(
            _row("名", "藏"),
            before='<table:table-column/><table:table-column table:visibility="collapse" '
            'table:number-columns-repeated="16383"/>',
        ),
        "名\t藏",
        "hidden",
        "隐藏的列 B（同行各格一并列出）",
    ),
    (
        "column without width",
        _sheet(
            _row("藏"),
            before='<table:table-column table:style-name="co"/>',
            styles='<style:style style:name="co" style:family="table-column">'
            '<style:table-column-properties style:column-width="0cm"/></style:style>',
        ),
        "藏",
        "hidden",
        "列宽为零的列 A",
    ),
    (
        "white cell",
        _sheet(
            _row("藏"),
            before='<table:table-column table:default-cell-style-name="ce"/>',
            styles='<style:style style:name="ce" style:family="table-cell">'
            '<style:text-properties fo:color="#ffffff"/></style:style>',
        ),
        "藏",
        "hidden",
        "白色文字",
    ),
    (
        "value that is not shown",
        _sheet(
            '<table:table-row><table:table-cell office:value-type="float" '
            'office:value="13800001111"><text:p/></table:table-cell></table:table-row>'
        ),
        "13800001111",
        "hidden",
        "不显示的单元格",
    ),
    (
        "value that is masked",
        _sheet(
            '<table:table-row><table:table-cell office:value-type="float" '
            'office:value="13800001111"><text:p>保密</text:p></table:table-cell>'
            "</table:table-row>"
        ),
        "13800001111",
        "hidden",
        "数字格式遮住的实际值（同行各格一并列出）",
    ),
    (
        "under a merged cell",
        _sheet(
            f"<table:table-row>{_cell('题')}<table:covered-table-cell>"
            "<text:p>藏</text:p></table:covered-table-cell></table:table-row>"
        ),
        "题\t藏",
        "hidden",
        "被合并单元格盖住的内容（同行各格一并列出）",
    ),
    (
        "words of a formula",
        _sheet(
            "<table:table-row>"
            + _cell("0", "table:formula='of:=IF([.B1]=\"王样本\";1;0)'")
            + "</table:table-row>"
        ),
        'of:=IF([.B1]="王样本";1;0)',
        "hidden",
        "公式里的文字",
    ),
    (
        "change of a cell",
        _sheet(_row("新"), more=_CELL_CHANGE),
        "原来的字",
        "deletion",
        "修订前的内容，作者张示例，2026-02-03",
    ),
    (
        "validation",
        _sheet(
            _row("新"),
            more="<table:content-validations><table:content-validation "
            'table:condition=\'of:cell-content-is-in-list("校内";"内部")\'/>'
            "</table:content-validations>",
        ),
        'of:cell-content-is-in-list("校内";"内部")',
        "hidden",
        "有效性规则",
    ),
    (
        "name",
        _sheet(
            _row("新"),
            more="<table:named-expressions><table:named-expression table:name='密' "
            "table:expression='&quot;暗语&quot;'/></table:named-expressions>",
        ),
        '密 "暗语"',
        "hidden",
        "定义的名称",
    ),
    (
        "query of a source",
        _sheet(
            _row("新"),
            more="<table:database-ranges><table:database-range table:name='r'>"
            "<table:database-source-sql table:database-name='库' "
            "table:sql-query-statement='select 1'/></table:database-range>"
            "</table:database-ranges>",
        ),
        "库 select 1",
        "hidden",
        "数据源",
    ),
    (
        "notes",
        _slide(_box("字"), notes=_box("备注字")),
        "备注字",
        "notes",
        "演讲者备注",
    ),
    (
        "hidden slide",
        _slide(_box("藏"), style='presentation:visibility="hidden"'),
        "藏",
        "hidden",
        "隐藏的幻灯片",
    ),
    (
        "off the slide",
        _slide(_box("页外", 'svg:x="-9cm" svg:y="1cm"')),
        "页外",
        "hidden",
        "页面以外的图形",
    ),
    (
        "hidden shape",
        _slide(_box("藏", 'draw:display="none"')),
        "藏",
        "hidden",
        "隐藏的图形",
    ),
    (
        "custom show",
        _slide(
            _box("字"),
            more='<presentation:settings><presentation:show presentation:name="内部版" '
            'presentation:pages="p1"/></presentation:settings>',
        ),
        "内部版 p1",
        "metadata",
        "自定义放映",
    ),
)


def _found(document: Document, text: str, part: str) -> Block:
    blocks = [b for b in document.blocks if b.text == text and b.where.part == part]
    assert blocks, [(b.text, b.where.part, b.detail) for b in document.blocks]
    return blocks[0]


def _png(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("case", _CASES, ids=[case[0] for case in _CASES])
def test_hidden_kind(case: tuple[str, bytes, str, str, str]) -> None:
    _, data, text, part, detail = case
    document = read(data, "a")
    block = _found(document, text, part)
    assert block.hidden
    assert block.detail == detail
    if part != "insertion":
        assert text not in [b.text for b in document.blocks if not b.hidden]


def test_a_text_in_reading_order() -> None:
    data = _odf(
        '<text:p text:style-name="P">关于做好考试工作的通知</text:p>'
        "<text:h>一、要求</text:h><text:p>甲<text:s text:c='3'/>乙<text:tab/>丙"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>脚注字</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>第一项</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row>"
        f"{_cell('姓名')}{_cell('手机')}</table:table-row></table:table-header-rows>"
        f"{_row('李样本', '13800001111')}</table:table>",
        '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties '
        'fo:text-align="center"/><style:text-properties fo:font-size="22pt"/></style:style>',
        parts=_headed(""),
    )
    document = read(data, "通知.odt")
    assert document.format == "odt"
    assert [(b.text, b.role, b.where.part) for b in document.blocks] == [
        ("关于做好考试工作的通知", "title", "body"),
        ("一、要求", "heading", "body"),
        ("甲   乙\t丙", "paragraph", "body"),
        ("脚注字", "note", "footnote"),
        ("第一项", "item", "body"),
        ("姓名\t手机", "row", "table"),
        ("李样本\t13800001111", "row", "table"),
        ("页眉字", "paragraph", "header"),
    ]
    row = document.blocks[6]
    assert row.cells == ("李样本", "13800001111")
    assert (row.where.table, row.where.row) == (1, 2)
    assert not any(b.hidden for b in document.blocks)


def test_rows_of_every_sheet_stay_tables() -> None:
    hidden = 'table:visibility="collapse"'
    rows = (
        _row("姓名", "手机")
        + _row("李样本", "1", attributes=hidden)
        + _row("王样本", "2")
    )
    document = read(_sheet(rows), "名单.ods")
    assert document.format == "ods"
    blocks = [b for b in document.blocks if b.role == "row"]
    assert [(b.hidden, b.cells, b.where.row) for b in blocks] == [
        (False, ("姓名", "手机"), 1),
        (False, ("王样本", "2"), 3),
        (True, ("李样本", "1"), 2),
    ]
    assert blocks[0].where.sheet == "表"


def test_slides_are_pages() -> None:
    title = _box("标题", 'presentation:class="title"')
    table = f"<draw:frame><table:table>{_row('甲', '乙')}</table:table></draw:frame>"
    document = read(_slide(title + table + f"<draw:g>{_box('组里')}</draw:g>"), "a.odp")
    assert document.format == "odp"
    shown = [(b.text, b.role, b.where.page) for b in document.blocks if not b.hidden]
    assert shown == [
        ("标题", "heading", 1),
        ("甲\t乙", "row", 1),
        ("组里", "paragraph", 1),
    ]


def test_white_text_on_a_dark_ground_is_seen() -> None:
    white = '<style:text-properties fo:color="#ffffff"/>'
    cell = (
        '<style:style style:name="ce" style:family="table-cell">'
        f'<style:table-cell-properties fo:background-color="#000080"/>{white}</style:style>'
    )
    row = _cell("表头", 'table:style-name="ce"')
    row = f"<table:table-row>{row}</table:table-row>"
    assert not _found(read(_sheet(row, styles=cell), "a.ods"), "表头", "sheet").hidden
    dark = 'draw:fill="solid" draw:fill-color="#000000"'
    box = _box('<text:span text:style-name="T">白字</text:span>')
    assert not _found(
        read(_slide_with_white(box, dark), "a.odp"), "白字", "body"
    ).hidden


def _slide_with_white(box: str, page: str) -> bytes:
    body = f'<draw:page draw:style-name="dp">{box}</draw:page>'
    styles = _text_style('fo:color="#ffffff"') + (
        '<style:style style:name="dp" style:family="drawing-page">'
        f"<style:drawing-page-properties {page}/></style:style>"
    )
    return _odf(body, styles, kind="presentation")


def test_an_automatic_colour_hides_nothing() -> None:
    automatic = _text_style(
        'style:use-window-font-color="true" fo:color="#ffffff" fo:opacity="0%"'
    )
    assert _found(read(_odf(_span("字"), automatic), "a.odt"), "看见字", "body")


def test_repeated_rows_and_columns_stay_small() -> None:
    many = 'table:number-columns-repeated="16384"'
    rows = (
        f'<table:table-row table:number-rows-repeated="1048000">{_cell("", many)}'
        "</table:table-row>"
        f'<table:table-row table:number-rows-repeated="99999999999">{_cell("甲", many)}'
        "</table:table-row>"
    )
    before = f'<table:table-column table:visibility="collapse" {many}/>' * 200
    document = read(_sheet(rows, before=before), "a.ods")
    (block,) = [b for b in document.blocks if b.role == "row"]
    assert block.where.row == 1_048_001
    assert len(block.cells) == 64
    table = f"<table:table><table:table-row>{_cell('甲', many)}</table:table-row></table:table>"
    spaces = '<text:p>甲<text:s text:c="999999999"/>乙</text:p>'
    assert sum(len(b.text) for b in read(_odf(table + spaces), "a.odt").blocks) < 1_000


def test_too_many_cells_are_a_gap() -> None:
    document = read(_sheet(_row("甲", "乙") * 20), "a.ods", Limits(cells=10))
    assert [gap.code for gap in document.gaps] == ["too_large"]


def test_objects_versions_and_pictures_are_read_too() -> None:
    inner = _xml(
        "document-content",
        f"<office:body><office:spreadsheet><table:table>{_row('对象里的字')}"
        "</table:table></office:spreadsheet></office:body>",
    )
    manifest = (
        '<manifest><file-entry full-path="/" media-type="x"/><file-entry '
        f'full-path="Object 1/" media-type="{_TYPES["spreadsheet"]}"/></manifest>'
    )
    data = _odf(
        "<text:p>字</text:p>",
        parts={
            "META-INF/manifest.xml": manifest,
            "Object 1/content.xml": inner,
            "ObjectReplacements/Object 1": b"VCLMTF",
            "Versions/Version1": _odf("<text:p>旧稿的字</text:p>"),
            "Pictures/a.png": _png(64),
            "Thumbnails/thumbnail.png": _png(128),
        },
    )
    document = read(data, "a.odt")
    assert _found(document, "对象里的字", "attachment").where.path == "Object 1"
    assert _found(document, "旧稿的字", "attachment")
    extraction = Odf("odt").extract(data, Limits())
    assert [one.where.part for one in extraction.pictures] == ["image", "hidden"]
    assert [gap.code for gap in document.gaps] == ["image_without_text"]


def test_a_flat_file_is_read_with_its_pictures_and_objects() -> None:
    picture = base64.b64encode(_png(64)).decode()
    body = (
        "<office:body><office:text><text:p>平的字</text:p><text:p><draw:frame>"
        f"<draw:image><office:binary-data>{picture}</office:binary-data></draw:image>"
        "</draw:frame></text:p></office:text></office:body>"
    )
    kind = f'office:mimetype="{_TYPES["text"]}"'
    flat = f'<?xml version="1.0"?><office:document {_SPACES} {kind}>{body}</office:document>'
    data = flat.encode()
    assert _found(read(data, "a.fodt"), "平的字", "body")
    assert len(Odf("odt").extract(data, Limits()).pictures) == 1


def test_a_database_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.base")
        archive.writestr("content.xml", _xml("document-content", ""))
    with pytest.raises(UnsupportedError):
        read(buffer.getvalue(), "a.odb")


def test_footers_of_slides_are_seen() -> None:
    footer = "<presentation:footer-decl presentation:name='f'>页脚字</presentation:footer-decl>"
    block = _found(read(_slide("", more=footer), "a.odp"), "页脚字", "footer")
    assert not block.hidden


def test_what_cannot_be_read_is_said() -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(EncryptedError):
        read(_odf("", parts={"META-INF/manifest.xml": manifest}), "a.odt")
    with pytest.raises(CorruptError):
        read(_packed({"styles.xml": "<x/>"}), "a.odt")
    listener = '<script:event-listener xlink:href="vnd.sun.star.script:x"/>'
    document = read(
        _odf(
            "<text:p>字</text:p>",
            scripts=listener,
            parts={"database/script": b"\x01\x02", "meta.xml": "<broken"},
        ),
        "a.odt",
    )
    assert sorted(gap.code for gap in document.gaps) == [
        "macro",
        "unreadable_part",
        "unsupported_part",
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_damaged_files_give_blocks_or_a_clear_error() -> None:
    outcomes = {"read": 0, "refused": 0}
    for data in damaged([case[1] for case in _CASES], 300):
        try:
            read(data, "a")
            outcomes["read"] += 1
        except UnreadableError:
            outcomes["refused"] += 1
    assert all(outcomes.values())
