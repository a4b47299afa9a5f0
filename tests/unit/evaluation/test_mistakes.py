"""The worst mistakes come first, with the words that made them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.detect.examine import Examiner
from review.evaluation.data import Labelled, LabelledDraft
from review.evaluation.judge import Judge
from review.evaluation.mistakes import worst_mistakes
from review.evaluation.pulls import MOST, Pulls, pulls_of
from review.evaluation.result import evaluation_result
from review.normalize.steps import fold
from tests.unit.evaluation.judged import draft, judgement

_LEAK = "考前流出：期末卷最后一道大题考滤波电路，选择题前十题选CABDD AABCC。"
_FINE = "学院举行秋季运动会，师生踊跃参加，校园里一片欢声笑语。"


def _no_pulls(_text: str) -> Pulls:
    return Pulls()


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30),
    st.integers(1, 8),
)
def test_the_worst_come_first(scored: list[tuple[float, bool]], most: int) -> None:
    judged = [
        draft(f"D{at}", judgement(score, leak=leak, name=f"P{at}"))
        for at, (score, leak) in enumerate(scored)
    ]
    found = worst_mistakes(judged, _no_pulls, most=most)
    missed = sorted(score for score, leak in scored if leak and score < 0.5)
    flagged = sorted((score for score, leak in scored if not leak and score >= 0.5))
    for kind, expected in (("miss", missed), ("false_flag", flagged[::-1])):
        assert found[kind]["total"] == len(expected)
        told = [one["scores"]["both"] for one in found[kind]["worst"]]
        assert told == expected[:most]
        assert all(one["kind"] == kind for one in found[kind]["worst"])


def test_a_mistake_tells_label_note_and_what_was_found() -> None:
    wrong = judgement(0.9, leak=False, named=("001:12(15)",), name="D1#2")
    found = worst_mistakes([draft("D1", wrong)], _no_pulls, most=1)
    (told,) = found["false_flag"]["worst"]
    assert told["id"] == "D1#2"
    assert told["draft"] == "D1 的题目"
    assert told["text"] == "《D1#2》的原文"
    assert told["note"] == "D1#2 的理由"
    assert told["findings"][0]["clauses"] == ["001:12(15)"]
    assert told["findings"][0]["reason"] == "理由"


def test_a_word_weighs_what_its_places_weigh() -> None:
    text = "试卷，通知试卷，"
    weights = np.asarray([1, 1, 9, -2, -1, 2, 0.5, 9], dtype=np.float32)
    sums = np.concatenate([[0], np.cumsum(weights)]).astype(np.float32)
    words = ("试卷", "，", "通知", "试卷", "，", "rule:exam")
    assert pulls_of(text, words, sums) == Pulls(
        up=(("试卷", 4.5),), down=(("通知", -3.0),)
    )


def test_only_the_heaviest_words_are_told() -> None:
    words = tuple("甲乙丙丁戊己庚辛壬癸")
    text = "".join(words)
    up = pulls_of(text, words, np.arange(11, dtype=np.float32)).up
    assert len(up) == MOST
    sums = -np.cumsum(np.arange(11, dtype=np.float32))
    down = pulls_of(text, words, sums).down
    assert [word for word, _ in down] == list("癸壬辛庚己戊丁丙")


@pytest.fixture(scope="module")
def judge(examiner: Examiner) -> Judge:
    return Judge(examiner)


def _passage(name: str, text: str, *, leak: bool) -> LabelledDraft:
    label = Labelled(name, text, leak, "exam", None, ("001:12(15)",), False, "plain")  # noqa: FBT003 - a test's row
    return LabelledDraft(name, "", "", (label,), alone=True)


def test_the_models_own_weights_are_told(judge: Judge) -> None:
    pulls = judge.pulls(_LEAK)
    assert pulls.up
    assert all(weight > 0 for _, weight in pulls.up)
    assert all(weight < 0 for _, weight in pulls.down)
    assert all(word in fold(_LEAK).text for word, _ in (*pulls.up, *pulls.down))
    for heavier, lighter in pairwise(pulls.up):
        assert heavier[1] >= lighter[1]


def test_mistakes_quote_only_when_asked_for(judge: Judge) -> None:
    # Labels turned round, so that every passage is a mistake.
    drafts = [_passage("P1", _LEAK, leak=False), _passage("P2", _FINE, leak=True)]
    judged = [(one, judge.judge(one)) for one in drafts]
    plain = evaluation_result(judge, judged)
    assert "errors" not in plain
    assert _LEAK not in str(plain)
    asked = evaluation_result(judge, judged, mistakes=5)
    assert [one["id"] for one in asked["errors"]["miss"]["worst"]] == ["P2"]
    (wrong,) = asked["errors"]["false_flag"]["worst"]
    assert wrong["text"] == _LEAK
    assert wrong["findings"]
    alone = judge.points(alone=True)
    assert plain["points"]["review"]["point"] == alone["review"]
    assert set(plain["calibration"]) == {"both", "classifier"}


def test_a_finding_let_pass_is_told_with_its_reason(judge: Judge) -> None:
    office = "二十四小时公务值班手机13800138000，欢迎师生来电咨询。"
    (told,) = judge.judge(_passage("P3", office, leak=False))
    assert "13800138000" in {one.finding.text for one in told.exempted}
    assert all(one.because for one in told.exempted)
