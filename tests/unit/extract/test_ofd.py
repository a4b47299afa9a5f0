"""What OFD pages show, what they hide, and what stands beside them."""

import io
import random
import struct
import zipfile

import pytest
from PIL import Image

from review.errors import CorruptError, EncryptedError, UnreadableError
from review.extract.interface import Block, Document, Picture
from review.extract.limits import Limits
from review.extract.ofd.ofd import Ofd
from review.extract.read import read
from tests.unit.extract.ofd_files import (
    box,
    document,
    image,
    ofd,
    package,
    page,
    part,
    resources,
    root,
    rule,
    text,
    white,
)

_SHADED = (
    '<ofd:FillColor><ofd:AxialShd><ofd:Segment><ofd:Color Value="0 0 0"/></ofd:Segment>'
    "</ofd:AxialShd></ofd:FillColor>"
)


def _read(data: bytes) -> Document:
    return read(data, "文件.ofd")


def _shown(read_: Document) -> list[str]:
    return [b.text for b in read_.blocks if not b.hidden]


def _hidden(read_: Document, part_: str = "hidden") -> list[tuple[str, str | None]]:
    return [
        (b.text, b.detail) for b in read_.blocks if b.hidden and b.where.part == part_
    ]


def _picture(mode: str = "RGB", colour: object = (200, 10, 10)) -> bytes:
    held = io.BytesIO()
    Image.new(mode, (64, 64), colour).save(held, "PNG")  # type: ignore[arg-type]  # a colour of this mode
    return held.getvalue()


def test_lines_in_reading_order_with_their_pages() -> None:
    found = _read(
        ofd(
            page(text("第二段的文字。", 20, 60), text("第一段的文字。", 20, 40)),
            page(text("第二页的文字。")),
        )
    )
    assert found.format == "ofd"
    assert _shown(found) == ["第一段的文字。", "第二段的文字。", "第二页的文字。"]
    assert [b.where.page for b in found.blocks] == [1, 1, 2]
    assert found.gaps == ()


def test_many_pieces_become_one_line() -> None:
    pieces = [text(c, 20 + 5 * n, 40) for n, c in enumerate("会议定于三月召开")]
    random.Random(1).shuffle(pieces)  # noqa: S311 - a fixed order
    assert _shown(_read(ofd(page(*pieces)))) == ["会议定于三月召开"]


def test_letter_spaced_heading() -> None:
    spaced = "".join(text(c, 20 + 14 * n, 40) for n, c in enumerate("保密审查"))
    assert _shown(_read(ofd(page(spaced)))) == ["保密审查"]


def test_wrapped_lines_are_one_paragraph() -> None:
    lines = ["一二三四五六七八九十" * 3, "甲乙丙丁戊己庚辛壬癸" * 3, "完。"]
    body = "".join(text(words, 20, 40 + 8 * n) for n, words in enumerate(lines))
    assert _shown(_read(ofd(page(body)))) == ["".join(lines)]


def test_a_jump_inside_a_text_code_parts_words() -> None:
    jump = (
        '<ofd:TextObject Boundary="20 20 150 8" Size="5"><ofd:TextCode X="0" Y="5" '
        'DeltaX="5 60 5">姓名学号</ofd:TextCode></ofd:TextObject>'
    )
    assert _shown(_read(ofd(page(jump)))) == ["姓名 学号"]


def test_lines_inside_one_text_code() -> None:
    body = (
        '<ofd:TextObject Boundary="20 20 150 28" Size="5"><ofd:TextCode X="0" Y="5" '
        'DeltaX="5 -5 5" DeltaY="0 8 0">上面下面</ofd:TextCode></ofd:TextObject>'
    )
    assert "".join(_shown(_read(ofd(page(body))))) == "上面下面"


