"""The words of the pages on the lexicons."""

from collections.abc import Mapping
from typing import Any, Final

from review.detect.category_names import CATEGORY_NAMES
from review.detect.detector_names import DETECTORS, DetectorTraits
from review.detect.lexicon_words import FIELD_NAMES, choices_of, value_name
from review.report.pattern_words import in_words
from review.service.lexicons.book import Origin
from review.service.lexicons.preview import How
from review.spans import PART_WORDS
from review.upkeep.lexicons import STATES, VersionState

__all__ = ["FIELD_NAMES", "STATES", "choices_of", "in_words", "value_name"]

ORIGINS: Final[Mapping[Origin, str]] = {
    "shipped": "随附词库",
    "folder": "词库目录",
    "office": "本单位词库",
}
ORIGIN_TONES: Final[Mapping[Origin, str]] = {
    "shipped": "",
    "folder": "doubt",
    "office": "good",
}
STATE_TONES: Final[Mapping[VersionState, str]] = {
    "proposed": "warn",
    "active": "good",
    "rejected": "bad",
    "retired": "",
}
HOWS: Final[Mapping[How, str]] = {
    "added": "新增",
    "removed": "去掉",
    "changed": "改动",
}
HOW_TONES: Final[Mapping[How, str]] = {
    "added": "good",
    "removed": "bad",
    "changed": "warn",
}
# As `review.detect.lexicon_diff.Group` names what a file holds.
GROUPS: Final[Mapping[str, str]] = {
    "rule": "规则",
    "context": "共用词表",
    "kind": "文种",
    "regulations": "制度",
}
EXPECTED: Final[Mapping[str, str]] = {"flagged": "应标出", "passing": "应放过"}


def rule_name(rule: str, labels: Mapping[str, str]) -> str:
    """Return how people call a rule; `labels` are those of the lexicons' own."""
    kind, _, name = rule.partition("/")
    if kind == "classifier":
        categories: Mapping[Any, str] = CATEGORY_NAMES
        return f"分类模型（{categories.get(name, '其他')}）"
    if kind == "hidden":
        parts: Mapping[Any, str] = PART_WORDS
        return f"隐藏内容（{parts.get(name, '其他')}）"
    if kind == "kinds":
        return f"文种（{name}）"
    others: Mapping[Any, DetectorTraits] = DETECTORS
    return labels.get(rule) or (others[kind].word if kind in others else rule)


def points(weight: float) -> str:
    """Return a weight that is not the usual 1, as the spreadsheet writes it."""
    return "" if weight == 1 else f"*{weight:g}"
