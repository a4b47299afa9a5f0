"""An invented rule of an office's own, as YAML, as a spreadsheet and as an edit."""

import io
from typing import Any, Final

from openpyxl import Workbook

from review.detect.lexicon_edit import Edit, Word
from review.service.lexicons.proposal import Wanted

NAME: Final = "xishuangbanna-college/12-15-砚湖赛题.yaml"
RULE: Final = NAME.removesuffix(".yaml")
SHIPPED: Final = "xishuangbanna-college/12-15-启用前试题"
# What the shipped lexicons pass and the invented rule flags.
DRAFT: Final = (
    "学院筹备砚湖杯\n学院砚湖杯组委会昨日在图书馆碰头，砚湖题样启用之前由专人看管。\n"
)
_ROW: Final[dict[str, Any]] = {
    "条款": "001:12(15)",
    "标签": "砚湖赛题",
    "类别": "考试",
    "层级": "工作秘密",
    "理由": "启用前的赛题只限命题人员知悉",
    "建议": "删去赛题后再发布",
    "词语": "砚湖题样、砚湖评分点",
    "状态词": "启用之前；赛前",
    "应标出例文": (
        "砚湖题样启用之前不得外传。\n砚湖评分点赛前核对。\n赛前先看砚湖题样。"
    ),
    "应放过例文": "砚湖题样已经归档。\n图书馆举办讲座。\n请遵守赛场纪律。",
}


def rule(term: str = "砚湖题样") -> bytes:
    """Return the rule as a file; another term makes its examples come out wrong."""
    return f"""\
clause: "001:12(15)"
label: 砚湖赛题
category: exam
tier: work
because: 启用前的赛题只限命题人员知悉
suggestion: 删去赛题后再发布
terms: [{{text: {term}, weight: 2}}, 砚湖评分点]
disclosure:
  status: [启用之前, 赛前]
examples:
  flagged: [砚湖题样启用之前不得外传。, 砚湖评分点赛前核对。, 赛前先看砚湖题样。]
  passing: [砚湖评分点已经归档。, 图书馆举办讲座。, 请遵守赛场纪律。]
added: 2026-11-22
""".encode()


def wanted(data: bytes | None = None, name: str = NAME) -> Wanted:
    """Return a change that lays one file over."""
    return Wanted(files=((name, rule() if data is None else data),))


def added(*words: str, rule_id: str = SHIPPED) -> Wanted:
    """Return a change that adds terms to a rule."""
    terms = tuple(Word(text=one) for one in words)
    return Wanted(edits=(Edit(rule=rule_id, action="add", words=terms),))


def spreadsheet(**changes: Any) -> bytes:
    """Return the rule as an office would fill it in."""
    row = {**_ROW, **changes}
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(row))
    sheet.append(list(row.values()))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
