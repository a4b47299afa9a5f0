"""Word documents of the newer kind, with all that they can hide."""

import datetime as dt
import io
from typing import Final

import docx
from docx.oxml.ns import qn

from tests.golden.making import books, opc, pictures
from tests.golden.making.opc import Links, Part, core, package
from tests.golden.making.sample import still
from tests.golden.making.vba import macros
from tests.unit.extract.office import p

DAY: Final = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
_WHO: Final = 'w:author="{}" w:date="2026-09-0{}T09:30:00Z"'
_PAGE: Final = (
    '<w:headerReference w:type="default" r:id="r1"/>'
    '<w:footerReference w:type="default" r:id="r2"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
    'w:header="720" w:footer="720" w:gutter="0"/>'
)
_MAIN: Final = "wordprocessingml."
_MACRO_MAIN: Final = "application/vnd.ms-word.document.macroEnabled.main+xml"


def _run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _par(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def _row(*cells: str) -> str:
    held = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="2800" w:type="dxa"/></w:tcPr>{p(one)}</w:tc>'
        for one in cells
    )
    return f"<w:tr>{held}</w:tr>"


def _table(*rows: tuple[str, ...]) -> str:
    grid = '<w:gridCol w:w="2800"/>' * len(rows[0])
    look = '<w:tblPr><w:tblW w:w="8400" w:type="dxa"/></w:tblPr>'
    every = "".join(_row(*one) for one in rows)
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{every}</w:tbl>"


def _field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _styles() -> Part:
    inner = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="28"/></w:rPr></w:rPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="a">'
        '<w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="1">'
        '<w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/>'
        "</w:pPr></w:style>"
    )
    return Part(f"{_MAIN}styles+xml", opc.xml("w:styles", inner))


def word(  # noqa: PLR0913 - what a document is put together of
    body: str,
    parts: dict[str, Part] | None = None,
    links: Links = (),
    *,
    main: str = f"{_MAIN}document.main+xml",
    header: str = "云山职业学院文件",
    footer: str = "云山职业学院党政办公室印发",
) -> bytes:
    """Return a document with a header and a footer; `links` count from r4."""
    more = dict(parts or {})
    top: list[tuple[str, str]] = [("officeDocument", "word/document.xml")]
    for kind, name in (
        ("core", "docProps/core.xml"),
        ("extended-properties", "docProps/app.xml"),
        ("custom-properties", "docProps/custom.xml"),
    ):
        if name in more:
            top.append((kind, name))
    own = (
        ("header", "header1.xml"),
        ("footer", "footer1.xml"),
        ("styles", "styles.xml"),
    )
    whole = f"<w:body>{body}<w:sectPr>{_PAGE}</w:sectPr></w:body>"
    every = {
        "word/document.xml": Part(main, opc.xml("w:document", whole), (*own, *links)),
        "word/header1.xml": Part(f"{_MAIN}header+xml", opc.xml("w:hdr", p(header))),
        "word/footer1.xml": Part(f"{_MAIN}footer+xml", opc.xml("w:ftr", p(footer))),
        "word/styles.xml": _styles(),
        **more,
    }
    return package(every, tuple(top))


def _heading(text: str) -> str:
    return p(text, '<w:pStyle w:val="1"/>')


