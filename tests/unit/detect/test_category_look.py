"""The category by meaning: what is near a category's disclosures is of that category."""

from dataclasses import replace

import numpy as np
import pytest

from review.detect import classifier as module
from review.detect.category_look import CategoryLook, category_look
from review.detect.category_training import (
    arrays_of,
    learn_category_look,
    manifest_of,
)
from review.detect.classifier import Verdict, load_classifier
from review.detect.encoder import WIDTH
from review.detect.features import PassageSignals
from review.detect.second_look import MOST
from review.resources import passage_model_folder

_NAMES = ("exam", "meeting", "party")


def _vectors(count: int) -> tuple[np.ndarray, list[str]]:
    """As many vectors, each a third of them about one place."""
    dice = np.random.default_rng(3)
    rows = dice.integers(-9, 9, (count, WIDTH)).astype(np.int8)
    names = [_NAMES[at % 3] for at in range(count)]
    for at in range(count):
        rows[at, at % 3 * 40 : at % 3 * 40 + 40] += 20
    return rows, names


def test_the_nearest_tell_the_category() -> None:
    rows, names = _vectors(90)
    look = learn_category_look(rows[:60], names[:60], _NAMES)
    scores = look.scores(rows[60:])
    assert [_NAMES[one] for one in scores.argmax(axis=1)] == names[60:]


def test_it_is_kept_and_read_as_it_was() -> None:
    rows, names = _vectors(30)
    look = learn_category_look(rows, names, _NAMES)
    read = category_look(manifest_of(look), arrays_of(look))
    assert read is not None
    assert (read.scores(rows) == look.scores(rows)).all()
    assert category_look(None, {}) is None
    with pytest.raises(KeyError):
        category_look(manifest_of(look), {})


def test_learning_twice_gives_the_same() -> None:
    rows, names = _vectors(30)
    one, other = (learn_category_look(rows, names, _NAMES) for _ in range(2))
    assert (one.weights == other.weights).all()
    assert one.gamma == other.gamma


def test_a_draft_is_read_so_far_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at already is not read again; the rest goes by its words."""
    asked: list[str] = []

    def _meanings(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.zeros((len(texts), WIDTH), dtype=np.int8)

    monkeypatch.setattr(module, "meanings", _meanings)
    bare = load_classifier(passage_model_folder())
    knows = np.zeros((1, len(bare.manifest["categories"])), dtype=np.float16)
    none = np.zeros((1, WIDTH), dtype=np.int8)
    shipped = replace(bare, about=CategoryLook(none, knows, gamma=1e-4, share=1.0))
    read = Verdict(0.5, 0.0, np.zeros(WIDTH, dtype=np.int8))
    verdicts = [read] * (MOST - 2) + [Verdict(0.9, 2.2)] * 5
    signals = {
        at: PassageSignals(f"第{at}段", ("党费",), (0.0,) * 13)
        for at in (0, *range(MOST - 2, MOST + 3))
    }
    told = shipped.categories(signals, verdicts)
    assert asked == [f"第{at}段" for at in (MOST - 2, MOST - 1)]
    assert set(told) == set(signals)
    by_words = replace(shipped, about=None)
    asked.clear()
    assert set(by_words.categories(signals, verdicts)) == set(signals)
    assert asked == []


def test_the_shipped_model_knows_what_categories_mean() -> None:
    shipped = load_classifier(passage_model_folder())
    assert shipped.about is not None
    assert shipped.about.weights.shape == (
        len(shipped.about.support),
        len(shipped.manifest["categories"]),
    )
