"""Everything that a Word file can hide: what it says, where, and that it is hidden."""

from typing import NamedTuple

import pytest

from tests.unit.extract.office import (
    WHO,
    Links,
    Parts,
    find,
    hidden,
    p,
    part,
    read_word,
    shown,
)

_SEEN = p("看得见")


class _Case(NamedTuple):
    """A body with its other parts, and the hidden block that must come of it."""

    body: str
    found: tuple[str, str, str]
    more: Parts | None = None
    links: Links = ()


def _run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def _paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def _field(code: str, data: str = "") -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _drawing(inner: str, attributes: str = "", place: str = "") -> str:
    named = f'<wp:docPr id="1" name="图 1" {attributes}/>'
    anchored = f"<wp:anchor>{place}{named}{inner}</wp:anchor>"
    return _paragraph(f"<w:r><w:drawing>{anchored}</w:drawing></w:r>")


def _box(text: str, filled: str = "") -> str:
    content = f"<w:txbxContent>{text}</w:txbxContent>"
    return f"<wps:wsp><wps:spPr>{filled}</wps:spPr><wps:txbx>{content}</wps:txbx></wps:wsp>"


def _table(cell: str, row: str = "", table: str = "") -> str:
    inner = f"<w:tr><w:trPr>{row}</w:trPr><w:tc>{cell}</w:tc></w:tr>"
    return f"<w:tbl><w:tblPr>{table}</w:tblPr>{inner}</w:tbl>"


def _styles(inner: str) -> Parts:
    return {"word/styles.xml": part("w:styles", inner)}


_STYLED: Links = (("styles", "styles.xml"),)
_OFF_PAGE = (
    '<wp:positionH relativeFrom="page"><wp:posOffset>-900</wp:posOffset></wp:positionH>'
    '<wp:extent cx="800" cy="100"/>'
)
_WHITE = '<w:color w:val="FFFFFF"/>'
_PICTURE = (
    '<a:graphic><pic:pic><pic:blipFill><a:blip r:embed="r0"/>'
    '<a:srcRect l="20000" b="5000"/></pic:blipFill></pic:pic></a:graphic>'
)

