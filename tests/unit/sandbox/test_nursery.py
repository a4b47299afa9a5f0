"""A nursery of the program's own functions, on a machine that has no bubblewrap."""

import subprocess
from pathlib import Path

import pytest

from tests.command import XIANSHEN

_DRAFT = next((Path(__file__).parents[3] / "sample_docs").glob("*.docx"))


@pytest.mark.slow
def test_without_walls_too_a_nursery_lives(tmp_path: Path) -> None:
    """A library asks where it stands when it is loaded; the room is gone by then."""
    done = subprocess.run(  # noqa: S603 - our own command
        [XIANSHEN, "scan", "--quiet", _DRAFT],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": str(tmp_path), "LANG": "C.UTF-8"},
        text=True,
    )
    assert done.returncode in (0, 1)
    assert "nursery" not in done.stderr
