"""The Chinese words of reports, in one place."""

from collections.abc import Mapping
from typing import Final

from review.detect.interface import Level, Severity, Tier
from review.pipeline import Verdict
from review.spans import PART_WORDS, Location

VERDICTS: Final[Mapping[Verdict, str]] = {
    "blocked": "不得发布",
    "needs_review": "需要人工审查",
    "clear": "机检未发现疑点",
}
SEVERITIES: Final[Mapping[Severity, str]] = {
    "block": "不得公开",
    "review": "需处置",
    "notice": "提示",
}
GRAVEST_FIRST: Final[Mapping[Severity, int]] = {"block": 0, "review": 1, "notice": 2}
TIERS: Final[Mapping[Tier, str]] = {
    "state": "国家秘密",
    "work": "工作秘密",
    "internal": "内部件",
    "privacy": "个人隐私",
    "business": "商业秘密",
}
LEVELS: Final[Mapping[Level, str]] = {
    "top_secret": "绝密",
    "secret": "机密",
    "confidential": "秘密",
}
DISCLAIMER: Final = "机检只作提示，不代替人工审查；“机检未发现疑点”不等于可以公开。"


def place(where: Location) -> str:
    """Return where something stands, as a reviewer would say it."""
    return "".join([*_document(where), _part(where), *_inside(where)])


def excerpt(text: str, most: int) -> str:
    """Return a text on one line, cut after so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"


def _document(where: Location) -> list[str]:
    """Return the file inside the file, the page, the sheet."""
    parts = [f"《{where.path}》"] if where.path else []
    parts += [f"第{where.page}页"] if where.page is not None else []
    return parts + ([f"工作表“{where.sheet}”"] if where.sheet is not None else [])


def _part(where: Location) -> str:
    if where.part == "sheet" and where.sheet is not None:
        return ""
    if where.part == "table" and where.table is not None:
        return f"表{where.table}"
    return PART_WORDS[where.part]


def _inside(where: Location) -> list[str]:
    """Return the row or paragraph, and the cell."""
    parts: list[str] = []
    if where.row is not None:
        parts.append(f"第{where.row}行")
    elif where.paragraph is not None:
        parts.append(f"第{where.paragraph}段")
    return parts + ([f"{where.cell}格"] if where.cell is not None else [])
