"""Rosters: a table, or a run of lines, that sets names beside private facts.

One finding a table, with its row count. Columns tell by their heading or
by what stands in them; masked columns do not count, and a table of names
with results that are published by due process (award, admission) passes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import regex

from review.detect.identifiers import Identifier, find_identifiers
from review.detect.interface import Category, Detection, Finding, Tier
from review.normalize.interface import NormalizedText, Passage
from review.spans import Span

_FEWEST_ROWS: Final = 2
_DIGITS_OF_THREE: Final = 33


@dataclass(frozen=True, slots=True)
class _Column:
    """A kind of private column, and the clause that lists such rosters."""

    name: str
    heading: regex.Pattern[str]
    category: Category
    tier: Tier
    clauses: tuple[str, ...]
    score: float


def _column(  # noqa: PLR0913, PLR0917 - one line of the table below
    name: str,
    heading: str,
    category: Category,
    tier: Tier,
    clauses: tuple[str, ...],
    score: float,
) -> _Column:
    return _Column(name, regex.compile(heading), category, tier, clauses, score)


_PRIVATE: Final = ("001:51(2)",)
_NAME: Final = regex.compile(
    r"^(?:学生|考生|教师|职工|党员|团员|会员|户主|监护人|申请人|受助人)?(?:姓名|名字|姓\s?名)$|^人员$|^姓名[(/]"
)
_COLUMNS: Final[tuple[_Column, ...]] = (
    _column(
        "证件号", r"身份证|证件号|证号$|护照", "privacy", "privacy", _PRIVATE, 0.96
    ),
    _column(
        "手机号",
        r"手机|联系电话|联系方式|电话号?码?$|移动电话|家长电话",
        "privacy",
        "privacy",
        _PRIVATE,
        0.88,
    ),
    _column(
        "银行卡号", r"卡号|银行账号|帐号|收款账号", "privacy", "privacy", _PRIVATE, 0.95
    ),
    _column(
        "住址",
        r"家庭(?:住|地)址|住址|详细地址|户籍地址",
        "privacy",
        "privacy",
        _PRIVATE,
        0.88,
    ),
    _column(
        "健康",
        r"病|诊断|健康|残疾|体检|心理|测评|用药|孕|传染|血型|过敏",
        "privacy",
        "privacy",
        ("001:51(2)", "000:11"),
        0.93,
    ),
    _column(
        "贫困资助",
        r"贫困|低保|困难|家庭(?:情况|年收入|收入|人口)|建档|资助(?:档次|等级)|致贫|单亲|孤儿",
        "student",
        "privacy",
        ("000:11", "001:51(2)"),
        0.85,
    ),
    _column(
        "处分",
        r"处分|违纪|违规(?:情况|事实)|处理意见|旷课|作弊|记过",
        "discipline",
        "work",
        ("000:11", "001:12(12)"),
        0.87,
    ),
    _column(
        "成绩排名",
        r"^(?:卷面|原始|平时|期末|总|笔试|面试|综合)?(?:成绩|得分|分数|总评)$|排名|名次|[绩]点|语文|数学|英语",
        "student",
        "work",
        ("000:10",),
        0.74,
    ),
    _column(
        "票数评价",
        r"得票|票数|测评(?:结果|得分)|优秀票|称职|推荐票|考察|评语",
        "personnel",
        "work",
        ("001:12(12)", "003-2:4(5)"),
        0.86,
    ),
    _column(
        "工资津贴",
        r"工资|津贴|绩效|酬金|补发|实发|应发|奖金",
        "finance",
        "work",
        ("001:12(13)", "001:51(2)"),
        0.76,
    ),
    _column(
        "宗教民族", r"信教|宗教|信仰", "unitedfront", "work", ("001:12(17)",), 0.86
    ),
    _column(
        "家庭成员",
        r"父亲|母亲|监护人|配偶|家长姓名",
        "privacy",
        "privacy",
        ("001:51(2)", "000:10"),
        0.82,
    ),
)
_LAWFUL: Final = regex.compile(
    r"录用公示|拟录用|拟聘用|获奖|表彰|优秀|立项|结果公布|成绩公告|中标|成交|任前公示|入围|合格人员|资格复审|录取名单|当选|参赛|志愿者|节目单"
)
_BY_RESULT: Final = frozenset({"成绩排名", "票数评价", "工资津贴"})
_HAN_NAME: Final = regex.compile(
    r"^[\u4e00-\u9fff·]{2,4}$|^[\u4e00-\u9fff]\s{1,2}[\u4e00-\u9fff]$|^[\u4e00-\u9fff]{1,2}[*×某]{1,2}[\u4e00-\u9fff]?$"
)


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[Passage, ...]
    header: tuple[str, ...]
    body: tuple[Passage, ...]


class RosterDetector:
    """Rosters in tables and in running lists."""

    def detect(self, text: NormalizedText) -> Detection:
        """Report each roster once, with its row count."""
        findings = [
            finding
            for table in _tables(text.passages)
            for finding in _in_table(table, text.title)
        ]
        findings += [
            finding
            for passage in text.passages
            if not passage.cells
            for finding in _in_lines(passage)
        ]
        return Detection(tuple(findings))


def _tables(passages: Sequence[Passage]) -> Iterable[_Table]:
    rows = [passage for passage in passages if passage.cells]

    def key(row: Passage) -> tuple[object, ...]:
        where = row.where
        return (
            where.part == "hidden",
            where.path,
            where.sheet,
            where.page,
            where.table,
        )

    for _, group in groupby(rows, key=key):
        members = tuple(group)
        if len(members) >= _FEWEST_ROWS:
            yield _split(members)


def _split(rows: tuple[Passage, ...]) -> _Table:
    """Take the first row that names columns as the header, within four rows."""
    for number, row in enumerate(rows[:4]):
        cells = _cells(row)
        if any(_NAME.search(cell) for cell in cells):
            return _Table(rows, cells, rows[number + 1 :])
    return _Table(rows, (), rows)


def _cells(row: Passage) -> tuple[str, ...]:
    """Return the folded cells; folding keeps the tabs between them."""
    return tuple(cell.strip().replace(" ", "") for cell in row.text.split("\t"))


def _in_table(table: _Table, title: str) -> list[Finding]:
    if len(table.body) < 1 or not _has_names(table):
        return []
    columns = _private_columns(table)
    heading = f"{title}{table.rows[0].heading}{table.rows[0].text}"
    if (
        columns
        and _LAWFUL.search(heading)
        and all(one.name in _BY_RESULT for one in columns)
    ):
        return []
    return [_finding(columns, table.rows[0], len(table.body))] if columns else []


def _has_names(table: _Table) -> bool:
    if any(_NAME.search(cell) for cell in table.header):
        return True
    rows = [_cells(row) for row in table.body]
    named = sum(any(_HAN_NAME.match(cell) for cell in row) for row in rows)
    return named * 2 >= len(rows) and len(rows) >= _FEWEST_ROWS


def _private_columns(table: _Table) -> list[_Column]:
    by_heading = [
        column
        for column in _COLUMNS
        if any(column.heading.search(cell) for cell in table.header)
        and not _masked(table, column)
    ]
    names = {column.name for column in by_heading}
    by_content = [
        column
        for column in _COLUMNS[:3]
        if column.name not in names and _filled_with(table, column)
    ]
    return by_heading + by_content


_KIND_OF: Final[Mapping[str, str]] = {
    "证件号": "id_card",
    "手机号": "mobile",
    "银行卡号": "bank_card",
}


def _filled_with(table: _Table, column: _Column) -> bool:
    return sum(bool(_unmasked(row.text, column)) for row in table.body) >= _FEWEST_ROWS


def _masked(table: _Table, column: _Column) -> bool:
    """Tell whether a number column is masked throughout, or empty."""
    if column.name not in _KIND_OF:
        return False
    if any(_unmasked(row.text, column) for row in table.body):
        return False
    filled = any(regex.search(r"[0-9]{4}", row.text) for row in table.body)
    return filled or all(len(set(_cells(row))) <= 2 for row in table.body)  # noqa: PLR2004 - a blank form


def _unmasked(text: str, column: _Column) -> list[Identifier]:
    kind = _KIND_OF[column.name]
    return [
        one for one in find_identifiers(text) if one.kind == kind and not one.masked
    ]


def _in_lines(passage: Passage) -> list[Finding]:
    """Find a roster written as text: several persons, each with a number."""
    if sum(map(passage.text.count, "0123456789")) < _DIGITS_OF_THREE:
        return []
    numbers = [
        one
        for one in find_identifiers(passage.text)
        if one.kind in {"id_card", "mobile", "bank_card"} and not one.masked
    ]
    if len(numbers) <= _FEWEST_ROWS:
        return []
    kinds = {one.kind for one in numbers}
    columns = [column for column in _COLUMNS[:3] if _KIND_OF[column.name] in kinds]
    rows = max(sum(one.kind == kind for one in numbers) for kind in kinds)
    if rows <= _FEWEST_ROWS:
        return []
    return [_finding(columns, passage, rows)]


def _finding(columns: Sequence[_Column], passage: Passage, rows: int) -> Finding:
    worst = max(columns, key=lambda column: column.score)
    names = "、".join(column.name for column in columns)
    clauses = tuple(
        dict.fromkeys(clause for column in columns for clause in column.clauses)
    )
    return Finding(
        detector="roster",
        rule="roster/table" if passage.cells else "roster/lines",
        category=worst.category,
        tier=worst.tier,
        severity="review",
        score=min(0.99, worst.score + 0.01 * (len(columns) - 1)),
        reason=f"名册：把姓名与{names}列在一起，共 {rows} 行",
        clauses=clauses,
        passage=passage.index,
        span=Span(0, len(passage.source)),
        text=passage.source,
        where=passage.where,
        hidden=passage.hidden,
        releasable_when=None,
        suggestion=f"删去{names}列，只保留依法应当公布的内容；证件号、手机号、卡号须遮挡",
        weighed=tuple(column.name for column in columns),
    )
