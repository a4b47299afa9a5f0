"""The guide to the interface runs as it stands, against the real program."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex

from tests.e2e.program import Program

_GUIDE = Path(__file__).parents[2] / "docs" / "手册" / "接口.md"
_BLOCK = regex.compile(r"^```bash\n(.*?)^```$", regex.MULTILINE | regex.DOTALL)
_NEEDED = ("bash", "curl", "python3")
_SAYS = ("已登记：", "待初审", "同意公开", "True", "False", "changed", "已公开")


@pytest.fixture(name="program")
def _program(tmp_path: Path) -> Iterator[Program]:
    with Program(tmp_path / "data").started() as running:
        yield running


@pytest.mark.slow
def test_the_guide_runs_from_signing_in_to_publishing(program: Program) -> None:
    missing = [one for one in _NEEDED if shutil.which(one) is None]
    if missing:
        pytest.skip(f"{missing} not installed")
    blocks = _BLOCK.findall(_GUIDE.read_text("utf-8"))
    people = {name.upper(): word for name, word in program.passwords.items()}
    done = subprocess.run(  # noqa: S603 - our own guide
        ["/bin/bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        capture_output=True,
        check=False,
        env={
            "PATH": os.environ["PATH"],  # noqa: TID251 - handed on
            "TMPDIR": str(program.folder.parent),
            "ADDRESS": program.address,
            **people,
        },
        timeout=300,
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr.decode()) == (0, ""), said
    place = 0
    for words in _SAYS:  # in this order
        place = said.index(words, place) + len(words)
