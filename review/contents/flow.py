"""Gather what a reader sees into canonical pieces, whatever the source format.

Every character carries its style (link target and marks), so that the same
text in other wrappings gives the same pieces by construction.
"""

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from review.contents import fold
from review.contents.interface import Kind, Mark, Piece


class Style(NamedTuple):
    """What changes the meaning of characters: where they lead, and marks."""

    link: str = ""
    marks: tuple[Mark, ...] = ()

    def marked(self, mark: Mark) -> "Style":
        """Return this style with one mark more."""
        return self._replace(marks=tuple(sorted({*self.marks, mark})))


PLAIN: Final = Style()


@dataclass(slots=True)
class Flow:
    """Texts and objects in reading order, on their way to canonical pieces.

    `seen` counts what was added that leaves a trace on the page.
    """

    seen: int = 0
    _pieces: list[Piece] = field(default_factory=list)
    _runs: list[tuple[Style, list[str]]] = field(default_factory=list)

    def text(self, raw: str, style: Style = PLAIN) -> None:
        """Add characters as they stand in the source."""
        if not raw:
            return
        self.seen += fold.is_seen(raw)
        if self._runs and self._runs[-1][0] == style:
            self._runs[-1][1].append(raw)
        else:
            self._runs.append((style, [raw]))

    def gap(self) -> None:
        """Add the end of a line, of a paragraph or of any block."""
        if self._runs:
            self._runs[-1][1].append(" ")

    def put(self, kind: Kind, value: str = "", link: str = "") -> None:
        """Add something that is no text."""
        self.seen += 1
        self._flush()
        self._pieces.append(Piece(kind, value, link))

    def add(self, piece: Piece) -> None:
        """Add a piece that is canonical already and stands between objects."""
        self.seen += 1
        self._flush()
        self._pieces.append(piece)

    def extend(self, pieces: tuple[Piece, ...]) -> None:
        """Add pieces that another flow gave, as a block of their own."""
        self.gap()
        for piece in pieces:
            if piece.kind == "text":
                self.text(piece.value, Style(piece.link, piece.marks))
            else:
                self.put(piece.kind, piece.value, piece.link)
        self.gap()

    def finish(self) -> tuple[Piece, ...]:
        """Return the canonical pieces of everything that was added."""
        self._flush()
        return tuple(self._pieces)

    def _flush(self) -> None:
        """Turn the characters since the last object into text pieces."""
        last, parted, start = "", False, len(self._pieces)
        for style, parts in self._runs:
            text = fold.folded("".join(parts))
            body = text.strip(" ")
            parted = parted or text.startswith(" ")
            if not body:
                continue
            if parted and last and fold.parts_words(last, body[0]):
                self._write(" ", _shared(self._pieces[-1], style), start)
            self._write(body, style, start)
            last, parted = body[-1], text.endswith(" ")
        self._runs.clear()

    def _write(self, text: str, style: Style, start: int) -> None:
        last = self._pieces[-1] if len(self._pieces) > start else None
        if last is not None and (last.link, last.marks) == style:
            self._pieces[-1] = replace(last, value=last.value + text)
        else:
            self._pieces.append(Piece("text", text, style.link, style.marks))


def _shared(before: Piece, after: Style) -> Style:
    """Return the style of a space: what both of its neighbours have."""
    marks = tuple(mark for mark in before.marks if mark in after.marks)
    return Style(after.link if before.link == after.link else "", marks)
