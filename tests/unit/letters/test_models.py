"""Which models are believed, and what is said where there are none."""

import hashlib
from pathlib import Path

import pytest

from review.errors import UnsupportedError
from review.letters import models as room
from review.letters.models import models


def test_the_models_in_the_package_are_the_ones_we_measured() -> None:
    found = models()
    for path in (found.finding, found.reading, found.turning):
        assert path.is_file()
        assert path.parent.name == "models"


def test_another_file_by_the_same_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "foreign_ocr"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for path in (models().finding, models().reading, models().turning):
        data = path.read_bytes()
        (package / "models" / path.name).write_bytes(data)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(room, "_PACKAGE", "foreign_ocr")
    assert models().reading.parent.parent == package
    spoilt = models().reading
    body = bytearray(spoilt.read_bytes())
    body[-1] ^= 1
    spoilt.write_bytes(body)
    assert hashlib.sha256(body).hexdigest() != room._READING[1]
    with pytest.raises(UnsupportedError, match=spoilt.name):
        models()
    spoilt.unlink()
    with pytest.raises(UnsupportedError, match="重新安装"):
        models()


def test_without_the_package_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PACKAGE", "no_such_package_here")
    with pytest.raises(UnsupportedError, match="没有安装"):
        models()
