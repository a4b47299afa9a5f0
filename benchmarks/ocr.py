"""Measures character recognition: wrong characters, seconds and memory, by kind of page.

Pages of A4 at 200 dpi are drawn with the text of the sample drafts in four faces, and
spoilt as scanners, copiers and rubber stamps spoil them. The error rate is the number
of characters that must be changed, added or taken away, by the number of characters;
white space is not counted. `folded` takes half and full width as the same. Prints a
table, writes benchmarks/results/ocr.json.

Needs Debian's fonts-noto-cjk.
"""

import functools
import json
import os
import platform
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import docx
from PIL import Image

from benchmarks import material
from benchmarks.rows import AbsentError, Row
from review.letters.recognize import recognize
from tests.unit.letters import drawn

PAGES, OTHERS = 6, 3  # clean ones; of each other kind
FEWER = 2  # of some kinds, to try it
LETTERS, LINES = 37, 36  # of a page
CLEAN, SPOILT = 0.02, 0.06  # what is wanted
_MB: Final = 1024 * 1024
_SEAL: Final = "云山职业学院保密委员会"
_TELLING: Final = (
    "clean",
    "tilted by 1 degree",
    "noisy",
    "blurred",
    "red seal over text",
    "as scanned",
)
_FACES: Final = ("serif", "sans", "bold", "serif", "sans", "heavy")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page and what stands on it."""

    kind: str
    wanted: float
    picture: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured on all pages of a kind."""

    kind: str
    pages: int
    characters: int
    error_rate: float
    folded: float
    wanted: float
    worst_page: float
    seconds: float
    processor_seconds: float


def main() -> None:
    """Measure, print, write."""
    results = []
    for kind in KINDS:
        one = measured(kind, PAGES if kind == "clean" else OTHERS)
        results.append(one)
        print(
            f"{one.kind:<28}{one.pages:>3} pages  CER {one.error_rate:7.4f}"
            f"  folded {one.folded:7.4f}  worst {one.worst_page:7.4f}"
            f"  (<= {one.wanted})  {one.seconds:5.1f} s/page"
            f"  {one.processor_seconds:5.1f} s of processor",
            flush=True,
        )
    memory = memory_of(next(specimens("clean", 1)).picture)
    print(", ".join(f"{name}: {value} MB" for name, value in memory.items()))
    report = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "kinds": [asdict(one) for one in results],
        "memory_mb": memory,
    }
    target = material.ROOT / "benchmarks" / "results" / "ocr.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def rows(*, quick: bool = False) -> list[Row]:
    """Return what counts of recognition for the table of all benchmarks.

    Raises:
        AbsentError: The fonts are missing.
    """
    try:
        found = [
            measured(kind, FEWER if quick else PAGES if kind == "clean" else OTHERS)
            for kind in (_TELLING if quick else KINDS)
        ]
    except FileNotFoundError as error:
        raise AbsentError(f"no {error}") from error
    return [
        Row(
            f"characters read wrongly, {one.kind}",
            f"{one.error_rate:.2%}",
            f"<= {one.wanted:.0%}",
            _pace(one),
        )
        for one in found
    ] + [_memory()]


def _memory() -> Row:
    resident, addresses = _taken(next(specimens("clean", 1)).picture)
    baseline = f"address space {addresses} MB"
    return Row("memory, recognition of a page", f"{resident} MB", "", baseline)


def _pace(one: Result) -> str:
    """Return how long pages took; other work on the machine adds to the first figure only."""
    own = f"{one.processor_seconds:.1f} of processor"
    seen = f"{one.pages} pages, worst {one.worst_page:.2%}"
    return f"{one.seconds:.1f} s a page, {own}; {seen}"


# --- the pages ---


def _text() -> str:
    """Return the running text of the sample drafts."""
    folder = material.ROOT / "sample_docs"
    paragraphs = (
        paragraph.text
        for path in sorted(folder.glob("*.docx"))
        for paragraph in docx.Document(str(path)).paragraphs
    )
    return "".join(one for one in "".join(paragraphs) if one.isprintable()).replace(
        "_", ""
    )


