# ruff: noqa: INP001, T201 - a script by itself that prints
"""Draws docs/images/rooms.svg from the import contracts: each room knows only what stands below it.

`--check` only says whether the picture that is there is still true.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

_ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = _ROOT / "docs" / "images" / "rooms.svg"
_WIDE: Final = 1000  # pixels of the whole
_TALL: Final = 46  # of a row
_GAP: Final = 10
_LETTERS: Final = 165  # of a room's purpose, as many as fit a row
_STYLE: Final = (
    "text{font-family:sans-serif;fill:#1d2733}.name{font-size:15px;font-weight:bold}"
    ".why{font-size:11px;fill:#55606e}rect{fill:#eef3f8;stroke:#8aa0b8}"
    ".door{fill:#fdf3e1;stroke:#c9a25c}.floor{fill:#eef5ee;stroke:#8fb08f}"
)
_FLOOR: Final = 2  # rows at the bottom that all rooms know


def main() -> int:
    """Draw, or say that the picture is out of date; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check: bool = parser.parse_args().check
    text = drawn(rows())
    if PICTURE.is_file() and PICTURE.read_text("utf-8") == text:
        return 0
    if check:
        print(
            f"{PICTURE.relative_to(_ROOT)} 与导入约定不符，请运行 python .ci/rooms.py。"
        )
        return 1
    PICTURE.write_text(text, "utf-8")
    return 0


def rows() -> tuple[tuple[str, ...], ...]:
    """Return the rooms from the outermost row to the floor, as the contracts say."""
    told = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {one["id"]: one for one in told["tool"]["importlinter"]["contracts"]}
    doors = contracts["doors"]["layers"][0]
    inside = contracts["rooms"]["layers"]
    return tuple(
        tuple(one.strip(" ()") for one in layer.split("|"))
        for layer in (doors, *inside)
    )


def drawn(found: tuple[tuple[str, ...], ...]) -> str:
    """Return the picture as SVG."""
    tall = len(found) * (_TALL + _GAP) + _GAP
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {tall}" '
            f'role="img" aria-label="The rooms">'
        ),
        f"<style>{_STYLE}</style>",
        '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
    ]
    for number, row in enumerate(found):
        kind = "door" if number == 0 else ""
        kind = "floor" if number >= len(found) - _FLOOR else kind
        lines.extend(_row(row, _GAP + number * (_TALL + _GAP), kind))
    return "\n".join((*lines, "</svg>", ""))


def _row(row: tuple[str, ...], top: int, kind: str) -> Iterator[str]:
    wide = (_WIDE - _GAP * (len(row) + 1)) / len(row)
    for number, name in enumerate(row):
        left = _GAP + number * (wide + _GAP)
        letters = int(_LETTERS * wide / _WIDE) - 2
        why = _purpose(name)
        yield f'<g transform="translate({left:.0f} {top})"><title>{escape(why)}</title>'
        yield f'<rect class="{kind}" width="{wide:.0f}" height="{_TALL}" rx="6"/>'
        yield f'<text class="name" x="10" y="19">{escape(name)}</text>'
        yield f'<text class="why" x="10" y="37">{escape(_cut(why, letters))}</text></g>'


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _purpose(name: str) -> str:
    """Return the first line of the room's own words."""
    for base in (_ROOT / "review", _ROOT):
        for path in (base / name / "__init__.py", base / f"{name}.py"):
            if path.is_file():
                first = path.read_text("utf-8").splitlines()[0]
                return first.strip('"')
    raise FileNotFoundError(name)


if __name__ == "__main__":
    sys.exit(main())
