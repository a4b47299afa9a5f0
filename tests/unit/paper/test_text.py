"""Safe text, dates as an office writes them, boxes."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.paper.text import boxes, clean, cut, day, in_china, moment, ordinal

_ANY = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("平常的 text，（1）", "平常的 text，（1）"),
        ("一\r\n二\r三\v四\u2028五", "一\n二\n三\n四\n五"),
        ("甲\t乙", "甲 乙"),
        ("全角　空格", "全角　空格"),
        ("报\u202etxt.exe", "报[U+202E]txt.exe"),
        ("a\u200bb\ufeff", "a[U+200B]b[U+FEFF]"),
        ("\x00\x1b", "[U+0000][U+001B]"),
        ("\ud800", "[U+D800]"),
        ("\ufffe\uffff", "[U+FFFE][U+FFFF]"),
        ("😀", "😀"),
    ],
)
def test_what_a_page_would_swallow_is_written_out(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(_ANY)
def test_clean_text_is_clean_and_xml_allows_it(raw: str) -> None:
    shown = clean(raw)
    assert clean(shown) == shown
    shown.encode()
    assert all(
        one == "\n" or (one >= " " and one not in "\x7f\ufffe\uffff") for one in shown
    )


@given(_ANY, st.integers(20, 60))
def test_a_cut_text_is_never_longer(raw: str, limit: int) -> None:
    shown = cut(raw, limit)
    assert len(shown) <= max(limit, len("……（全文字，此处从略）") + len(str(len(raw))))
    assert shown == raw or shown.endswith("此处从略）")


def test_days_and_moments() -> None:
    assert day(date(2026, 1, 2)) == "2026年1月2日"
    assert day(None).replace("　", "") == "年月日"
    assert moment(datetime(2026, 12, 31, 16, 5, tzinfo=UTC)) == "2027年1月1日00:05"
    assert moment(None).replace("　", "") == "年月日时"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        in_china(datetime(2026, 1, 1))  # noqa: DTZ001 - the case itself


def test_boxes_show_the_choice_even_if_it_is_no_option() -> None:
    assert boxes(("甲", "乙"), "乙") == "□甲　■乙"
    assert boxes(("甲", "乙"), "") == "□甲　□乙"
    assert boxes(("甲", "乙"), "丙") == "■丙"


def test_ordinals() -> None:
    assert [ordinal(one) for one in (1, 10, 11, 19)] == ["一", "十", "十一", "十九"]
