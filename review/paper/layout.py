"""A form before it becomes a file: blocks, rows and cells on 24 units of width.

Both docx and pdf are drawn from these values, so the two never differ in what
they say. Texts are raw: a renderer passes each through `text.clean`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

UNITS: Final = 24
Align: TypeAlias = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph in a cell; it may wrap, and holds its own line breaks."""

    text: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, `span` units wide; a label is shaded and centred.

    `height` is the least height in lines, where a pen needs room. `code` is
    the text of a QR code drawn instead of lines.
    """

    lines: tuple[Line, ...]
    span: int
    label: bool = False
    height: int = 1
    code: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right; their spans add up to `UNITS`."""

    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        """Refuse a row that would not fill the width."""
        if sum(cell.span for cell in self.cells) != UNITS:
            raise ValueError("the cells of a row must span the whole width")


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading above a table; never left alone at the foot of a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Bordered rows; the first `header` ones are repeated on every page."""

    rows: tuple[Row, ...]
    header: int = 0
    small: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text of a letter; `indent` as Chinese paragraphs have it."""

    text: str
    align: Align = "left"
    indent: bool = True


Block: TypeAlias = Heading | Table | Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole form: A4 upright, numbered pages.

    `above` stands left and right between title and first block, `notes`
    below the last one, `foot` on every page so that a loose one is known.
    """

    title: str
    above: tuple[str, str]
    blocks: tuple[Block, ...]
    foot: str
    printed_at: datetime
    notes: tuple[str, ...] = ()
    corner: str = ""


def label(text: str, span: int) -> Cell:
    """Return a shaded cell that names what stands beside or below it."""
    return Cell((Line(text, "centre"),), span, label=True)


def value(text: str, span: int, align: Align = "left") -> Cell:
    """Return a cell with one text."""
    return Cell((Line(text, align),), span)


def field(name: str, text: str, *, height: int = 1) -> Row:
    """Return a row of a label and a text over the whole width."""
    return Row((label(name, 4), Cell((Line(text),), 20, height=height)))


def pair(name: str, text: str, other: str, other_text: str) -> Row:
    """Return a row of two labels, each with its text."""
    return Row((label(name, 4), value(text, 8), label(other, 4), value(other_text, 8)))


def head(columns: Sequence[tuple[str, int]]) -> Row:
    """Return the header row of a list: names and spans."""
    return Row(tuple(label(name, span) for name, span in columns))


def whole(text: str, align: Align = "left") -> Row:
    """Return a row of a single cell."""
    return Row((value(text, UNITS, align),))
