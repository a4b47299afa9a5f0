"""The other recognizer, where ours is missing: a stand-in program gives its table."""

from pathlib import Path

import pytest

from review.errors import CorruptError, UnsupportedError
from review.letters import models as room
from review.letters.recognize import recognize, recognizer
from review.letters.tesseract import recognize_with_tesseract
from tests.unit.letters import drawn

_HEAD = (
    "level page_num block_num par_num line_num word_num left top width height conf text"
)


def _table(*rows: tuple[object, ...]) -> str:
    lines = [_HEAD.split(), *([str(one) for one in row] for row in rows)]
    return "\n".join("\t".join(line) for line in lines) + "\n"


_ROWS = _table(
    (4, 1, 1, 1, 1, 0, 100, 100, 600, 30, -1, ""),
    (5, 1, 1, 1, 1, 1, 100, 104, 60, 26, 96.0, "张示"),
    (5, 1, 1, 1, 1, 2, 160, 100, 30, 30, 90.0, "例"),
    (5, 1, 1, 1, 1, 3, 400, 102, 200, 20, 80.0, "\uff11\uff13800000000"),
    (4, 1, 1, 1, 2, 0, 100, 160, 600, 30, -1, ""),
    (5, 1, 1, 1, 2, 1, 100, 160, 150, 30, 70.0, "云山职业学院"),
)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a stand-in on the path: it is there to say what it is told to."""
    file = tmp_path / "tesseract"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return file


def _says(program: Path, table: str, *, errors: str = "", status: int = 0) -> None:
    (program.parent / "table").write_text(table, "utf-8")
    program.write_text(
        "#!/bin/sh\n"
        'test "$*" = "- - -l chi_sim --psm 3 tsv" || exit 9\n'
        'test "$OMP_THREAD_LIMIT" = 1 || exit 9\n'
        f"test \"$(head -c 2)\" = BM || exit 9\necho '{errors}' >&2\n"
        f"cat {program.parent}/table\nexit {status}\n",
        "utf-8",
    )
    program.chmod(0o700)


def test_its_words_become_lines_and_cells(program: Path) -> None:
    _says(program, _ROWS)
    lines = recognize_with_tesseract(drawn.png(drawn.blank((300, 200))))
    assert [one.text for one in lines] == ["张示例\t13800000000", "云山职业学院"]
    assert lines[1].score == pytest.approx(0.7)
    assert 0.8 < lines[0].score < 0.9


def test_where_nobody_can_read_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnsupportedError, match="没有安装"):
        recognize(drawn.png(drawn.blank((300, 200))), "tesseract")


def test_it_is_asked_only_where_ours_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert recognizer() == "rapidocr"
    monkeypatch.setattr(room, "_PACKAGE", "no_such_package_here")
    assert recognizer() == "tesseract"


def test_it_is_asked_by_name(program: Path) -> None:
    _says(program, _ROWS)
    assert len(recognize(drawn.png(drawn.blank((300, 200))), "tesseract")) == 2


def test_without_its_chinese_it_cannot_read(program: Path) -> None:
    _says(program, "", errors="Error opening data file chi_sim.traineddata", status=1)
    with pytest.raises(UnsupportedError, match="tesseract"):
        recognize_with_tesseract(drawn.png(drawn.blank((300, 200))))
    _says(program, "", errors="something else", status=3)
    with pytest.raises(CorruptError, match="人工查看"):
        recognize_with_tesseract(drawn.png(drawn.blank((300, 200))))
