"""The second look: whom it asks, how it weighs, and where its vectors come from."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics.pairwise import rbf_kernel

from review.detect import second_look
from review.detect.classifier import Verdict, load_classifier
from review.detect.compile_lexicon import load_compiled
from review.detect.corpus import read_corpus
from review.detect.corpus_vectors import FILE, packed, vectors_of
from review.detect.encoder import WIDTH, Encoder, encoder
from review.detect.examine import Examiner
from review.detect.second_look import MOST, SecondLook, kernel
from review.detect.second_training import Held, gamma_of, learn_second_look
from review.errors import UsageError
from review.normalize.passages import single_passage
from review.resources import lexicons_folder, passage_model_folder

_LOOK = SecondLook(
    low=-1.0,
    high=1.0,
    support=np.zeros((1, WIDTH), dtype=np.int8),
    weights=np.ones(1, dtype=np.float32),
    bias=0.25,
    gamma=1e-4,
    odds=(2.0, 3.0, -0.5),
)
_LEAK = "拟定的入围名单和各家报价如下，下周开标前不要外传。"
_FINE = "学院举行秋季运动会，师生踊跃参加。"

_rows = arrays.arrays(
    np.int8, st.tuples(st.integers(1, 4), st.just(8)), elements=st.integers(-127, 127)
)


class _Telling:
    """Stands where the sentence model stands, and says what it was given."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def query(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.full((len(texts), WIDTH), 1 / WIDTH**0.5, dtype=np.float32)


@given(_rows, _rows)
def test_the_kernel_is_the_one_it_was_learned_with(
    rows: np.ndarray, others: np.ndarray
) -> None:
    wanted = rbf_kernel(rows.astype(float), others.astype(float), gamma=1e-4)
    assert np.allclose(kernel(rows, others, 1e-4), wanted, atol=1e-4)


def test_only_what_is_in_doubt_is_asked_for() -> None:
    first = np.array([-2.0, -1.0, -0.9, 0.0, 0.99, 1.0, 5.0])
    assert _LOOK.asked(first).tolist() == [2, 3, 4]


def test_a_draft_gets_so_many_looks_and_the_gravest_come_first() -> None:
    first = np.linspace(-0.99, 0.99, MOST + 50)
    asked = _LOOK.asked(first)
    assert asked.tolist() == list(range(50, MOST + 50))


def test_both_scores_are_weighed() -> None:
    near = np.zeros((1, WIDTH), dtype=np.int8)
    # As near as can be: the kernel is 1, so the second score is 1.25.
    assert _LOOK.log_odds(np.array([0.5]), near).tolist() == [2 * 0.5 + 3 * 1.25 - 0.5]


def test_equal_texts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _Telling()
    monkeypatch.setattr(second_look, "encoder", lambda: Encoder(model))
    again = _LOOK.looked_at(
        np.array([0.0, -5.0, 0.5, 0.0]), [_LEAK, _FINE, _FINE, _LEAK]
    )
    assert again.passages.tolist() == [0, 2, 3]
    assert again.log_odds[0] == again.log_odds[2] != again.log_odds[1]
    assert again.vectors.shape == (3, WIDTH)
    assert model.asked == [_LEAK, _FINE]


def test_without_an_encoder_nothing_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(second_look, "encoder", lambda: None)
    again = _LOOK.looked_at(np.array([0.0]), [_LEAK])
    assert len(again.passages) == len(again.log_odds) == len(again.vectors) == 0


