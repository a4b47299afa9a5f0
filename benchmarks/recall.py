"""Measures how much of what independent tools read of a file is read here too.

Poppler reads pdf; LibreOffice writes the text of the others. Of their characters, letters
and digits, each as often as it occurs, those count that are found here: order and layout
do not. The files are the sample drafts; where XIANSHEN_TEST_FILES names a folder
with `index.jsonl`, the born-digital ones there too, which nobody here made.

    XIANSHEN_TEST_FILES=FOLDER python -m benchmarks.recall
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from benchmarks import material
from benchmarks.rows import Row, left_out
from review.errors import UnreadableError
from review.pipeline import Reader
from review.reading import reader_of
from review.settings import Settings
from tests.integration.public_files import entries, fault

_FOLDER: Final = "XIANSHEN_TEST_FILES"
_WANTED: Final = ">= 0.99"
_POPPLER, _OFFICE = "pdftotext", "soffice"
_BOOK: Final = (
    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
)
# What LibreOffice is asked for, by the file's ending.
_INTO: Final = {
    **dict.fromkeys(("docx", "doc", "odt", "rtf"), "txt:Text (encoded):UTF8"),
    **dict.fromkeys(("xlsx", "xls", "ods"), _BOOK),
}
_LONGEST: Final = 180
# What `extract` says of a font whose table of letters is wrong: read by its shapes.
_RESTORED: Final = "字体编码已还原"


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows() -> list[Row]:
    """Return the shares by format for the table of figures; what is left out says why."""
    found: list[Row] = []
    folder = os.environ.get(_FOLDER)  # noqa: TID251 - names a folder outside
    samples = sorted((material.ROOT / "sample_docs").glob("*.*"))
    with tempfile.TemporaryDirectory(prefix="xianshen-recall-") as room:
        reader = reader_of(Settings(data_dir=Path(room) / "data"))
        found += _by_format("sample drafts", samples, reader, Path(room))
        if not folder or not Path(folder, "index.jsonl").is_file():
            why = f"{_FOLDER} names no folder with an index"
            names = ("text of public files", "public files that give what they must")
            return found + left_out(names, why)
        found += _by_format("public files", _public(Path(folder)), reader, Path(room))
        found.append(_expected(Path(folder), reader))
    return found


def _public(folder: Path) -> list[Path]:
    names = (one["file"] for one in entries(folder))
    return [folder / one for one in names if one.startswith("real/")]


def _expected(folder: Path, reader: Reader) -> Row:
    """Return how many files give what their index says; the others go to the screen."""
    every = list(entries(folder))
    wrong = {one["file"]: fault(one, folder, reader) for one in every}
    for name, why in wrong.items():
        if why:
            print(name, why[:300], file=sys.stderr)
    fine = sum(not why for why in wrong.values())
    name, others = "public files that give what they must", len(every) - fine
    return Row(name, f"{fine}", f"= {len(every)}", f"{others} do not")


def _by_format(
    whose: str, files: Iterable[Path], reader: Reader, room: Path
) -> Iterator[Row]:
    groups: dict[str, list[Path]] = defaultdict(list)
    for one in files:
        groups[one.suffix[1:].lower()].append(one)
    for ending, own in sorted(groups.items()):
        tool = _POPPLER if ending == "pdf" else _OFFICE
        if ending != "pdf" and ending not in _INTO:
            continue
        if shutil.which(tool) is None:
            yield from left_out(f"text of {ending}, {whose}", f"no {tool}")
            continue
        yield _compared(f"text of {ending}, {whose} / {tool}", own, reader, room)


def _compared(name: str, files: list[Path], reader: Reader, room: Path) -> Row:
    whole = met = read = restored = 0
    worst = 1.0
    for one in files:
        theirs = _letters(_their_text(one, room))
        try:
            document = reader(one.read_bytes(), one.name)
        except UnreadableError:
            continue
        if not theirs.total():
            continue  # a picture of a text, for recognition
        if any(block.detail == _RESTORED for block in document.blocks):
            restored += 1  # its own table of letters is wrong, and theirs with it
            continue
        ours = _letters("".join(block.text for block in document.blocks))
        both = (theirs & ours).total()
        whole, met, read = whole + theirs.total(), met + both, read + 1
        worst = min(worst, both / theirs.total())
    if not whole:
        return left_out(name, "neither reads a letter of them")[0]
    beside = (
        f"{read} of {len(files)} files, {whole:,} characters; worst file {worst:.3f}"
    )
    if restored:
        beside += (
            f"; {restored} left out whose letters are mapped wrongly: nonsense there"
        )
    return Row(name, f"{met / whole:.4f}", _WANTED, beside)


def _letters(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", text)
    return Counter(one for one in plain if one.isalnum())


def _their_text(file: Path, room: Path) -> str:
    if file.suffix.lower() == ".pdf":
        return _run(_POPPLER, "-q", str(file), "-")
    out = Path(tempfile.mkdtemp(dir=room))
    _run(
        _OFFICE,
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        *("--headless", "--convert-to", _INTO[file.suffix[1:].lower()]),
        *("--outdir", str(out), str(file)),
    )
    made = sorted(out.iterdir())
    return "\n".join(one.read_text("utf-8-sig", "replace") for one in made)


def _run(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 - installed tools
        words, check=False, capture_output=True, timeout=_LONGEST
    )
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