def reviewed() -> bytes:
    """Return a notice with tracked changes, comments and properties."""
    inserted = (
        f'<w:ins w:id="11" {_WHO.format("张示例", 3)}>{_run("并报保卫处备案")}</w:ins>'
    )
    gone = '<w:r><w:delText xml:space="preserve">值班费每人每天一百五十元，</w:delText></w:r>'
    deleted = f'<w:del w:id="12" {_WHO.format("李样本", 4)}>{gone}</w:del>'
    noted = (
        '<w:commentRangeStart w:id="0"/>'
        + _run("值班电话保持畅通。")
        + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        + '<w:r><w:commentReference w:id="1"/></w:r>'
    )
    body = (
        _heading("关于2026年国庆节放假值班的通知")
        + p("各系部、处室：")
        + _par(
            _run("放假期间各部门安排专人值班，"),
            deleted,
            _run("值班表请于9月25日前报送"),
            inserted,
            _run("。"),
        )
        + _par(noted)
        + _table(
            ("日期", "值班室", "带班人"),
            ("10月1日", "行政楼101", "张示例"),
            ("10月2日", "行政楼101", "李样本"),
        )
        + p("云山职业学院")
        + p("2026年9月18日")
    )
    comments = (
        f'<w:comment w:id="0" {_WHO.format("李样本", 5)} w:initials="李">'
        '<w:p w14:paraId="00000A01"><w:r><w:t>校领导手机号不要写进值班表</w:t></w:r></w:p></w:comment>'
        f'<w:comment w:id="1" {_WHO.format("王测试", 6)} w:initials="王">'
        '<w:p w14:paraId="00000A02"><w:r><w:t>已经改为值班室座机</w:t></w:r></w:p></w:comment>'
    )
    answers = (
        '<w15:commentEx w15:paraId="00000A01" w15:done="0"/>'
        '<w15:commentEx w15:paraId="00000A02" w15:paraIdParent="00000A01" w15:done="0"/>'
    )
    settings = (
        '<w:rsids><w:rsidRoot w:val="00A10B2C"/><w:rsid w:val="00A10B2C"/><w:rsid w:val="00D47E11"/></w:rsids>'
        '<w:docVars><w:docVar w:name="送审处室" w:val="校长办公室机要科"/></w:docVars>'
    )
    return word(
        body,
        {
            "word/comments.xml": Part(
                f"{_MAIN}comments+xml", opc.xml("w:comments", comments)
            ),
            "word/commentsExtended.xml": Part(
                f"{_MAIN}commentsExtended+xml", opc.xml("w15:commentsEx", answers)
            ),
            "word/settings.xml": Part(
                f"{_MAIN}settings+xml", opc.xml("w:settings", settings)
            ),
            "docProps/core.xml": core(
                "赵虚构",
                title="国庆值班通知",
                more="<cp:lastPrinted>2026-09-17T02:00:00Z</cp:lastPrinted>",
            ),
            "docProps/app.xml": opc.application(
                "<Template>红头文件（内部）.dotx</Template><Company>云山职业学院党政办公室</Company>"
            ),
            "docProps/custom.xml": opc.custom({"拟稿密级": "内部资料"}),
        },
        (
            ("comments", "comments.xml"),
            ("commentsExtended", "commentsExtended.xml"),
            ("settings", "settings.xml"),
        ),
    )


def unseen() -> bytes:
    """Return a letter with text that its page does not show, and a text box."""
    box = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="2400000" cy="600000"/>'
        '<wp:docPr id="7" name="文本框 7"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2400000" cy="600000"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>'
        + p("报名咨询时间：工作日8:30至17:00")
        + "</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    body = (
        _heading("致2026级新同学的一封信")
        + p("欢迎来到云山职业学院！报到时间为9月5日至6日。")
        + _par(
            _run("请携带录取通知书和身份证。"),
            _run("本批补录名单含未公示的三人", "<w:vanish/>"),
        )
        + _par(
            _run("学费标准以收费公示栏为准。"),
            _run("内部减免口径暂不公开", '<w:color w:val="FFFFFF"/>'),
        )
        + _par(
            _run("如有疑问请拨打招生热线。"),
            _run("底线分数四百零二分", '<w:sz w:val="2"/>'),
        )
        + _par(_run("本信发出日期："), _field("DOCPROPERTY 机要编号", "2026年8月20日"))
        + _par(box)
    )
    return word(body, header="云山职业学院招生就业处", footer="欢迎新同学")


