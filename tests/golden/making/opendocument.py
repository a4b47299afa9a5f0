"""OpenDocument files written part by part: odt, ods, odp."""

import io
import zipfile
from typing import Final

from tests.golden.making.sample import Sample, still

_URN: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES: Final = {
    "office": "office",
    "text": "text",
    "table": "table",
    "draw": "drawing",
    "style": "style",
    "fo": "xsl-fo-compatible",
    "svg": "svg-compatible",
    "presentation": "presentation",
    "meta": "meta",
    "manifest": "manifest",
}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES: Final = " ".join(
    (
        *(f'xmlns:{prefix}="{_URN}{name}:1.0"' for prefix, name in _NAMES.items()),
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'office:version="1.2"',
    )
)


def _xml(root: str, inside: str) -> str:
    return f"{_HEAD}<office:{root} {_SPACES}>{inside}</office:{root}>"


def _package(kind: str, body: str, styles: str, author: str, page: str = "") -> bytes:
    """Return a file of one kind (text, spreadsheet, presentation)."""
    mime = f"application/vnd.oasis.opendocument.{kind}"
    content = (
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    )
    meta = (
        "<office:meta><meta:generator>YunOffice/1.0</meta:generator>"
        f"<meta:initial-creator>{author}</meta:initial-creator>"
        "<meta:creation-date>2026-09-01T08:00:00</meta:creation-date></office:meta>"
    )
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{media}"/>'
        for name, media in (
            ("/", mime),
            ("content.xml", "text/xml"),
            ("styles.xml", "text/xml"),
            ("meta.xml", "text/xml"),
        )
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime, zipfile.ZIP_STORED)
        archive.writestr("content.xml", _xml("document-content", content))
        archive.writestr("styles.xml", _xml("document-styles", page))
        archive.writestr("meta.xml", _xml("document-meta", meta))
        archive.writestr(
            "META-INF/manifest.xml",
            f"{_HEAD}<manifest:manifest {_SPACES}>{listed}</manifest:manifest>".replace(
                'office:version="1.2"', 'manifest:version="1.2"'
            ),
        )
    return still(held.getvalue())


def _look(name: str, properties: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="text">'
        f"<style:text-properties {properties}/></style:style>"
    )


def _p(inner: str) -> str:
    return f"<text:p>{inner}</text:p>"


def _change(name: str, kind: str, who: str, inner: str = "") -> str:
    info = (
        f"<office:change-info><dc:creator>{who}</dc:creator>"
        "<dc:date>2026-09-03T09:30:00</dc:date></office:change-info>"
    )
    return (
        f'<text:changed-region text:id="{name}"><text:{kind}>{info}{inner}</text:{kind}>'
        "</text:changed-region>"
    )


def letter() -> bytes:
    """Return a text with tracked changes, an annotation, a footnote and hidden text."""
    tracked = _change("c1", "deletion", "李样本", _p("原定经费三万元"))
    tracked += _change("c2", "insertion", "张示例")
    noted = (
        "<office:annotation><dc:creator>王测试</dc:creator><dc:date>2026-09-04T08:00:00</dc:date>"
        f"{_p('嘉宾身份要保密')}</office:annotation>"
    )
    foot = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{_p('名额以教育厅批复为准')}</text:note-body></text:note>"
    )
    body = (
        f"<text:tracked-changes>{tracked}</text:tracked-changes>"
        '<text:h text:outline-level="1">产教融合论坛方案</text:h>'
        + _p(f"论坛拟于十月举行{foot}。")
        + _p('会务由教务处负责<text:change text:change-id="c1"/>。')
        + _p(
            '<text:change-start text:change-id="c2"/>邀请函由校办统一寄发。'
            '<text:change-end text:change-id="c2"/>'
        )
        + _p(f"特邀嘉宾若干{noted}。")
        + _p(
            '联系人见附件。<text:span text:style-name="T1">嘉宾酬金另册登记</text:span>'
        )
    )
    styles = _look("T1", 'text:display="none"')
    return _package("text", body, styles, "赵虚构")


