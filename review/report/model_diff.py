"""Two classifiers side by side, as lines in Chinese and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from review.detect.corpus import Example
from review.detect.model_diff import Figure, LabelledDiff, ModelDiff, ReadModel, Tally
from review.report import words

_DIGITS: Final = 12
_EXCERPT: Final = 60
_PLACES: Final = 4
_WHERE: Final[Mapping[str, str]] = {
    "held_out": "交叉验证",
    "background": "已公开发布的文字",
    "own": "本单位样本",
    "drafts": "语料里的整稿",
}
_NAMES: Final[Mapping[str, str]] = {
    "passages": "段数",
    "disclosures": "不宜公开段数",
    "covert_disclosures": "不含清单用词的段数",
    "families": "写作族数",
    "average_precision": "平均精度 AP",
    "roc_auc": "ROC AUC",
    "alone_point": "复核点（单独一段）",
    "review_point": "复核点",
    "block_point": "阻断点",
    "precision": "精确率",
    "recall": "召回率",
    "covert_recall": "不含清单用词的召回率",
    "false_flag_rate": "误报率",
    "leaking_flagged": "有泄露的整稿被标出",
    "clean_flagged": "没有泄露的整稿被误标",
}
_MADE_FROM: Final[Mapping[str, str]] = {
    "corpus": "随附语料",
    "lexicons": "词库",
    "background": "已公开发布的文字",
    "own": "本单位样本",
}


def model_lines(diff: ModelDiff) -> Iterator[str]:
    """Yield both models: what they are, their figures, what makes these incomparable."""
    yield f"现用模型 {_named(diff.old)}"
    yield f"候选模型 {_named(diff.new)}"
    if diff.equal:
        yield "两个模型完全相同"
        return
    for one in diff.figures:
        mark = "" if one.old == one.new else "  *"
        yield f"  {figure_name(one.name)}：{_number(one.old)} → {_number(one.new)}{mark}"
    if diff.differs:
        made = "、".join(_MADE_FROM[one] for one in diff.differs)
        yield f"训练所用的{made}不同：成绩各自来自训练数据，只作参考，以下面或实际稿件上的比较为准。"


def _named(model: ReadModel) -> str:
    own = model.manifest.get("own")
    extra = f"（含本单位样本 {own['passages']} 段）" if own else ""
    return f"{model.digest[:_DIGITS]}{extra}"


def figure_name(name: str) -> str:
    """Return a figure's name in Chinese; one that is not known stays as it is."""
    where, _, last = name.rpartition(".")
    said = _NAMES.get(last, last)
    if not where:
        return said
    return "".join(f"{_WHERE.get(one, one)}·" for one in where.split(".")) + said


def _number(value: float | None) -> str:
    return "（无）" if value is None else f"{round(value, _PLACES):g}"


def labelled_lines(diff: LabelledDiff) -> Iterator[str]:
    """Yield what labelled passages the new model gains and loses, right and wrong."""
    yield (
        f"标注样本 {diff.passages} 段，不宜公开 {diff.disclosures} 段；"
        f"现用模型标出 {_tally(diff.old)}，候选模型标出 {_tally(diff.new)}"
    )
    for title, found in (
        ("多标对", diff.gained_right),
        ("多标错", diff.gained_wrong),
        ("少标对（不再误标）", diff.lost_right),
        ("少标错（漏掉）", diff.lost_wrong),
    ):
        yield f"{title} {len(found)} 段"
        yield from (
            f"    {one.id} “{words.excerpt(one.text, _EXCERPT)}”" for one in found
        )


def _tally(one: Tally) -> str:
    return f"{one.flagged} 段（对 {one.hits} 段，错 {one.flagged - one.hits} 段）"


def model_diff_as_json(diff: ModelDiff) -> dict[str, Any]:
    """Return the comparison, ready for `json.dumps`."""
    return {
        "equal": diff.equal,
        "old": diff.old.digest,
        "new": diff.new.digest,
        "figures": [_figure(one) for one in diff.figures],
        "made_otherwise": list(diff.differs),
    }


def _figure(one: Figure) -> dict[str, Any]:
    return {"figure": one.name, "old": one.old, "new": one.new}


def labelled_as_json(diff: LabelledDiff) -> dict[str, Any]:
    """Return what labelled passages are gained and lost, by id."""
    return {
        "passages": diff.passages,
        "disclosures": diff.disclosures,
        "old": {"flagged": diff.old.flagged, "hits": diff.old.hits},
        "new": {"flagged": diff.new.flagged, "hits": diff.new.hits},
        "gained": {"right": _ids(diff.gained_right), "wrong": _ids(diff.gained_wrong)},
        "lost": {"right": _ids(diff.lost_right), "wrong": _ids(diff.lost_wrong)},
    }


def _ids(examples: Sequence[Example]) -> list[str]:
    return [one.id for one in examples]