def test_vertical_text() -> None:
    body = (
        '<ofd:TextObject Boundary="180 20 8 60" Size="5"><ofd:TextCode X="0" Y="5" '
        'DeltaY="g 3 6">竖排文字</ofd:TextCode></ofd:TextObject>'
    )
    assert _shown(_read(ofd(page(body)))) == ["竖排文字"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = "".join(text("左栏的文字一共有十二字", 20, 30 + 8 * n) for n in range(8))
    right = "".join(text("右栏的文字一共有十二字", 120, 30 + 8 * n) for n in range(8))
    found = "".join(_shown(_read(ofd(page(left, right)))))
    assert found == "左栏的文字一共有十二字" * 8 + "右栏的文字一共有十二字" * 8


def test_rows_without_rulings_stay_rows() -> None:
    rows = "".join(
        text(name, 20, 30 + 10 * n) + text(number, 120, 30 + 10 * n)
        for n, (name, number) in enumerate([("张示例", "001"), ("李样本", "002")] * 4)
    )
    assert _shown(_read(ofd(page(rows))))[:1][0].startswith("张示例 001")


def test_ruled_table_becomes_rows() -> None:
    rules = "".join(rule(20, 30 + 10 * n, 120, 30 + 10 * n) for n in range(4))
    rules += "".join(rule(20 + 50 * n, 30, 20 + 50 * n, 60) for n in range(3))
    cells = [("姓名", "学号"), ("张示例", "001"), ("李样本", "")]
    words = "".join(
        text(word, 22 + 50 * column, 32 + 10 * row, size=4)
        for row, pair in enumerate(cells)
        for column, word in enumerate(pair)
        if word
    )
    found = _read(
        ofd(page(text("名单如下", 20, 15), rules, words, text("完毕。", 20, 70)))
    )
    rows = [b for b in found.blocks if b.role == "row"]
    assert [b.cells for b in rows] == cells
    assert (rows[1].where.table, rows[1].where.row, rows[1].where.page) == (1, 2, 1)
    assert [b.text for b in found.blocks if b.role != "row"] == ["名单如下", "完毕。"]


def test_templates_are_drawn_with_the_page() -> None:
    template = page(text("模板上的标签", 20, 40))
    common = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/>'
    shown = page(
        text("页上的值", 120, 40),
        before='<ofd:Template TemplateID="9" ZOrder="Background"/>',
    )
    found = _read(ofd(shown, common=common, parts={"Doc_0/Tpls/T.xml": template}))
    assert _shown(found) == ["模板上的标签 页上的值"]


def test_several_documents() -> None:
    data = package(
        {
            "OFD.xml": part("OFD", root() + root(folder="Doc_1")),
            "Doc_0/Document.xml": document(),
            "Doc_0/Pages/Page_0/Content.xml": page(text("第一份")),
            "Doc_1/Document.xml": document(),
            "Doc_1/Pages/Page_0/Content.xml": page(text("第二份")),
        }
    )
    found = _read(data)
    assert [(b.text, b.where.page) for b in found.blocks] == [
        ("第一份", 1),
        ("第二份", 2),
    ]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (text("藏着的字", more='Visible="false"'), "设为不显示的文字"),
        (
            '<ofd:Layer Visible="false">' + text("藏着的字") + "</ofd:Layer>",
            "设为不显示的文字",
        ),
        (
            '<ofd:PageBlock Visible="false">' + text("藏着的字") + "</ofd:PageBlock>",
            "设为不显示的文字",
        ),
        (text("藏着的字", more='Alpha="0"'), "完全透明的文字"),
        (
            text("藏着的字", fill='<ofd:FillColor Value="0 0 0" Alpha="0"/>'),
            "完全透明的文字",
        ),
        (
            text("藏着的字", more='Alpha="0"', fill=_SHADED),
            "完全透明的文字",
        ),
        (text("藏着的字", more='Fill="false"'), "没有填充也没有描边的文字"),
        (text("藏着的字", fill=white()), "与底色相同、看不出的文字"),
        (
            text("藏着的字", fill='<ofd:FillColor Value="#fc #fc #fc"/>'),
            "与底色相同、看不出的文字",
        ),
        (
            text("藏着的字", fill='<ofd:FillColor Value="0 0 0 0"/>'),
            "与底色相同、看不出的文字",
        ),
        (
            box(15, 15, 60, 20, "10 20 30")
            + text("藏着的字", fill='<ofd:FillColor Value="12 22 32"/>'),
            "与底色相同、看不出的文字",
        ),
        (text("藏着的字") + box(18, 18, 60, 20), "被色块遮住的文字"),
        (text("藏着的字") + box(18, 18, 60, 20, "255 255 255"), "被色块遮住的文字"),
        (text("藏着的字", 300, 20), "页面之外的文字"),
        (text("藏着的字", 20, -30), "页面之外的文字"),
        (text("藏着的字", size=0.3), "小得看不出的文字"),
        (
            text(
                "藏着的字",
                fill='<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="100 0 5 5"/>'
                "</ofd:Area></ofd:Clip></ofd:Clips>",
            ),
            "被裁剪掉、页面上看不见的文字",
        ),
        (
            (
                '<ofd:Unknown><ofd:TextObject Boundary="1 1 9 9"><ofd:TextCode>藏着的字'
                "</ofd:TextCode></ofd:TextObject></ofd:Unknown>"
            ),
            "没有画出来的文字",
        ),
    ],
)
def test_hidden_text(body: str, detail: str) -> None:
    found = _read(ofd(page(text("看得见的字", 20, 100) + body)))
    assert _shown(found) == ["看得见的字"]
    assert _hidden(found) == [("藏着的字", detail)]
    assert [b.where.page for b in found.blocks if b.hidden] == [1]


