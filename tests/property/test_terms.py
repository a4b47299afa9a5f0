"""The automaton finds what a naive matcher finds, and no more."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.detect.terms import TermIndex, index_terms
from review.normalize.segment import Segmenter
from review.pipeline import Scanner
from review.spans import Span

_LETTERS = "机密绝保司切非涉会议纪要"
_words = st.lists(
    st.text(alphabet=_LETTERS, min_size=1, max_size=5), min_size=1, max_size=12
)
_texts = st.text(alphabet=_LETTERS + "。的", max_size=60)


class _Hit(NamedTuple):
    term: str
    span: Span


def _hits(
    index: TermIndex, text: str, segment: Callable[[], Sequence[str]]
) -> list[_Hit]:
    found = index.hits(text, segment)
    assert all(found.values()), "a term without a place is no hit"
    return [_Hit(term, span) for term, spans in found.items() for span in spans]


def _places(word: str, text: str) -> list[Span]:
    size = len(word)
    return [
        Span(at, at + size)
        for at in range(len(text) - size + 1)
        if text[at : at + size] == word
    ]


def _naive(terms: list[str], shields: list[str], text: str) -> set[_Hit]:
    covers = [span for shield in shields for span in _places(shield, text)]
    return {
        _Hit(term, span)
        for term in set(terms) - set(shields)
        for span in _places(term, text)
        if not any(
            cover.start <= span.start and span.end <= cover.end and cover != span
            for cover in covers
        )
    }


@given(_words, _words | st.just([]), _texts)
def test_the_automaton_equals_the_naive_matcher(
    terms: list[str], shields: list[str], text: str
) -> None:
    hits = _hits(index_terms(terms, shields), text, lambda: list(text))
    assert len(hits) == len(set(hits))
    assert set(hits) == _naive(terms, shields, text)


@given(_words, _words | st.just([]), _texts)
def test_borders_of_words_only_take_pairs_away(
    segmenter: Segmenter, terms: list[str], shields: list[str], text: str
) -> None:
    hits = set(_hits(index_terms(terms, shields), text, lambda: segmenter.words(text)))
    naive = _naive(terms, shields, text)
    assert hits <= naive
    assert all(len(hit.term) == 2 for hit in naive - hits)


@given(_words, st.text(alphabet=_LETTERS + "。的 .*-", max_size=40))
def test_separators_inside_a_word_only_add(terms: list[str], text: str) -> None:
    hits = _hits(index_terms(terms, []), text, lambda: list(text))
    naive = _naive(terms, [], text)
    assert naive <= set(hits)
    for hit in set(hits) - naive:
        standing = text[hit.span.start : hit.span.end]
        assert "".join(char for char in standing if char not in " .*-") == hit.term


@given(_words, _texts)
def test_nothing_but_the_borders_asks_for_words(terms: list[str], text: str) -> None:
    long = [term for term in terms if len(term) != 2]

    def never() -> list[str]:
        raise AssertionError("words were asked for")

    assert set(_hits(index_terms(long, []), text, never)) == _naive(long, [], text)


@pytest.mark.parametrize(
    ("terms", "shields", "text"),
    [
        (["机密"], [], "司机密切配合公安部门开展调查"),
        (["涉密"], ["非涉密"], "该区域为非涉密场所"),
        (["口交"], [], "请注意路口交通安全"),
        (["保密"], ["保密宣传"], "学院开展保密宣传教育活动"),
        (["试题"], ["试题库建设"], "推进试题库建设工作"),
        (["密级"], [], "严密级联控制"),
    ],
)
def test_a_harmless_word_hides_the_term(
    segmenter: Segmenter, terms: list[str], shields: list[str], text: str
) -> None:
    hits = _hits(index_terms(terms, shields), text, lambda: segmenter.words(text))
    assert hits == []


@pytest.mark.parametrize(
    ("terms", "shields", "text", "standing"),
    [
        (["机密"], [], "这份机密文件不得外传", "机密"),
        (["涉密"], ["非涉密"], "非涉密与涉密人员分开登记", "涉密"),
        (["保密"], ["保密宣传"], "保密宣传之外还有保密要求", "保密"),
        (["机密"], [], "这是机.密文件", "机.密"),
        (["机密"], [], "这是机 密 文件", "机 密"),
        (["会议纪要"], [], "这份会*议纪|要已印发", "会*议纪|要"),
        (["试题"], [], "期末试\n题在此", "试\n题"),
    ],
)
def test_the_term_itself_is_found(
    segmenter: Segmenter,
    terms: list[str],
    shields: list[str],
    text: str,
    standing: str,
) -> None:
    hits = _hits(index_terms(terms, shields), text, lambda: segmenter.words(text))
    assert [text[hit.span.start : hit.span.end] for hit in hits] == [standing]
    assert text.rfind(standing) == hits[0].span.start


def test_a_shield_that_is_also_a_term_only_shields() -> None:
    index = index_terms(["保密", "保密宣传"], ["保密宣传"])
    assert _hits(index, "保密宣传", lambda: ["保密", "宣传"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "司机密切配合交警检查。",
        "该会议室为非涉密场所，可正常使用。",
        "请注意路口交通安全，文明出行。",
        "学院开展保密宣传教育活动，师生踊跃参加。",
    ],
)
def test_the_shipped_lexicons_do_not_stumble_over_it(
    scanner: Scanner, text: str
) -> None:
    findings = scanner.scan_passage(text).findings
    assert [one.rule for one in findings] == []
