"""What a presentation shows and hides, built from raw parts."""

import contextlib

import pytest

from review.errors import UnreadableError
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.read import read
from tests.unit.extract.office import (
    Links,
    Parts,
    hidden,
    part,
    png,
    relations,
    shape,
    show,
    shown,
    slide,
)
from tests.unit.extract.office_mutations import mutated

_WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
_NAVY = '<a:solidFill><a:srgbClr val="000080"/></a:solidFill>'
_GROUND = f"<p:bg><p:bgPr>{_WHITE}</p:bgPr></p:bg>"


def _read(
    *slides: str, more: Parts | None = None, links: dict[int, Links] | None = None
) -> Document:
    return read(show(list(slides), more, links), "演示.pptx")


def _holder(kind: str, index: str = "0") -> str:
    return f'<p:ph type="{kind}" idx="{index}"/>'


def _layout(inner: str, tag: str = "p:sldLayout", attributes: str = "") -> str:
    tree = f"<p:spTree>{inner}</p:spTree>"
    return part(tag, f"<p:cSld>{tree}</p:cSld>", attributes)


def _group(inner: str, named: str = "", scale: int = 1) -> str:
    frame = (
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="100" cy="100"/><a:chOff x="0" y="0"/>'
        f'<a:chExt cx="{100 * scale}" cy="{100 * scale}"/></a:xfrm>'
    )
    return (
        f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" {named}/></p:nvGrpSpPr>'
        f"<p:grpSpPr>{frame}</p:grpSpPr>{inner}</p:grpSp>"
    )


def _table(rows: str) -> str:
    graphic = (
        f"<a:graphic><a:graphicData><a:tbl>{rows}</a:tbl></a:graphicData></a:graphic>"
    )
    return f"<p:graphicFrame><p:nvGraphicFramePr/>{graphic}</p:graphicFrame>"


def _cell(text: str, attributes: str = "", run: str = "", fill: str = "") -> str:
    body = f"<a:p><a:r><a:rPr>{run}</a:rPr><a:t>{text}</a:t></a:r></a:p>"
    return (
        f"<a:tc {attributes}><a:txBody>{body}</a:txBody><a:tcPr>{fill}</a:tcPr></a:tc>"
    )


def test_slides_come_in_the_order_of_the_show() -> None:
    slides = [slide(shape("甲")), slide(shape("乙"))]
    order = '<p:sldIdLst><p:sldId r:id="r1"/><p:sldId r:id="r0"/></p:sldIdLst>'
    main = {"ppt/presentation.xml": part("p:presentation", order)}
    document = _read(*slides, more=main)
    assert [(b.text, b.where.page) for b in document.blocks] == [("乙", 1), ("甲", 2)]


def test_titles_items_and_paragraphs() -> None:
    item = (
        '<p:sp><p:nvSpPr/><p:spPr/><p:txBody><a:p><a:pPr><a:buChar char="-"/></a:pPr>'
        "<a:r><a:t>带好</a:t></a:r><a:br/><a:r><a:t>证件</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    document = _read(
        slide(shape("招生工作汇报", holder=_holder("ctrTitle"))),
        slide(shape("一、概况", holder=_holder("title")) + item),
    )
    assert [(b.text, b.role, b.where.part) for b in document.blocks] == [
        ("招生工作汇报", "title", "body"),
        ("一、概况", "heading", "body"),
        ("带好\n证件", "item", "body"),
    ]


def test_tables_are_rows_with_cells() -> None:
    rows = (
        "<a:tr>" + _cell("姓名", 'gridSpan="2"') + _cell("藏", 'hMerge="1"') + "</a:tr>"
        f"<a:tr>{_cell('张示例')}{_cell('教务处')}</a:tr>"
    )
    document = _read(slide(_table(rows)))
    seen = [b for b in document.blocks if not b.hidden]
    assert [(b.cells, b.role, b.where.row) for b in seen] == [
        (("姓名", ""), "row", 1),
        (("张示例", "教务处"), "row", 2),
    ]
    assert {(b.where.part, b.where.page, b.where.table) for b in seen} == {
        ("table", 1, 1)
    }
    assert hidden(document) == [("藏", "hidden", "合并单元格盖住的文字")]