_CASES: dict[str, _Case] = {
    "inserted": _Case(
        _paragraph(f"<w:ins {WHO}>{_run('后加')}</w:ins>"),
        ("后加", "insertion", "修订插入，作者张某，2024-03-01"),
    ),
    "deleted": _Case(
        _paragraph(f"<w:del {WHO}><w:r><w:delText>删去</w:delText></w:r></w:del>"),
        ("删去", "deletion", "修订删除，作者张某，2024-03-01"),
    ),
    "moved from": _Case(
        _paragraph(f"<w:moveFrom {WHO}>{_run('移走')}</w:moveFrom>"),
        ("移走", "deletion", "修订由此移走，作者张某，2024-03-01"),
    ),
    "moved to": _Case(
        _paragraph(f"<w:moveTo {WHO}>{_run('移来')}</w:moveTo>"),
        ("移来", "insertion", "修订移动到此，作者张某，2024-03-01"),
    ),
    "mark deleted": _Case(
        p("甲", f"<w:rPr><w:del {WHO}/></w:rPr>") + p("乙"),
        ("段落标记删除修订，作者张某，2024-03-01：1 处", "deletion", "修订记录"),
    ),
    "row deleted": _Case(
        _table(p("行"), f"<w:del {WHO}/>"),
        ("行", "deletion", "修订删除的行，作者张某，2024-03-01"),
    ),
    "cell deleted": _Case(
        _table(f"<w:tcPr><w:cellDel {WHO}/></w:tcPr>{p('格')}"),
        ("格", "deletion", "修订删除的单元格，作者张某，2024-03-01"),
    ),
    "cell inserted": _Case(
        _table(f"<w:tcPr><w:cellIns {WHO}/></w:tcPr>{p('格')}"),
        ("格", "insertion", "修订插入的单元格，作者张某，2024-03-01"),
    ),
    "cell below another": _Case(
        _table(f"<w:tcPr><w:vMerge/></w:tcPr>{p('盖住')}"),
        ("盖住", "hidden", "合并单元格盖住的文字"),
    ),
    "formatting changed": _Case(
        _paragraph(_run("字", f"<w:rPrChange {WHO}><w:rPr/></w:rPrChange>") * 2),
        ("文字格式修订，作者张某，2024-03-01：2 处", "hidden", "修订记录"),
    ),
    "who changed": _Case(
        _paragraph(f"<w:ins {WHO}/>"), ("修订者：张某", "metadata", "修订者名单")
    ),
    "comment": _Case(
        _SEEN,
        ("批语", "comment", "批注，作者张某，2024-03-01"),
        {
            "word/comments.xml": part(
                "w:comments", f"<w:comment {WHO}>{p('批语')}</w:comment>"
            )
        },
        (("comments", "comments.xml"),),
    ),
    "answer to a comment": _Case(
        _SEEN,
        ("答复", "comment", "回复，作者张某，2024-03-01，已解决"),
        {
            "word/comments.xml": part(
                "w:comments",
                f'<w:comment {WHO}><w:p w14:paraId="0a"><w:r><w:t>答复</w:t></w:r></w:p>'
                "</w:comment>",
            ),
            "word/commentsExtended.xml": part(
                "w15:commentsEx",
                '<w15:commentEx w15:paraId="0A" w15:paraIdParent="0B" w15:done="1"/>',
            ),
        },
        (("comments", "comments.xml"), ("commentsExtended", "commentsExtended.xml")),
    ),
    "people": _Case(
        _SEEN,
        ("修订者：李样本 li@yunshan.example", "metadata", "修订者名单"),
        {
            "word/people.xml": part(
                "w15:people",
                '<w15:person w15:author="李样本" w15:userId="li@yunshan.example"/>',
            )
        },
    ),
    "hidden run": _Case(
        _paragraph(_run("藏", "<w:vanish/>")), ("藏", "hidden", "隐藏文字")
    ),
    "hidden by the run's style": _Case(
        _paragraph(_run("藏", '<w:rStyle w:val="x"/>')),
        ("藏", "hidden", "隐藏文字"),
        _styles(
            '<w:style w:styleId="x"><w:basedOn w:val="y"/></w:style>'
            '<w:style w:styleId="y"><w:rPr><w:vanish/></w:rPr></w:style>'
        ),
        _STYLED,
    ),
    "hidden by the paragraph's style": _Case(
        p("藏", '<w:pStyle w:val="x"/>'),
        ("藏", "hidden", "隐藏文字"),
        _styles('<w:style w:styleId="x"><w:rPr><w:vanish/></w:rPr></w:style>'),
        _STYLED,
    ),
    "hidden by the defaults": _Case(
        p("藏") + _paragraph(_run("显", '<w:vanish w:val="0"/>')),
        ("藏", "hidden", "隐藏文字"),
        _styles(
            "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault>"
            "</w:docDefaults>"
        ),
        _STYLED,
    ),
    "white": _Case(_paragraph(_run("白", _WHITE)), ("白", "hidden", "白色文字")),
    "white by style": _Case(
        p("白", '<w:pStyle w:val="x"/>'),
        ("白", "hidden", "白色文字"),
        _styles(f'<w:style w:styleId="x"><w:rPr>{_WHITE}</w:rPr></w:style>'),
        _STYLED,
    ),
    "white on white": _Case(
        _paragraph(_run("白", f'{_WHITE}<w:shd w:val="clear" w:fill="FFFFFF"/>')),
        ("白", "hidden", "白色文字"),
    ),
    "white in an uncoloured cell": _Case(
        _table(p("白", run=_WHITE)), ("白", "hidden", "白色文字")
    ),
    "black on black": _Case(
        _paragraph(
            _run(
                "黑", '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'
            )
        ),
        ("黑", "hidden", "与底色相同的文字"),
    ),
    "white in a white box": _Case(
        _drawing(
            _box(
                p("白", run=_WHITE),
                '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>',
            )
        ),
        ("白", "hidden", "白色文字"),
    ),
    "tiny": _Case(
        _paragraph(_run("小", '<w:sz w:val="4"/>')), ("小", "hidden", "极小字号")
    ),
    "tiny by default": _Case(
        p("小", '<w:pStyle w:val="x"/>'),
        ("小", "hidden", "极小字号"),
        _styles('<w:style w:styleId="x"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>'),
        _STYLED,
    ),
    "narrow": _Case(
        _paragraph(_run("窄", '<w:w w:val="1"/>')), ("窄", "hidden", "极窄文字")
    ),
    "without a fill": _Case(
        _paragraph(_run("空", "<w14:textFill><w14:noFill/></w14:textFill>")),
        ("空", "hidden", "无填充的文字"),
    ),
    "hidden row": _Case(
        _table(p("行"), "<w:hidden/>"), ("行", "hidden", "隐藏的表格行")
    ),
    "hidden box": _Case(
        _drawing(_box(p("框")), 'hidden="1"'), ("框", "textbox", "隐藏的图形")
    ),
    "box off the page": _Case(
        _drawing(_box(p("框")), place=_OFF_PAGE), ("框", "textbox", "页面之外的图形")
    ),
    "hidden old box": _Case(
        _paragraph(
            '<w:r><w:pict><v:shape style="visibility: hidden"><v:textbox>'
            f"<w:txbxContent>{p('框')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        ),
        ("框", "textbox", "隐藏的图形"),
    ),
    "other branch": _Case(
        _paragraph(
            "<w:r><mc:AlternateContent><mc:Choice><w:t>甲</w:t></mc:Choice>"
            "<mc:Fallback><w:t>乙</w:t></mc:Fallback></mc:AlternateContent></w:r>"
        ),
        ("乙", "hidden", "备用内容"),
    ),
    "alternative text": _Case(
        _drawing("", 'descr="机房照片"'), ("机房照片", "image", "替代文字")
    ),
    "title of a picture": _Case(
        _drawing("", 'title="门禁图"'), ("门禁图", "image", "替代文字")
    ),
    "name of the picture's file": _Case(
        _drawing('<pic:cNvPr name="机房平面图.png"/>'),
        ("机房平面图.png", "image", "替代文字"),
    ),
    "alternative text of old shapes": _Case(
        _paragraph('<w:r><w:pict><v:shape alt="旧图说明"/></w:pict></w:r>'),
        ("旧图说明", "image", "替代文字"),
    ),
    "description of a table": _Case(
        _table(p("格"), table='<w:tblDescription w:val="涉密人员表"/>'),
        ("涉密人员表", "hidden", "表格的替代文字"),
    ),
    "cropped picture": _Case(
        _drawing(_PICTURE),
        (
            "图片 a.png 被裁剪（左侧 20%、下侧 5%），裁去的部分仍在文件里",
            "image",
            "裁剪的图片",
        ),
        {"word/media/a.png": b"\x89PNG"},
        (("image", "media/a.png"),),
    ),
    "cropped old picture": _Case(
        _paragraph(
            '<w:r><w:pict><v:imagedata r:id="r9" croptop="16384f"/></w:pict></w:r>'
        ),
        ("图片被裁剪（上侧 25%），裁去的部分仍在文件里", "image", "裁剪的图片"),
    ),
    "field code": _Case(
        _paragraph(_field("INCLUDETEXT 内部.docx")),
        ("INCLUDETEXT 内部.docx", "hidden", "域代码"),
    ),
    "simple field": _Case(
        _paragraph(
            f'<w:fldSimple w:instr="DOCPROPERTY 项目">{_run("值")}</w:fldSimple>'
        ),
        ("DOCPROPERTY 项目", "hidden", "域代码"),
    ),
    "hint of a form field": _Case(
        _paragraph(
            _field("FORMTEXT", '<w:ffData><w:helpText w:val="填密码"/></w:ffData>')
        ),
        ("填密码", "hidden", "窗体域的帮助"),
    ),
    "address of a link": _Case(
        _paragraph(f'<w:hyperlink r:id="r0">{_run("链接")}</w:hyperlink>'),
        ("http://oa.yunshan.example/", "hidden", "链接地址"),
        None,
        (("hyperlink", "http://oa.yunshan.example/"),),
    ),
    "tip of a link": _Case(
        _paragraph(f'<w:hyperlink w:tooltip="内网">{_run("链接")}</w:hyperlink>'),
        ("内网", "hidden", "链接提示"),
    ),
    "title of a control": _Case(
        '<w:sdt><w:sdtPr><w:alias w:val="密级"/></w:sdtPr>'
        f"<w:sdtContent>{_SEEN}</w:sdtContent></w:sdt>",
        ("密级", "hidden", "内容控件的标题"),
    ),
    "options of a control in a line": _Case(
        _paragraph(
            '<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="绝密"/>'
            f"</w:dropDownList></w:sdtPr><w:sdtContent>{_run('选')}</w:sdtContent></w:sdt>"
        ),
        ("绝密", "hidden", "下拉选项"),
    ),
    "variable": _Case(
        _SEEN,
        ("期限：十年", "metadata", "文档变量"),
        {
            "word/settings.xml": part(
                "w:settings",
                '<w:docVars><w:docVar w:name="期限" w:val="十年"/></w:docVars>',
            )
        },
        (("settings", "settings.xml"),),
    ),
    "revision ids": _Case(
        _SEEN,
        (
            "修订标识（rsid）2 个，可据此认出同一来源的文件",
            "metadata",
            "修订标识",
        ),
        {
            "word/settings.xml": part(
                "w:settings",
                '<w:rsids><w:rsid w:val="00A1"/><w:rsid w:val="00A2"/></w:rsids>',
            )
        },
        (("settings", "settings.xml"),),
    ),
    "source of letters": _Case(
        _SEEN,
        ("SELECT * FROM 教职工", "metadata", "邮件合并的查询"),
        {
            "word/settings.xml": part(
                "w:settings",
                '<w:mailMerge><w:query w:val="SELECT * FROM 教职工"/></w:mailMerge>',
            )
        },
        (("settings", "settings.xml"),),
    ),
    "template": _Case(
        _SEEN,
        ("http://oa.yunshan.example/模板.dotm", "hidden", "所附模板"),
        {
            "word/settings.xml": part("w:settings", ""),
            "word/_rels/settings.xml.rels": (
                '<Relationships><Relationship Id="r0" Type="a/attachedTemplate" '
                'Target="http://oa.yunshan.example/模板.dotm" TargetMode="External"/>'
                "</Relationships>"
            ),
        },
        (("settings", "settings.xml"),),
    ),
    "linked picture": _Case(
        _SEEN,
        ("http://oa.yunshan.example/a.png", "hidden", "外部图片"),
        None,
        (("image", "http://oa.yunshan.example/a.png"),),
    ),
    "custom data": _Case(
        _SEEN,
        ("内部文号", "metadata", "自定义数据"),
        {"customXml/item1.xml": "<root><no>内部文号</no></root>"},
    ),
    "last printed": _Case(
        _SEEN,
        ("最后打印时间：2024-03-01T08:00:00Z", "metadata", "文件属性"),
        {
            "docProps/core.xml": "<c><lastPrinted>2024-03-01T08:00:00Z</lastPrinted></c>",
        },
    ),
    "company": _Case(
        _SEEN,
        ("单位：云山职业学院", "metadata", "文件属性"),
        {"docProps/app.xml": "<p><Company>云山职业学院</Company></p>"},
    ),
    "manager": _Case(
        _SEEN,
        ("负责人：张示例", "metadata", "文件属性"),
        {"docProps/app.xml": "<p><Manager>张示例</Manager></p>"},
    ),
    "base of links": _Case(
        _SEEN,
        ("链接基址：file://oa/密", "metadata", "文件属性"),
        {"docProps/app.xml": "<p><HyperlinkBase>file://oa/密</HyperlinkBase></p>"},
    ),
    "custom property": _Case(
        _SEEN,
        ("密级：机密", "metadata", "文件属性"),
        {"docProps/custom.xml": '<p><property name="密级"><v>机密</v></property></p>'},
    ),
    "bookmark": _Case(
        _paragraph(
            '<w:bookmarkStart w:name="拟任人选"/><w:bookmarkStart w:name="_Toc1"/>'
        ),
        ("拟任人选", "metadata", "书签名称"),
    ),
    "glossary": _Case(
        _SEEN,
        ("模板短语", "hidden", "自动图文集"),
        {"word/glossary/document.xml": part("w:glossaryDocument", p("模板短语"))},
        (("glossaryDocument", "glossary/document.xml"),),
    ),
    "header of the first page, switched off": _Case(
        _SEEN + '<w:sectPr><w:headerReference w:type="first" r:id="r0"/></w:sectPr>',
        ("密页眉", "header", "首页的页眉没有启用，页面上看不到"),
        {"word/header1.xml": part("w:hdr", p("密页眉"))},
        (("header", "header1.xml"),),
    ),
    "footer of even pages, switched off": _Case(
        _SEEN + '<w:sectPr><w:footerReference w:type="even" r:id="r0"/></w:sectPr>',
        ("密页脚", "footer", "偶数页的页脚没有启用，页面上看不到"),
        {"word/footer1.xml": part("w:ftr", p("密页脚"))},
        (("footer", "footer1.xml"),),
    ),
    "header of no section": _Case(
        _SEEN,
        ("旧页眉", "header", "没有用到的页眉，页面上看不到"),
        {"word/header1.xml": part("w:hdr", p("旧页眉"))},
        (("header", "header1.xml"),),
    ),
    "ActiveX": _Case(
        _SEEN,
        ("Caption\n口令框", "hidden", "ActiveX 控件"),
        {
            "word/activeX/activeX1.xml": '<ocx><ocxPr name="Caption" value="口令框"/></ocx>'
        },
    ),
    "guide to pronunciation": _Case(
        _paragraph(
            "<w:r><w:ruby><w:rt><w:r><w:t>注音</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        ),
        ("注音", "hidden", "拼音指南"),
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_what_is_hidden_is_found_and_named(name: str) -> None:
    case = _CASES[name]
    assert case.found in hidden(read_word(case.body, case.more, case.links))


_OUTRIGHT = [
    name
    for name, case in _CASES.items()
    if case.found[2]
    in {"隐藏文字", "白色文字", "极小字号", "隐藏的表格行", "隐藏的图形"}
]


@pytest.mark.parametrize("name", _OUTRIGHT)
def test_what_is_hidden_is_not_shown_too(name: str) -> None:
    case = _CASES[name]
    document = read_word(case.body, case.more, case.links)
    assert case.found[0] not in "".join(shown(document))


_BEHIND = (
    '<w:p><w:r><w:drawing><wp:anchor behindDoc="1"><a:blip r:embed="r9"/></wp:anchor>'
    "</w:drawing></w:r></w:p>"
)


@pytest.mark.parametrize(
    "body",
    [
        _paragraph(_run("白字", f'{_WHITE}<w:highlight w:val="red"/>')),
        _paragraph(_run("白字", f'{_WHITE}<w:shd w:val="pct50" w:fill="FFFFFF"/>')),
        p("白字", '<w:shd w:val="clear" w:fill="0000FF"/>', _WHITE),
        _table(
            '<w:tcPr><w:shd w:val="clear" w:fill="C00000"/></w:tcPr>'
            + p("白字", run=_WHITE)
        ),
        _drawing(
            _box(
                p("白字", run=_WHITE),
                '<a:solidFill><a:srgbClr val="FF0000"/></a:solidFill>',
            )
        ),
        _drawing(_box(p("白字", run=_WHITE), "<a:gradFill/>")),
        _drawing(f"<wpg:wgp>{_box(p('白字', run=_WHITE))}</wpg:wgp>"),
        _paragraph(_run("白字", _WHITE)) + _BEHIND,
        _paragraph(_run("白字", '<w:color w:val="auto"/>')),
        _paragraph(_run("白字", '<w:vanish w:val="0"/><w:sz w:val="5"/>')),
    ],
)
def test_white_on_a_colour_or_a_picture_is_seen(body: str) -> None:
    assert shown(read_word(body)) == ["白字"]


@pytest.mark.parametrize(
    ("paper", "seen"), [("FFFFFF", False), ("auto", False), ("1F3864", True)]
)
def test_white_on_white_paper_is_hidden_whoever_says_that_it_is_white(
    paper: str, *, seen: bool
) -> None:
    ground = f'<w:background w:color="{paper}"/>'
    white = _paragraph(_run("白字", _WHITE))
    main = part("w:document", f"{ground}<w:body>{white}</w:body>")
    document = read_word("", {"word/document.xml": main})
    assert shown(document) == (["白字"] if seen else [])


def test_a_table_style_may_colour_the_cells() -> None:
    shade = '<w:tcPr><w:shd w:val="clear" w:fill="003366"/></w:tcPr>'
    inside = f'<w:tblStylePr w:type="firstRow">{shade}</w:tblStylePr>'
    styles = _styles(f'<w:style w:type="table" w:styleId="t">{inside}</w:style>')
    table = _table(p("表头", run=_WHITE), table='<w:tblStyle w:val="t"/>')
    assert shown(read_word(table, styles, _STYLED)) == ["表头"]


def test_headers_that_pages_show_are_seen() -> None:
    first = '<w:headerReference w:type="first" r:id="r0"/>'
    even = '<w:headerReference w:type="even" r:id="r1"/>'
    section = f"<w:sectPr>{first}{even}</w:sectPr>"
    later = "<w:sectPr><w:titlePg/></w:sectPr>"
    document = read_word(
        f"<w:p><w:pPr>{section}</w:pPr></w:p>" + later,
        {
            "word/header1.xml": part("w:hdr", p("首页页眉")),
            "word/header2.xml": part("w:hdr", p("偶数页眉")),
            "word/settings.xml": part("w:settings", "<w:evenAndOddHeaders/>"),
        },
        (
            ("header", "header1.xml"),
            ("header", "header2.xml"),
            ("settings", "settings.xml"),
        ),
    )
    assert shown(document) == ["首页页眉", "偶数页眉"]


def test_boxes_in_groups_and_formulas_are_text() -> None:
    group = f"<wpg:wgp>{_box(p('框一'))}{_box(p('框二'))}</wpg:wgp>"
    formula = _paragraph("<m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath>")
    document = read_word(_drawing(group) + formula)
    assert shown(document) == ["框一", "框二", "E=mc"]
    assert find(document, "框一").where.part == "textbox"


def test_letters_in_runs_of_their_own_are_one_word() -> None:
    spaced = '<w:spacing w:val="40"/>'
    letters = "".join(_run(letter, spaced) for letter in "机密文件")
    assert shown(read_word(_paragraph(letters))) == ["机密文件"]


def test_charts_and_diagrams_are_text() -> None:
    document = read_word(
        _SEEN,
        {
            "word/charts/chart1.xml": part(
                "c:chartSpace",
                "<c:title><a:p><a:r><a:t>招生人数</a:t></a:r></a:p></c:title>"
                "<c:pt><c:v>3500</c:v></c:pt>",
            ),
            "word/diagrams/data1.xml": part(
                "dgm:dataModel",
                "<dgm:pt><a:p><a:r><a:t>值班流程</a:t></a:r></a:p></dgm:pt>",
            ),
        },
    )
    assert shown(document) == ["看得见", "招生人数\n3500", "值班流程"]
