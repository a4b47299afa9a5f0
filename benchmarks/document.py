"""The table of figures as a page: `docs/benchmarks.md`, from `docs/benchmarks.json` alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import regex

from benchmarks import material
from benchmarks.rows import NOT_MEASURED, Row, holds
from benchmarks.sections import SECTIONS

PAGE: Final = material.ROOT / "docs" / "benchmarks.md"
DATA: Final = material.ROOT / "docs" / "benchmarks.json"
# Other work that took less of the processors than this is not worth a word.
_MUCH: Final = 0.05

_HEAD: Final = """\
# Figures

Everything that was asked of the program in numbers, beside what it does. `make bench` measures all of it anew and
writes this page; `make bench ONLY=gate` (several: `ONLY="gate scan"`) measures a section and leaves the others as they
were; `make bench QUICK=1` tries the measurements with less of everything and writes nothing here. The page is made
from `docs/benchmarks.json`; nothing in it is written by hand.

**asked** is what was asked for, empty where a figure was only to be reported. **interval** holds 95 % of the values
that the figure takes when the drafts that it was measured on are drawn anew (bootstrap over whole drafts, {samples}
samples, seed fixed; Wilson's interval for counts, and where every draw gives the same). **beside** is the baseline or
the size, taken in the same run. Compare ratios between machines, speeds on one.
"""

_TAIL: Final = """
## Held by tests

Not figures but trials, as many as were asked for; `make test` runs all but the last two.

| trial | where |
| --- | --- |
| random stories of the review, against its laws | `tests/property/test_no_road_around_review.py` |
| the same on each database | `tests/property/test_review_on_stores.py` |
| every bit of an exported ledger | `tests/property/test_ledger_bits.py` |
| two signers racing | `tests/service/test_two_signers.py` |
| killed at any point between handing in and clearing | `tests/service/test_kill.py` |
| every way of publishing in WordPress, in every state of item and gate | `tests/wordpress/test_ways.py` |
| the same in Wagtail | `tests/wagtail/test_bypasses.py` |
| the interface by its own description; who may do what | `tests/api/` |
| the journeys of all posts in a browser, with axe | `tests/e2e/` |
| thousands of mutated files of each family | `tests/fuzz/README.md` |
| what the tests notice when the rules are changed | [mutation.md](mutation.md) |
"""


def written(state: Mapping[str, Any]) -> None:
    """Write what is known of all sections, and the page."""
    text = json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True)
    DATA.write_text(text + "\n", "utf-8")
    PAGE.write_text(page(state), "utf-8")


def known() -> dict[str, Any]:
    """Return what is known of the sections so far, by their names."""
    if not DATA.is_file():
        return {}
    return dict(json.loads(DATA.read_text("utf-8")))


def rows_of(section: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a section as it is kept."""
    return [Row(**one) for one in section["rows"]]


def page(state: Mapping[str, Any]) -> str:
    """Return the whole page."""
    from benchmarks.resampled import SAMPLES  # noqa: PLC0415 - what it says is not written twice

    parts = [_HEAD.format(samples=f"{SAMPLES:,}"), *_summary(state)]
    for one in SECTIONS:
        parts += ["", f"## {one.title}", "", *_section(one.name, state.get(one.name))]
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(parts) + f"\n{_TAIL}")


def _summary(state: Mapping[str, Any]) -> Iterator[str]:
    """Say on what all was measured, what is missed, and what is not there."""
    machines = sorted({one["machine"] for one in state.values()})
    days = sorted({one["at"][:10] for one in state.values()})
    if days:
        span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        yield f"Measured {span} on: {'; '.join(machines)}.\n"
    shared = [one["others"] for one in state.values() if one["others"] >= _MUCH]
    if shared:
        yield (
            f"The machine was shared: in {len(shared)} of {len(state)} sections other work"
            f" took {_MUCH:.0%} of the processors or more, {max(shared):.0%} at most; how"
            " much, each section says. Seconds there are upper bounds.\n"
        )
    every = [row for one in SECTIONS for row in rows_of(state.get(one.name, _NOTHING))]
    asked = [(row, holds(row)) for row in every if row.wanted]
    met = sum(one is True for _, one in asked)
    yield f"Of {len(asked)} figures that were asked for, {met} are reached.\n"
    missed = [row for row, one in asked if one is False]
    if missed:
        yield "Missed:\n"
        yield from (
            f"- {row.name}: {row.figure}, asked {_signs(row.wanted)}" for row in missed
        )


_NOTHING: Final[Mapping[str, Any]] = {"rows": []}


def _section(name: str, section: Mapping[str, Any] | None) -> Iterator[str]:
    if section is None:
        yield f"{NOT_MEASURED}: `make bench ONLY={name}`"
        return
    rows = rows_of(section)
    at = datetime.fromisoformat(section["at"])
    said = [f"`make bench ONLY={name}`", f"{at:%Y-%m-%d %H:%M} UTC"]
    said += [f"commit {section['commit']}"] if section["commit"] else []
    said.append(f"{section['seconds']:.0f} s")
    said.append(f"other work took {section['others']:.0%} of the processors")
    yield "; ".join(said)
    yield ""
    with_interval = any(row.interval for row in rows)
    heads = ["figure", "asked", "measured", *["interval"][: int(with_interval)], ""]
    yield _line([*heads, "beside"])
    yield _line(["---"] * (len(heads) + 1))
    for row in rows:
        middle = [row.interval][: int(with_interval)]
        yield _line(
            [
                row.name,
                _signs(row.wanted),
                row.figure,
                *middle,
                _word(row),
                row.baseline,
            ]
        )


def _word(row: Row) -> str:
    return {None: "", True: "reached", False: "**missed**"}[holds(row)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(one.replace('|', '/') for one in cells)} |"


def _signs(wanted: str) -> str:
    return wanted.replace("<=", "≤").replace(">=", "≥").removeprefix("= ")
