"""Reading order: rows, cells, columns; and what is put right in a line."""

import pytest

from review.letters.interface import Piece, Ruling
from review.letters.layout import lines_of
from review.letters.tidy import tidy

_HEIGHT = 30.0


def _piece(text: str, left: float, top: float, width: float | None = None) -> Piece:
    wide = width if width is not None else len(text) * _HEIGHT
    return Piece(text, 0.9, left, top, left + wide, top + _HEIGHT)


def _texts(*pieces: Piece) -> list[str]:
    return [one.text for one in lines_of(pieces)]


def test_rows_run_from_above_and_each_from_the_left() -> None:
    assert _texts(
        _piece("第二行", 100, 160),
        _piece("后半", 200, 103),
        _piece("前半", 140, 100),
    ) == ["前半后半", "第二行"]


def test_a_wide_gap_parts_cells_and_a_narrow_one_does_not() -> None:
    row = (_piece("张示例", 100, 100), _piece("13800000000", 400, 104))
    assert _texts(*row) == ["张示例\t13800000000"]
    assert _texts(_piece("云山职业", 100, 100), _piece("学院", 240, 100)) == [
        "云山职业学院"
    ]
    latin = (_piece("Office", 100, 100, 90), _piece("2026", 210, 100, 60))
    assert _texts(*latin) == ["Office 2026"]


def test_a_roster_keeps_its_rows_and_is_not_read_in_columns() -> None:
    pieces = [
        _piece(text, 100 + column * 300, 100 + row * 60)
        for row in range(8)
        for column, text in enumerate(("张示例", "教务处", "13800000000"))
    ]
    assert _texts(*pieces) == ["张示例\t教务处\t13800000000"] * 8


def test_a_ruling_parts_cells_however_near_they_stand() -> None:
    row = [_piece("张示例", 100, 100), _piece("教务处", 196, 100)]
    beside, below = Ruling(193, 80, 140), Ruling(193, 140, 300)
    assert lines_of(row, [beside])[0].text == "张示例\t教务处"
    assert lines_of(row, [below])[0].text == "张示例教务处"


def _column(letter: str, left: float, top: float, rows: int) -> list[Piece]:
    return [_piece(letter * 12, left, top + row * 50) for row in range(rows)]


def test_running_text_in_two_columns_is_read_column_by_column() -> None:
    headline = _piece("通" * 24, 100, 20)
    foot = _piece("尾" * 24, 100, 400)
    left, right = _column("左", 100, 100, 5), _column("右", 540, 104, 5)
    said = _texts(*left, headline, *right, foot)
    assert said == ["通" * 24, *["左" * 12] * 5, *["右" * 12] * 5, "尾" * 24]


def test_running_text_in_three_columns_too() -> None:
    columns = [_column(one, 100 + at * 440, 100, 6) for at, one in enumerate("甲乙丙")]
    said = _texts(*(one for column in columns for one in column))
    assert said == [letter * 12 for letter in "甲乙丙" for _ in range(6)]


def test_a_line_is_as_sure_as_its_letters_are() -> None:
    sure, doubtful = _piece("云山职业", 100, 100), _piece("学", 220, 100)
    line = lines_of([sure, Piece("学", 0.4, 220, 100, 250, 130)])[0]
    assert doubtful.score > line.score == pytest.approx((0.9 * 4 + 0.4) / 5)
    assert lines_of([]) == ()


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("云职院发(2026)5号", "云职院发〔2026〕5号"),
        ("云职院发\uff3b2026\uff3d第12号", "云职院发〔2026〕第12号"),
        ("云职院办〔2026】31 号", "云职院办〔2026〕31 号"),
        ("参见文献(2026)", "参见文献(2026)"),
        ("电话：\uff11\uff13800000000", "电话：13800000000"),
        ("会议决定,同意", "会议决定，同意"),
        ("a,b: c", "a,b: c"),
        ("12:30 开始", "12:30 开始"),
        ("姓名\t部门", "姓名\t部门"),
    ],
)
def test_only_what_is_beyond_doubt_is_put_right(read: str, meant: str) -> None:
    assert tidy(read) == meant
