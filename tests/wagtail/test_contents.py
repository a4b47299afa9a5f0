"""Whatever an editor can fill in is part of what is asked, on real Wagtails."""

from pathlib import Path

import pytest

from tests.wagtail.wagtails import VERSIONS, running, wagtail


@pytest.mark.parametrize("line", VERSIONS)
def test_whatever_can_be_filled_in_counts(
    line: str, package: Path, tmp_path: Path
) -> None:
    site = wagtail(line, package)
    said = {"folder": str(tmp_path), "address": "http://127.0.0.1", "xianshen": {}}
    log = tmp_path / "said.txt"
    with running(["-m", "driver.counting"], site.environ(said), log) as process:
        told, _ = process.communicate(timeout=300)
    assert told.splitlines() == ["done"], told + log.read_text("utf-8")[-4000:]
