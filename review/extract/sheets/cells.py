"""Cells of a worksheet as the text that a reader sees."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Final

from lxml import etree

from review.errors import CorruptError, TooLargeError
from review.extract.ooxml.ooxml import local
from review.extract.package import check_doctype
from review.extract.sheets.formats import NumberFormat, whole
from review.extract.sheets.styles import WHITE_TEXT, Formats, is_white_run

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet day has no zone
_MAX_DAY: Final = 2_958_465
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!"})
_A_TO_Z: Final = 26
_LAST_COLUMN: Final = 16_384
_WIDEST_GAP: Final = 256
_DIGITS_SHOWN: Final = 15
_NO_VALUE: Final = "不显示的单元格"
_TOO_WIDE: Final = "有一行的单元格多得异常，从这一行起没有读取，请拆分后再提交。"


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell; `why` tells in Chinese why nobody sees its text.

    `behind` is the value where the number format shows something else; `open` tells
    that nobody saved what the formula gives.
    """

    column: int
    text: str
    why: str | None = None
    formula: str | None = None
    behind: str = ""
    open: bool = False


@dataclass(slots=True)
class Strings:
    """The shared strings, which of them were used, and what they hide."""

    texts: list[str] = field(default_factory=list)
    white: dict[int, str] = field(default_factory=dict)
    guides: dict[int, str] = field(default_factory=dict)
    used: bytearray = field(default_factory=bytearray)
    pale: dict[str, None] = field(default_factory=dict)

    def take(self, entries: Iterable[etree._Element]) -> None:
        """Keep the shared strings of `xl/sharedStrings.xml`."""
        for index, entry in enumerate(entries):
            self.texts.append(rich_text(entry))
            if len(entry) > 1:
                self._aside(index, entry)
        self.used = bytearray(len(self.texts))

    def text(self, value: str) -> tuple[str, str]:
        """Return the string of a cell, and what of it is white."""
        index = whole(value.strip(), -1)
        if not 0 <= index < len(self.texts):
            return "", ""
        self.used[index] = 1
        return self.texts[index], self.white.get(index, "")

    def whitened(self, white: str, text: str) -> str | None:
        """Say why nobody sees a text; one that is white in part is told beside it."""
        if "".join(white.split()) == "".join(text.split()):
            return WHITE_TEXT
        self.pale[white] = None
        return None

    def _aside(self, index: int, entry: etree._Element) -> None:
        if white := white_text(entry):
            self.white[index] = white
        guides = [t.text or "" for e in entry if local(e) == "rPh" for t in e]
        if text := "".join(guides).strip():
            self.guides[index] = text

    def unused(self) -> Iterator[str]:
        """Yield the strings that no cell shows."""
        for index, text in enumerate(self.texts):
            if not self.used[index] and text.strip():
                yield " ".join(text.split())


def stream(
    data: bytes, name: str, tags: tuple[str, ...], within: str = ""
) -> Iterator[etree._Element]:
    """Yield the elements of these names, forgetting each one afterwards.

    `within` names what stands in them, a sheet's width of it at most.

    Raises:
        CorruptError: The part is damaged.
        TooLargeError: More stands in one of them.
        BombError: The part carries a DTD.
    """
    check_doctype(data, name)
    events = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        tag=tuple(f"{{*}}{tag}" for tag in (*tags, *((within,) if within else ()))),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    inside = 0
    try:
        for _, element in events:
            if within and local(element) == within:
                inside += 1
                if inside > _LAST_COLUMN:
                    raise TooLargeError(_TOO_WIDE)
                continue
            inside = 0
            yield element
            element.clear()
            while element.getprevious() is not None:
                parent = element.getparent()
                if parent is None:
                    break
                del parent[0]
    except etree.XMLSyntaxError as fault:
        raise CorruptError(f"部件 {name} 已损坏，请重新保存后再试。") from fault


def rich_text(element: etree._Element) -> str:
    """Return the text of a shared or inline string, without phonetic guides."""
    parts = []
    for part in element:
        if local(part) == "t":
            parts.append(part.text or "")
        elif local(part) == "r":
            parts.extend(t.text or "" for t in part if local(t) == "t")
    return "".join(parts)


def white_text(element: etree._Element) -> str:
    """Return the runs of a rich string that are white by themselves."""
    runs = [part for part in element if local(part) == "r" and is_white_run(part)]
    return " ".join("".join(t.text or "" for r in runs for t in r).split())