@pytest.mark.parametrize(
    "body",
    [
        box(18, 18, 60, 20) + text("看得见", fill=white()),
        text("看得见") + box(18, 18, 60, 20, more='Alpha="80"'),
        text("看得见") + box(18, 60, 60, 20),
        text("看得见") + box(18, 18, 60, 20, more='Visible="false"'),
        text("看得见", fill='<ofd:FillColor Value="200 20 20"/>'),
        text("看得见", fill='<ofd:FillColor ColorSpace="7" Value="100"/>'),
    ],
)
def test_seen_text_is_not_called_hidden(body: str) -> None:
    found = _read(ofd(page(body)))
    assert (_shown(found), _hidden(found)) == (["看得见"], [])


def test_white_by_a_drawing_parameter() -> None:
    parameter = f'<ofd:DrawParams><ofd:DrawParam ID="5">{white()}</ofd:DrawParam></ofd:DrawParams>'
    found = _read(
        ofd(
            page(text("藏着的字", more='DrawParam="5"')),
            common="<ofd:PublicRes>Res.xml</ofd:PublicRes>",
            parts={"Doc_0/Res.xml": resources({}, parameter)},
        )
    )
    assert _hidden(found) == [("藏着的字", "与底色相同、看不出的文字")]


def _with_picture(body: str, data: bytes) -> bytes:
    return ofd(
        page(body),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={
            "Doc_0/DocumentRes.xml": resources({"7": "a.png"}),
            "Doc_0/Res/a.png": data,
        },
    )


def test_text_under_a_picture() -> None:
    body = text("藏着的字") + image("7", 15, 15, 80, 30) + text("看得见", 20, 100)
    found = _read(_with_picture(body, _picture()))
    assert _hidden(found) == [("藏着的字", "被图片遮住的文字")]


@pytest.mark.parametrize("colour", [(1, 2, 3, 0), (1, 2, 3, 90)])
def test_text_shines_through_a_picture(colour: object) -> None:
    body = text("看得见") + image("7", 15, 15, 80, 30)
    found = _read(_with_picture(body, _picture("RGBA", colour)))
    assert (_shown(found), _hidden(found)) == (["看得见"], [])


def _pictures(data: bytes) -> tuple[Picture, ...]:
    return Ofd().extract(data, Limits()).pictures


def test_a_scan_with_its_text_layer() -> None:
    scan = image("7", 0, 0, 210, 297)
    data = _with_picture(text("扫描件的文字层", more='Alpha="0"') + scan, _picture())
    (found,) = _pictures(data)
    assert (found.page, found.claimed, found.where.page) == (True, "扫描件的文字层", 1)
    (bare,) = _pictures(_with_picture(scan, _picture()))
    assert (bare.page, bare.claimed) == (True, None)


def test_a_picture_among_text() -> None:
    body = text("正文") + image("7", 20, 100, 50, 50) + image("7", 90, 100, 50, 50)
    (found,) = _pictures(_with_picture(body, _picture()))
    assert (found.page, found.data, found.where.page) == (False, _picture(), 1)


def test_a_picture_that_is_missing_or_unknown_is_a_gap() -> None:
    body = text("正文") + image("8", 20, 100, 50, 50)
    missing = _read(_with_picture(body, _picture()))
    assert "unreadable_part" in {gap.code for gap in missing.gaps}
    body = text("正文") + image("7", 20, 100, 50, 50)
    unknown = _read(_with_picture(body, b"\x97JB2\r\n\x1a\n" + bytes(50)))
    assert {gap.code for gap in unknown.gaps} == {"image_without_text"}