def joined() -> bytes:
    """Return a report with notes, an embedded workbook, links outside and a cropped picture."""
    picture = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="3600000" cy="1200000"/>'
        '<wp:docPr id="3" name="图片 3" descr="实训楼机房布线照片"/><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="3" name="机房.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="r8"/>'
        '<a:srcRect b="50000"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="3600000" cy="1200000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    item = (
        '<w:r><w:object><v:shape id="s1" style="width:80pt;height:40pt"/>'
        '<o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" ShapeID="s1" ObjectID="_1" r:id="r9"/></w:object></w:r>'
    )
    body = (
        _heading("实训楼改造工作小结")
        + _par(
            _run("改造共涉及机房四间"),
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            _run("，已经完工。"),
        )
        + _par(
            _run("费用已经审计"),
            '<w:r><w:endnoteReference w:id="2"/></w:r>',
            _run("。"),
        )
        + _par(
            _run("进度见"),
            f'<w:hyperlink r:id="r7">{_run("项目网页")}</w:hyperlink>',
            _run("。"),
        )
        + _par(picture)
        + _par(_run("设备清单见附表："), item)
    )
    blank = (
        '<w:{0} w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:{0}>'
        '<w:{0} w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:{0}>'
    )
    foot = (
        blank.format("footnote")
        + f'<w:footnote w:id="2">{p("含保密教室一间，不对外开放")}</w:footnote>'
    )
    end = (
        blank.format("endnote")
        + f'<w:endnote w:id="2">{p("审计报告尚未公开，文号云职审〔2026〕3号")}</w:endnote>'
    )
    return word(
        body,
        {
            "word/footnotes.xml": Part(
                f"{_MAIN}footnotes+xml", opc.xml("w:footnotes", foot)
            ),
            "word/endnotes.xml": Part(
                f"{_MAIN}endnotes+xml", opc.xml("w:endnotes", end)
            ),
            "word/settings.xml": Part(
                f"{_MAIN}settings+xml",
                opc.xml("w:settings", '<w:attachedTemplate r:id="r1"/>'),
                (("attachedTemplate", "http://oa.yunshan.example/模板/小结.dotm"),),
            ),
            "word/media/image1.png": Part(None, pictures.two_lines()),
            "word/embeddings/book1.xlsx": Part(None, books.equipment()),
        },
        (
            ("footnotes", "footnotes.xml"),
            ("endnotes", "endnotes.xml"),
            ("settings", "settings.xml"),
            ("hyperlink", "http://project.yunshan.example/shixun"),
            ("image", "media/image1.png"),
            ("package", "embeddings/book1.xlsx"),
        ),
    )


def roster() -> bytes:
    """Return what the library python-docx writes: a publicity notice with a table."""
    document = docx.Document()
    document.core_properties.author = "王测试"
    document.core_properties.created = document.core_properties.modified = DAY
    document.add_heading("2026年优秀班主任评选结果公示", 0)
    document.add_paragraph("经各系推荐、评审小组评议，现将结果公示如下。")
    rows = (
        ("序号", "姓名", "系部"),
        ("1", "张示例", "机电系"),
        ("2", "李样本", "护理系"),
    )
    table = document.add_table(0, 3)
    for row in rows:
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    document.add_paragraph("公示期五个工作日。", style="List Bullet")
    noted = document.add_paragraph("如有异议请向人事处反映。")
    comment = document.add_comment(
        noted.runs, text="第三名有举报未查清，先不列", author="李样本", initials="李"
    )
    comment._comment_elm.set(qn("w:date"), "2026-09-02T08:00:00Z")
    held = io.BytesIO()
    document.save(held)
    return still(held.getvalue())


def with_macros(code: str, *lines: str) -> bytes:
    """Return a document with macros."""
    return word(
        _heading(lines[0]) + "".join(map(p, lines[1:])),
        {"word/vbaProject.bin": Part(None, macros(code))},
        (("vbaProject", "vbaProject.bin"),),
        main=_MACRO_MAIN,
    )


def without_macros() -> bytes:
    """Return a document that only bears the type of those with macros, with options to choose."""
    choice = (
        '<w:sdt><w:sdtPr><w:alias w:val="公开属性"/><w:dropDownList>'
        '<w:listItem w:displayText="主动公开" w:value="1"/>'
        '<w:listItem w:displayText="不予公开" w:value="2"/></w:dropDownList></w:sdtPr>'
        f"<w:sdtContent>{_run('主动公开')}</w:sdtContent></w:sdt>"
    )
    body = _heading("信息公开审核表") + _par(_run("公开属性："), choice)
    spare = Part(f"{_MAIN}comments+xml", opc.xml("w:comments", ""))
    return word(
        body,
        {"word/comments.xml": spare},
        (("comments", "comments.xml"),),
        main=_MACRO_MAIN,
    )


def commented(title: str, text: str, remark: str) -> bytes:
    """Return a short document with one comment."""
    note = (
        f'<w:comment w:id="0" {_WHO.format("王测试", 8)} w:initials="王">'
        f"{p(remark)}</w:comment>"
    )
    marked = '<w:r><w:commentReference w:id="0"/></w:r>'
    return word(
        _heading(title) + _par(_run(text), marked),
        {
            "word/comments.xml": Part(
                f"{_MAIN}comments+xml", opc.xml("w:comments", note)
            )
        },
        (("comments", "comments.xml"),),
    )