def test_a_hidden_slide_is_hidden() -> None:
    rows = f"<a:tr>{_cell('格')}</a:tr>"
    document = _read(slide(shape("藏") + _table(rows), 'show="0"'))
    assert hidden(document) == [
        ("藏", "hidden", "隐藏的幻灯片"),
        ("格", "hidden", "隐藏的幻灯片"),
    ]
    assert document.blocks[0].where.page == 1


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        (shape("藏", named='hidden="1"'), "隐藏的形状"),
        (_group(shape("藏"), 'hidden="1"'), "隐藏的形状"),
        (shape("藏", (1000, 0, 50, 50)), "页面之外的形状"),
        (shape("藏", (-60, 0, 50, 50)), "页面之外的形状"),
        (shape("藏", (0, -200, 50, 50)), "页面之外的形状"),
        (_group(shape("藏", (90000, 0, 50, 50)), scale=100), None),
        (_group(shape("藏", (120000, 0, 50, 50)), scale=10), "页面之外的形状"),
        (shape("藏", (990, 0, 50, 50)), None),
    ],
)
def test_hidden_and_far_off_shapes(shapes: str, why: str | None) -> None:
    document = _read(slide(shapes))
    assert shown(document) == ([] if why else ["藏"])
    assert hidden(document) == ([("藏", "hidden", why)] if why else [])


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        (shape("白", run=_WHITE), "白色文字"),
        (shape("白", run=_WHITE, fill=_WHITE), "白色文字"),
        (shape("白", run=_WHITE, fill="<a:noFill/>"), "白色文字"),
        (shape("蓝", run=_NAVY, fill=_NAVY), "与底色相同的文字"),
        (shape("白", run=_WHITE, fill=_NAVY), None),
        (shape("白", run=_WHITE, fill="<a:gradFill/>"), None),
        (shape("", fill=_NAVY) + shape("白", run=_WHITE), None),
        (shape("", (500, 500, 9, 9), fill=_NAVY) + shape("白", run=_WHITE), "白色文字"),
        (shape("空", run="<a:noFill/>"), "无填充的文字"),
        (
            shape(
                "透",
                run='<a:solidFill><a:srgbClr val="FF0000"><a:alpha val="0"/></a:srgbClr>'
                "</a:solidFill>",
            ),
            "透明文字",
        ),
        (
            shape("主", run='<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'),
            None,
        ),
    ],
)
def test_text_that_looks_like_its_ground(shapes: str, why: str | None) -> None:
    found = [(b.text, b.detail) for b in _read(slide(shapes, before=_GROUND)).blocks]
    assert [detail for _text, detail in found] == [why]
    text = found[0][0]
    assert hidden(_read(slide(shapes, before=_GROUND))) == (
        [(text, "hidden", why)] if why else []
    )


def test_tiny_text_is_hidden() -> None:
    tiny = shape("小").replace("<a:rPr>", '<a:rPr sz="200">')
    assert hidden(_read(slide(tiny))) == [("小", "hidden", "极小字号")]


def test_white_text_in_a_cell_that_is_white() -> None:
    rows = (
        f"<a:tr>{_cell('白', run=_WHITE, fill=_WHITE)}{_cell('显', run=_WHITE)}</a:tr>"
    )
    document = _read(slide(_table(rows)))
    assert shown(document) == ["\t显"]
    assert hidden(document) == [("白", "hidden", "白色文字")]


def test_the_theme_and_the_master_decide_on_colours() -> None:
    white = '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
    theme = part(
        "a:theme",
        '<a:clrScheme><a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
        '<a:lt1><a:srgbClr val="FFFFFF"/></a:lt1></a:clrScheme>',
    )
    ground = '<p:bg><p:bgRef idx="1001"><a:schemeClr val="{}"/></p:bgRef></p:bg>'

    def words(colour: str) -> list[str]:
        master = part(
            "p:sldMaster",
            f'<p:cSld>{ground.format(colour)}<p:spTree/></p:cSld><p:clrMap bg1="lt1" tx1="dk1"/>',
        )
        more: Parts = {
            "ppt/slideLayouts/slideLayout1.xml": _layout(""),
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations(
                (("slideMaster", "../slideMasters/slideMaster1.xml"),)
            ),
            "ppt/slideMasters/slideMaster1.xml": master,
            "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations(
                (("theme", "../theme/theme1.xml"),)
            ),
            "ppt/theme/theme1.xml": theme,
        }
        links = {1: (("slideLayout", "../slideLayouts/slideLayout1.xml"),)}
        return shown(_read(slide(shape("白", run=white)), more=more, links=links))

    assert words("bg1") == []
    assert words("tx1") == ["白"]


