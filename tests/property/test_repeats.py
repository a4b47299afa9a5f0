"""Laws of winnowing, and of the findings that come of it."""

import itertools
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from review.detect.repeats import find_repeats, fingerprints
from review.extract.interface import Block, Document
from review.normalize.interface import NormalizedText
from review.normalize.passages import normalize, single_passage
from review.spans import Location

_KEY = bytes(range(32))
# Winnowing promises one number to any two texts that share so much in a row.
_PROMISED = 10
# Plain simplified characters: folding leaves them alone, whatever stands beside.
_HAN = "山水火石田禾竹米耳目手足牛羊马鱼鸟虫花草树果风雨雪冰红黄蓝白黑高低长短大小多少上下左右前后东西南北春夏秋冬"
_plain = st.text(alphabet=_HAN, max_size=120)
_shared = st.text(alphabet=_HAN, min_size=_PROMISED, max_size=60)
_noise = st.text(alphabet="，。、；：！？“”（）《》… \u200b\t", max_size=3)


def _draft(paragraphs: Sequence[str]) -> NormalizedText:
    blocks = tuple(
        Block(text, Location(paragraph=at)) for at, text in enumerate(paragraphs, 1)
    )
    return normalize(Document("稿.docx", "docx", "", 0, blocks))


def _numbers(text: str) -> tuple[int, ...]:
    return fingerprints(single_passage(text), key=_KEY)


@given(st.text(max_size=200))
def test_numbers_fit_a_signed_column_and_come_in_order(text: str) -> None:
    numbers = _numbers(text)
    assert list(numbers) == sorted(set(numbers))
    assert all(0 <= one < 2**63 for one in numbers)


@settings(max_examples=80)
@given(_plain, _plain, _plain, _plain, _shared)
def test_what_is_shared_is_seen(
    before: str, after: str, other_before: str, other_after: str, shared: str
) -> None:
    one = _numbers(before + shared + after)
    two = _numbers(other_before + shared + other_after)
    assert not set(one).isdisjoint(two)


@settings(max_examples=80)
@given(_plain, st.data())
def test_marks_and_spaces_change_nothing(text: str, data: st.DataObject) -> None:
    noisy = "".join(char + data.draw(_noise) for char in text)
    assert _numbers(noisy) == _numbers(text)


@settings(max_examples=80)
@given(_plain, st.lists(st.integers(0, 120), max_size=6))
def test_where_paragraphs_end_changes_nothing(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[start:end] for start, end in itertools.pairwise(edges)]
    assert fingerprints(_draft(pieces), key=_KEY) == _numbers(text)


@settings(max_examples=80)
@given(_plain, _plain)
def test_a_text_has_every_number_of_its_inside_but_the_edges(
    before: str, text: str
) -> None:
    """What stands before changes only what is near it."""
    inside = set(_numbers(text[_PROMISED:]))
    assert inside - set(_numbers(before + text)) <= set(_numbers(text[: 4 * _PROMISED]))


_paragraphs = st.lists(
    st.text(alphabet=_HAN + "，。12Ab\n ", max_size=90), min_size=1, max_size=5
)


@settings(max_examples=80)
@given(_paragraphs, _paragraphs)
def test_findings_keep_their_promises(draft: list[str], refused: list[str]) -> None:
    text = _draft([*draft, *refused])
    kept = set(fingerprints(_draft(refused), key=_KEY))

    def known(asked: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        return {one: ("2026-000012",) for one in asked if one in kept}

    found = find_repeats(text, key=_KEY, known=known)
    assert found == find_repeats(text, key=_KEY, known=known)
    for one in found:
        passage = text.passages[one.passage or 0]
        assert one.text == passage.source[one.span.start : one.span.end]
        assert one.text
        assert one.where == passage.where
        assert 0.5 <= one.score <= 0.95
        assert "2026-000012" in one.reason
    order = [one.passage for one in found]
    assert order == sorted(order)
    assert len(order) == len(set(order))


@settings(max_examples=30)
@given(st.permutations(_HAN), st.integers(46, len(_HAN)))
def test_every_whole_copy_is_found(letters: list[str], length: int) -> None:
    """From 46 characters on: winnowing may miss three at either end."""
    text = single_passage("".join(letters[:length]))
    kept = set(fingerprints(text, key=_KEY))

    def known(asked: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        return {one: ("2026-000012",) for one in asked if one in kept}

    assert len(find_repeats(text, key=_KEY, known=known)) == 1


@settings(max_examples=80)
@given(_paragraphs)
def test_nothing_known_nothing_found(paragraphs: list[str]) -> None:
    assert find_repeats(_draft(paragraphs), key=_KEY, known=lambda _: {}) == ()
