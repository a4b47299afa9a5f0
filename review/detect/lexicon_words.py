"""The Chinese names of what a rule file holds, for people who know no YAML.

The spreadsheet's columns, the comparison of two lexicons and the messages
about both use these names; the files themselves keep the English ones.
"""

from collections.abc import Mapping
from typing import Final

import regex

from review.detect.category_names import CATEGORY_NAMES

FIELD_NAMES: Final[Mapping[str, str]] = {
    "clause": "条款",
    "item": "项",
    "also": "又见条款",
    "label": "标签",
    "category": "类别",
    "tier": "层级",
    "level": "密级",
    "status": "启用状态",
    "severity": "严重程度",
    "releasable_when": "何时可公开",
    "because": "理由",
    "suggestion": "建议",
    "terms": "词语",
    "shields": "无害长词",
    "disclosure.uses": "状态词表",
    "disclosure.status": "状态词",
    "disclosure.content": "内容句式",
    "mention.uses": "放过词表",
    "mention.words": "放过词",
    "mention.patterns": "放过句式",
    "examples.flagged": "应标出例文",
    "examples.passing": "应放过例文",
    "added": "加入日期",
    # shared lists, kinds and regulations
    "name": "词表名",
    "side": "词表用途",
    "about": "说明",
    "words": "词语",
    "patterns": "句式",
    "kind": "文种",
    "titles": "标题写法",
    "formulae": "套语句式",
    "against": "反证句式",
    "clauses": "条款",
    "regulations": "制度",
    "number": "编号",
    "id": "目录名",
    "title": "名称",
    "items": "细项",
}

# For each field with fixed values: the code, and the words for it, first the usual one.
CHOICES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "tier": {
        "state": ("国家秘密",),
        "work": ("工作秘密",),
        "internal": ("内部件", "内部事项", "内部信息", "内部"),
        "privacy": ("个人隐私", "隐私"),
        "business": ("商业秘密",),
    },
    "level": {
        "top_secret": ("绝密", "绝密级"),
        "secret": ("机密", "机密级"),
        "confidential": ("秘密", "秘密级"),
    },
    "severity": {
        "block": ("不得公开", "阻断"),
        "review": ("需处置", "需审查"),
        "notice": ("提示",),
    },
    "status": {
        "draft": ("草稿",),
        "active": ("启用",),
        "retired": ("停用",),
    },
    "side": {
        "disclosure": ("状态词",),
        "mention": ("放过词",),
        "shield": ("无害长词",),
    },
    "category": {code: (name,) for code, name in CATEGORY_NAMES.items()},
}
_SHORT_CATEGORIES: Final[Mapping[str, str]] = {
    "密级标志": "marking",
    "涉密件": "marking",
    "干部": "personnel",
    "人事": "personnel",
    "财务": "finance",
    "审计": "finance",
    "案件": "discipline",
    "处分": "discipline",
    "维稳": "stability",
    "外事": "foreign",
    "工会": "union_youth",
    "团务": "union_youth",
    "共青团": "union_youth",
    "采购": "procurement",
    "招标": "procurement",
    "网络安全": "itsec",
    "计划": "plans",
    "统计": "plans",
    "隐私": "privacy",
    "统战": "unitedfront",
    "来往公文": "upstream",
    "上级文件": "upstream",
    "资产": "assets",
    "领导活动": "visit",
    "外宾活动": "visit",
}
_KEYS: Final = regex.compile(r"\[([^\]]+)\]")


def code_of(field: str, text: str) -> str | None:
    """Return the code that `text`, Chinese or English, means in `field`."""
    wanted = text.strip().casefold()
    for code, names in CHOICES[field].items():
        if wanted == code or wanted in names:
            return code
    return _SHORT_CATEGORIES.get(wanted) if field == "category" else None


def choices_of(field: str) -> tuple[str, ...]:
    """Return the usual Chinese word of each value of `field`."""
    return tuple(names[0] for names in CHOICES[field].values())


def value_name(field: str, value: str) -> str:
    """Return a value as people say it; what is no code stays as it is."""
    names = CHOICES.get(field, {}).get(value)
    return names[0] if names else value


def field_name(field: str) -> str:
    """Return the Chinese name of a dotted field; keys in brackets go before it."""
    keys = _KEYS.findall(field)
    plain = _KEYS.sub("", field)
    leaf = plain.rsplit(".", maxsplit=1)[-1]
    name = FIELD_NAMES.get(plain) or FIELD_NAMES.get(leaf, leaf)
    return f"{keys[-1]} {name}" if keys else name