def test_a_master_without_a_background_is_white() -> None:
    main = relations((("slide", "slides/slide1.xml"),))
    more: Parts = {
        "ppt/slideLayouts/layout1.xml": _layout(""),
        "ppt/slideMasters/master1.xml": _layout("", "p:sldMaster"),
        "ppt/slideLayouts/_rels/layout1.xml.rels": relations(
            (("slideMaster", "../slideMasters/master1.xml"),)
        ),
        "ppt/_rels/presentation.xml.rels": main,
    }
    links = {1: (("slideLayout", "../slideLayouts/layout1.xml"),)}
    document = _read(slide(shape("白", run=_WHITE)), more=more, links=links)
    assert hidden(document) == [("白", "hidden", "白色文字")]


def test_speakers_notes_are_hidden() -> None:
    notes = _layout(
        shape("讲给内部听", holder=_holder("body"))
        + shape("7", holder=_holder("sldNum")),
        "p:notes",
    )
    document = _read(
        slide(shape("正文")),
        more={"ppt/notesSlides/notesSlide1.xml": notes},
        links={1: (("notesSlide", "../notesSlides/notesSlide1.xml"),)},
    )
    assert hidden(document) == [("讲给内部听", "notes", "演讲者备注")]
    (block,) = (b for b in document.blocks if b.hidden)
    assert block.where.page == 1


def test_comments_of_both_kinds_with_answers() -> None:
    space = 'xmlns:n="urn:n" xmlns:t="urn:t"'
    old = (
        f'<p:cmLst {space} xmlns:p="urn:p"><p:cm authorId="0" dt="2024-03-01T08:00:00">'
        "<p:text>旧批注</p:text></p:cm></p:cmLst>"
    )
    body = "<n:txBody><t:p><t:r><t:t>{}</t:t></t:r></t:p></n:txBody>"
    new = (
        f'<n:cmLst {space}><n:cm authorId="g" created="2024-03-02T08:00:00" '
        f'status="resolved"><n:replyLst><n:reply authorId="0">{body.format("回答")}'
        f"</n:reply></n:replyLst>{body.format('新批注')}</n:cm></n:cmLst>"
    )
    authors = '<a><cmAuthor id="0" name="张示例"/><author id="g" name="李样本"/></a>'
    main = relations(
        (("slide", "slides/slide1.xml"), ("commentAuthors", "commentAuthors.xml"))
    )
    document = _read(
        slide(""),
        more={
            "ppt/commentAuthors.xml": authors,
            "ppt/_rels/presentation.xml.rels": main,
            "ppt/comments/comment1.xml": old,
            "ppt/comments/modern1.xml": new,
        },
        links={
            1: (
                ("comments", "../comments/comment1.xml"),
                ("comments", "../comments/modern1.xml"),
            )
        },
    )
    assert hidden(document)[:3] == [
        ("旧批注", "comment", "批注，作者张示例，2024-03-01"),
        ("新批注", "comment", "批注，作者李样本，2024-03-02，已解决"),
        ("回答", "comment", "回复，作者张示例"),
    ]
    assert ("修订者：张示例", "metadata", "修订者名单") in hidden(document)


def test_texts_of_layouts_are_seen_where_a_slide_uses_them() -> None:
    used = _layout(shape("内部资料") + shape("单击此处", holder=_holder("title")))
    more: Parts = {
        "ppt/slideLayouts/slideLayout1.xml": used,
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations(
            (("slideMaster", "../slideMasters/slideMaster1.xml"),)
        ),
        "ppt/slideLayouts/slideLayout2.xml": _layout(shape("旧单位名")),
        "ppt/slideMasters/slideMaster1.xml": _layout(shape("院徽"), "p:sldMaster"),
        "ppt/notesMasters/notesMaster1.xml": _layout(
            shape("备注页眉"), "p:notesMaster"
        ),
    }
    links = {1: (("slideLayout", "../slideLayouts/slideLayout1.xml"),)}
    document = _read(slide(shape("正文")), more=more, links=links)
    assert shown(document) == ["正文", "内部资料", "院徽"]
    assert hidden(document) == [
        ("旧单位名", "textbox", "版式上的文字，没有幻灯片用到"),
        ("备注页眉", "textbox", "备注母版上的文字，没有幻灯片用到"),
    ]