def _plain(number: int) -> tuple[Image.Image, str]:
    """Return a page of running text, another for each number."""
    text = "".join(_text().split())
    length = LETTERS * LINES
    start = number * length % (len(text) - length)
    body = text[start : start + length]
    page = drawn.blank()
    drawn.write(page, drawn.wrapped(body, LETTERS), face=_FACES[number % len(_FACES)])
    return page, body


def _sealed(number: int) -> tuple[Image.Image, str]:
    page, body = _plain(number)
    drawn.seal(page, _SEAL, middle=(500 + 120 * number, 1100), radius=190)
    return page, body + _SEAL


def _stamped(number: int) -> tuple[Image.Image, str]:
    page, body = _plain(number)
    drawn.secrecy_stamp(page, "机密★10年", at=(300 + 100 * number, 600))
    return page, body + "机密★10年"


def _official(number: int) -> tuple[Image.Image, str]:
    """Return a letterhead, a few lines and a roster."""
    page = drawn.blank()
    marks = ("机密★10年", "云山职业学院文件", f"云职院发〔2026〕{number + 5}号")
    drawn.secrecy_stamp(page, marks[0], at=(210, 150))
    top = drawn.red_letterhead(page, *marks[1:])
    lines = drawn.wrapped(_plain(number)[1], LETTERS)[:8]
    top = drawn.write(page, lines, top=top)
    table = [("姓名", "身份证件号", "联系电话", "所属部门")]
    table += [
        (f"张示{one}", f"11010119900101{at:04}", f"138{at * 7:08}", "学生工作处")
        for at, one in enumerate("甲乙丙丁戊己庚辛", start=number)
    ]
    drawn.table(page, table, top=top + 40, widths=(220, 420, 330, 330))
    cells = "".join(cell for row in table for cell in row)
    return page, "".join((*marks, *lines, cells))


def _columns(number: int) -> tuple[Image.Image, str]:
    body = _plain(number)[1][: 17 * 30 * 2]
    half = len(body) // 2
    page = drawn.blank()
    for left, part in ((150, body[:half]), (860, body[half:])):
        drawn.write(page, drawn.wrapped(part, 17), left=left, size=36)
    return page, body


def _scanned(number: int) -> tuple[Image.Image, str]:
    """Return a page as the worst scanners give it: tilted, blurred, grainy, with a seal."""
    page, text = _sealed(number)
    tilted = drawn.tilted(page, 0.8 if number % 2 else -0.8)
    return drawn.noisy(drawn.blurred(tilted, 0.8), seed=number), text


def _spoilt(
    how: Callable[[Image.Image, int], Image.Image],
) -> Callable[[int], tuple[Image.Image, str]]:
    def make(number: int) -> tuple[Image.Image, str]:
        page, text = _plain(number)
        return how(page, number), text

    return make


def _coarse(page: Image.Image, number: int) -> Image.Image:
    del number
    return page.resize((827, 1170), Image.Resampling.LANCZOS)


KINDS: Final[dict[str, tuple[float, Callable[[int], tuple[Image.Image, str]]]]] = {
    "clean": (CLEAN, _plain),
    "letterhead and roster": (CLEAN, _official),
    "two columns": (CLEAN, _columns),
    "tilted by 1 degree": (
        SPOILT,
        _spoilt(lambda page, at: drawn.tilted(page, 1 - 2 * (at % 2))),
    ),
    "noisy": (SPOILT, _spoilt(lambda page, at: drawn.noisy(page, seed=at))),
    "blurred": (SPOILT, _spoilt(lambda page, _: drawn.blurred(page))),
    "100 dpi": (SPOILT, _spoilt(_coarse)),
    "red seal over text": (SPOILT, _sealed),
    "secrecy stamp over text": (SPOILT, _stamped),
    "upside down": (SPOILT, _spoilt(lambda page, _: page.rotate(180))),
    "as scanned": (SPOILT, _scanned),
}