def cells_of(row: etree._Element, strings: Strings, formats: Formats) -> Iterator[Cell]:
    """Yield the filled cells of a row."""
    following = 1
    for element in row:
        if local(element) != "c":
            continue
        column = column_number(element.get("r") or "") or following
        following = column + 1
        style = whole(element.get("s"))
        kind, value, inline, formula, is_done = _content(element)
        why = formats.unseen.get(style)
        white = ""
        if inline is not None:
            text, white = rich_text(inline), white_text(inline)
        elif kind == "s":
            text, white = strings.text(value)
        else:
            text = _value(kind, value, style, formats)
        if white and why is None and style not in formats.coloured:
            why = strings.whitened(white, text)
        text = " ".join(text.split())
        if not (text or formula):
            continue
        is_open = not (text or is_done)
        cell = Cell(column, text, why if text else None, formula, open=is_open)
        odd = formats.odd.get(style) if text else None
        yield cell if odd is None else _formatted(cell, odd, kind)


def column_number(reference: str) -> int:
    """Return the number of a cell's column: 1 for `A7`, 0 where there is none."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * _A_TO_Z + ord(letter) - ord("A") + 1
        if number > _LAST_COLUMN:
            return 0
    return number


def column_name(number: int) -> str:
    """Return the letters of a column: `AB` for 28."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, _A_TO_Z)
        letters = chr(ord("A") + rest) + letters
    return letters


def spread(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Return the texts with empty ones between, so that columns line up."""
    cells = tuple(cells)
    last = max(cell.column for cell in cells)
    if last > _WIDEST_GAP:
        return tuple(cell.text for cell in cells)
    texts = [""] * last
    for cell in cells:
        # Two cells of one place are a fault, and both are read.
        texts[cell.column - 1] = f"{texts[cell.column - 1]} {cell.text}".strip()
    return tuple(texts)


def _content(
    element: etree._Element,
) -> tuple[str, str, etree._Element | None, str | None, bool]:
    """Return the kind of a cell, its value, the element of its own string, its formula.

    The last tells that the formula was worked out, were it to an empty string.
    """
    kind, value = element.get("t") or "n", ""
    inline: etree._Element | None = None
    formula: str | None = None
    done = False
    for part in element:
        name = local(part)
        if name == "v":
            value, done = part.text or "", kind == "str"
        elif name == "is":
            inline = part
        elif name == "f":
            formula = part.text
    return kind, value, inline, formula, done


def _formatted(cell: Cell, odd: NumberFormat, kind: str) -> Cell:
    """Return a cell as its number format shows it."""
    number = _decimal(cell.text) if kind == "n" else None
    shown = " ".join(odd.shown(cell.text, number).split())
    if not shown:
        why = cell.why or _NO_VALUE
        return Cell(cell.column, cell.text, why, cell.formula)
    behind = "" if cell.text.lstrip("-") in shown else cell.text
    return Cell(cell.column, shown, cell.why, cell.formula, behind)


def _value(kind: str, value: str, style: int, formats: Formats) -> str:
    if kind == "n":
        is_day = style in formats.dates
        return _number(value.strip(), formats.days_off if is_day else None)
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    if kind == "e" and value in _ERRORS:
        return ""
    return value


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(value: str, days_off: int | None) -> str:
    """Return a number as it reads; `days_off` tells that it is a day, from when."""
    if days_off is None and len(value) <= _DIGITS_SHOWN and value.isdecimal():
        return value
    number = _decimal(value)
    if number is None:
        return value
    if days_off is not None and 0 <= number <= _MAX_DAY - days_off:
        return _moment(number, days_off)
    return _plain(value, number)


def _plain(value: str, number: Decimal) -> str:
    """Return a number without an exponent, and without the noise of its last digits."""
    if "E" in value.upper() and -20 < number.adjusted() < 40:  # noqa: PLR2004 - readable
        return f"{number:f}"
    is_long = "." in value and len(value) > _DIGITS_SHOWN + 1
    if is_long and abs(number.adjusted()) < _DIGITS_SHOWN:
        short = Context(prec=_DIGITS_SHOWN).plus(number).normalize()
        return f"{short:f}"
    return value


def _moment(number: Decimal, days_off: int) -> str:
    if number < 1:
        return (_EPOCH + timedelta(days=float(number))).strftime("%H:%M")
    # A millisecond more: 8:30 may be stored as a little less.
    moment = _EPOCH + timedelta(days=float(number) + days_off)
    if number == int(number):
        return moment.strftime("%Y-%m-%d")
    return (moment + timedelta(milliseconds=1)).strftime("%Y-%m-%d %H:%M")
