"""Lines of a PDF page, and the paragraphs that they belong to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_NUMERAL: Final = "[一二三四五六七八九十百]"
_MARKER: Final = (
    rf"(?:{_NUMERAL}{{1,3}}[、.\uff0e]|[（(](?:{_NUMERAL}{{1,3}}|\d{{1,2}})[）)]"
    r"|\d{1,2}[、\uff0e]|\d{1,2}(?:\.\d{1,2}){0,3}[. ]\s?(?=[\u3400-\u9fff])"
    rf"|[①-⑳•●■◆▪◇□☐☑]|第{_NUMERAL}{{1,4}}[章节条][\s\u3000]|附件\d{{0,2}}[：:]|附[：:])"
)
_PAGE_NUMBER: Final = (
    r"[-—\u2013－ ]*(?:第 ?)?\d{1,4}(?: ?/ ?\d{1,4}| ?页)?[-—\u2013－ ]*"
)
_ENDS: Final = "。！？；：.!?;:"
_SIZE_CHANGE: Final = 0.25
_BIG: Final = 1.2


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its box; the size is the height of its first character.

    `start` is where it begins in the text of its page.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    size: float = 0.0
    start: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that make one paragraph, joined."""

    text: str
    first: Line
    big: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The edges that full lines reach."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Shape:
    """What is usual on a page."""

    columns: tuple[Column, ...]
    size: float
    pitch: float

    def column_of(self, line: Line) -> Column:
        """Return the column that a line stands in."""
        if len(self.columns) == 1 or line.left < self.columns[1].left - line.size:
            return self.columns[0]
        return self.columns[1]


def group(lines: Sequence[Line]) -> tuple[Group, ...]:
    """Join lines into paragraphs."""
    if not lines:
        return ()
    if any(line.size <= 0 for line in lines):
        return _group_plain(lines)
    shape = _shape_of(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, shape):
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(_joined(found, shape.size) for found in groups)


def is_page_number(text: str) -> bool:
    """Tell whether a line is only a page number."""
    return len(text) <= 12 and re.fullmatch(_PAGE_NUMBER, text.strip()) is not None  # noqa: PLR2004 - 第 1234 页


def is_marked(text: str) -> bool:
    """Tell whether a text begins with a list number or a bullet."""
    return re.match(_MARKER, text) is not None


def join(texts: Sequence[str]) -> str:
    """Join broken lines: without a space in Chinese, with one in Latin."""
    total = ""
    for raw in texts:
        text = raw.strip()
        if not total or not text:
            total += text
        elif total[-1] in "\u00ad\ufffe\x02":
            total = total[:-1] + text
        elif (
            total[-1].isascii()
            and text[0].isascii()
            and (total[-1].isalnum() or total[-1] in ",.;:!?)%")
        ):
            total += f" {text}"
        else:
            total += text
    return total


def _joined(lines: list[Line], usual: float) -> Group:
    text = join([line.text for line in lines])
    first = lines[0]
    return Group(text, first, big=first.size >= usual * _BIG, marked=is_marked(text))


def _shape_of(lines: Sequence[Line]) -> Shape:
    sizes = sorted(line.size for line in lines)
    size = sizes[len(sizes) // 2]
    drops = sorted(
        before.bottom - after.bottom
        for before, after in pairwise(lines)
        if before.bottom - after.bottom > size * 0.3
    )
    pitch = drops[(len(drops) - 1) // 2] if drops else size * 1.5
    return Shape(_columns(lines, size), size, pitch)


def _columns(lines: Sequence[Line], size: float) -> tuple[Column, ...]:
    """Find one column, or two that stand side by side."""
    lefts = sorted(line.left for line in lines)
    middle = (lefts[0] + max(line.right for line in lines)) / 2
    second = [line for line in lines if line.left >= middle - size]
    first = [line for line in lines if line.right <= middle + size]
    enough = len(lines) * 0.25
    if min(len(first), len(second)) > enough and len(first) + len(second) > (
        len(lines) * 0.8
    ):
        return (_edges(first), _edges(second))
    return (_edges(lines),)


def _edges(lines: Sequence[Line]) -> Column:
    lefts = sorted(line.left for line in lines)
    rights = sorted(line.right for line in lines)
    few = 10
    if len(lines) < few:
        return Column(lefts[0], rights[-1])
    return Column(lefts[len(lefts) // few], rights[(len(rights) * 9) // few])


def _continues(before: list[Line], line: Line, shape: Shape) -> bool:
    """Tell whether a line goes on with the paragraph before it."""
    last, first = before[-1], before[0]
    size = max(last.size, line.size)
    if _is_apart(last, line, shape):
        return False
    column = shape.column_of(line)
    if _is_centred(last, column) and _is_centred(line, column):
        return last.size >= shape.size * 1.15 and last.text[-1] not in _ENDS
    if last.right < column.right - size * 1.6:
        return False
    if line.left > column.left + size * 1.2:
        hanging = first.left < line.left - size * 0.5 or len(before) > 1
        return hanging and abs(line.left - last.left) < size * 2.5
    return True


def _is_apart(last: Line, line: Line, shape: Shape) -> bool:
    """Tell lines that are of different sizes, far apart or begin something."""
    size = max(last.size, line.size)
    drop = last.bottom - line.bottom
    return (
        abs(last.size - line.size) > size * _SIZE_CHANGE
        or drop < size * 0.3
        or drop > max(shape.pitch * 1.4, size * 1.2)
        or is_marked(line.text)
        or is_page_number(line.text)
        or is_page_number(last.text)
    )


def _is_centred(line: Line, column: Column) -> bool:
    middle = (column.left + column.right) / 2
    inset = line.left - column.left
    off = abs((line.left + line.right) / 2 - middle)
    return inset > line.size * 1.5 and off < line.size


def _group_plain(lines: Sequence[Line]) -> tuple[Group, ...]:
    """Join lines by their lengths alone, where boxes could not be had."""
    widest = max(_width(line.text) for line in lines)
    groups: list[list[Line]] = []
    last = ""
    for line in lines:
        full = _width(last) >= widest * 0.88 and widest > 20  # noqa: PLR2004 - shorter lines are no column
        if groups and full and not is_marked(line.text) and line.text[:1] != "\u3000":
            groups[-1].append(line)
        else:
            groups.append([line])
        last = line.text
    return tuple(_joined(found, 1.0) for found in groups)


def _width(text: str) -> int:
    return sum(1 if character < "\u1100" else 2 for character in text.strip())