def specimens(kind: str, pages: int) -> Iterator[Specimen]:
    """Yield the pages of a kind."""
    wanted, make = KINDS[kind]
    for number in range(pages):
        page, text = make(number)
        yield Specimen(kind, wanted, drawn.jpg(page), text)


# --- the measures ---


def measured(kind: str, pages: int) -> Result:
    """Read all pages of a kind and compare."""
    wrong = folded = characters = 0
    worst, wall, processor = 0.0, 0.0, 0.0
    made = list(specimens(kind, pages))
    _load()
    for one in made:
        began, worked = time.perf_counter(), time.process_time()
        lines = recognize(one.picture)
        wall += time.perf_counter() - began
        processor += time.process_time() - worked
        said = "".join("".join(line.text for line in lines).split())
        meant = "".join(one.text.split())
        faults = distance(meant, said)
        wrong += faults
        folded += distance(_folded(meant), _folded(said))
        characters += len(meant)
        worst = max(worst, faults / len(meant))
    return Result(
        kind,
        pages,
        characters,
        round(wrong / characters, 5),
        round(folded / characters, 5),
        KINDS[kind][0],
        round(worst, 5),
        round(wall / pages, 2),
        round(processor / pages, 2),
    )


@functools.cache
def _load() -> None:
    """Have the models loaded, by a picture with a line in it."""
    page = drawn.blank((900, 200))
    drawn.write(page, [_SEAL], top=60)
    recognize(drawn.png(page))


def distance(meant: str, said: str) -> int:
    """Return by how many characters two texts differ (Levenshtein)."""
    start = len(os.path.commonprefix([meant, said]))  # noqa: RUF071 - of letters, not paths
    meant, said = meant[start:], said[start:]
    end = len(os.path.commonprefix([meant[::-1], said[::-1]]))  # noqa: RUF071 - as above
    meant, said = meant[: len(meant) - end], said[: len(said) - end]
    before = list(range(len(said) + 1))
    for row, one in enumerate(meant, start=1):
        now = [row]
        for column, other in enumerate(said, start=1):
            now.append(
                min(
                    before[column] + 1,
                    now[-1] + 1,
                    before[column - 1] + (one != other),
                )
            )
        before = now
    return before[-1]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


_PROGRAM: Final = """
import resource, sys
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (most, most))
from review.letters.recognize import recognize
assert recognize(sys.stdin.buffer.read())
status = open("/proc/self/status").read()
print(*(status.split(word)[1].split()[0] for word in ("VmHWM:", "VmPeak:")))
"""


def memory_of(picture: bytes) -> dict[str, int]:
    """Return the memory that one page takes: resident, and of addresses, in MB.

    `least_address_space` is the smallest bound (RLIMIT_AS) under which it is read.
    """
    resident, addresses = _taken(picture)
    low, high = 256, addresses + 64
    while high - low > 32:  # noqa: PLR2004 - fine enough
        middle = (low + high) // 2
        if _child(picture, middle) is None:
            low = middle
        else:
            high = middle
    return {
        "resident": resident,
        "address_space": addresses,
        "least_address_space": high,
    }


def _taken(picture: bytes) -> tuple[int, int]:
    """Return the most memory that a page takes, resident and of addresses, in MB."""
    said = _child(picture, 8192)
    assert said is not None  # noqa: S101 - with so much room it is read
    resident, addresses = (int(one) // 1024 for one in said.split())
    return resident, addresses


def _child(picture: bytes, megabytes: int) -> str | None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _PROGRAM, str(megabytes * _MB)],
        input=picture,
        capture_output=True,
        check=False,
        cwd=Path(material.ROOT),
    )
    return done.stdout.decode() if done.returncode == os.EX_OK else None


if __name__ == "__main__":
    main()
