"""Expectations: a document as JSON, one block a line, and what differs from it.

What character recognition says may differ a little from one machine to another: it is
compared by its share of wrong characters, everything else letter by letter.
"""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from review.extract.interface import Block, Document, Gap, Line
from review.extract.read import read
from review.sandbox.reader import SandboxAids
from review.spans import Location

WRONG: Final = 0.05  # of the characters that recognition reads
_RECOGNIZED: Final = frozenset({"图片文字识别", "看不见的图片里的文字"})

Expected = Mapping[str, Any]


class NoAids:
    """Stands for the programs outside where a file must be read without them."""

    def converted(self, data: bytes, to: str) -> bytes:
        """Fail: nobody said that this file needs a conversion."""
        raise AssertionError(to, len(data))

    def recognized(self, picture: bytes) -> tuple[Line, ...]:
        """Fail: nobody said that this file has pictures."""
        raise AssertionError(len(picture))


def document_of(file: Path, needs: Sequence[str]) -> Document:
    """Read a sample, with the real programs outside where it needs them."""
    aids = SandboxAids() if needs else NoAids()
    return read(file.read_bytes(), file.name, aids=aids)


def expectation_file(file: Path) -> Path:
    """Return where the expectation of a file stands."""
    return file.with_name(f"{file.name}.expected.json")


def as_json(document: Document) -> dict[str, Any]:
    """Return what an expectation holds."""
    return {
        "format": document.format,
        "blocks": [_block(one) for one in document.blocks],
        "gaps": [_gap(one) for one in document.gaps],
    }


def written(expected: Expected) -> str:
    """Return an expectation as it stands in its file."""
    lists = ",\n".join(
        f'"{name}": [\n' + ",\n".join(map(_line, expected[name])) + "\n]"
        if expected[name]
        else f'"{name}": []'
        for name in ("blocks", "gaps")
    )
    return f'{{\n"format": "{expected["format"]}",\n{lists}\n}}\n'


def difference(actual: Expected, expected: Expected) -> str:
    """Return what differs, as lines to read; nothing where nothing does."""
    told = difflib.unified_diff(
        written(_exact(expected)).splitlines(),
        written(_exact(actual)).splitlines(),
        "expected",
        "read",
        lineterm="",
        n=1,
    )
    lines = [*told, *_misread(actual, expected)]
    return "\n".join(lines)


def _misread(actual: Expected, expected: Expected) -> list[str]:
    """Compare what recognition said, place by place."""
    said, wanted = _pictures(actual), _pictures(expected)
    lines = []
    for place in dict.fromkeys((*wanted, *said)):
        old, new = wanted.get(place, ""), said.get(place, "")
        wrong = errors(new, old) / max(len(old), 1)
        if wrong > WRONG:
            lines += [f"recognized at {place}: {wrong:.0%} wrong", f"-{old}", f"+{new}"]
    return lines


def errors(said: str, wanted: str) -> int:
    """Return how many characters must be changed, added or taken away."""
    row = list(range(len(wanted) + 1))
    for number, letter in enumerate(said, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(wanted, 1):
            best = min(row[at] + 1, row[at - 1] + 1, before + (letter != other))
            before, row[at] = row[at], best
    return row[-1]


def _exact(one: Expected) -> Expected:
    blocks = [block for block in one["blocks"] if not _is_recognized(block)]
    return {**one, "blocks": blocks}


def _pictures(one: Expected) -> dict[str, str]:
    """Return what recognition said at each place."""
    found: dict[str, str] = {}
    for block in filter(_is_recognized, one["blocks"]):
        where = {k: v for k, v in block["where"].items() if k != "row"}
        place = _line({"where": where, "hidden": block.get("hidden", False)})
        found[place] = found.get(place, "") + "".join(block["text"].split())
    return found


def _is_recognized(block: Mapping[str, Any]) -> bool:
    return block.get("detail") in _RECOGNIZED


def _block(block: Block) -> dict[str, Any]:
    told: dict[str, Any] = {"text": block.text, "where": _where(block.where)}
    if block.hidden:
        told["hidden"] = True
    if block.role != "paragraph":
        told["role"] = block.role
    if block.cells:
        told["cells"] = list(block.cells)
    if block.detail is not None:
        told["detail"] = block.detail
    return told


def _gap(gap: Gap) -> dict[str, Any]:
    return {"code": gap.code, "where": _where(gap.where)}


def _where(where: Location) -> dict[str, Any]:
    return {name: value for name, value in asdict(where).items() if value is not None}


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
