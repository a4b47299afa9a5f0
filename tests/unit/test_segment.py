"""The fast tokenizer cuts like the reference."""

import json
import random
from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.detect.lexicon import Lexicon
from review.normalize.segment import FastSegmenter, ReferenceSegmenter, segmenter_for
from review.normalize.steps import fold
from review.resources import passage_model_folder

_SAMPLE = 300
_WORDS_ADDED = 200


def _corpus() -> list[str]:
    texts: list[str] = []
    for path in sorted((passage_model_folder() / "corpus").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            raw = json.loads(line)
            texts += [one["text"] for one in raw.get("paragraphs", [raw])]
    return random.Random(7).sample(texts, _SAMPLE)  # noqa: S311 - a sample, not a secret


def _spans(words: Sequence[str]) -> set[tuple[int, int]]:
    """Return the places of the words that hold Chinese.

    rjieba keeps numbers such as 0999-8123 together that jieba cuts at the
    hyphen; no term has a border inside a number.
    """
    places = pairwise(accumulate(map(len, words), initial=0))
    return {
        place for place, word in zip(places, words, strict=True) if not word.isascii()
    }


def _token_f1(
    left: list[set[tuple[int, int]]], right: list[set[tuple[int, int]]]
) -> float:
    both = sum(len(a & b) for a, b in zip(left, right, strict=True))
    return 2 * both / (sum(map(len, left)) + sum(map(len, right)))


@pytest.fixture(scope="module")
def user_words(lexicon: Lexicon) -> tuple[str, ...]:
    terms = {word.text for scope in lexicon.scopes for word in scope.file.terms}
    return tuple(sorted(term for term in terms if len(term) > 1)[:_WORDS_ADDED])


@pytest.mark.filterwarnings("ignore::DeprecationWarning:jieba")
@pytest.mark.filterwarnings("ignore:pkg_resources:UserWarning")
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_both_tokenizers_agree_on_the_corpus(user_words: tuple[str, ...]) -> None:
    fast, reference = FastSegmenter(user_words), ReferenceSegmenter(user_words)
    texts = [fold(text).text for text in _corpus()]
    score = _token_f1(
        [_spans(fast.words(text)) for text in texts],
        [_spans(reference.words(text)) for text in texts],
    )
    assert score >= 0.999


def test_added_words_are_kept_whole() -> None:
    word = "砚湖考务机密袋"
    assert word not in FastSegmenter().words(f"请领取{word}并签收")
    assert word in FastSegmenter((word,)).words(f"请领取{word}并签收")


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(segmenter_for().words(text)) == text
