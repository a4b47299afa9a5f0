"""Files that nobody here made, where they are: what must come out comes out, and nothing breaks.

Set XIANSHEN_TEST_FILES to the folder with `index.jsonl`; the tests pass without it.
"""

import os
import resource
import time
from pathlib import Path
from typing import Any

import pytest

from review.reading import reader_of
from review.settings import Settings
from tests.integration.public_files import entries, fault

_FOLDER = os.environ.get("XIANSHEN_TEST_FILES")  # noqa: TID251 - says where they lie

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "entry",
    [] if _FOLDER is None else list(entries(Path(_FOLDER))),
    ids=lambda one: one["file"],
)
def test_a_file_gives_what_it_must(entry: dict[str, Any], tmp_path: Path) -> None:
    began = time.monotonic()
    wrong = fault(entry, Path(str(_FOLDER)), reader_of(Settings(data_dir=tmp_path)))
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{entry['file']}: {took:.1f} s, children so far at most {peak} MB")  # noqa: T201 - looked at by hand
    assert not wrong
