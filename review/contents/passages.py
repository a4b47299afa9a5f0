"""Contents as passages of a sentence each, written so that a person sees all of it.

What no character shows (where a link leads, which picture, superscript, the
cells of a table) is written out in 〔…〕, so that two passages that differ
look different.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import regex

from review.contents.interface import Contents, Kind, Mark, Piece

_MARK_NAMES: Final[dict[Mark, str]] = {
    "rt": "注音",
    "rtl": "从右到左",
    "strike": "删除线",
    "sub": "下标",
    "sup": "上标",
}
_KIND_NAMES: Final[dict[Kind, str]] = {
    "image": "图片",
    "media": "音视频",
    "object": "嵌入文件或图表",
    "alt": "图片说明",
    "link": "空链接",
    "math": "公式",
    "form": "表单状态",
    "style": "样式内容",
    "active": "活动内容",
    "bytes": "有未能读取的部分，按原文件比对",
}
# No canonical text holds a line end, a tab or a full-width colon: what is
# written out can't be mistaken for the draft's own words.
_GRID: Final[dict[Kind, str]] = {
    "table": "\n〔表格〕",
    "row": "\n",
    "cell": "\t│",
    "end": "\n〔表格完〕\n",
}
_FORM_STATES: Final = {"checked": "已勾选", "selected": "已选中"}
_SENTENCE: Final = regex.compile(r"[^。！？!?;]*+[。！？!?;]*+[”’」』》)]*+")
_CLAUSE: Final = regex.compile(r"[^,、:]*+[,、:]*+")
_CLOSERS: Final = "”’」』》)"
_ENDS: Final = frozenset("。！？!?;,、:")
_LONG: Final = 200
_SHORT_DIGEST: Final = 19


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or less where a table cell or a list ends it.

    `start` counts the characters of the whole rendering before it; `where`
    says in Chinese which table cell it stands in.
    """

    pieces: tuple[Piece, ...]
    text: str
    start: int
    where: str = ""


@dataclass(slots=True)
class _Splitter:
    """Split pieces into passages."""

    passages: list[Passage] = field(default_factory=list)
    _waiting: list[Piece] = field(default_factory=list)
    _length: int = 0
    _tables: int = 0
    _places: list[list[int]] = field(default_factory=list)

    def take(self, piece: Piece) -> None:
        """Take the next piece of the body."""
        if piece.kind in {"table", "row", "cell", "end"}:
            self.end()
            self._move(piece)
            self._waiting.append(piece)
            if piece.kind == "end":
                self.end()
            return
        if piece.kind != "text":
            self._waiting.append(piece)
            return
        for sentence in _sentences(piece.value):
            self._waiting.append(replace(piece, value=sentence))
            if _ends(sentence):
                self.end()

    def end(self) -> None:
        """End the passage at hand."""
        if not self._waiting:
            return
        pieces = tuple(self._waiting)
        text = "".join(map(written, pieces))
        self.passages.append(Passage(pieces, text, self._length, self._where()))
        self._length += len(text)
        self._waiting.clear()

    def _move(self, piece: Piece) -> None:
        if piece.kind == "table":
            self._tables += 1
            self._places.append([self._tables, 0, 0])
        elif not self._places:
            return
        elif piece.kind == "row":
            self._places[-1][1:] = [self._places[-1][1] + 1, 0]
        elif piece.kind == "cell":
            self._places[-1][2] += 1
        else:
            self._places.pop()

    def _where(self) -> str:
        if not self._places:
            return ""
        table, row, cell = self._places[-1]
        inside = f"第 {row} 行第 {cell} 格" if row and cell else ""
        return f"表格 {table} {inside}".strip()


def passages_of(contents: Contents) -> tuple[Passage, ...]:
    """Return the body as passages in reading order."""
    splitter = _Splitter()
    for piece in contents.body:
        splitter.take(piece)
    splitter.end()
    return tuple(splitter.passages)


def written(piece: Piece) -> str:
    """Write one piece out for a person."""
    text = _plain(piece)
    for mark in piece.marks:
        text = f"〔{_MARK_NAMES[mark]}：{text}〕"
    return f"{text}〔链接：{piece.link}〕" if piece.link else text


def _plain(piece: Piece) -> str:
    if piece.kind == "text":
        return piece.value
    if piece.kind in _GRID:
        span = f"〔跨 {piece.value}〕" if piece.kind == "cell" and piece.value else ""
        return f"{_GRID[piece.kind]}{span}"
    value = _FORM_STATES.get(piece.value, piece.value)
    if value.startswith("sha256:"):
        value = value[:_SHORT_DIGEST]
    return f"〔{_KIND_NAMES[piece.kind]}：{value}〕"


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, and the clauses of a very long sentence."""
    for found in _SENTENCE.finditer(text):
        if len(found[0]) <= _LONG:
            yield from filter(None, (found[0],))
        else:
            yield from filter(None, _CLAUSE.findall(found[0]))


def _ends(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _ENDS
