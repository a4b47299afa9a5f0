"""Presentations: pptx, ppt, dps, odp."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.golden.making import opc
from tests.golden.making.opc import Part, core, package
from tests.golden.making.sample import Sample
from tests.unit.extract import slide_files as old
from tests.unit.extract.word_files import SUMMARY, property_set

_SHOW: Final = "presentationml."
_INCH: Final = 914_400
_OFF: Final = (-4 * _INCH, _INCH, 3 * _INCH, _INCH)
_COLOURS: Final = (
    ("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "1F497D"), ("lt2", "EEECE1"),
    ("accent1", "4F81BD"), ("accent2", "C0504D"), ("accent3", "9BBB59"), ("accent4", "8064A2"),
    ("accent5", "4BACC6"), ("accent6", "F79646"), ("hlink", "0000FF"), ("folHlink", "800080"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its shapes, whether it is shown, its speaker's notes and a comment."""

    shapes: Sequence[str]
    shown: bool = True
    notes: str = ""
    comment: str = ""


def shape(
    text: str,
    row: int = 0,
    *,
    holder: str = "",
    place: Sequence[int] = (),
    white: bool = False,
) -> str:
    """Return a text box, or a placeholder of the slide, in a row of its own."""
    left, top, wide, high = place or (_INCH, _INCH * (1 + row), 7 * _INCH, _INCH // 2)
    look = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>' if white else ""
    kind = f'<p:ph type="{holder}"/>' if holder else ""
    lines = "".join(
        f'<a:p><a:r><a:rPr lang="zh-CN">{look}</a:rPr><a:t>{one}</a:t></a:r></a:p>'
        for one in text.split("\n")
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{row + 2}" name="文本 {row + 1}"/><p:cNvSpPr/><p:nvPr>{kind}'
        f'</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" '
        f'cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f"<p:txBody><a:bodyPr/>{lines}</p:txBody></p:sp>"
    )


def table(*rows: Sequence[str]) -> str:
    """Return a table."""
    held = "".join(
        '<a:tr h="370840">'
        + "".join(
            f'<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:rPr lang="zh-CN"/><a:t>{cell}</a:t>'
            "</a:r></a:p></a:txBody><a:tcPr/></a:tc>"
            for cell in row
        )
        + "</a:tr>"
        for row in rows
    )
    grid = f'<a:gridCol w="{2 * _INCH}"/>' * len(rows[0])
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="20" name="表格 20"/><p:cNvGraphicFramePr/>'
        f'<p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="{_INCH}" y="{3 * _INCH}"/>'
        f'<a:ext cx="{6 * _INCH}" cy="{_INCH}"/></p:xfrm><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr/>'
        f"<a:tblGrid>{grid}</a:tblGrid>{held}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _tree(shapes: str) -> str:
    return (
        '<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        f"</p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld>"
    )


def _frame() -> dict[str, Part]:
    """Return master, layout and theme, without which no program opens a presentation."""
    kinds = (
        "bg1 tx1 bg2 tx2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink"
    )
    values = (
        "lt1 dk1 lt2 dk2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink"
    )
    mapped = " ".join(
        f'{kind}="{value}"'
        for kind, value in zip(kinds.split(), values.split(), strict=True)
    )
    ground = '<p:bg><p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef></p:bg>'
    master = (
        _tree("").replace("<p:spTree>", f"{ground}<p:spTree>")
        + f'<p:clrMap {mapped}/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="r1"/></p:sldLayoutIdLst>'
    )
    colours = "".join(f'<a:{n}><a:srgbClr val="{v}"/></a:{n}>' for n, v in _COLOURS)
    font = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    theme = (
        f'<a:themeElements><a:clrScheme name="Office">{colours}</a:clrScheme><a:fontScheme name="Office">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Office"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>'
        f"{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
    )
    return {
        "ppt/slideMasters/slideMaster1.xml": Part(
            f"{_SHOW}slideMaster+xml",
            opc.xml("p:sldMaster", master),
            (
                ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                ("theme", "../theme/theme1.xml"),
            ),
        ),
        "ppt/slideLayouts/slideLayout1.xml": Part(
            f"{_SHOW}slideLayout+xml",
            opc.xml(
                "p:sldLayout",
                _tree("") + "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>",
            ),
            (("slideMaster", "../slideMasters/slideMaster1.xml"),),
        ),
        "ppt/theme/theme1.xml": Part(
            "theme+xml", opc.xml("a:theme", theme, 'name="Office"')
        ),
    }


def presentation(*slides: Slide, author: str) -> bytes:
    """Return a presentation."""
    parts = _frame()
    listed, links = "", [("slideMaster", "slideMasters/slideMaster1.xml")]
    for number, one in enumerate(slides, 1):
        own = [("slideLayout", "../slideLayouts/slideLayout1.xml")]
        if one.notes:
            own.append(("notesSlide", f"../notesSlides/notesSlide{number}.xml"))
            body = _tree(shape(one.notes, holder="body"))
            parts[f"ppt/notesSlides/notesSlide{number}.xml"] = Part(
                f"{_SHOW}notesSlide+xml",
                opc.xml("p:notes", body),
                (("slide", f"../slides/slide{number}.xml"),),
            )
        if one.comment:
            own.append(("comments", f"../comments/comment{number}.xml"))
            said = (
                '<p:cm authorId="0" dt="2026-09-03T08:00:00.000" idx="1"><p:pos x="10" y="10"/>'
                f"<p:text>{one.comment}</p:text></p:cm>"
            )
            parts[f"ppt/comments/comment{number}.xml"] = Part(
                f"{_SHOW}comments+xml", opc.xml("p:cmLst", said)
            )
        parts[f"ppt/slides/slide{number}.xml"] = Part(
            f"{_SHOW}slide+xml",
            opc.xml(
                "p:sld", _tree("".join(one.shapes)), "" if one.shown else 'show="0"'
            ),
            tuple(own),
        )
        listed += f'<p:sldId id="{255 + number}" r:id="r{number + 1}"/>'
        links.append(("slide", f"slides/slide{number}.xml"))
    if any(one.comment for one in slides):
        links.append(("commentAuthors", "commentAuthors.xml"))
        who = '<p:cmAuthor id="0" name="李样本" initials="李" lastIdx="1" clrIdx="0"/>'
        parts["ppt/commentAuthors.xml"] = Part(
            f"{_SHOW}commentAuthors+xml", opc.xml("p:cmAuthorLst", who)
        )
    main = (
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="r1"/></p:sldMasterIdLst>'
        f'<p:sldIdLst>{listed}</p:sldIdLst><p:sldSz cx="{10 * _INCH}" cy="{7 * _INCH}"/>'
        f'<p:notesSz cx="{7 * _INCH}" cy="{10 * _INCH}"/>'
    )
    parts["ppt/presentation.xml"] = Part(
        f"{_SHOW}presentation.main+xml", opc.xml("p:presentation", main), tuple(links)
    )
    parts["docProps/core.xml"] = core(author)
    return package(
        parts,
        (("officeDocument", "ppt/presentation.xml"), ("core", "docProps/core.xml")),
    )


def opening() -> bytes:
    """Return a lecture with notes, a hidden slide and a shape beside its slide."""
    return presentation(
        Slide(
            (shape("开学第一课", holder="title"), shape("主讲：张示例", 1)),
            notes="先讲校史，最后提醒不要谈合并的事",
        ),
        Slide((shape("校园安全须知", holder="title"), shape("遵守实验室守则\n离开时关好门窗", 1),
               shape("备用口径：不回应合并传言", 2, place=_OFF))),
        Slide((shape("合并方案要点", holder="title"), shape("两校合并时间表", 1)), shown=False),
        author="张示例",
    )  # fmt: skip


def reviewing() -> bytes:
    """Return a report with a comment and white text."""
    return presentation(
        Slide(
            (
                shape("招生工作汇报", holder="title"),
                shape("报到率稳中有升", 1),
                shape("实际报到率八成一", 2, white=True),
            ),
            comment="这一页的数字先别对外讲",
        ),
        author="王测试",
    )


def rostered(title: str, author: str) -> bytes:
    """Return slides with a table and nothing hidden."""
    rows = (("组别", "组长"), ("会务组", "张示例"), ("宣传组", "李样本"))
    return presentation(
        Slide((shape(title, holder="title"), table(*rows))),
        Slide(
            (
                shape("时间安排", holder="title"),
                shape("9月20日彩排\n9月22日正式演出", 1),
            )
        ),
        author=author,
    )


# --- the old binary presentations ---


def _saved(slides: old.Slides, author: str) -> bytes:
    summary = property_set(SUMMARY, {4: author})
    slides.streams[("\x05SummaryInformation",)] = summary
    slides.writer = author
    return slides.saved()


def old_opening() -> bytes:
    """Return an old lecture with notes, a hidden slide, a shape beside its slide, a comment."""
    first = old.drawing(
        old.shape(old.texts("消防安全培训", old.TITLE), at=(500, 300, 5200, 900)),
        old.shape(old.texts("主讲：李样本"), at=(500, 1200, 5200, 1600)),
        old.shape(old.texts("稽查路线图另附"), at=old.LEFT),
    )
    second = old.drawing(
        old.shape(old.texts("未整改的隐患清单"), at=(500, 300, 5200, 900))
    )
    slides = old.Slides(
        [
            (b"", first + old.comment("王测试", "这张图不要外传")),
            (b"", second + old.show(hidden=True)),
        ],
        notes=[(1, old.drawing(old.shape(old.texts("提问时不说整改期限"))))],
    )
    return _saved(slides, "李样本")


def old_table() -> bytes:
    """Return an old presentation with a table."""
    title = old.shape(old.texts("值班安排", old.TITLE), at=(500, 300, 5200, 900))
    rows = old.table(("日期", "值班人"), ("10月1日", "张示例"), ("10月2日", "赵虚构"))
    return _saved(old.Slides([(b"", old.drawing(title, rows))]), "王测试")


def old_plain(*slides: tuple[str, str]) -> bytes:
    """Return an old presentation of titles and texts."""
    made = [
        (
            b"",
            old.drawing(
                old.shape(old.texts(title, old.TITLE), at=(500, 300, 5200, 900)),
                old.shape(old.texts(text, old.BODY), at=(500, 1200, 5200, 3900)),
            ),
        )
        for title, text in slides
    ]
    return _saved(old.Slides(made), "赵虚构")


_OPENING: Final = {
    "speaker notes": "先讲校史，最后提醒不要谈合并的事",
    "shape off the slide": "备用口径：不回应合并传言",
    "hidden slide": "两校合并时间表",
    "author": "作者：张示例",
}
_OLD_OPENING: Final = {
    "speaker notes": "提问时不说整改期限",
    "shape off the slide": "稽查路线图另附",
    "hidden slide": "未整改的隐患清单",
    "comment": "这张图不要外传",
    "author": "作者：李样本",
}

SAMPLES: Final = (
    Sample(
        "pptx/开学第一课（备注与隐藏页）.pptx",
        "有演讲者备注、隐藏的幻灯片和页面外的文本框",
        opening,
        (
            "开学第一课",
            "主讲：张示例",
            "校园安全须知",
            "遵守实验室守则",
            "离开时关好门窗",
        ),
        _OPENING,
    ),
    Sample(
        "pptx/招生汇报（批注）.pptx",
        "有批注和白色文字",
        reviewing,
        ("招生工作汇报", "报到率稳中有升"),
        {"comment": "这一页的数字先别对外讲", "white text": "实际报到率八成一"},
    ),
    Sample(
        "pptx/晚会分工（表格）.pptx",
        "有表格，没有隐藏内容",
        lambda: rostered("晚会分工", "李样本"),
        ("晚会分工", "组别\t组长", "宣传组\t李样本", "9月22日正式演出"),
    ),
    Sample(
        "ppt/消防培训（备注与隐藏页）.ppt",
        "旧格式，有备注、隐藏页、页面外的文本框和批注",
        old_opening,
        ("消防安全培训", "主讲：李样本"),
        _OLD_OPENING,
    ),
    Sample(
        "ppt/值班安排（表格）.ppt",
        "旧格式，有表格",
        old_table,
        ("值班安排", "日期\t值班人", "10月2日\t赵虚构"),
        {"author": "作者：王测试"},
    ),
    Sample(
        "ppt/图书馆使用指南.ppt",
        "旧格式，两页文字",
        lambda: old_plain(
            ("图书馆使用指南", "凭校园卡入馆\r保持安静"), ("借阅规则", "每人限借五册")
        ),
        ("图书馆使用指南", "凭校园卡入馆", "借阅规则", "每人限借五册"),
    ),
    Sample(
        "dps/消防演练动员（备注与隐藏页）.dps",
        "WPS 演示的旧格式，与 ppt 相同",
        old_opening,
        ("消防安全培训", "主讲：李样本"),
        _OLD_OPENING,
    ),
    Sample(
        "dps/运动会分工（新格式）.dps",
        "WPS 新版存成 dps 的其实是 pptx",
        lambda: rostered("运动会分工", "赵虚构"),
        ("运动会分工", "会务组\t张示例"),
        {"author": "作者：赵虚构"},
    ),
    Sample(
        "dps/校史馆导览.dps",
        "WPS 演示的旧格式，两页文字",
        lambda: old_plain(("校史馆导览", "一楼：办学历程"), ("参观须知", "请勿拍照")),
        ("校史馆导览", "一楼：办学历程", "请勿拍照"),
    ),
)
