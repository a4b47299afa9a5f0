"""What a safe copy of a Word document leaves out, and what it keeps."""

import io
import zipfile

import pytest
from PIL import Image

from review.errors import UnreadableError, UnsupportedError
from review.extract.read import read
from review.safecopy.copying import safe_copy
from review.safecopy.interface import SafeCopy, Trace

HIDDEN = "藏着的话"
SHOWN = "云山职业学院关于放假的通知"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_KINDS = {
    "comments": "comments",
    "footnotes": "footnotes",
    "settings": "settings",
    "styles": "styles",
    "header": "header",
    "customXml": "customXml",
    "image": "image",
    "oleObject": "oleObject",
    "vbaProject": "vbaProject",
    "people": "people",
}


def picture(colour: tuple[int, int, int] = (200, 20, 20)) -> bytes:
    image = Image.new("RGB", (64, 64), colour)
    image.paste((20, 20, 200), (32, 0, 64, 64))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def docx(
    body: str,
    parts: dict[str, tuple[str, bytes]] | None = None,
    *,
    links: str = "",
    properties: str = "",
) -> bytes:
    """Make a document; `parts` maps names to the kind of link and the contents."""
    out = io.BytesIO()
    rels = "".join(
        f'<Relationship Id="r{at}" Type="{_R}/{kind}" Target="{name}"/>'
        for at, (name, (kind, _)) in enumerate((parts or {}).items(), 1)
    )
    with zipfile.ZipFile(out, "w") as archive:
        types = "".join(
            f'<Override PartName="/word/{name}" ContentType="application/x-{kind}+xml"/>'
            for name, (kind, _) in (parts or {}).items()
            if name.endswith(".xml")
        )
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            '<Default Extension="bin" ContentType="application/octet-stream"/>'
            f"{types}</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELS}"><Relationship Id="a" '
            f'Type="{_R}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="b" Type="{_R}/core-properties" '
            'Target="docProps/core.xml"/></Relationships>',
        )
        archive.writestr(
            "docProps/core.xml",
            '<cp:coreProperties xmlns:cp="urn:x" xmlns:dc="urn:y">'
            f"<dc:creator>{properties or '张示例'}</dc:creator></cp:coreProperties>",
        )
        archive.writestr(
            "word/document.xml",
            f"<w:document {_NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_RELS}">{rels}{links}</Relationships>',
        )
        for name, (_, data) in (parts or {}).items():
            archive.writestr(f"word/{name}", data)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def line(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def whole(data: bytes) -> str:
    """Return all that stands in a package, as one text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            f"{name}\n{archive.read(name).decode('utf-8', 'replace')}"
            for name in archive.namelist()
        )


def copied(data: bytes) -> SafeCopy:
    made = safe_copy(data, "通知.docx")
    assert not [
        one.text
        for one in read(made.data, "copy").blocks
        if one.hidden and not one.text.startswith("http")
    ]
    return made


def kinds(made: SafeCopy) -> str:
    return "、".join(one.kind for one in made.removed)


BOX = (
    "<wps:wsp>{more}<wps:spPr>{fill}</wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>{}"
    "</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
)
_WHITE_FILL = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'


def anchored(shape: str, *, named: str = "", at: str = "0") -> str:
    """Return a run with a shape that stands `at` so far from the page's left edge."""
    return (
        '<w:r><w:drawing><wp:anchor><wp:positionH relativeFrom="page"><wp:posOffset>'
        f'{at}</wp:posOffset></wp:positionH><wp:extent cx="900" cy="900"/>'
        f'<wp:docPr id="1" name="b" {named}/><a:graphic><a:graphicData uri="x">{shape}'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )


_MARK = 'w:id="1" w:author="李样本" w:date="2026-01-02T03:04:05Z"'
_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText>{code}</w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    "<w:r><w:t>{result}</w:t></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_HIDING = {
    "deletion": (
        f"<w:del {_MARK}><w:r><w:delText>{HIDDEN}</w:delText></w:r></w:del>",
        "修订（已删除的内容）",
    ),
    "move": (
        (
            f'<w:moveFromRangeStart {_MARK} w:name="{HIDDEN}"/><w:moveFrom {_MARK}>'
            f'{run(HIDDEN)}</w:moveFrom><w:moveFromRangeEnd w:id="1"/>'
        ),
        "修订（已删除的内容）",
    ),
    "hidden run": (run(HIDDEN, "<w:vanish/>"), "隐藏文字"),
    "white run": (run(HIDDEN, '<w:color w:val="FFFFFF"/>'), "看不见的文字"),
    "tiny run": (run(HIDDEN, '<w:sz w:val="2"/>'), "看不见的文字"),
    "field code": (
        _FIELD.format(code=f' INCLUDETEXT "{HIDDEN}" ', result=""),
        "域代码",
    ),
    "nested field code": (
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            "<w:r><w:instrText> IF </w:instrText></w:r>"
            f"{_FIELD.format(code=' DOCVARIABLE x ', result=HIDDEN)}"
            "<w:r><w:instrText> = 1 </w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
        "域代码",
    ),
    "simple field": (f'<w:fldSimple w:instr=" QUOTE {HIDDEN} "/>', "域代码"),
    "bookmark": (
        f'<w:bookmarkStart w:id="3" w:name="{HIDDEN}"/><w:bookmarkEnd w:id="3"/>',
        "书签",
    ),
    "revision id": (f'<w:r w:rsidR="{HIDDEN}"><w:t/></w:r>', "修订标识"),
    "control": (
        (
            f'<w:sdt><w:sdtPr><w:alias w:val="{HIDDEN}"/><w:dropDownList><w:listItem '
            f'w:displayText="{HIDDEN}" w:value="1"/></w:dropDownList></w:sdtPr>'
            "<w:sdtContent/></w:sdt>"
        ),
        "内容控件",
    ),
    "smart tag": (
        (
            f'<w:smartTag w:element="{HIDDEN}"><w:smartTagPr><w:attr w:val="{HIDDEN}"/>'
            "</w:smartTagPr></w:smartTag>"
        ),
        "内容控件",
    ),
    "link tip": (f'<w:hyperlink w:tooltip="{HIDDEN}" w:anchor="x"/>', "链接提示"),
    "link to a share": ('<w:hyperlink r:id="rShare"/>', "内部地址"),
    "zero width": (run("\u200b\u2060\u202e"), "零宽"),
    "hidden box": (
        anchored(BOX.format(HIDDEN, more="", fill=""), named='hidden="1"'),
        "隐藏的图形",
    ),
    "hidden box of its own": (
        anchored(BOX.format(HIDDEN, more='<wps:cNvPr id="2" hidden="1"/>', fill="")),
        "隐藏的图形",
    ),
    "box off the page": (
        anchored(BOX.format(HIDDEN, more="", fill=""), at="99000000"),
        "页面之外的图形",
    ),
    "white letters in a white box": (
        anchored(
            BOX.format("", more="", fill=_WHITE_FILL).replace(
                "<w:r><w:t></w:t></w:r>", run(HIDDEN, '<w:color w:val="FFFFFF"/>')
            )
        ),
        "看不见的文字",
    ),
    "hidden box of the old kind": (
        (
            '<w:r><w:pict><v:shape style="visibility:hidden"><v:textbox><w:txbxContent>'
            f"{line(run(HIDDEN))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        ),
        "隐藏的图形",
    ),
    "hidden box in two forms": (
        "<w:r><mc:AlternateContent><mc:Choice>"
        + anchored(BOX.format(HIDDEN, more="", fill=""), named='hidden="1"')[5:-6]
        + "</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{line(run(HIDDEN))}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>",
        "隐藏的图形",
    ),
}


@pytest.mark.parametrize("name", _HIDING)
def test_what_hides_in_a_line_goes_and_the_line_stays(name: str) -> None:
    inner, kind = _HIDING[name]
    share = (
        f'<Relationship Id="rShare" Type="{_R}/hyperlink" TargetMode="External" '
        f'Target="file:///\\\\server\\{HIDDEN}"/>'
    )
    data = docx(line(run(SHOWN[:6]) + inner + run(SHOWN[6:])), links=share)
    made = copied(data)
    assert HIDDEN not in whole(made.data)
    assert kind in kinds(made)
    assert made.characters == len(SHOWN)
    assert [b.text for b in read(made.data, "x").blocks if not b.hidden] == [SHOWN]


def test_a_shape_that_is_seen_stays_beside_a_hidden_one() -> None:
    hidden = BOX.format(HIDDEN, more='<wps:cNvPr id="2" hidden="1"/>', fill="")
    group = f"<wpg>{hidden}{BOX.format('图例', more='', fill='')}</wpg>"
    made = copied(docx(line(run(SHOWN) + anchored(group))))
    assert HIDDEN not in whole(made.data)
    assert "图例" in whole(made.data)


def test_no_empty_frame_stays_where_a_shape_went() -> None:
    hidden = BOX.format(HIDDEN, more='<wps:cNvPr id="2" hidden="1"/>', fill="")
    made = copied(docx(line(run(SHOWN) + anchored(hidden))))
    assert "graphicData" not in whole(made.data)


def test_insertions_stay_without_their_authors() -> None:
    data = docx(line(f"<w:ins {_MARK}>{run(SHOWN)}</w:ins>"))
    made = copied(data)
    assert SHOWN in whole(made.data)
    assert "李样本" not in whole(made.data)
    assert "w:ins" not in whole(made.data)


def test_a_paragraph_whose_end_was_deleted_joins_the_next() -> None:
    first = f"<w:pPr><w:rPr><w:del {_MARK}/></w:rPr></w:pPr>{run(SHOWN[:4])}"
    made = copied(docx(line(first) + line(run(SHOWN[4:]))))
    texts = [b.text for b in read(made.data, "x").blocks if not b.hidden]
    assert texts == [SHOWN]


def test_a_deleted_row_goes_and_an_empty_table_with_it() -> None:
    cell = f"<w:tc><w:p>{run(HIDDEN)}</w:p></w:tc>"
    table = f"<w:tbl><w:tr><w:trPr><w:del {_MARK}/></w:trPr>{cell}</w:tr></w:tbl>"
    made = copied(docx(table + line(run(SHOWN))))
    assert HIDDEN not in whole(made.data)
    assert "w:tbl" not in whole(made.data)


def test_page_numbers_stay_alive() -> None:
    page = _FIELD.format(code=" PAGE \\* MERGEFORMAT ", result="1")
    made = copied(docx(line(run(SHOWN) + page)))
    assert "PAGE" in whole(made.data)


def test_comments_and_their_authors_go() -> None:
    body = line(
        f'<w:commentRangeStart w:id="0"/>{run(SHOWN)}<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r>'
    )
    comments = (
        f"<w:comments {_NAMES}><w:comment {_MARK}>{line(run(HIDDEN))}</w:comment>"
        "</w:comments>"
    )
    people = f'<p xmlns:w="{_W}"><person w:author="李样本"/></p>'
    made = copied(
        docx(
            body,
            {
                "comments.xml": ("comments", comments.encode()),
                "people.xml": ("people", people.encode()),
            },
        )
    )
    text = whole(made.data)
    assert HIDDEN not in text
    assert "李样本" not in text
    assert "批注" in kinds(made)


def test_properties_variables_templates_and_macros_go() -> None:
    settings = (
        f'<w:settings {_NAMES}><w:attachedTemplate r:id="t"/><w:evenAndOddHeaders/>'
        f'<w:docVars><w:docVar w:name="n" w:val="{HIDDEN}"/></w:docVars>'
        f'<w:rsids><w:rsid w:val="00AA"/></w:rsids></w:settings>'
    )
    made = copied(
        docx(
            line(run(SHOWN)),
            {
                "settings.xml": ("settings", settings.encode()),
                "item1.xml": ("customXml", f"<x>{HIDDEN}</x>".encode()),
                "vbaProject.bin": ("vbaProject", HIDDEN.encode()),
            },
            properties=HIDDEN,
        )
    )
    text = whole(made.data)
    assert HIDDEN not in text
    assert "evenAndOddHeaders" in text
    assert "attachedTemplate" not in text
    for kind in ("文档变量", "模板路径", "文件属性", "宏", "自定义数据"):
        assert kind in kinds(made)


def test_headers_of_no_section_and_sources_of_letters_are_told() -> None:
    header = f"<w:hdr {_NAMES}>{line(run(HIDDEN))}</w:hdr>"
    settings = (
        f"<w:settings {_NAMES}><w:mailMerge>"
        f'<w:query w:val="SELECT {HIDDEN}"/></w:mailMerge></w:settings>'
    )
    made = copied(
        docx(
            line(run(SHOWN)),
            {
                "header1.xml": ("header", header.encode()),
                "settings.xml": ("settings", settings.encode()),
            },
        )
    )
    assert HIDDEN not in whole(made.data)
    assert "没有用到的页眉页脚" in kinds(made)
    assert "邮件合并的数据源" in kinds(made)


def test_headers_that_are_switched_off_are_counted_once() -> None:
    header = f"<w:hdr {_NAMES}>{line(run(HIDDEN))}</w:hdr>"
    section = '<w:sectPr><w:headerReference w:type="first" r:id="r1"/></w:sectPr>'
    body = line(run(SHOWN) + f"<w:pPr>{section}</w:pPr>")
    made = copied(docx(body, {"header1.xml": ("header", header.encode())}))
    told = [one for one in made.removed if "页眉" in one.kind]
    assert told == [Trace("没有显示的页眉页脚", "页眉页脚", 1)]


def test_another_text_in_a_branch_that_is_not_shown_is_told() -> None:
    branches = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:t>{SHOWN}</w:t>'
        f"</mc:Choice><mc:Fallback><w:t>{HIDDEN}</w:t></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    made = copied(docx(line(branches)))
    assert HIDDEN not in whole(made.data)
    assert "备用内容" in kinds(made)


def test_what_went_with_the_rest_of_the_package_is_told_too() -> None:
    share = (
        f'<Relationship Id="r9" Type="{_R}/frame" TargetMode="External" '
        f'Target="file://server/{HIDDEN}"/>'
    )
    data = docx(line(run(SHOWN)), links=share)
    bare = safe_copy(data, "x.docx").data
    assert HIDDEN not in whole(bare)
    with zipfile.ZipFile(io.BytesIO(bare)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rels = "word/_rels/document.xml.rels"
    parts[rels] = f'<Relationships xmlns="{_RELS}">{share}</Relationships>'.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert kinds(copied(out.getvalue())) == "其他隐藏内容"


def test_a_note_whose_reference_was_deleted_goes() -> None:
    gone = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    body = line(
        run(SHOWN)
        + '<w:r><w:footnoteReference w:id="4"/></w:r>'
        + f"<w:del {_MARK}>{gone}</w:del>"
    )
    notes = (
        f'<w:footnotes {_NAMES}><w:footnote w:id="4">{line(run("留下的脚注"))}'
        f'</w:footnote><w:footnote w:id="5">{line(run(HIDDEN))}</w:footnote>'
        "</w:footnotes>"
    )
    made = copied(docx(body, {"footnotes.xml": ("footnotes", notes.encode())}))
    assert HIDDEN not in whole(made.data)
    assert "留下的脚注" in whole(made.data)


def _drawn(crop: str, name: str = "图片 1", description: str = "") -> str:
    return line(
        "<w:r><w:drawing><wp:inline><wp:extent cx='9' cy='9'/>"
        f'<wp:docPr id="1" name="{name}" descr="{description}"/>'
        "<a:graphic><a:graphicData><pic:pic><pic:nvPicPr>"
        f'<pic:cNvPr id="1" name="{name}"/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="r1"/>{crop}</pic:blipFill></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


def _pictures(data: bytes) -> list[Image.Image]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            Image.open(io.BytesIO(archive.read(name)))
            for name in archive.namelist()
            if "/media/" in name
        ]


def test_what_was_cropped_off_a_picture_is_gone_from_its_pixels() -> None:
    body = _drawn('<a:srcRect l="50000"/>') + line(run(SHOWN))
    made = copied(docx(body, {"media/image7.png": ("image", picture())}))
    (only,) = _pictures(made.data)
    assert only.size == (32, 64)
    assert only.convert("RGB").getcolors() == [(32 * 64, (20, 20, 200))]
    assert 'l="50000"' not in whole(made.data)
    assert "裁掉" in kinds(made)


def test_the_same_picture_uncropped_elsewhere_stays_whole() -> None:
    body = _drawn('<a:srcRect l="50000"/>') + _drawn("") + line(run(SHOWN))
    made = copied(docx(body, {"media/image7.png": ("image", picture())}))
    assert sorted(one.size for one in _pictures(made.data)) == [(32, 64), (64, 64)]


def test_alternative_texts_and_file_names_of_pictures_go() -> None:
    body = _drawn("", name=f"{HIDDEN}.png", description=HIDDEN) + line(run(SHOWN))
    made = copied(docx(body, {f"media/{HIDDEN}.png": ("image", picture())}))
    assert HIDDEN not in whole(made.data)
    assert "替代文字" in kinds(made)


def test_an_embedded_object_leaves_its_picture() -> None:
    body = line(
        '<w:r><w:object><v:shape id="s"><v:imagedata r:id="r1" o:title="x"/></v:shape>'
        '<o:OLEObject Type="Embed" r:id="r2"/></w:object></w:r>'
    ) + line(run(SHOWN))
    made = copied(
        docx(
            body,
            {
                "media/image1.png": ("image", picture()),
                "embeddings/o.bin": ("oleObject", HIDDEN.encode()),
            },
        )
    )
    assert HIDDEN not in whole(made.data)
    assert len(_pictures(made.data)) == 1
    assert "内嵌对象" in kinds(made)


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def _charted(cache: str) -> bytes:
    body = line(
        "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f'<c:chart xmlns:c="{_C}" r:id="r1"/></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )
    chart = (
        f'<c:chartSpace xmlns:c="{_C}" xmlns:r="{_R}"><c:chart><c:plotArea><c:barChart>'
        f"<c:ser><c:tx><c:strRef><c:f>{HIDDEN}!A1</c:f>{cache}</c:strRef></c:tx>"
        f"<c:val><c:numRef><c:f>{HIDDEN}!A2</c:f><c:numCache><c:pt idx='0'><c:v>7</c:v>"
        "</c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea>"
        f'</c:chart><c:externalData r:id="x"/></c:chartSpace>'
    )
    return docx(
        line(run(SHOWN)) + body,
        {
            "charts/chart1.xml": ("chart", chart.encode()),
            "charts/_rels/chart1.xml.rels": (
                "none",
                f'<Relationships xmlns="{_RELS}"><Relationship Id="x" Type='
                f'"{_R}/package" Target="../embeddings/o.bin"/></Relationships>'.encode(),
            ),
            "embeddings/o.bin": ("none", HIDDEN.encode()),
        },
    )


def test_a_chart_keeps_its_numbers_and_loses_its_workbook() -> None:
    made = copied(
        _charted("<c:strCache><c:pt idx='0'><c:v>人数</c:v></c:pt></c:strCache>")
    )
    text = whole(made.data)
    assert HIDDEN not in text
    assert "<c:v>7</c:v>" in text
    assert "<c:v>人数</c:v>" in text
    assert "图表后面的数据表" in kinds(made)


def test_a_chart_without_its_values_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="图表"):
        safe_copy(_charted(""), "x.docx")


def test_an_object_without_a_picture_is_refused() -> None:
    body = line('<w:r><w:object><o:OLEObject Type="Embed" r:id="r1"/></w:object></w:r>')
    with pytest.raises(UnsupportedError, match="内嵌对象"):
        safe_copy(docx(body, {"embeddings/o.bin": ("oleObject", b"x")}), "x.docx")


def test_visible_links_to_public_pages_keep_their_addresses() -> None:
    link = (
        f'<Relationship Id="h" Type="{_R}/hyperlink" TargetMode="External" '
        'Target="https://www.example.edu.cn/a"/>'
    )
    made = copied(
        docx(line(f'<w:hyperlink r:id="h">{run(SHOWN)}</w:hyperlink>'), links=link)
    )
    assert "https://www.example.edu.cn/a" in whole(made.data)
    assert [one.kind for one in made.kept] == ["可见链接的网址"]


def test_white_letters_that_a_reader_sees_stay() -> None:
    body = line(
        run(SHOWN[:5], '<w:color w:val="FFFFFF"/><w:shd w:fill="FF0000"/>')
        + run(SHOWN[5:])
    )
    assert SHOWN[:5] in whole(copied(docx(body)).data)


def test_the_visible_one_of_two_equal_texts_stays() -> None:
    body = line(run("同一句话")) + line(run("同一句话", '<w:color w:val="FFFFFF"/>'))
    made = copied(docx(body))
    texts = [b.text for b in read(made.data, "x").blocks if not b.hidden]
    assert texts == ["同一句话"]


def test_a_drop_down_field_is_refused() -> None:
    body = line(_FIELD.format(code=" FORMDROPDOWN ", result=""))
    with pytest.raises(UnsupportedError, match="下拉"):
        safe_copy(docx(body), "x.docx")


def test_merged_files_are_refused() -> None:
    body = line(run(SHOWN)) + '<w:altChunk r:id="r1"/>'
    data = docx(body, {"chunk.txt": ("aFChunk", b"text")})
    with pytest.raises(UnsupportedError, match="并入"):
        safe_copy(data, "x.docx")


def test_the_same_draft_gives_the_same_bytes() -> None:
    data = docx(line(run(SHOWN)) + _drawn(""), {"media/i.png": ("image", picture())})
    assert safe_copy(data, "a").data == safe_copy(data, "b").data


def test_a_copy_of_a_copy_removes_nothing_more() -> None:
    made = copied(docx(line(run(SHOWN)), properties=HIDDEN))
    again = copied(made.data)
    assert again.removed == ()
    assert again.data == made.data


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 cut",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"{\\rtf1 x}",
    ],
)
def test_what_cannot_be_cleaned_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        safe_copy(data, "x")
    assert "。" in caught.value.message