def test_a_page_of_shapes_only_is_a_gap() -> None:
    found = _read(ofd(page(box(10, 10, 50, 50))))
    assert [(gap.code, gap.where.page) for gap in found.gaps] == [
        ("image_without_text", 1)
    ]


def _annotated(inside: str, **more: str) -> bytes:
    return ofd(
        page(text("正文")),
        more="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
        parts={
            "Doc_0/Annots/Annotations.xml": part(
                "Annotations",
                '<ofd:Page PageID="1"><ofd:FileLoc>Page_0/A.xml</ofd:FileLoc></ofd:Page>',
            ),
            "Doc_0/Annots/Page_0/A.xml": part("PageAnnot", inside),
            **more,
        },
    )


def test_annotations() -> None:
    found = _read(
        _annotated(
            '<ofd:Annot Type="Stamp" Creator="张示例" LastModDate="2026-01-02">'
            "<ofd:Remark>批注的话</ofd:Remark><ofd:Parameters>"
            '<ofd:Parameter Name="理由">参数的话</ofd:Parameter></ofd:Parameters>'
            f'<ofd:Appearance Boundary="20 60 90 20">{text("外观的字", 0, 0)}</ofd:Appearance>'
            "</ofd:Annot>"
            '<ofd:Annot Type="Link"><ofd:Actions><ofd:Action Event="CLICK"><ofd:URI '
            'URI="https://example.org/a"/></ofd:Action></ofd:Actions></ofd:Annot>'
        )
    )
    assert [b.where.part for b in found.blocks if b.text == "外观的字"] == [
        "annotation"
    ]
    assert "外观的字" in _shown(found)
    assert _hidden(found, "annotation") == [
        ("批注的话", "印章或文字批注，张示例，2026-01-02"),
        ("理由：参数的话", "印章或文字批注，张示例，2026-01-02"),
        ("https://example.org/a", "链接地址"),
    ]


def test_an_annotation_that_is_off() -> None:
    found = _read(
        _annotated(
            '<ofd:Annot Type="Path" Visible="false"><ofd:Appearance Boundary="20 60 90 20">'
            f"{text('关掉的字', 0, 0)}</ofd:Appearance></ofd:Annot>"
        )
    )
    assert _hidden(found, "annotation") == [("关掉的字", "图形批注，设为不显示的文字")]


def test_text_under_a_black_annotation() -> None:
    cover = box(0, 0, 60, 20)
    found = _read(
        _annotated(
            f'<ofd:Annot Type="Path"><ofd:Appearance Boundary="15 15 60 20">{cover}'
            "</ofd:Appearance></ofd:Annot>"
        )
    )
    assert (_shown(found), _hidden(found)) == ([], [("正文", "被色块遮住的文字")])
    highlight = _read(
        _annotated(
            f'<ofd:Annot Type="Highlight"><ofd:Appearance Boundary="15 15 60 20">{cover}'
            "</ofd:Appearance></ofd:Annot>"
        )
    )
    assert _shown(highlight) == ["正文"]