def test_a_layout_may_leave_its_master_out() -> None:
    more: Parts = {
        "ppt/slideLayouts/slideLayout1.xml": _layout("", attributes='showMasterSp="0"'),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations(
            (("slideMaster", "../slideMasters/slideMaster1.xml"),)
        ),
        "ppt/slideMasters/slideMaster1.xml": _layout(shape("院徽"), "p:sldMaster"),
    }
    links = {1: (("slideLayout", "../slideLayouts/slideLayout1.xml"),)}
    document = _read(slide(shape("正文")), more=more, links=links)
    assert shown(document) == ["正文"]
    assert hidden(document)[0][0] == "院徽"


def test_what_hangs_on_shapes() -> None:
    picture = (
        '<p:pic><p:nvPicPr><p:cNvPr id="3" name="机房.jpg" descr="机房照片">'
        '<a:hlinkClick tooltip="内网"/></p:cNvPr></p:nvPicPr><p:blipFill>'
        '<a:blip r:embed="r0"/><a:srcRect t="30000"/></p:blipFill></p:pic>'
    )
    document = _read(
        slide(picture),
        more={"ppt/media/image1.png": png()},
        links={1: (("image", "../media/image1.png"),)},
    )
    assert hidden(document) == [
        ("机房照片", "image", "替代文字"),
        ("机房.jpg", "image", "替代文字"),
        ("内网", "hidden", "链接提示"),
        (
            "图片 image1.png 被裁剪（上侧 30%），裁去的部分仍在文件里",
            "image",
            "裁剪的图片",
        ),
    ]


def test_names_of_slides_shows_and_sections() -> None:
    names = (
        '<p:sldIdLst><p:sldId r:id="r0"/></p:sldIdLst>'
        '<p:custShowLst><p:custShow name="对内汇报"/></p:custShowLst>'
        '<p:extLst><p:section name="涉密部分"/></p:extLst>'
    )
    named = slide("").replace("<p:cSld>", '<p:cSld name="底稿">')
    document = _read(
        named, more={"ppt/presentation.xml": part("p:presentation", names)}
    )
    assert hidden(document) == [
        ("对内汇报", "hidden", "自定义放映的名称"),
        ("涉密部分", "hidden", "节的名称"),
        ("底稿", "hidden", "幻灯片名称"),
    ]


def test_slides_that_no_show_has_are_read() -> None:
    more: Parts = {"ppt/slides/slide9.xml": slide(shape("删掉的一页"))}
    assert hidden(_read(slide(shape("正文")), more=more)) == [
        ("删掉的一页", "hidden", "放映中没有的幻灯片")
    ]


def test_tags_media_and_links_outside() -> None:
    document = _read(
        slide(shape("正文")),
        more={
            "ppt/tags/tag1.xml": part(
                "p:tagLst", '<p:tag name="文号" val="内部三号"/>'
            ),
            "ppt/media/media1.mp4": b"\0" * 50,
        },
        links={
            1: (
                ("video", "file:///D:/内部/演练.mp4"),
                ("tags", "../tags/tag1.xml"),
                ("video", "../media/media1.mp4"),
            )
        },
    )
    assert ("文号\n内部三号", "metadata", "标签") in hidden(document)
    assert ("file:///D:/内部/演练.mp4", "hidden", "外部视频") in hidden(document)
    assert [gap.code for gap in document.gaps] == ["unsupported_part", "external"]
    assert "视频" in document.gaps[0].message


def test_charts_and_diagrams_stand_on_the_page_of_their_slide() -> None:
    chart = part("c:chartSpace", "<c:pt><c:v>生源人数</c:v></c:pt>")
    more: Parts = {"ppt/charts/chart1.xml": chart}
    links = {1: (("chart", "../charts/chart1.xml"),)}
    (block,) = _read(slide(""), more=more, links=links).blocks
    assert (block.text, block.hidden, block.where.page) == ("生源人数", False, 1)
    (block,) = _read(slide("", 'show="0"'), more=more, links=links).blocks
    assert (block.hidden, block.detail) == (True, "隐藏的幻灯片，图表")


