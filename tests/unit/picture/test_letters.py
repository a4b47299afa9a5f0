"""Words are found on a page whatever its spaces, widths and line breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.picture.interface import Excerpt
from review.picture.letters import find, letters_in, squeezed
from review.spans import Span

_WORDS = st.text(alphabet="云山职业学院12\uff21a ①\n\u3000", min_size=1, max_size=12)


def _spans(page: str, *excerpts: Excerpt) -> dict[str, tuple[Span, ...]]:
    return find(excerpts, letters_in(page))


def _one(page: str, text: str, after: int | None = None) -> list[str]:
    spans = _spans(page, Excerpt("f", 1, text, after))["f"]
    return [page[one.start : one.end] for one in spans]


@pytest.mark.parametrize(
    ("page", "text", "marked"),
    [
        ("联系人：张示例", "张示例", "张示例"),
        ("张 示\r\n例老师", "张示例", "张 示\r\n例"),
        ("\uff31\uff31\uff11\uff12\uff13", "QQ123", "\uff31\uff31\uff11\uff12\uff13"),
        ("⼯作⼈员", "工作人员", "⼯作⼈员"),
        ("in\xadter\ufffenal", "internal", "in\xadter\ufffenal"),
        ("共①项", "共1项", "共①项"),
    ],
)
def test_the_same_words_written_otherwise_are_found(
    page: str, text: str, marked: str
) -> None:
    assert _one(page, text) == [marked]


def test_words_that_are_not_there_are_not_found() -> None:
    assert _one("学院举行运动会", "张示例") == []
    assert _one("学院举行运动会", " \n") == []
    assert _one("", "张示例") == []


def test_each_finding_of_the_same_words_gets_its_own_place() -> None:
    page = "甲绝密乙丙丁绝密戊己绝密"
    places = [1, 6, 10]
    wanted = [Excerpt(f"f{at}", 1, "绝密", at) for at in places]
    found = _spans(page, *wanted)
    assert [found[f"f{at}"] for at in places] == [(Span(at, at + 2),) for at in places]


@pytest.mark.parametrize(
    ("after", "start"), [(0, 1), (3, 1), (5, 6), (8, 6), (9, 10), (99, 10)]
)
def test_the_nearest_place_is_taken_where_the_count_is_a_little_off(
    after: int, start: int
) -> None:
    (span,) = _spans("甲绝密乙丙丁绝密戊己绝密", Excerpt("f", 1, "绝密", after))["f"]
    assert span.start == start


@pytest.mark.parametrize("counts", [(9, 10, 11), (0, 1, 2), (11, 10, 9), (0, 0, 0)])
def test_counts_that_are_off_never_put_two_findings_on_one_place(
    counts: tuple[int, ...],
) -> None:
    wanted = [Excerpt(f"f{at}", 1, "绝密", one) for at, one in enumerate(counts)]
    found = _spans("甲绝密乙丙丁绝密戊己绝密", *wanted)
    assert {spans[0].start for spans in found.values()} == {1, 6, 10}


def test_more_findings_than_places_share_the_last() -> None:
    found = _spans("绝密", Excerpt("f1", 1, "绝密", 0), Excerpt("f2", 1, "绝密", 9))
    assert found == {"f1": (Span(0, 2),), "f2": (Span(0, 2),)}


def test_without_a_count_every_place_is_marked() -> None:
    assert _one("绝密、绝密", "绝密") == ["绝密", "绝密"]


def test_what_goes_on_overleaf_is_marked_as_far_as_it_stands_here() -> None:
    page = "前文。期末考试试题答案已经确定\n— 3 —"
    assert _one(page, "期末考试试题答案已经确定，考试尚未举行") == [
        "期末考试试题答案已经确定"
    ]
    assert _one(page + "后文很长" * 8, "期末考试试题答案已经确定，考试尚未举行") == []


@given(before=_WORDS, text=_WORDS, after=_WORDS)
def test_what_is_marked_reads_as_the_words(before: str, text: str, after: str) -> None:
    page = before + text + after
    hint = len(squeezed(before))
    for marked in _one(page, text, hint):
        assert squeezed(marked) == squeezed(text)
    assert bool(_one(page, text, hint)) == bool(squeezed(text))


@given(text=_WORDS)
def test_letters_know_the_characters_that_they_are_from(text: str) -> None:
    letters = letters_in(text)
    assert letters.text == squeezed(text)
    assert len(letters.places) == len(letters.text)
    assert list(letters.places) == sorted(letters.places)
    for at, letter in zip(letters.places, letters.text, strict=True):
        assert letter in squeezed(text[at])
