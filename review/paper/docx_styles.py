"""The paragraph styles of docx forms: 黑体 headings, 宋体 tables, 仿宋 letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from review.paper.layout import Align

TITLE: Final = "审查表题"
HEADING: Final = "审查节题"
ABOVE: Final = "审查编号"
LABEL: Final = "审查栏名"
VALUE: Final = "审查栏文"
SMALL_LABEL: Final = "审查小栏名"
SMALL: Final = "审查小栏文"
NOTE: Final = "审查说明"
FOOT: Final = "审查页码"
LETTER: Final = "审查公文"
LETTER_FLUSH: Final = "审查公文顶格"
NOTE_GAP: Final = Pt(6)
TAB_RIGHT: Final = WD_TAB_ALIGNMENT.RIGHT
ALIGNMENTS: Final[Mapping[Align, WD_ALIGN_PARAGRAPH]] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
# A style is found by its id, which python-docx makes of the name.
_LATIN: Final = "Times New Roman"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """Font, size in points, and how a paragraph of it stands."""

    name: str
    font: str
    size: float
    align: Align = "left"
    before: float = 0
    after: float = 0
    leading: float = 1.0
    indent: bool = False
    keep: bool = False


_TYPES: Final = (
    _Type(name=TITLE, font="黑体", size=20, align="centre", after=8),
    _Type(name=HEADING, font="黑体", size=12, before=8, after=3, keep=True),
    _Type(name=ABOVE, font="宋体", size=10.5, after=4),
    _Type(name=LABEL, font="宋体", size=10.5, align="centre"),
    _Type(name=VALUE, font="宋体", size=10.5),
    _Type(name=SMALL_LABEL, font="宋体", size=9, align="centre"),
    _Type(name=SMALL, font="宋体", size=9),
    _Type(name=NOTE, font="宋体", size=9),
    _Type(name=FOOT, font="宋体", size=9, align="centre"),
    _Type(name=LETTER, font="仿宋", size=15, leading=1.5, indent=True),
    _Type(name=LETTER_FLUSH, font="仿宋", size=15, leading=1.5),
)


def define(document: Document) -> None:
    """Add the styles; the base style gets a Chinese font and language.

    The template's own styles go, save those that Word falls back on: a form
    needs none of its 160, and each look-up walks through all of them.
    """
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:default")) is None:
            document.styles.element.remove(style)
    base = document.styles["Normal"]
    if isinstance(base, ParagraphStyle):
        _set_font(base, "宋体", 10.5)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
        base.element.get_or_add_rPr().append(language)
    for one in _TYPES:
        _add(document, one)


def _add(document: Document, one: _Type) -> None:
    style = document.styles.add_style(one.name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError("a paragraph style was asked for")
    _set_font(style, one.font, one.size)
    form = style.paragraph_format
    form.alignment = ALIGNMENTS[one.align]
    form.space_before, form.space_after = Pt(one.before), Pt(one.after)
    form.line_spacing = one.leading
    form.keep_with_next = one.keep
    form.widow_control = True
    if one.indent:
        form.first_line_indent = Pt(2 * one.size)


def _set_font(style: ParagraphStyle, font: str, size: float) -> None:
    """Set the font; Chinese text follows `eastAsia`, which python-docx leaves."""
    style.font.name = _LATIN
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().rFonts
    if fonts is not None:
        fonts.set(qn("w:eastAsia"), font)
