"""The pages of a PDF while they are planned, and how they are drawn at last.

Everything is planned before the first stroke, since each page says how many
there are. Points, counted from the lower left corner of the paper.
"""

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from review.paper.fonts import Face
from review.paper.layout import Align
from review.paper.pdf_lines import Type, wrapped
from review.paper.qr import matrix
from review.paper.text import clean, in_china

LEFT: Final = 20.0 * float(mm)
WIDTH: Final = float(A4[0]) - 2 * LEFT
_TOP: Final = float(A4[1]) - 22 * float(mm)
_BOTTOM: Final = 20.0 * float(mm)
_FOOT: Final = 12.0 * float(mm)
_FOOT_SHARE: Final = 0.7
_RULE: Final = 0.5
_SHADE: Final = 0.95
# Below the top of its line, in sizes: where a character's foot stands.
_ASCENT: Final = 0.88
_QUIET: Final = 4
_FILL: Final = 0
# A single Chinese font has no bold face: the outline is drawn as well.
_FILL_AND_OUTLINE: Final = 2
_OUTLINE: Final = 0.02
_LEADING: Final = 1.3
_WHOLE_PAGE: Final = _TOP - _BOTTOM


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `x` is its left end, middle or right end."""

    text: str
    type: Type
    x: float
    top: float
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A bordered rectangle, shaded or not; `top` is its upper edge."""

    x: float
    top: float
    width: float
    height: float
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with its quiet zone, `size` points wide and high."""

    text: str
    x: float
    top: float
    size: float


Mark: TypeAlias = Words | Box | Code


@dataclass(slots=True)
class Pages:
    """The pages planned so far; `y` is where the next thing begins."""

    face: Face
    pages: list[list[Mark]] = field(default_factory=lambda: [[]])
    y: float = _TOP

    def turn(self) -> None:
        """Start a page."""
        self.pages.append([])
        self.y = _TOP

    def room(self) -> float:
        """Return the height that is left on this page."""
        return self.y - _BOTTOM

    def whole(self) -> float:
        """Return the height of an empty page."""
        return _WHOLE_PAGE

    def add(self, mark: Mark) -> None:
        """Put a mark on this page."""
        self.pages[-1].append(mark)

    def type(self, size: float, leading: float = _LEADING) -> Type:
        """Return the face at a size, `leading` in sizes."""
        return Type(self.face, size, size * leading)

    def write(
        self, text: str, set_in: Type, *, align: Align = "left", bold: bool = False
    ) -> None:
        """Plan running text over the whole width and as many pages as it takes."""
        self.write_lines(wrapped(text, set_in, WIDTH), set_in, align=align, bold=bold)

    def write_lines(
        self,
        lines: list[str],
        set_in: Type,
        *,
        align: Align = "left",
        bold: bool = False,
    ) -> None:
        """Plan lines that are broken already."""
        for line in lines:
            if self.room() < set_in.leading:
                self.turn()
            self.add(Words(line, set_in, anchor(align), self.y, align, bold))
            self.y -= set_in.leading


def anchor(align: Align, x: float = LEFT, width: float = WIDTH) -> float:
    """Return where a line of this alignment is hung between `x` and its end."""
    return {"left": x, "centre": x + width / 2, "right": x + width}[align]


def drawn(plan: Pages, *, title: str, foot: str, at: datetime) -> bytes:
    """Return the planned pages as PDF, each with `foot` and its number.

    Raises:
        ValueError: `at` is naive.
    """
    stamp = f"D:{in_china(at):%Y%m%d%H%M%S}+08'00'"
    out = io.BytesIO()
    canvas = Canvas(
        out,
        pagesize=A4,
        invariant=1,
        pageCompression=1,
        lang="zh-CN",
        initialFontName=plan.face.name,
    )
    # invariant would date every form to the year 2000
    canvas.setDateFormatter(lambda *_: stamp)
    canvas.setTitle(clean(title).replace("\n", " "))
    canvas.setAuthor("先审")
    canvas.setCreator("先审")
    small = plan.type(9)
    left = wrapped(foot, small, WIDTH * _FOOT_SHARE)[0]
    for number, page in enumerate(plan.pages, start=1):
        text = f"{left}　　第 {number} 页　共 {len(plan.pages)} 页"
        for mark in (*page, Words(text, small, A4[0] / 2, _FOOT, "centre")):
            _draw(canvas, mark)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, mark: Mark) -> None:
    if isinstance(mark, Words):
        _words(canvas, mark)
    elif isinstance(mark, Box):
        canvas.setLineWidth(_RULE)
        canvas.setFillGray(_SHADE)
        canvas.rect(
            mark.x, mark.top - mark.height, mark.width, mark.height, fill=mark.shaded
        )
        canvas.setFillGray(0)
    else:
        _code(canvas, mark)


def _words(canvas: Canvas, words: Words) -> None:
    set_in = words.type
    shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[words.align]
    at = words.x - shift * set_in.width(words.text)
    line = canvas.beginText(
        at, words.top - (set_in.leading - set_in.size) / 2 - _ASCENT * set_in.size
    )
    line.setFont(set_in.face.name, set_in.size)
    line.setTextRenderMode(_FILL_AND_OUTLINE if words.bold else _FILL)
    line.textOut(words.text)
    line.setTextRenderMode(_FILL)
    canvas.setLineWidth(_OUTLINE * set_in.size)
    canvas.drawText(line)


def _code(canvas: Canvas, code: Code) -> None:
    """Draw all modules as one path, so that no seam shows between them."""
    rows = matrix(code.text)
    module = code.size / (len(rows) + 2 * _QUIET)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        for column, black in enumerate(row):
            if black:
                path.rect(
                    code.x + (column + _QUIET) * module,
                    code.top - (number + _QUIET + 1) * module,
                    module,
                    module,
                )
    canvas.drawPath(path, stroke=0, fill=1)
