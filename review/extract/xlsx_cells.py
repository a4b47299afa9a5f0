"""Cells of a worksheet as the text that a reader sees."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from review.errors import CorruptError
from review.extract.ooxml import local
from review.extract.package import check_doctype

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet day has no zone
_MAX_DAY: Final = 2_958_465
_DATE_FORMATS: Final = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), 50, 57}
)
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!"})
_A_TO_Z: Final = 26


@dataclass(frozen=True, slots=True)
class Formats:
    """Which cell styles show a date, and which show nothing."""

    dates: frozenset[int] = frozenset()
    blank: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell; `blank` tells that its number format shows nothing."""

    column: int
    text: str
    blank: bool = False
    formula: str | None = None


def stream(data: bytes, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield the elements of these names, forgetting each one afterwards.

    Raises:
        CorruptError: The part is damaged.
        BombError: The part carries a DTD.
    """
    check_doctype(data, name)
    events = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        tag=tuple(f"{{*}}{tag}" for tag in tags),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
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


def formats_of(root: etree._Element) -> Formats:
    """Read `xl/styles.xml` as far as it decides how a value looks."""
    codes = {
        int(e.get("numFmtId") or 0): e.get("formatCode") or ""
        for e in root.iter()
        if local(e) == "numFmt" and (e.get("numFmtId") or "").isdigit()
    }
    dates, blank = set(), set()
    cells = next((e for e in root if local(e) == "cellXfs"), None)
    for index, style in enumerate(() if cells is None else cells):
        raw = style.get("numFmtId") or "0"
        number = int(raw) if raw.isdigit() else 0
        code = codes.get(number, "")
        if number in _DATE_FORMATS or _is_date(code):
            dates.add(index)
        if code.replace(" ", "").startswith(";;;"):
            blank.add(index)
    return Formats(frozenset(dates), frozenset(blank))


def cells_of(
    row: etree._Element, strings: tuple[str, ...], formats: Formats
) -> Iterator[Cell]:
    """Yield the filled cells of a row."""
    following = 1
    for element in row:
        if local(element) != "c":
            continue
        column = column_number(element.get("r") or "") or following
        following = column + 1
        raw_style = element.get("s") or "0"
        style = int(raw_style) if raw_style.isdigit() else 0
        text = _text_of(element, strings, is_date=style in formats.dates)
        formula = next((e.text for e in element if local(e) == "f" and e.text), None)
        if text or formula:
            yield Cell(column, text, style in formats.blank, formula)


def column_number(reference: str) -> int:
    """Return the number of a cell's column: 1 for `A7`, 0 where there is none."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * _A_TO_Z + ord(letter) - ord("A") + 1
    return number


def _text_of(
    element: etree._Element, strings: tuple[str, ...], *, is_date: bool
) -> str:
    kind, value, inline = element.get("t") or "n", "", ""
    for part in element:
        if local(part) == "v":
            value = part.text or ""
        elif local(part) == "is":
            inline = rich_text(part)
    if inline:
        return " ".join(inline.split())
    if kind == "s":
        index = int(value) if value.strip().isdigit() else -1
        value = strings[index] if 0 <= index < len(strings) else ""
    elif kind == "n":
        value = _number(value.strip(), is_date=is_date)
    elif kind == "b":
        value = {"1": "TRUE", "0": "FALSE"}.get(value, value)
    return "" if value in _ERRORS else " ".join(value.split())


def _number(value: str, *, is_date: bool) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return value
    if is_date and 0 <= number <= _MAX_DAY:
        moment = _EPOCH + timedelta(days=float(number))
        if number < 1:
            return moment.strftime("%H:%M")
        whole = number == int(number)
        return moment.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M")
    if "E" in value.upper() and -20 < number.adjusted() < 40:  # noqa: PLR2004 - readable
        return f"{number:f}"
    return value


def _is_date(code: str) -> bool:
    plain, quoted, escaped = "", False, False
    for letter in code.split(";", maxsplit=1)[0].lower():
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == "[":
            quoted = True
        elif letter == "]":
            quoted = False
        elif not quoted:
            plain += letter
    return any(mark in plain for mark in ("yy", "mm", "dd", "d", "h:", "ss")) and (
        "general" not in plain
    )