def test_a_watermark_is_told_once_with_a_count() -> None:
    slanted = "".join(
        text("保密资料", 10, 10 + 20 * n, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
        for n in range(9)
    )
    found = _read(ofd(page(text("正文") + slanted), page(slanted)))
    marks = [b for b in found.blocks if b.text == "保密资料"]
    assert [(b.detail, b.hidden, b.where.part, b.where.page) for b in marks] == [
        ("水印，全文共 18 处", False, "layer", 1)
    ]


def test_properties_outline_links_and_permissions() -> None:
    info = (
        "<ofd:Title>通知</ofd:Title><ofd:Author>张示例</ofd:Author><ofd:Keywords>"
        "<ofd:Keyword>内部</ofd:Keyword></ofd:Keywords><ofd:CustomDatas>"
        '<ofd:CustomData Name="user.name">lisi</ofd:CustomData></ofd:CustomDatas>'
    )
    more = (
        '<ofd:Outlines><ofd:OutlineElem Title="第一章"><ofd:OutlineElem Title="第一节"/>'
        '</ofd:OutlineElem></ofd:Outlines><ofd:Bookmarks><ofd:Bookmark Name="我的书签"/>'
        "</ofd:Bookmarks><ofd:Permissions><ofd:Edit>false</ofd:Edit></ofd:Permissions>"
        '<ofd:Actions><ofd:Action><ofd:URI URI="http://10.0.0.1/x"/></ofd:Action></ofd:Actions>'
    )
    found = _read(ofd(page(text("正文")), info=info, more=more))
    assert _hidden(found, "metadata") == [
        ("标题：通知", "文件属性"),
        ("作者：张示例", "文件属性"),
        ("关键词：内部", "文件属性"),
        ("user.name：lisi", "自定义数据"),
        ("第一章", "书签"),
        ("第一节", "书签"),
        ("我的书签", "书签"),
        ("http://10.0.0.1/x", "链接地址"),
        ("权限设置：不允许编辑", "权限设置"),
    ]


def test_attachments_tags_and_extensions() -> None:
    more = (
        "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
        "<ofd:Extensions>Extensions.xml</ofd:Extensions>"
    )
    attachments = (
        '<ofd:Attachment ID="1" Name="名单" Format="csv"><ofd:FileLoc>a.dat</ofd:FileLoc>'
        '</ofd:Attachment><ofd:Attachment ID="2" Name="丢了"><ofd:FileLoc>b.dat</ofd:FileLoc>'
        "</ofd:Attachment>"
    )
    tags = (
        '<ofd:CustomTag TypeID="tag"><ofd:FileLoc>T.xml</ofd:FileLoc></ofd:CustomTag>'
    )
    extension = (
        '<ofd:Extension AppName="云山办公"><ofd:Property Name="部门">教务处</ofd:Property>'
        "</ofd:Extension>"
    )
    found = _read(
        ofd(
            page(text("正文")),
            more=more,
            parts={
                "Doc_0/Attachs/Attachments.xml": part("Attachments", attachments),
                "Doc_0/Attachs/a.dat": "姓名,学号,班级\n张示例,001,一班\n",
                "Doc_0/Tags/CustomTags.xml": part("CustomTags", tags),
                "Doc_0/Tags/T.xml": "<t><密级 级别='内部'>标引的话</密级></t>",
                "Doc_0/Extensions.xml": part("Extensions", extension),
            },
        )
    )
    assert ("名单.csv", "内嵌文件名") in _hidden(found, "attachment")
    assert [b.cells for b in found.blocks if b.role == "row"][1] == (
        "张示例",
        "001",
        "一班",
    )
    assert [gap.message for gap in found.gaps] == ["附件“丢了”不在文件里，未能读取。"]
    said = {text_ for text_, _ in _hidden(found, "metadata")}
    assert {"tag", "标引的话", "内部", "云山办公", "部门：教务处"} <= said


def _der(tag: int, contents: bytes) -> bytes:
    return bytes((tag, 0x84)) + struct.pack(">I", len(contents)) + contents


def test_signatures_and_their_seals() -> None:
    seal = _der(
        0x30,
        _der(0x16, b"ES")
        + _der(0x30, _der(0x0C, "云山职业学院".encode()))
        + _der(0x30, _der(0x04, _picture())),
    )
    signature = (
        '<ofd:SignedInfo><ofd:Provider ProviderName="某签章软件" Company="某公司"/>'
        "<ofd:SignatureDateTime>20260102</ofd:SignatureDateTime>"
        '<ofd:StampAnnot ID="1" PageRef="2" Boundary="1 1 9 9"/><ofd:Seal><ofd:BaseLoc>'
        "/Doc_0/Signs/Sign_0/Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
    )
    data = ofd(
        page(text("一")),
        page(text("二")),
        body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>",
        parts={
            "Doc_0/Signs/Signatures.xml": part(
                "Signatures", '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/>'
            ),
            "Doc_0/Signs/Sign_0/Signature.xml": part("Signature", signature),
            "Doc_0/Signs/Sign_0/Seal.esl": seal,
        },
    )
    assert _hidden(_read(data), "metadata") == [
        ("签名软件：某签章软件；签名时间：20260102", "电子签名"),
        ("印章：云山职业学院", "电子印章"),
    ]
    assert [(p.data, p.where.page) for p in _pictures(data)] == [(_picture(), 2)]


def test_other_versions() -> None:
    data = ofd(
        page(text("现在的正文")),
        body='<ofd:Versions><ofd:Version ID="v1" Index="1" BaseLoc="Doc_0/V1.xml"/></ofd:Versions>',
        parts={
            "Doc_0/V1.xml": part(
                "DocVersion", "<ofd:DocRoot>/Doc_0/Document_1.xml</ofd:DocRoot>"
            ),
            "Doc_0/Document_1.xml": document(1).replace("Page_0", "Page_9"),
            "Doc_0/Pages/Page_9/Content.xml": page(text("从前的正文")),
        },
    )
    found = _read(data)
    assert _shown(found) == ["现在的正文"]
    assert _hidden(found, "layer") == [
        ("从前的正文", "文件里保留的其他版本的内容（版本 v1）")
    ]


def test_parts_that_nothing_leads_to() -> None:
    found = _read(
        ofd(
            page(text("正文")),
            parts={
                "Doc_0/Pages/Page_5/Content.xml": page(text("没人引用的页")),
                "Doc_0/Res/说明.txt": "没人引用的文件",
                "Doc_0/c.xml": "<a><!-- 注释里的话 --></a>",
            },
        )
    )
    assert _hidden(found)[0] == ("没人引用的页", "没有被任何页面引用的部件")
    assert "没人引用的文件" in _shown(found)
    assert _hidden(found, "comment") == [("注释里的话", "XML 注释")]


def test_composite_objects() -> None:
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5" Width="90" Height="20">'
        f"<ofd:Content>{text('组合里的字', 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits>"
    )
    found = _read(
        ofd(
            page('<ofd:CompositeObject ResourceID="5" Boundary="20 20 90 20"/>'),
            common="<ofd:PublicRes>Res.xml</ofd:PublicRes>",
            parts={"Doc_0/Res.xml": resources({}, unit)},
        )
    )
    assert _shown(found) == ["组合里的字"]


