"""Files that nobody here made, where they are: what must come out comes out, and nothing breaks.

Set XIANSHEN_TEST_FILES to the folder with `index.jsonl`; the tests pass without it.
"""

import json
import os
import resource
import time
from pathlib import Path
from typing import Any

import pytest
import regex

from review.errors import UnreadableError
from review.extract.interface import Document
from review.reading import reader_of
from review.settings import Settings

_FOLDER = os.environ.get("XIANSHEN_TEST_FILES")  # noqa: TID251 - says where they lie
_UNSEEN = regex.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")

pytestmark = pytest.mark.slow


def _entries() -> list[dict[str, Any]]:
    if _FOLDER is None:
        return []
    index = Path(_FOLDER, "index.jsonl").read_text("utf-8")
    return [json.loads(line) for line in index.splitlines()]


def _squeezed(text: str) -> str:
    return str(_UNSEEN.sub("", text))


def _said(document: Document) -> str:
    """Return everything that was read, places and gaps too."""
    return _squeezed(
        "\n".join(
            f"{one.text}\n{one.detail or ''}\n{one.where.path or ''}"
            for one in document.blocks
        )
    )


@pytest.mark.parametrize("entry", _entries(), ids=lambda one: one["file"])
def test_a_file_gives_what_it_must(entry: dict[str, Any], tmp_path: Path) -> None:
    data = Path(str(_FOLDER), entry["file"]).read_bytes()
    expected = entry["expect"]
    began = time.monotonic()
    document, refused = _read(data, entry["upload_as"], tmp_path)
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{entry['file']}: {took:.1f} s, children so far at most {peak} MB")  # noqa: T201 - looked at by hand
    if document is None:
        assert expected["outcome"] in {"error", "text_or_error"}, refused
        assert regex.search(r"\p{Han}", refused)
        return
    assert expected["outcome"] != "error", "an error was expected"
    said = _said(document)
    wanted = (*expected.get("contains", ()), *expected.get("contains_with_ocr", ()))
    missing = [one for one in wanted if _squeezed(one) not in said]
    excused = any(gap.code == "garbled_text" for gap in document.gaps)
    assert not missing or excused, [gap.message for gap in document.gaps]


def _read(data: bytes, name: str, folder: Path) -> tuple[Document | None, str]:
    """Return the document, or what was said instead."""
    try:
        return reader_of(Settings(data_dir=folder))(data, name), ""
    except UnreadableError as error:
        return None, error.message
