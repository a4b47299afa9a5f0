"""A row of the table of figures, and whether the figure is what was asked for."""

from typing import Final, NamedTuple

import regex

_WANTED: Final = regex.compile(
    r"(?P<sign><=|>=|=) (?P<number>[\d,]+(?:\.\d+)?)\s*(?P<unit>.*)"
)
_FIGURE: Final = regex.compile(
    r"(?P<number>[-+]?[\d,]+(?:\.\d+)?)\s*(?P<unit>[^\s,;]*).*"
)
NOT_MEASURED: Final = "not measured"


class Row(NamedTuple):
    """A figure: its name, what was measured, what was asked for ('' if nothing), beside what.

    `wanted` is a sign (<=, >=, =), a number and a unit, and `figure` begins with a number
    of the same unit. `interval` is that of 95 %, where the figure is an estimate.
    """

    name: str
    figure: str
    wanted: str = ""
    baseline: str = ""
    interval: str = ""


class AbsentError(Exception):
    """This machine lacks what a measurement needs; the message says what, or how to have it."""


def holds(row: Row) -> bool | None:
    """Tell whether the figure is what was asked for; None where nothing was, or none is there.

    Raises:
        ValueError: They are of different units, or no figures.
    """
    if not row.wanted or row.figure.startswith(NOT_MEASURED):
        return None
    wanted = _WANTED.fullmatch(row.wanted)
    figure = _FIGURE.fullmatch(row.figure)
    if wanted is None or figure is None or wanted["unit"] != figure["unit"]:
        raise ValueError(f"{row.name}: {row.figure!r} beside {row.wanted!r}")
    found, asked = (float(one["number"].replace(",", "")) for one in (figure, wanted))
    if wanted["sign"] == "=":
        return found == asked
    return found <= asked if wanted["sign"] == "<=" else found >= asked


def left_out(names: tuple[str, ...] | str, why: str) -> list[Row]:
    """Return rows that say why there is no figure."""
    each = (names,) if isinstance(names, str) else names
    return [Row(one, f"{NOT_MEASURED}: {why}") for one in each]