def test_a_unit_that_holds_itself_ends() -> None:
    unit = (
        '<ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
        + '<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9"/>' * 3
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
    )
    data = ofd(
        page(
            '<ofd:CompositeObject ResourceID="5" Boundary="20 20 90 20"/>' + text("字")
        ),
        common="<ofd:PublicRes>Res.xml</ofd:PublicRes>",
        parts={"Doc_0/Res.xml": resources({}, unit)},
    )
    found = Ofd().extract(data, Limits(cells=2000))
    assert [gap.code for gap in found.gaps] == ["too_large"]


def test_prefixes_that_nobody_declared() -> None:
    bare = page(text("正文")).replace('xmlns:ofd="http://www.ofdspec.org/2016"', "")
    other = page(text("第二页")).replace("http://www.ofdspec.org/2016", "urn:other")
    assert _shown(_read(ofd(bare, other))) == ["正文", "第二页"]


def test_names_in_gbk_and_paths_of_all_kinds() -> None:
    data = ofd(
        page(text("正文") + image("7", 20, 100, 50, 50)),
        common="<ofd:DocumentRes>\\Doc_0\\documentres.xml</ofd:DocumentRes>",
        parts={
            "Doc_0/DocumentRes.xml": resources({"7": "./图片.png"}),
            "Doc_0/Res/XXXX.png": _picture(),
        },
    )
    data = data.replace(b"XXXX.png", "图片.png".encode("gbk"))
    found = Ofd().extract(data, Limits())
    assert [(p.data, p.where.page) for p in found.pictures] == [(_picture(), 1)]
    assert found.gaps == ()


def test_missing_parts_are_gaps() -> None:
    data = package(
        {
            "OFD.xml": part("OFD", root()),
            "Doc_0/Document.xml": document(2),
            "Doc_0/Pages/Page_1/Content.xml": page(text("第二页")),
        }
    )
    found = _read(data)
    assert _shown(found) == ["第二页"]
    assert [(gap.code, gap.where.page) for gap in found.gaps] == [
        ("unreadable_part", 1)
    ]
    nothing = _read(package({"OFD.xml": part("OFD", root())}))
    assert [gap.code for gap in nothing.gaps] == ["unreadable_part"]


def test_a_damaged_page_is_a_gap() -> None:
    found = _read(ofd(page(text("好页")), "<ofd:Page><broken"))
    assert _shown(found) == ["好页"]
    assert [(gap.code, gap.where.page) for gap in found.gaps] == [
        ("unreadable_part", 2)
    ]