def test_alternatives_are_read_once() -> None:
    both = (
        f"<mc:AlternateContent><mc:Choice>{shape('新')}</mc:Choice>"
        f"<mc:Fallback>{shape('旧')}</mc:Fallback></mc:AlternateContent>"
    )
    document = _read(slide(both))
    assert shown(document) == ["新"]
    assert hidden(document) == [("旧", "hidden", "备用内容")]


def test_a_damaged_slide_is_a_gap_and_the_others_are_read() -> None:
    document = _read("<p:sld", slide(shape("第二张")))
    assert shown(document) == ["第二张"]
    assert [(g.code, g.where.page) for g in document.gaps] == [("unreadable_part", 1)]


def test_a_missing_slide_is_a_gap() -> None:
    order = '<p:sldIdLst><p:sldId r:id="r7"/></p:sldIdLst>'
    document = _read(more={"ppt/presentation.xml": part("p:presentation", order)})
    assert [gap.code for gap in document.gaps] == ["unreadable_part"]


def test_too_many_slides_are_a_gap() -> None:
    data = show([slide(shape(text)) for text in "甲乙丙"])
    document = read(data, "a.pptx", Limits(pages=2))
    assert shown(document) == ["甲", "乙"]
    assert [gap.code for gap in document.gaps] == ["too_large"]


def test_a_layout_that_stands_on_itself_does_no_harm() -> None:
    itself = relations((("slideMaster", "slideLayout1.xml"),))
    more: Parts = {
        "ppt/slideLayouts/slideLayout1.xml": _layout(shape("版")),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": itself,
    }
    links = {1: (("slideLayout", "../slideLayouts/slideLayout1.xml"),)}
    assert shown(_read(slide(shape("正文")), more=more, links=links)) == ["正文", "版"]


@pytest.mark.parametrize("where", ["notes", "a hidden slide"])
def test_a_drawing_that_no_slide_shows_is_hidden(where: str) -> None:
    notes: Parts = {
        "ppt/media/image1.svg": b"<svg><text>\xe8\x97\x8f</text></svg>",
        "ppt/notesSlides/notesSlide1.xml": _layout("", "p:notes"),
        "ppt/notesSlides/_rels/notesSlide1.xml.rels": relations(
            (("image", "../media/image1.svg"),)
        ),
    }
    links = {1: (("notesSlide", "../notesSlides/notesSlide1.xml"),)}
    away = ""
    if where == "a hidden slide":
        links, away = {1: (("image", "../media/image1.svg"),)}, 'show="0"'
    document = _read(slide(shape("正文"), away), more=notes, links=links)
    assert ("藏", "hidden", "矢量图里的文字") in hidden(document)
    assert "藏" not in shown(document)


def test_a_long_chain_of_layouts_does_no_harm() -> None:
    more: Parts = {}
    for number in range(400):
        name = f"slideLayout{number}.xml"
        above = relations((("slideMaster", f"slideLayout{number + 1}.xml"),))
        more[f"ppt/slideLayouts/{name}"] = _layout("")
        more[f"ppt/slideLayouts/_rels/{name}.rels"] = above
    links = {1: (("slideLayout", "../slideLayouts/slideLayout0.xml"),)}
    document = _read(slide(shape("正文")), more=more, links=links)
    assert shown(document) == ["正文"]
    assert document.gaps == ()


def _specimen() -> bytes:
    return show(
        [
            slide(_group(shape("甲", run=_WHITE, fill=_NAVY)), before=_GROUND),
            slide(_table(f"<a:tr>{_cell('格')}</a:tr>"), 'show="0"'),
        ],
        {
            "ppt/slideLayouts/slideLayout1.xml": _layout(shape("版")),
            "ppt/notesSlides/notesSlide1.xml": _layout(shape("备注"), "p:notes"),
            "ppt/media/image1.png": png(),
        },
        {
            1: (
                ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                ("notesSlide", "../notesSlides/notesSlide1.xml"),
                ("image", "../media/image1.png"),
            )
        },
    )


@pytest.mark.parametrize("seed", range(4))
def test_mutated_presentations_never_break_out(seed: int) -> None:
    specimen = _specimen()
    for data in mutated(specimen, seed, 60):
        with contextlib.suppress(UnreadableError):
            assert isinstance(read(data, "a.pptx"), Document)
