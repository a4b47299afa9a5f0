"""The shipped model loads safely, judges alike, and fits the repository."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from review import digests
from review.detect.classifier import Classifier, load_classifier
from review.detect.examine import Examiner
from review.detect.features import ORDERS, PassageSignals, ngram_columns
from review.detect.interface import Category, Tier
from review.detect.lexicon import Lexicon
from review.errors import ModelError
from review.normalize.passages import single_passage
from review.pipeline import Scanner
from review.resources import passage_model_folder

_TEXTS = (
    "期末卷已定稿送印，最后一道大题考滤波电路，考前不要外传。",
    "学院举行秋季运动会，师生踊跃参加，现场气氛热烈。",
    "会上同意5票、反对3票、弃权1票，名单下周一公布前不得外传。",
    "请各班级于周五前提交安全教育学习心得。",
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier(passage_model_folder())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("model.json", "model.npz"):
        shutil.copy(passage_model_folder() / name, tmp_path / name)
    return tmp_path


def _signals(examiner: Examiner) -> list[PassageSignals]:
    return [examiner.signals(single_passage(text))[0] for text in _TEXTS]


def test_the_arrays_hold_no_pickle() -> None:
    with np.load(passage_model_folder() / "model.npz", allow_pickle=False) as arrays:
        assert all(not arrays[name].dtype.hasobject for name in arrays.files)


def test_a_pickle_is_refused(copied: Path) -> None:
    path = copied / "model.npz"
    with np.load(path) as arrays:
        changed = {name: arrays[name] for name in arrays.files}
    changed["dense"] = np.asarray([{"a": 1}], dtype=object)
    np.savez(path, **changed)
    manifest = json.loads((copied / "model.json").read_text("utf-8"))
    manifest["arrays"] = digests.of_bytes(path.read_bytes())
    (copied / "model.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ModelError):
        load_classifier(copied)


def test_changed_arrays_are_refused(copied: Path) -> None:
    path = copied / "model.npz"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="不完整或版本不符"):
        load_classifier(copied)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "model.npz").unlink(),
        lambda folder: (folder / "model.json").unlink(),
        lambda folder: (folder / "model.json").write_text("{", "utf-8"),
        lambda folder: (folder / "model.json").write_text("{}", "utf-8"),
        lambda folder: (folder / "model.json").write_text('{"format": 0}', "utf-8"),
    ],
    ids=["no arrays", "no manifest", "no json", "empty", "other format"],
)
def test_a_missing_or_broken_file_is_refused(
    copied: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(copied)
    with pytest.raises(ModelError) as caught:
        load_classifier(copied)
    assert "xianshen model train" in caught.value.message


def test_the_digest_names_the_manifest(classifier: Classifier, copied: Path) -> None:
    assert load_classifier(copied).digest == classifier.digest
    manifest = json.loads((copied / "model.json").read_text("utf-8"))
    manifest["review_point"] = 0.99
    (copied / "model.json").write_text(json.dumps(manifest), "utf-8")
    assert load_classifier(copied).digest != classifier.digest


def test_judging_is_deterministic_and_knows_no_neighbours(
    classifier: Classifier, examiner: Examiner
) -> None:
    signals = _signals(examiner)
    together = classifier.judge(signals)
    assert classifier.judge(signals) == together
    alone = [classifier.judge([one])[0] for one in signals]
    for one, other in zip(alone, together, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=1e-5)
    assert classifier.judge([]) == []


def test_disclosures_rank_above_news(
    classifier: Classifier, examiner: Examiner
) -> None:
    exam, sports, vote, notice = (
        one.probability for one in classifier.judge(_signals(examiner))
    )
    assert 1 > exam > classifier.review_point > max(sports, notice) > 0
    assert vote > max(sports, notice)


def test_probability_is_the_logistic_of_the_log_odds(
    classifier: Classifier, examiner: Examiner
) -> None:
    for one in classifier.judge(_signals(examiner)):
        assert one.probability == pytest.approx(1 / (1 + np.exp(-one.log_odds)))


def test_the_category_is_explained_by_the_text(
    classifier: Classifier, examiner: Examiner
) -> None:
    assert classifier.category(_signals(examiner)[0]) == "exam"


def test_every_character_has_a_weight(classifier: Classifier) -> None:
    for text in (*_TEXTS, "", "一", "一二"):
        sums = classifier.summed_weights(text)
        assert len(sums) == len(text) + 1
        assert sums[0] == 0


def test_the_weights_of_characters_add_up_to_the_ngrams(classifier: Classifier) -> None:
    text = _TEXTS[0]
    expected = sum(
        float(classifier.ngrams[ngram_columns(text, order)].sum()) for order in ORDERS
    )
    assert float(classifier.summed_weights(text)[-1]) == pytest.approx(
        expected, abs=1e-3
    )


def test_a_classifier_finding_shows_the_words_that_weighed(examiner: Examiner) -> None:
    # No rule speaks here; only the way it is written discloses.
    text = (
        "老周私下说，下周三那张卷子最后一道要学生画出压疮分期，二十分，"
        "班里同学已经照着练了三遍，大家心里有数就行。"
    )
    found = [
        one
        for one in examiner.examine(single_passage(text)).findings
        if one.detector == "classifier"
    ]
    for one in found:
        assert one.weighed
        assert all(word in text for word in one.weighed)
        assert one.weighed[0] in one.reason
        assert one.text in text


def test_the_manifest_fits_the_repository(lexicon: Lexicon) -> None:
    folder = passage_model_folder()
    manifest = json.loads((folder / "model.json").read_text("utf-8"))
    corpus = folder / "corpus"
    assert manifest["corpus"] == digests.of_files(corpus, corpus.glob("*.jsonl")), (
        "语料变了：请运行 make model"
    )
    assert manifest["lexicons"] == lexicon.digest, "词库变了：请运行 make model"


def test_card_and_metrics_tell_of_this_model() -> None:
    folder = passage_model_folder()
    manifest = json.loads((folder / "model.json").read_text("utf-8"))
    metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    card = (folder / "card.md").read_text("utf-8")
    assert manifest["corpus"] in card
    assert manifest["lexicons"] in card
    assert metrics["held_out"]["alone_point"] == manifest["alone_point"]
    assert metrics["drafts"]["review_point"] == manifest["review_point"]
    assert sum(metrics["by_category"].values()) == metrics["passages"]


def test_a_passage_alone_has_a_point_of_its_own(classifier: Classifier) -> None:
    assert classifier.alone_point < classifier.review_point
    one = single_passage("期末考试安排")
    assert classifier.point_for(one) == classifier.alone_point
    two = replace(one, passages=one.passages * 2)
    assert classifier.point_for(two) == classifier.review_point
    # A title is handed in with its draft.
    assert classifier.point_for(replace(one, piece=True)) == classifier.review_point


def test_a_title_is_judged_as_part_of_a_draft(
    scanner: Scanner, classifier: Classifier
) -> None:
    said = scanner.scan_words("期末考试安排", "标题")
    assert said.text is not None
    assert classifier.point_for(said.text) == classifier.review_point


def test_the_manifest_knows_every_category(classifier: Classifier) -> None:
    assert set(classifier.manifest["categories"]) <= set(get_args(Category))
    for usual in classifier.manifest["defaults"].values():
        assert usual["tier"] in get_args(Tier)
        assert usual["clauses"]
