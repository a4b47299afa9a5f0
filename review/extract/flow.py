"""Text that flows through paragraphs and tables, gathered into blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from review.extract.interface import Block, Role
from review.spans import Location, Part


@dataclass(slots=True)
class Trace:
    """Text of a paragraph that is changed or hidden, and how."""

    part: Part
    detail: str
    text: str


@dataclass(slots=True)
class Tables:
    """How many tables a document has had so far."""

    count: int = 0


@dataclass(slots=True)
class Flow:
    """One run of paragraphs and tables; whoever reads a format feeds it."""

    part: Part = "body"
    hidden: bool = False
    role: Role | None = None
    detail: str | None = None
    tables: Tables = field(default_factory=Tables)
    blocks: list[Block] = field(default_factory=list)
    _shown: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _traces: list[Trace] = field(default_factory=list)
    _codes: list[str] = field(default_factory=list)
    _paragraph: int = 0
    _row: int = 0

    @property
    def in_row(self) -> bool:
        """Tell whether a row has begun."""
        return bool(self._cells)

    def show(self, text: str) -> None:
        """Add text that a reader sees."""
        self._shown.append(text)

    def trace(self, part: Part, detail: str, text: str) -> None:
        """Add text that is changed or hidden; equal neighbours become one."""
        last = self._traces[-1] if self._traces else None
        if last is not None and (last.part, last.detail) == (part, detail):
            last.text += text
        else:
            self._traces.append(Trace(part, detail, text))

    def code(self, text: str) -> None:
        """Add the code of a field."""
        self._codes.append(text)

    def end_cell(self) -> None:
        """End a cell of the row."""
        self._cells.append(self._taken())

    def end_row(self) -> None:
        """End the row, if one has begun; what no cell ended is a cell too."""
        if not self._cells:
            return
        rest = self._taken()
        cells = tuple(" ".join(cell.split()) for cell in (*self._cells, rest))
        cells = cells if cells[-1] else cells[:-1]
        self._cells.clear()
        if self._row == 0:
            self.tables.count += 1
        self._row += 1
        part: Part = "table" if self.part in {"body", "textbox"} else self.part
        where = Location(part=part, table=self.tables.count, row=self._row)
        if any(cells):
            text = "\t".join(cells)
            self.blocks.append(
                Block(text, where, self.hidden, "row", cells, self.detail)
            )
        self.blocks.extend(self._beside(where))

    def end_table(self) -> None:
        """End the table: the next row begins another one."""
        self.end_row()
        self._row = 0

    def end_paragraph(self, *, heading: bool = False) -> None:
        """End a paragraph, with what hangs on it."""
        text = self._taken().strip()
        where = Location(part=self.part)
        if text:
            self._paragraph += 1
            where = replace(where, paragraph=self._paragraph)
            role = self.role or ("heading" if heading else "paragraph")
            self.blocks.append(
                Block(text, where, self.hidden, role, detail=self.detail)
            )
        self.blocks.extend(self._beside(where))

    def finish(self) -> tuple[Block, ...]:
        """End what is still open, and return the blocks."""
        self.end_row()
        self.end_paragraph()
        return tuple(self.blocks)

    def _taken(self) -> str:
        text = joined("".join(self._shown))
        self._shown.clear()
        return text

    def _beside(self, where: Location) -> Iterator[Block]:
        """Yield what hangs on a paragraph or a row: changes, hidden runs, codes."""
        for trace in self._traces:
            if text := joined(trace.text).strip():
                place = replace(where, part=trace.part)
                yield Block(text, place, True, "note", (), trace.detail or None)  # noqa: FBT003 - hidden
        for code in self._codes:
            place = replace(where, part="hidden")
            yield Block(joined(code), place, True, "note", (), "域代码")  # noqa: FBT003 - hidden
        self._traces.clear()
        self._codes.clear()


def hiding(*, vanished: bool, tiny: bool, white: bool) -> str | None:
    """Say in Chinese how a run is hidden; `None` for text that is seen."""
    if vanished:
        return "隐藏文字"
    if tiny:
        return "极小字号"
    return "白色文字" if white else None


def joined(text: str) -> str:
    """Return text in which two units that make one letter have become that letter."""
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
