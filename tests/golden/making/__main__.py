"""Make the format samples and their expectations anew: `python -m tests.golden.making`.

`--files` makes the files alone, `--expected` writes what is read from them, and no
choice does both. `--office` makes also those anew that LibreOffice writes. Words after
that choose the files whose names hold one of them. Read every change of an expectation
before keeping it: what is written is what the program reads now, right or wrong.
"""

import json
import sys
from collections.abc import Sequence

from tests.golden.making import legacy
from tests.golden.making.catalogue import FOLDER, SAMPLES
from tests.golden.making.expected import as_json, document_of, expectation_file, written
from tests.golden.making.sample import Sample


def main(arguments: Sequence[str]) -> None:
    """Make what is asked for."""
    words = [one for one in arguments if not one.startswith("-")]
    chosen = [one for one in SAMPLES if not words or any(w in one.file for w in words)]
    for sample in chosen:
        if "--expected" not in arguments:
            _make(sample, anew="--office" in arguments)
        if "--files" not in arguments:
            file = FOLDER / sample.file
            told = as_json(document_of(file, sample.needs))
            expectation_file(file).write_text(written(told), "utf-8")
    index = "".join(
        f"{json.dumps(_entry(one), ensure_ascii=False)}\n" for one in SAMPLES
    )
    (FOLDER / "index.jsonl").write_text(index, "utf-8")


def _make(sample: Sample, *, anew: bool) -> None:
    file = FOLDER / sample.file
    if sample in legacy.BY_OFFICE and file.exists() and not anew:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sample.make())


def _entry(sample: Sample) -> dict[str, object]:
    return {
        "file": sample.file,
        "about": sample.about,
        "shows": list(sample.shows),
        "hides": dict(sample.hides),
        "needs": list(sample.needs),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
