"""Every section of the table of figures: what it is about, and where its rows come from.

A further measurement is a module with `rows`, and a line here. Sections stand in the order
in which they are measured: what needs the processors for itself comes before what is
measured in processor time, and what loads the machine most comes last.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from benchmarks import (
    audit,
    detection,
    gate,
    idle,
    lexicons,
    ocr,
    pages,
    proxy,
    reading,
    recall,
    register,
    scan,
    wagtail,
    wordpress,
    workers,
)
from benchmarks.rows import Row


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the table; `rows` is told whether to be quick about it."""

    name: str
    title: str
    rows: Callable[[bool], Iterable[Row]]


SECTIONS: Final[tuple[Section, ...]] = (
    Section(
        "scan", "The scan: speed, start, memory", lambda quick: scan.rows(quick=quick)
    ),
    Section("lexicons", "The rules", lambda _: lexicons.rows()),
    Section(
        "detection", "Detection: a disclosure or a mention", lambda _: detection.rows()
    ),
    Section(
        "register",
        "The register",
        lambda quick: register.rows(register.FEWER if quick else register.ROUNDS),
    ),
    Section(
        "gate",
        "The gate",
        lambda quick: gate.rows(gate.FEWER, gate.SHORTER) if quick else gate.rows(),
    ),
    Section(
        "workers",
        "The workers",
        lambda quick: (
            workers.rows(workers.FEWER_SPEED, workers.FEWER)
            if quick
            else workers.rows()
        ),
    ),
    Section("idle", "An installation at rest", lambda _: idle.rows()),
    Section("pages", "The pages", lambda _: pages.rows()),
    Section(
        "reading",
        "Reading, beside the bare libraries",
        lambda quick: reading.rows(1, 1) if quick else reading.rows(),
    ),
    Section("recall", "Reading, beside independent tools", lambda _: recall.rows()),
    Section("ocr", "Recognition", lambda quick: ocr.rows(quick=quick)),
    Section("wordpress", "WordPress", lambda quick: wordpress.rows(quick=quick)),
    Section("wagtail", "Wagtail", lambda quick: wagtail.rows(quick=quick)),
    Section("proxy", "The publishing proxy", lambda quick: proxy.rows(quick=quick)),
    Section(
        "audit", "The audit of a published site", lambda quick: audit.rows(quick=quick)
    ),
)


def section(name: str) -> Section:
    """Return the section of that name.

    Raises:
        KeyError: There is none.
    """
    return {one.name: one for one in SECTIONS}[name]