def test_vectors_are_kept_and_only_new_ones_made(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    model = _Telling()
    first = vectors_of([_LEAK, _FINE, _LEAK], path, Encoder(model))
    assert first.shape == (3, WIDTH)
    kept = path.read_bytes()
    again = vectors_of([_FINE], path, Encoder(model))
    assert model.asked == [_LEAK, _FINE]
    assert (again[0] == first[1]).all()
    assert path.read_bytes() == kept
    with pytest.raises(UsageError, match="缺少 1 段"):
        vectors_of([_LEAK, "另一段"], path, None)


def test_an_array_file_depends_on_the_numbers_alone() -> None:
    assert packed({"a": np.arange(3)}) == packed({"a": np.arange(3)})


def test_learning_finds_what_the_first_look_can_not() -> None:
    """The first score says nothing; the vectors say everything."""
    dice = np.random.default_rng(5)
    labels = np.arange(200) % 2 == 0
    vectors = dice.integers(-9, 9, (200, WIDTH)).astype(np.int8)
    vectors[labels, :40] += 30
    held = Held(
        first=dice.normal(size=200),
        labels=labels,
        families=np.array([f"f{at // 4}" for at in range(200)]),
        published=np.full(100, -3.0),
    )
    learnt = learn_second_look(vectors, held, seed=1)
    assert learnt is not None
    look, odds = learnt
    doubtful = (held.first > look.low) & (held.first < look.high)
    assert ((odds > 0) == labels[doubtful]).mean() > 0.9
    once_more = learn_second_look(vectors, held, seed=1)
    assert once_more is not None
    assert once_more[0].odds == look.odds
    assert (once_more[0].support == look.support).all()
    assert abs(look.odds[1]) > abs(look.odds[0])


def test_what_all_vectors_share_brings_none_nearer() -> None:
    dice = np.random.default_rng(5)
    vectors = dice.integers(-9, 9, (50, WIDTH)).astype(np.int8)
    assert gamma_of(vectors) == gamma_of(vectors + np.int8(60)) > 0
    assert gamma_of(np.full_like(vectors, 60)) > 0


def test_nothing_is_learned_where_nothing_is_in_doubt() -> None:
    labels = np.arange(200) % 2 == 0
    held = Held(
        first=np.where(labels, 5.0, -5.0),
        labels=labels,
        families=np.array([f"f{at // 4}" for at in range(200)]),
        published=np.full(100, -3.0),
    )
    vectors = np.ones((200, WIDTH), dtype=np.int8)
    assert learn_second_look(vectors, held, seed=1) is None


def test_the_shipped_model_looks_again_where_it_doubts() -> None:
    shipped = load_classifier(passage_model_folder())
    assert shipped.second is not None
    assert shipped.second.low < shipped.second.high
    one = replace(shipped, second=None)
    assert one.digest == shipped.digest


@pytest.mark.skipif(encoder() is None, reason="no encoder is made for this machine")
def test_the_kept_vectors_are_those_of_the_corpus() -> None:
    """Another machine may round a step differently, and no more."""
    folder = passage_model_folder()
    examples = read_corpus(folder / "corpus")
    texts = [
        single_passage(one.text, title=one.title).passages[0].text for one in examples
    ]
    kept = vectors_of(texts, folder / FILE, None)
    reader = encoder()
    assert reader is not None
    for at in range(0, len(texts), len(texts) // 8):
        made = reader.vectors([texts[at]])[0].astype(int)
        assert abs(made - kept[at].astype(int)).max() <= 1, examples[at].id


@pytest.mark.skipif(encoder() is None, reason="no encoder is made for this machine")
def test_a_reason_says_whether_the_meaning_weighed() -> None:
    examiner = Examiner(
        load_compiled(lexicons_folder()), load_classifier(passage_model_folder())
    )
    folder = passage_model_folder() / "corpus"
    sure = doubted = 0
    for one in read_corpus(folder)[::40]:
        for finding in examiner.examine(single_passage(one.text)).findings:
            if finding.detector != "classifier":
                continue
            (verdict,) = judged(examiner, one.text)
            told = "整段的意思" in finding.reason
            assert told is verdict.by_meaning, one.id
            assert not finding.reason.endswith("："), one.id
            sure += not told
            doubted += told
    assert sure > 3
    assert doubted > 3


def judged(examiner: Examiner, text: str) -> list[Verdict]:
    """Return the verdicts of the classifier alone."""
    assert examiner.classifier is not None
    return examiner.classifier.judge(examiner.signals(single_passage(text)))


def test_the_manifest_names_the_encoder() -> None:
    manifest = json.loads((passage_model_folder() / "model.json").read_text("utf-8"))
    assert "multilingual-e5-small" in manifest["second_look"]["encoder"]
