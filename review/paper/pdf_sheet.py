"""Draws a sheet as PDF: A4 upright, numbered pages, text that can be copied."""

from pathlib import Path
from typing import Final

from review.paper.fonts import Face, face
from review.paper.layout import Heading, Paragraph, Sheet, Table
from review.paper.pdf_lines import Type, wrapped
from review.paper.pdf_pages import LEFT, WIDTH, Pages, Words, anchor, drawn
from review.paper.pdf_tables import first_height, plan_table

_TITLE: Final = 20.0
_HEADING: Final = 12.0
_ABOVE: Final = 10.5
_NOTE: Final = 9.0
_LETTER: Final = 15.0
_LETTER_LEADING: Final = 1.6
_GAP: Final = 6.0
_HEADING_GAP: Final = 7.0


def pdf_bytes(sheet: Sheet, *, font: Path | None = None) -> bytes:
    """Return the sheet as PDF, the same bytes for the same sheet and font.

    Raises:
        FontError: The named font can't be embedded.
        ValueError: A time is naive.
    """
    return set_in_face(sheet, face(font))


def set_in_face(sheet: Sheet, chosen: Face) -> bytes:
    """Return the sheet as PDF, set in a face that is registered already."""
    plan = Pages(chosen)
    _top(plan, sheet)
    waiting: list[Heading] = []
    for block in sheet.blocks:
        if isinstance(block, Heading):
            waiting.append(block)
            continue
        _headings(plan, waiting, block)
        waiting = []
        if isinstance(block, Table):
            plan_table(plan, block)
        else:
            _paragraph(plan, block)
    plan.y -= _GAP
    for note in sheet.notes:
        plan.write(note, plan.type(_NOTE))
    return drawn(
        plan,
        title=f"{sheet.title} {sheet.foot}",
        foot=sheet.foot,
        at=sheet.printed_at,
    )


def _top(plan: Pages, sheet: Sheet) -> None:
    """Plan the corner mark, the title and the line below it."""
    small = plan.type(_ABOVE)
    if sheet.corner:
        plan.write(sheet.corner, small)
    plan.write(sheet.title, plan.type(_TITLE), align="centre", bold=True)
    plan.y -= _GAP
    left, right = (wrapped(one, small, WIDTH / 2 - _GAP) for one in sheet.above)
    for number in range(max(len(left), len(right))):
        if plan.room() < small.leading:
            plan.turn()
        if number < len(left):
            plan.add(Words(left[number], small, LEFT, plan.y))
        if number < len(right):
            plan.add(Words(right[number], small, anchor("right"), plan.y, "right"))
        plan.y -= small.leading
    plan.y -= _GAP / 2


def _headings(plan: Pages, headings: list[Heading], block: Table | Paragraph) -> None:
    """Plan the headings of a block on the page where it begins."""
    set_in = plan.type(_HEADING)
    need = len(headings) * (set_in.leading + _HEADING_GAP)
    if isinstance(block, Table):
        need += first_height(plan, block)
    if headings and plan.room() < need:
        plan.turn()
    for heading in headings:
        plan.y -= _HEADING_GAP
        plan.write(heading.text, set_in, bold=True)
        plan.y -= 2


def _paragraph(plan: Pages, paragraph: Paragraph) -> None:
    """Plan running text of a letter; two characters' indent, as usual."""
    set_in: Type = plan.type(_LETTER, _LETTER_LEADING)
    text = f"　　{paragraph.text}" if paragraph.indent else paragraph.text
    plan.write(text, set_in, align=paragraph.align)