def test_nonsense_is_noticed() -> None:
    found = _read(ofd(page(text("\ue11e\ue236\ue28a\ue0c0浏览\ueb06的"))))
    assert [(gap.code, gap.where.page) for gap in found.gaps] == [("garbled_text", 1)]


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"OFD.xml": "<ofd"}, CorruptError),
        ({"OFD.xml": part("OFD", "")}, CorruptError),
        ({"OFD.xml": part("OFD", root()), "Encryptions.xml": "<a/>"}, EncryptedError),
    ],
)
def test_files_that_cannot_be_read(
    parts: dict[str, str], error: type[UnreadableError]
) -> None:
    with pytest.raises(error):
        _read(package(parts))


def test_a_truncated_file() -> None:
    data = ofd(page(text("正文" * 500)))
    assert Ofd().recognizes(data[: len(data) // 2])
    with pytest.raises(CorruptError):
        _read(data[: len(data) // 2])


def test_pages_beyond_the_limit_are_a_gap() -> None:
    found = Ofd().extract(ofd(*[page(text("字"))] * 4), Limits(pages=3))
    assert [gap.code for gap in found.gaps] == ["too_large"]
    assert (
        sum(isinstance(block, Block) and not block.hidden for block in found.blocks)
        == 3
    )


def _mutated(data: bytes, draw: random.Random) -> bytes:
    """Return a file with one of its XML parts broken in one way."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    victim = draw.choice(sorted(parts))
    raw = bytearray(parts[victim])
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(raw)) if raw else 0
        kind = draw.randrange(5)
        if kind == 0 and raw:
            raw[at] = draw.randrange(256)
        elif kind == 1:
            del raw[at : at + draw.randrange(60)]
        elif kind == 2:
            raw[at:at] = raw[at : at + 200]
        elif kind == 3:
            raw[at:at] = draw.choice(
                [b'"-1e9"', b" nan ", b"g 99999999 1 ", b"<a/>", b"\x00"]
            )
        else:
            raw = bytearray(
                bytes(raw).replace(b"0", draw.choice([b"9999999999", b"-", b""]), 3)
            )
    parts[victim] = bytes(raw)
    return package(parts)


def _specimen() -> bytes:
    unit = (
        '<ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
        + text("组合", 0, 0)
        + "</ofd:Content>"
        "</ofd:CompositeGraphicUnit>"
    )
    rules = "".join(rule(20, 130 + 10 * n, 120, 130 + 10 * n) for n in range(3))
    rules += "".join(rule(20 + 50 * n, 130, 20 + 50 * n, 150) for n in range(3))
    body = (
        text("正文的字", fill=white())
        + box(10, 10, 50, 50)
        + image("7", 20, 100, 50, 50)
        + rules
        + text("表格", 22, 132)
        + '<ofd:CompositeObject ResourceID="5" Boundary="20 20 90 20"/>'
        + '<ofd:TextObject Boundary="180 20 8 60" Size="5"><ofd:TextCode X="0" Y="5" '
        'DeltaX="5 -9 5" DeltaY="g 3 6">竖排文字</ofd:TextCode></ofd:TextObject>'
    )
    return ofd(
        page(body),
        page(text("第二页")),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        more="<ofd:Annotations>A.xml</ofd:Annotations>",
        parts={
            "Doc_0/DocumentRes.xml": resources({"7": "a.png"}, unit),
            "Doc_0/Res/a.png": _picture("RGBA", (1, 2, 3, 255)),
            "Doc_0/A.xml": part(
                "Annotations",
                '<ofd:Page PageID="1"><ofd:FileLoc>B.xml</ofd:FileLoc></ofd:Page>',
            ),
            "Doc_0/B.xml": part(
                "PageAnnot",
                '<ofd:Annot Type="Stamp"><ofd:Appearance Boundary="1 1 50 50">'
                + text("批注", 0, 0)
                + "</ofd:Appearance></ofd:Annot>",
            ),
        },
    )


@pytest.mark.slow
def test_mutated_files_are_read_or_refused() -> None:
    specimen = _specimen()
    read_ones = 0
    for seed in range(300):
        draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        data = _mutated(specimen, draw)
        if seed % 5 == 0:
            raw = bytearray(data)
            raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
            data = bytes(raw)
        try:
            found = read(data, "a.ofd")
        except UnreadableError:
            continue
        assert isinstance(found, Document)
        read_ones += 1
    assert read_ones > 100
