"""What a worker warms itself on can be read: its log begins without a complaint."""

import pytest

from review.pipeline import Scanner
from review.service.machine.specimens import specimens


@pytest.mark.parametrize("name", specimens())
def test_specimens_are_whole(scanner: Scanner, name: str) -> None:
    report = scanner.scan(specimens()[name], name)
    assert report.error is None
    assert report.text is not None
    assert report.text.passages
    assert not report.gaps
