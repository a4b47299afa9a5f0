"""Two models side by side: figures, and what each makes of the same passages."""

import json
from pathlib import Path

import pytest

from review.detect.corpus import Example, read_corpus_file
from review.detect.examine import Examiner
from review.detect.model_diff import (
    ReadModel,
    compare_labelled,
    compare_models,
    read_model,
)
from review.errors import ModelError
from review.report.model_diff import (
    figure_name,
    labelled_as_json,
    labelled_lines,
    model_diff_as_json,
    model_lines,
)
from review.resources import passage_model_folder
from tests.service.model_material import candidate

# No rule speaks in either: the point alone decides, and the label is what we say.
_LEAK = "图书馆本周延长开放时间，欢迎同学们前来自习，座位充足，请保持安静。"
_NEWS = "学院举行秋季运动会，师生踊跃参加，现场气氛热烈。"


@pytest.fixture(scope="module")
def shipped() -> ReadModel:
    return read_model(passage_model_folder())


def _example(text: str, *, sensitive: bool) -> Example:
    return Example(
        id="leak" if sensitive else "news",
        text=text,
        sensitive=sensitive,
        category="exam",
        tier="work" if sensitive else None,
        clauses=(),
        family=text,
        covert=True,
    )


def _at(examiner: Examiner, folder: Path, point: float) -> Examiner:
    model = read_model(candidate(folder, review_point=point, alone_point=point))
    return Examiner(examiner.lexicon, model.classifier)


def test_a_model_is_the_same_as_itself(shipped: ReadModel, tmp_path: Path) -> None:
    diff = compare_models(shipped, read_model(candidate(tmp_path / "same")))
    assert diff.equal
    assert diff.differs == ()
    assert list(model_lines(diff))[-1] == "两个模型完全相同"
    assert model_diff_as_json(diff)["equal"] is True


def test_figures_and_points_stand_side_by_side(
    shipped: ReadModel, tmp_path: Path
) -> None:
    folder = candidate(
        tmp_path / "other",
        review_point=0.97,
        own={"passages": 7, "weight": 2.0, "files": []},
    )
    metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    metrics["held_out"]["recall"] = 0.1234
    (folder / "metrics.json").write_text(json.dumps(metrics), "utf-8")
    diff = compare_models(shipped, read_model(folder))
    assert not diff.equal
    assert diff.differs == ("own",)
    by_name = {one.name: (one.old, one.new) for one in diff.figures}
    assert by_name["review_point"][1] == 0.97
    assert by_name["held_out.recall"][1] == 0.1234
    assert by_name["held_out.recall"][0] == shipped.figures["held_out.recall"]
    assert not any(one.startswith("by_") for one in by_name)
    said = "\n".join(model_lines(diff))
    assert "含本单位样本 7 段" in said
    assert "交叉验证·召回率" in said
    assert "→ 0.1234  *" in said
    assert "本单位样本不同" in said


def test_a_figure_that_one_lacks_is_told(shipped: ReadModel, tmp_path: Path) -> None:
    folder = candidate(tmp_path / "bare")
    (folder / "metrics.json").unlink()
    diff = compare_models(shipped, read_model(folder))
    assert {one.new for one in diff.figures if "held_out" in one.name} == {None}
    (folder / "metrics.json").write_text("{", "utf-8")
    with pytest.raises(ModelError, match="成绩"):
        read_model(folder)
    with pytest.raises(ModelError, match="没有这一版程序能用的分类模型"):
        read_model(tmp_path / "none")


def test_names_that_are_not_known_stay_as_they_are() -> None:
    assert figure_name("review_point") == "复核点"
    assert figure_name("alone_point") == "复核点（单独一段）"
    assert figure_name("drafts.clean_flagged") == "语料里的整稿·没有泄露的整稿被误标"
    assert figure_name("background.false_flag_rate") == "已公开发布的文字·误报率"
    assert figure_name("strange.new_figure") == "strange·new_figure"


def test_gains_and_losses_are_right_or_wrong(
    examiner: Examiner, tmp_path: Path
) -> None:
    examples = [
        _example(_LEAK, sensitive=True),
        _example(_NEWS, sensitive=False),
    ]
    blind = _at(examiner, tmp_path / "blind", 0.9999)
    eager = _at(examiner, tmp_path / "eager", 0.000001)
    gained = compare_labelled(examples, blind, eager)
    assert [one.id for one in gained.gained_right] == ["leak"]
    assert [one.id for one in gained.gained_wrong] == ["news"]
    assert (gained.lost_right, gained.lost_wrong) == ((), ())
    assert (gained.new.flagged, gained.new.hits, gained.old.flagged) == (2, 1, 0)
    lost = compare_labelled(examples, eager, blind)
    assert [one.id for one in lost.lost_wrong] == ["leak"]
    assert [one.id for one in lost.lost_right] == ["news"]
    assert labelled_as_json(lost)["lost"] == {"right": ["news"], "wrong": ["leak"]}
    said = "\n".join(labelled_lines(lost))
    assert "少标错（漏掉） 1 段" in said
    same = compare_labelled(examples, eager, eager)
    assert (same.gained_right, same.lost_wrong) == ((), ())


def test_one_file_is_read_like_a_folder_of_one(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    line = {
        "id": "a",
        "text": _NEWS,
        "label": "public",
        "category": None,
        "tier": None,
        "clauses": [],
        "overt": False,
        "family": "a",
    }
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n\n", "utf-8")
    (one,) = read_corpus_file(path)
    assert (one.id, one.sensitive) == ("a", False)
