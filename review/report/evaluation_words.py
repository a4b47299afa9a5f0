"""The Chinese words of an evaluation, on the terminal and on its page."""

from collections.abc import Mapping
from typing import Any, Final

from review.detect.category_names import CATEGORY_NAMES
from review.report.words import TIERS

METHODS: Final[Mapping[str, str]] = {
    "both": "词库＋分类",
    "rules": "仅规则",
    "classifier": "仅分类",
    "keywords": "关键词对照",
}
FIGURES: Final[Mapping[str, str]] = {
    "precision": "精确率",
    "recall": "召回率",
    "covert_recall": "隐性召回",
    "f1": "F1",
    "f2": "F2",
    "average_precision": "AP",
    "roc_auc": "AUC",
    "false_flag_rate": "误报率",
}
GROUPS: Final[Mapping[str, str]] = {
    "by_category": "按事项类别",
    "by_tier": "按类别（国家秘密等）",
    "by_overt": "按显隐",
    "by_variant": "按变体",
}
POINTS: Final[Mapping[str, str]] = {
    "review": "复核点：机检标出的各段",
    "block": "阻断点：可能性不低于该点的各段",
    "severity_block": "定为“不得公开”的各段",
}
DRAFTS: Final[Mapping[str, str]] = {
    "leaking_flagged": "有泄露的稿件被标出",
    "clean_flagged": "无泄露的稿件被误标",
    "leaking_paragraphs_found": "泄露段落被标出",
    "public_paragraphs_flagged": "可公开段落被误标",
}
MISTAKES: Final[Mapping[str, str]] = {"miss": "漏报", "false_flag": "误报"}
IDENTIFIERS: Final[Mapping[str, str]] = {
    "id_card": "身份证号",
    "mobile": "手机号",
    "bank_card": "银行卡号",
    "uscc": "统一社会信用代码",
    "plate": "车牌号",
    "all": "合计",
}
_NAMES: Final[Mapping[str, str]] = {
    **CATEGORY_NAMES,
    **{str(tier): name for tier, name in TIERS.items()},
    "overt": "显性",
    "covert": "隐性",
    "plain": "原样",
    "obfuscated": "变形",
    "identifier": "含号码",
}


def name_of(group: str) -> str:
    """Return the Chinese name of a category, tier, variant; else what was given."""
    return _NAMES.get(group, group)


def labels_of(mistake: Mapping[str, Any]) -> list[str]:
    """Return what the label says of a mistake's passage, a few words each."""
    way = "overt" if mistake["overt"] else "covert"
    named = [mistake["category"], mistake["tier"], way]
    if mistake["variant"] != "plain":
        named.append(mistake["variant"])
    return [name_of(one) for one in named if one]


def found_by(finding: Mapping[str, Any]) -> str:
    """Return the rule that found something, or that the classifier did."""
    model = finding["detector"] == "classifier"
    return "分类模型" if model else str(finding["rule"])
