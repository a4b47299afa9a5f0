"""Tables as Markdown writes them: cells between bars, a rule below the first row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from review.extract.interface import Block
from review.spans import Location

_BAR: Final = r"(?<!\\)\|"
_RULE: Final = r":?-+:?"
_WIDEST: Final = 1_000  # bars of a row; a line with more is no table's


def rows_in(lines: Sequence[str]) -> Mapping[int, tuple[Block, ...]]:
    """Return the row that stands in each line of a table; none in that of a rule.

    Lines count from one.
    """
    found: dict[int, tuple[Block, ...]] = {}
    tables = at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_barred(lines[end]):
            end += 1
        if end - at > 1 and _is_rule(lines[at + 1]):
            tables += 1
            found[at + 2] = ()
            numbers = (at + 1, *range(at + 3, end + 1))
            rows = _rows([lines[one - 1] for one in numbers], tables)
            found.update(zip(numbers, rows, strict=True))
        at = end + 1
    return found


def _rows(lines: Sequence[str], table: int) -> Iterator[tuple[Block, ...]]:
    for row, line in enumerate(lines, 1):
        cells, where = _cells(line), Location(part="table", table=table, row=row)
        block = Block("\t".join(cells), where, role="row", cells=cells)
        yield (block,) if any(cells) else ()


def _is_barred(line: str) -> bool:
    return line.lstrip().startswith("|") and line.count("|") <= _WIDEST


def _is_rule(line: str) -> bool:
    """Tell the line that parts the first row from the others."""
    return all(re.fullmatch(_RULE, cell) for cell in _cells(line))


def _cells(line: str) -> tuple[str, ...]:
    bare = line.strip().removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return tuple(one.strip().replace("\\|", "|") for one in re.split(_BAR, bare))
