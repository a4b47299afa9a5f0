"""Read one kind of text of a binary Word file (body, header, note …) into blocks."""

import re
from dataclasses import dataclass, field
from typing import Final

from review.extract.flow import Flow
from review.extract.interface import Block
from review.extract.old.doc_file import Piece, WordFile
from review.extract.old.doc_looks import Look, Looks, Paragraph
from review.extract.ooxml.field_codes import telling

_TOKENS: Final = r"[^\x00-\x1f]+|[\x00-\x1f]"
_LETTERS: Final = {"\t": "\t", "\v": "\n", "\x1e": "-"}
_CELL, _END = "\x07", "\r"
_BREAKS: Final = frozenset("\f\x0e")
_CODE, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"


@dataclass(slots=True)
class Budget:
    """How many characters of a file may still be read."""

    left: int


@dataclass(slots=True)
class Story:
    """One stretch of a Word file, read into a flow."""

    word: WordFile
    looks: Looks
    budget: Budget
    flow: Flow
    _fields: list[list[str] | None] = field(default_factory=list)
    _open_codes: int = 0

    def read(self, start: int, end: int) -> tuple[Block, ...]:
        """Return the blocks between two positions."""
        for piece, one, other in self.word.spans(start, end):
            for at, stop, look in self.looks.runs(piece, one, other):
                if self.budget.left <= 0:
                    return self._finished()
                self.budget.left -= stop - at
                self._run(piece, at, stop, look)
        return self._finished()

    def _finished(self) -> tuple[Block, ...]:
        while self._fields:
            self._close_field()
        return self.flow.finish()

    def _run(self, piece: Piece, start: int, end: int, look: Look) -> None:
        text = self.word.raw_text(piece, start, end)
        for match in re.finditer(_TOKENS, text):
            one = match[0]
            if one >= " ":
                self._text(one, look)
            elif one in _LETTERS:
                self._text(_LETTERS[one], look)
            elif one in {_CODE, _RESULT, _FIELD_END}:
                self._field(one)
            elif one in {_CELL, _END}:
                place = piece.place(start + match.start())
                self._mark(one, self.looks.paragraph(place))
            elif one in _BREAKS:
                self._break()

    def _text(self, text: str, look: Look) -> None:
        if self._open_codes:
            self._code(text)
            return
        hiding = look.hiding
        if look.deleted:
            signed = self.looks.signed(look, deletion=True)
            self.flow.trace("deletion", signed, text)
        elif hiding is not None:
            self.flow.trace("hidden", hiding, text)
        else:
            self.flow.show(text)
            if look.inserted:
                signed = self.looks.signed(look, deletion=False)
                self.flow.trace("insertion", signed, text)

    def _code(self, text: str) -> None:
        inmost = next((one for one in reversed(self._fields) if one is not None), None)
        if inmost is not None:
            inmost.append(text)

    def _field(self, sign: str) -> None:
        if sign == _CODE:
            self._fields.append([])
            self._open_codes += 1
        elif sign == _RESULT and self._fields:
            self._close_code()
        elif self._fields:
            self._close_field()

    def _close_code(self) -> None:
        code = self._fields[-1]
        if code is not None:
            self._fields[-1] = None
            self._open_codes -= 1
            if (text := telling("".join(code))) is not None:
                self.flow.code(text)

    def _close_field(self) -> None:
        self._close_code()
        self._fields.pop()

    def _mark(self, sign: str, paragraph: Paragraph) -> None:
        """End a paragraph, a cell or a row."""
        if sign == _CELL:
            if paragraph.row_end:
                self.flow.end_row()
            else:
                self.flow.end_cell()
        elif paragraph.inner_row_end:
            self.flow.show("\n")
        elif paragraph.in_table:
            self.flow.show("\t" if paragraph.inner_cell else " ")
        else:
            self.flow.end_table()
            self.flow.end_paragraph(heading=paragraph.heading)

    def _break(self) -> None:
        """End a page or a column; inside a table the row goes on."""
        if self.flow.in_row:
            self.flow.show(" ")
        else:
            self.flow.end_paragraph()
