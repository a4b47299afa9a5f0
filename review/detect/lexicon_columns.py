"""The columns of the spreadsheet in which an office writes its rules.

A column knows its field, how its text becomes a value, and what the people
who fill it in are told. Texts come as people type them: words separated by
、 ， ； or line breaks, a weight as 词语*2, examples one a line.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import regex

from review.detect.lexicon_words import FIELD_NAMES, choices_of, code_of
from review.detect.rule_file import MOST_WEIGHT

Parse: TypeAlias = Callable[[str], Any]

EXAMPLE_MARK: Final = "示例"
FILE_NAME: Final = "file_name"
_BETWEEN_WORDS: Final = regex.compile(r"[、，；,;\n\r]+")
_WEIGHED: Final = regex.compile(
    r"(?P<text>.*?)\s*[*\uff0a×]\s*(?P<weight>[^*\uff0a×]*)", regex.DOTALL
)
_PARTS: Final = "##"
_MOST_PARTS: Final = 4


class CellError(ValueError):
    """Say in Chinese why a cell's text has no value."""


def as_text(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


def as_clause(text: str) -> str:
    """Return a clause in half-width characters, as reports cite it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def as_number(text: str) -> int:
    """Return a whole number.

    Raises:
        CellError: It is none.
    """
    folded = unicodedata.normalize("NFKC", text)
    if not folded.isdecimal():
        raise CellError(f"应为整数，不能是“{text}”")
    return int(folded)


def as_strings(text: str) -> list[str]:
    """Return words without weights.

    Raises:
        CellError: A word stands there twice.
    """
    return _once([one.strip() for one in _BETWEEN_WORDS.split(text) if one.strip()])


def as_clauses(text: str) -> list[str]:
    """Return several clauses.

    Raises:
        CellError: A clause stands there twice.
    """
    return _once([as_clause(one) for one in as_strings(text)])


def as_words(text: str) -> list[dict[str, Any]]:
    """Return words with their weights; a plain word weighs 1.

    Raises:
        CellError: A weight is no number, or a word stands there twice.
    """
    words = _each(as_strings(text), _word)
    _once([str(word["text"]) for word in words])
    return words


def _word(text: str) -> dict[str, Any]:
    weighed = _WEIGHED.fullmatch(text)
    if weighed is None:
        return {"text": text, "weight": 1.0}
    if not weighed["text"]:
        raise CellError(f"“{text}”的星号前面缺少词语")
    return {"text": weighed["text"], "weight": _weight(weighed["weight"], text)}


def _weight(number: str, text: str) -> float:
    try:
        weight = float(number)
    except ValueError as error:
        raise CellError(f"“{text}”的分值应为数字，例如：试题*2") from error
    if not 0 < weight <= MOST_WEIGHT:
        raise CellError(f"“{text}”的分值应大于 0、不大于 {MOST_WEIGHT:g}")
    return weight


def as_lines(text: str) -> list[str]:
    """Return the lines that are not empty.

    Raises:
        CellError: A line stands there twice.
    """
    return _once([line.strip() for line in text.splitlines() if line.strip()])


def as_patterns(text: str) -> list[dict[str, Any]]:
    """Return patterns, one a line: 句式 ## 锚词、锚词 ## 分值 ## 说明.

    Raises:
        CellError: A pattern is wrong; the message quotes it.
    """
    return _each(as_lines(text), _pattern)


def _pattern(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split(_PARTS)]
    if len(parts) > _MOST_PARTS:
        raise CellError(f"“{line}”的 ## 太多，应为：句式 ## 锚词 ## 分值 ## 说明")
    pattern, anchors, weight, why = (*parts, *[""] * (_MOST_PARTS - len(parts)))
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise CellError(f"正则表达式“{pattern}”写错了（{error}）") from error
    return {
        "pattern": pattern,
        "anchors": as_strings(anchors),
        "weight": _weight(weight, line) if weight else 1.0,
        "why": why,
    }


def _each(entries: list[str], parse: Parse) -> list[dict[str, Any]]:
    """Parse every entry; what is wrong in several of them is said together."""
    values: list[dict[str, Any]] = []
    wrong: list[str] = []
    for entry in entries:
        try:
            values.append(parse(entry))
        except CellError as error:
            wrong.append(str(error))
    if wrong:
        raise CellError("；".join(wrong))
    return values


def _once(entries: list[str]) -> list[str]:
    twice = [one for one in dict.fromkeys(entries) if entries.count(one) > 1]
    if twice:
        raise CellError(f"重复：{'、'.join(twice)}")
    return entries


def as_code(field: str) -> Parse:
    """Return what reads one of the fixed values of `field`, Chinese or English."""

    def parse(text: str) -> str:
        code = code_of(field, text)
        if code is None:
            raise CellError(
                f"“{text.strip()}”不在可选范围之内，应为：{'、'.join(choices_of(field))}"
            )
        return code

    return parse


def as_file_name(text: str) -> str:
    """Return a file name without folders and ending.

    Raises:
        CellError: It could lead out of its folder.
    """
    name = as_text(text).removesuffix(".yaml")
    if not name or name.startswith(".") or regex.search(r'[/\\:*?"<>|]', name):
        raise CellError(f"“{text}”不能作文件名，请只用文字、数字、点和连字符")
    return name


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field, how it is read, what is said about it.

    `example` is the template's example row; together they make a good rule.
    """

    field: str
    parse: Parse
    about: str
    example: str
    required: bool = False

    @property
    def name(self) -> str:
        """Return the header, in Chinese."""
        return "文件名" if self.field == FILE_NAME else FIELD_NAMES[self.field]


COLUMNS: Final = (
    Column(
        "clause",
        as_clause,
        "制度编号:条(项)，照条款清单的写法；以“示例”开头的行不导入",
        f"{EXAMPLE_MARK} 001:12(15)",
        required=True,
    ),
    Column(
        "item",
        as_number,
        "条款的细项本身没有编号时，填它是第几项；否则留空",
        "",
    ),
    Column(
        "also",
        as_clauses,
        "别的制度里列有同一事项的条款，可填多个",
        "003-12:8(8)",
    ),
    Column(
        "label",
        as_text,
        "事项的名称，用自己的话，2 至 60 字",
        "启用前的技能竞赛试题",
        required=True,
    ),
    Column(
        "category",
        as_code("category"),
        "事项属于哪一类，见下面的可选值",
        "考试",
        required=True,
    ),
    Column(
        "tier",
        as_code("tier"),
        "国家秘密、工作秘密、内部件、个人隐私或商业秘密",
        "工作秘密",
        required=True,
    ),
    Column(
        "level",
        as_code("level"),
        "只有国家秘密才填：绝密、机密或秘密",
        "",
    ),
    Column(
        "severity",
        as_code("severity"),
        "不填就是“需处置”",
        "需处置",
    ),
    Column(
        "releasable_when",
        as_text,
        "同样的内容什么时候可以公开；永不公开则留空",
        "竞赛结束之后",
    ),
    Column(
        "because",
        as_text,
        "为什么不宜公开，一句话，6 至 120 字，审查人会看到",
        "竞赛启用前的赛题和评分点只限命题人员知悉",
        required=True,
    ),
    Column(
        "suggestion",
        as_text,
        "怎么处理，一句话，4 至 120 字",
        "删去赛题和评分点，竞赛结束后再发布",
        required=True,
    ),
    Column(
        "terms",
        as_words,
        "点明事项的词，用 、，； 或换行隔开；单独出现只算提到（1 分），"
        "单凭自己就算泄露的写成 词语*2",
        "赛题、竞赛试题、评分点、赛题原件*2",
        required=True,
    ),
    Column(
        "shields",
        as_strings,
        "含有上述词语但无害的长词，例如“赛题库建设”",
        "赛题库建设、赛题讲评",
    ),
    Column(
        "disclosure.status",
        as_words,
        "说明“还没有公开”的词；词语加状态词够 2 分就会标出",
        "赛前、尚未开赛、启用前",
    ),
    Column(
        "disclosure.uses",
        as_strings,
        "共用的状态词表，填表名，见下面的清单",
        "unpublished",
    ),
    Column(
        "disclosure.content",
        as_patterns,
        "懂正则表达式的人填，一行一条：句式 ## 锚词、锚词 ## 分值 ## 说明",
        "第[一二三四五六七八九十0-9]{1,3}题.{0,12}选[A-D] ## 题 ## 2 ## 写出了题目的答案",
    ),
    Column(
        "mention.words",
        as_words,
        "说明“只是提到”的词，出现就减分；可写 词语*2",
        "赛场纪律、已结束*2、往届*2",
    ),
    Column(
        "mention.uses",
        as_strings,
        "共用的放过词表，填表名，见下面的清单",
        "news、education",
    ),
    Column(
        "mention.patterns",
        as_patterns,
        "懂正则表达式的人填，写法同“内容句式”",
        "",
    ),
    Column(
        "examples.flagged",
        as_lines,
        "应当标出的例文，一行一条，至少 3 条，全部虚构",
        "明天开赛，赛前再发一遍赛题，请各队教练核对。\n评分点尚未开赛不要外传："
        "漏装垫片扣两分。\n这份赛题原件先存在群里。",
        required=True,
    ),
    Column(
        "examples.passing",
        as_lines,
        "提到事项但应当放过的例文，一行一条，至少 3 条，全部虚构",
        "学院召开命题工作会，要求赛题由双人保管。\n往届赛题讲评课在实训楼举行。\n"
        "请各代表队遵守赛场纪律。",
        required=True,
    ),
    Column(
        "status",
        as_code("status"),
        "启用（不填就是启用）、草稿或停用；草稿和停用的规则不起作用",
        "启用",
    ),
    Column(
        "added",
        as_text,
        "像 2026-11-22；不填就用表格最后保存的日期",
        "",
    ),
    Column(
        FILE_NAME,
        as_file_name,
        "规则文件的名称；不填就用条款加标签",
        "",
    ),
)
BY_NAME: Final[Mapping[str, Column]] = {one.name: one for one in COLUMNS}
BY_FIELD: Final[Mapping[str, Column]] = {one.field: one for one in COLUMNS}
