# ruff: noqa: T201 - a script by itself that prints
"""Writes the seeds of the corpus anew: `python -m tests.fuzz.making [FAMILY …]`.

The extractors' own tests are run, and what they hand to an extractor is caught: invented files,
full of hidden things. Of these the few are kept that reach most lines of the extractors.
What stands beside them in the corpus (`broke-…`, `libreoffice-…`) is left alone.
"""

import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from review.errors import UnreadableError
from review.extract.formats import FORMATS
from review.extract.interface import Extraction
from review.extract.limits import Limits
from tests.fuzz.families import CORPUS, FAMILIES, family_of

_TESTS = Path(__file__).parents[1] / "unit" / "extract"
_EXTRACTORS = str(Path(__file__).parents[2] / "review" / "extract")
_LARGEST, _ALL, _MOST = 30_000, 60_000, 16  # bytes of a seed, of a family, and seeds
_FEWEST_LINES = 2
_OLD = ("doc", "xls", "ppt", "wps", "rtf")


def _caught() -> dict[str, dict[bytes, str]]:
    """Run the tests, and return what was handed to each family's extractors."""
    found: dict[str, dict[bytes, str]] = defaultdict(dict)

    def catching(extract: Callable[..., Extraction]) -> Callable[..., Extraction]:
        def caught(self: Any, data: bytes, limits: Limits) -> Extraction:
            family = family_of(self.format)
            if family in FAMILIES and len(data) <= _LARGEST:
                found[family][data] = self.format
            return extract(self, data, limits)

        return caught

    for kind in {type(one) for one in FORMATS}:
        kind.extract = catching(kind.extract)  # type: ignore[method-assign]  # caught on its way
    words = "not mutated and not damaged and not bomb and not truncated"
    pytest.main(["-q", "-p", "no:randomly", "-n0", "-k", words, str(_TESTS)])
    return found


def _lines(data: bytes, family: str) -> frozenset[tuple[str, int]]:
    """Return the lines of the extractors that a file reaches; none where it is refused."""
    reached: set[tuple[str, int]] = set()

    def line(frame: FrameType, event: str, _: object) -> object:
        if event == "line":
            reached.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    def call(frame: FrameType, _event: str, _: object) -> object:
        return line if frame.f_code.co_filename.startswith(_EXTRACTORS) else None

    sys.settrace(call)
    try:
        FAMILIES[family].run(data)
    except UnreadableError:
        return frozenset()
    finally:
        sys.settrace(None)
    return frozenset(reached)


def _chosen(files: Mapping[bytes, str], family: str) -> list[bytes]:
    """Choose few files that reach most lines, small ones first; one of each format at least."""
    reach = {data: _lines(data, family) for data in sorted(files, key=len)}
    chosen = [
        min((one for one in reach if reach[one] and files[one] == kind), key=len)
        for kind in sorted({files[one] for one in reach if reach[one]})
    ]
    known = {line for one in chosen for line in reach.pop(one)}
    while reach and len(chosen) < _MOST:
        best = max(reach, key=lambda one: (len(reach[one] - known), -len(one)))
        new = reach.pop(best) - known
        if len(new) < _FEWEST_LINES:
            break
        if sum(map(len, chosen)) + len(best) <= _ALL:
            chosen.append(best)
            known |= new
    return chosen


def main() -> None:
    """Write the seeds."""
    wanted = sys.argv[1:] or list(FAMILIES)
    caught = _caught()
    # The old formats last: they are joined with a file of the new ones.
    for family in sorted(
        caught.keys() & set(wanted), key=lambda one: (one in _OLD, one)
    ):
        files, folder = caught[family], CORPUS / family
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("seed-*"):
            old.unlink()
        chosen = _chosen(files, family)
        for data in chosen:
            name = f"seed-{hashlib.sha256(data).hexdigest()[:12]}"
            (folder / name).write_bytes(data)
        print(f"{family}: {len(chosen)} of {len(files)}, {sum(map(len, chosen))} bytes")


if __name__ == "__main__":
    main()