def faint() -> bytes:
    """Return a text with white and tiny letters and a table."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string">{_p(one)}</table:table-cell>'
            for one in row
        )
        + "</table:table-row>"
        for row in (("班级", "人数"), ("护理一班", "46"), ("机电二班", "39"))
    )
    body = (
        '<text:h text:outline-level="1">开学报到情况</text:h>'
        + _p('各班报到顺利。<text:span text:style-name="T1">三人因病休学</text:span>')
        + _p('人数见下表。<text:span text:style-name="T2">统计口径含延期</text:span>')
        + f'<table:table table:name="表1"><table:table-column table:number-columns-repeated="2"/>{rows}</table:table>'
    )
    styles = _look("T1", 'fo:color="#ffffff"') + _look("T2", 'fo:font-size="1pt"')
    return _package("text", body, styles, "李样本")


def _row(*cells: str, more: str = "", style: str = "") -> str:
    held = "".join(
        one
        if one.startswith("<")
        else f'<table:table-cell office:value-type="string">{_p(one)}</table:table-cell>'
        for one in cells
    )
    return f"<table:table-row {more}{style}>{held}</table:table-row>"


def sheets() -> bytes:
    """Return tables with a hidden sheet, row and column and a comment."""
    noted = (
        '<table:table-cell office:value-type="string"><office:annotation><dc:creator>李样本'
        f"</dc:creator>{_p('此人下周调离')}</office:annotation>{_p('赵虚构')}</table:table-cell>"
    )
    shown = (
        '<table:table-column/><table:table-column/><table:table-column table:visibility="collapse"/>'
        + _row("姓名", "岗位", "身份证尾号")
        + _row("张示例", "门卫", "0011")
        + _row(noted, "水电工", "0022")
        + _row("李样本", "绿化", "0033", more='table:visibility="collapse"')
    )
    unseen = "<table:table-column/>" + _row("离职补偿") + _row("二万四千元")
    body = (
        f'<table:table table:name="后勤人员">{shown}</table:table>'
        f'<table:table table:name="补偿" table:style-name="ta1">{unseen}</table:table>'
    )
    styles = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    return _package("spreadsheet", body, styles, "王测试")


def counts() -> bytes:
    """Return a plain table with numbers."""
    number = (
        '<table:table-cell office:value-type="float" office:value="{0}">'
        "<text:p>{0}</text:p></table:table-cell>"
    )
    rows = (
        "<table:table-column/><table:table-column/>"
        + _row("食堂", "日均就餐人次")
        + _row("一食堂", number.format(2150))
        + _row("二食堂", number.format(1840))
    )
    body = f'<table:table table:name="就餐统计">{rows}</table:table>'
    return _package("spreadsheet", body, "", "张示例")


def show() -> bytes:
    """Return two slides, one hidden, with a speaker's notes."""
    layout = (
        '<office:automatic-styles><style:page-layout style:name="L"><style:page-layout-properties '
        'fo:page-width="28cm" fo:page-height="15.75cm"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="M" style:page-layout-name="L"/>'
        "</office:master-styles>"
    )
    styles = (
        '<style:style style:name="d1" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )
    frame = (
        '<draw:frame svg:x="2cm" svg:y="{}cm" svg:width="20cm" svg:height="2cm">'
        "<draw:text-box>{}</draw:text-box></draw:frame>"
    )
    first = (
        frame.format(2, _p("社团招新说明会"))
        + frame.format(5, _p("时间：九月十二日"))
        + f"<presentation:notes>{frame.format(9, _p('不提经费削减'))}</presentation:notes>"
    )
    second = frame.format(2, _p("拟撤销的社团"))
    body = (
        f'<draw:page draw:name="1" draw:master-page-name="M">{first}</draw:page>'
        f'<draw:page draw:name="2" draw:style-name="d1" draw:master-page-name="M">{second}</draw:page>'
    )
    return _package("presentation", body, styles, "李样本", layout)


SAMPLES: Final = (
    Sample(
        "odt/产教融合论坛方案（修订批注）.odt",
        "有修订、批注、脚注和隐藏文字",
        letter,
        (
            "产教融合论坛方案",
            "论坛拟于十月举行",
            "会务由教务处负责",
            "特邀嘉宾若干",
            "联系人见附件。",
        ),
        {
            "tracked deletion": "原定经费三万元",
            "tracked insertion": "邀请函由校办统一寄发。",
            "comment": "嘉宾身份要保密",
            "footnote": "名额以教育厅批复为准",
            "hidden run": "嘉宾酬金另册登记",
            "author": "作者：赵虚构",
        },
    ),
    Sample(
        "odt/开学报到情况（白字小字）.odt",
        "有白色文字、极小文字和表格",
        faint,
        ("开学报到情况", "各班报到顺利。", "护理一班\t46"),
        {"white text": "三人因病休学", "tiny text": "统计口径含延期"},
    ),
    Sample(
        "ods/后勤人员（隐藏）.ods",
        "有隐藏的工作表、行、列和批注",
        sheets,
        ("姓名\t岗位", "张示例\t门卫", "赵虚构\t水电工"),
        {
            "hidden sheet": "二万四千元",
            "hidden row": "李样本\t绿化",
            "hidden column": "0011",
            "cell comment": "此人下周调离",
        },
    ),
    Sample(
        "ods/就餐统计.ods",
        "普通的一张表",
        counts,
        ("食堂\t日均就餐人次", "二食堂\t1840"),
    ),
    Sample(
        "odp/社团招新说明会.odp",
        "两张幻灯片，一张隐藏，有备注",
        show,
        ("社团招新说明会", "时间：九月十二日"),
        {"hidden slide": "拟撤销的社团", "speaker notes": "不提经费削减"},
    ),
)
