"""A spreadsheet becomes rule files, or every cell at fault is named."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from review.detect.category_names import CATEGORY_NAMES
from review.detect.lexicon import Lexicon, load_lexicon
from review.detect.lexicon_columns import COLUMNS, EXAMPLE_MARK
from review.detect.lexicon_import import (
    Import,
    failures_of,
    read_rules,
    rule_as_yaml,
    write_rules,
)
from review.detect.lexicon_template import HELP_SHEET, RULES_SHEET, write_template
from review.detect.lexicon_words import CHOICES, FIELD_NAMES, code_of
from review.detect.rule_file import ScopeFile
from review.errors import UsageError
from review.normalize.segment import Segmenter
from review.report import words
from review.resources import lexicons_folder

_NAME = "xishuangbanna-college/12-15-启用前的竞赛试题.yaml"
_GOOD: dict[str, Any] = {
    "条款": "001:12(15)",
    "标签": "启用前的竞赛试题",
    "类别": "考试",
    "层级": "工作秘密",
    "理由": "启用前的赛题只限命题人员知悉",
    "建议": "删去赛题后再发布",
    "词语": "砚湖赛题、砚湖评分点，砚湖原件*2",
    "状态词": "尚未开赛；赛前\n开赛之前",
    "放过词": "往届\uff0a2、讲评×1.5",
    "应标出例文": "尚未开赛，先发砚湖赛题。\n砚湖原件在群里。\n赛前核对砚湖评分点。",
    "应放过例文": "砚湖赛题由双人保管。\n往届砚湖赛题讲评。\n请遵守赛场纪律。",
}
_Sheet = Callable[..., Path]


@pytest.fixture(scope="module")
def known() -> Lexicon:
    return load_lexicon(lexicons_folder())


@pytest.fixture
def sheet(tmp_path: Path) -> _Sheet:
    """Return what writes a spreadsheet of rows; the columns are those of the first."""

    def written(*rows: dict[str, Any]) -> Path:
        book = Workbook()
        page = book.worksheets[0]
        page.title = "规则"
        page.append(list(rows[0]))
        for row in rows:
            page.append([row.get(name) for name in rows[0]])
        book.create_sheet("别的").append(["不读这里"])
        path = tmp_path / "规则.xlsx"
        book.save(path)
        return path

    return written


def _messages(found: Import) -> list[str]:
    assert found.rules == ()
    return [one.text for one in found.problems]


def test_a_good_row_becomes_a_rule(sheet: _Sheet, known: Lexicon) -> None:
    found = read_rules(sheet(_GOOD), known, set())
    assert found.problems == ()
    assert found.remarks == ()
    (rule,) = found.rules
    assert (rule.name, rule.row) == (_NAME, 2)
    file = rule.file
    assert (file.category, file.tier, file.severity) == ("exam", "work", "review")
    assert [(one.text, one.weight) for one in file.terms] == [
        ("砚湖赛题", 1),
        ("砚湖评分点", 1),
        ("砚湖原件", 2),
    ]
    assert [one.text for one in file.disclosure.status] == [
        "尚未开赛",
        "赛前",
        "开赛之前",
    ]
    assert [one.weight for one in file.mention.words] == [2, 1.5]
    assert len(file.examples.flagged) == len(file.examples.passing) == 3


def test_english_values_and_every_column_are_taken(
    sheet: _Sheet, known: Lexicon
) -> None:
    row = {
        **_GOOD,
        "条款": "003－12：8（8）",
        "类别": "exam",
        "层级": "state",
        "密级": "机密级",
        "项": 3,
        "又见条款": "001:12(15)、000:10",
        "严重程度": "不得公开",
        "何时可公开": "竞赛之后",
        "无害长词": "砚湖赛题库",
        "状态词表": "unpublished",
        "放过词表": "news，education",
        "内容句式": "第[一二]题选[A-D] ## 题、选 ## 2 ## 写出了答案\n评分点.{0,4}扣分",
        "放过句式": "第.{1,2}届",
        "启用状态": "草稿",
        "加入日期": datetime(2026, 11, 20),  # noqa: DTZ001 - as a cell has it
    }
    (rule,) = read_rules(sheet(row), known, set()).rules
    assert rule.name == "fifteen-office-rules/12-8-8.3-启用前的竞赛试题.yaml"
    file = rule.file
    assert (file.clause, file.item, file.level) == ("003-12:8(8)", 3, "secret")
    assert file.also == ("001:12(15)", "000:10")
    assert (file.severity, file.status) == ("block", "draft")
    assert file.added == "2026-11-20"
    assert file.mention.uses == ("news", "education")
    first, second = file.disclosure.content
    assert (first.anchors, first.weight, first.why) == (("题", "选"), 2, "写出了答案")
    assert (second.anchors, second.weight, second.why) == ((), 1, "")
    assert file.mention.patterns[0].pattern == "第.{1,2}届"


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("条款", None, "必填"),
        ("条款", "第十二条", "写法不对"),
        ("条款", "009:1", "没有编号为“009”的制度"),
        ("条款", time(1, 12), "当成了时间"),
        ("条款", date(2026, 1, 12), "当成了日期"),
        ("标签", "题", "太短，至少 2 个字"),
        ("类别", "考式", "不在可选范围之内，应为：密级标志与涉密件、考试"),
        ("层级", "秘密", "不在可选范围之内"),
        ("密级", "机密", "只有层级是国家秘密的才填密级"),
        ("严重程度", "=1+1", "是公式"),
        ("项", "三", "应为整数"),
        ("项", 0, "不能小于 1"),
        ("理由", "不宜", "太短，至少 6 个字"),
        ("理由", "长" * 121, "太长，至多 120 个字"),
        ("词语", " 、\n", "至少要 1 条，现在 0 条"),
        ("词语", "赛题*二", "“赛题*二”的分值应为数字"),
        ("词语", "赛题*9、甲*x", "不大于 3；“甲*x”的分值应为数字"),
        ("词语", "赛题*0", "应大于 0"),
        ("词语", "赛题*nan", "应大于 0"),
        ("词语", "*2", "星号前面缺少词语"),
        ("词语", "赛题、考题，赛题*2", "重复：赛题"),
        ("词语", f"赛题、{'长' * 61}", "太长，至多 60 个字：长长"),
        ("状态词表", "unheard", "没有叫“unheard”的这种词表"),
        ("状态词表", "news", "没有叫“news”的这种词表"),
        ("内容句式", "(第一题", "正则表达式“(第一题”写错了"),
        ("内容句式", "题 ## 题 ## 2 ## 因为 ## 多", "## 太多"),
        ("应标出例文", "一条\n两条", "至少要 3 条，现在 2 条"),
        ("应放过例文", None, "至少要 3 条，现在 0 条"),
        ("加入日期", "今天", "写法不对，应像 2026-11-22"),
        ("文件名", "../别处", "不能作文件名"),
        ("又见条款", "十二条", "“十二条”写法不对，应像 001:12(15)"),
        ("又见条款", "009:1", "没有编号为“009”的制度"),
    ],
)
def test_a_wrong_cell_is_named_by_sheet_row_and_column(
    sheet: _Sheet, known: Lexicon, column: str, value: object, says: str
) -> None:
    path = sheet({**_GOOD, column: value})
    (message,) = _messages(read_rules(path, known, set()))
    letter = chr(ord("A") + list({**_GOOD, column: value}).index(column))
    assert message.startswith(f"工作表“规则”第 2 行“{column}”列（{letter}2）：")
    assert says in message


def test_all_problems_are_told_at_once_in_order(sheet: _Sheet, known: Lexicon) -> None:
    bad = {**_GOOD, "类别": "考式", "应标出例文": "一条"}
    other = {**_GOOD, "标签": "另一种试题", "层级": None}
    messages = _messages(read_rules(sheet(bad, _GOOD, other), known, set()))
    assert [one.split("：")[0] for one in messages] == [
        "工作表“规则”第 2 行“类别”列（C2）",
        "工作表“规则”第 2 行“应标出例文”列（J2）",
        "工作表“规则”第 4 行“层级”列（D4）",
    ]


def test_the_header_is_checked(sheet: _Sheet, known: Lexicon) -> None:
    row = {name: value for name, value in _GOOD.items() if name != "层级"}
    messages = _messages(read_rules(sheet({**row, "层次": "工作秘密"}), known, set()))
    assert len(messages) == 2
    assert "“层级”列（表头）：缺少这一列" in messages[0] + messages[1]
    assert "“层次”列（K1）：没有这一列" in messages[0] + messages[1]

    path = sheet(_GOOD)
    book = load_workbook(path)
    book.worksheets[0]["L1"] = "标签"
    book.worksheets[0]["N7"] = "随手一记"
    book.save(path)
    first, second = _messages(read_rules(path, known, set()))
    assert "“标签”列（L1）：这一列出现了两次" in first
    assert "第 7 行（N7）：有内容，但这一列没有列名" in second


def test_empty_rows_are_skipped_and_a_sheet_of_none_is_told(
    sheet: _Sheet, known: Lexicon
) -> None:
    empty = dict.fromkeys(_GOOD)
    (rule,) = read_rules(sheet(empty, _GOOD), known, set()).rules
    assert rule.row == 3
    (message,) = _messages(read_rules(sheet(empty), known, set()))
    assert "没有可导入的行" in message


def test_no_file_is_written_twice(sheet: _Sheet, known: Lexicon) -> None:
    (message,) = _messages(read_rules(sheet(_GOOD), known, {_NAME}))
    assert f"已有规则文件 {_NAME}；确要替换请加 --replace" in message
    (message,) = _messages(read_rules(sheet(_GOOD, _GOOD), known, set()))
    assert f"第 3 行“标签”列（B3）：与第 2 行会写成同一个文件 {_NAME}" in message
    named = [{**_GOOD, "文件名": name} for name in ("甲", "乙.yaml")]
    rules = read_rules(sheet(*named), known, set()).rules
    assert [Path(one.name).name for one in rules] == ["甲.yaml", "乙.yaml"]


def test_a_clause_that_is_not_listed_is_remarked(sheet: _Sheet, known: Lexicon) -> None:
    found = read_rules(sheet({**_GOOD, "条款": "001:99"}), known, set())
    assert found.remarks == ("第 2 行：条款 001:99 不在条款清单里，请核对",)
    assert len(found.rules) == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 xls"])
def test_what_is_no_spreadsheet_is_refused(
    tmp_path: Path, known: Lexicon, data: bytes
) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"表\.xlsx 不是能打开的"):
        read_rules(path, known, set())
    with pytest.raises(UsageError, match="找不到文件"):
        read_rules(tmp_path / "没有.xlsx", known, set())


def test_the_file_reads_back_and_reads_well(sheet: _Sheet, known: Lexicon) -> None:
    row = {
        **_GOOD,
        "内容句式": "第[一二]题: *选 # [A-D] ## 题",
        "词语": "是、on、赛题*2",
    }
    (rule,) = read_rules(sheet(row), known, set()).rules
    text = rule_as_yaml(rule.file)
    assert ScopeFile.model_validate(yaml.safe_load(text)) == rule.file
    assert "  status: [尚未开赛, 赛前, 开赛之前]\n" in text
    assert "- {text: 赛题, weight: 2}\n" in text
    assert "  - 尚未开赛，先发砚湖赛题。\n" in text
    assert "null" not in text
    assert "\\u" not in text


def test_written_rules_load_and_their_examples_run(
    sheet: _Sheet, known: Lexicon, segmenter: Segmenter, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    wrong = {
        **_GOOD,
        "标签": "写错例文的试题",
        "应放过例文": "赛前发砚湖赛题。\n砚湖赛题。\n请遵守纪律。",
    }
    rules = read_rules(sheet(_GOOD, wrong), known, set()).rules
    write_rules(rules, own)
    assert sorted(one.name for one in own.rglob("*.*")) == [
        "12-15-写错例文的试题.yaml",
        "12-15-启用前的竞赛试题.yaml",
    ]
    loaded = load_lexicon(lexicons_folder(), own)
    assert len(loaded.scopes) == len(known.scopes) + 2
    (failed,) = failures_of(rules, loaded, segmenter)
    assert failed.rule == rules[1].id
    assert (failed.expected, failed.text) == ("passing", "赛前发砚湖赛题。")


def test_where_one_file_cannot_be_written_none_is(
    sheet: _Sheet, known: Lexicon, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "fire-rescue-school").write_text("no folder", "utf-8")
    rules = read_rules(sheet(_GOOD, {**_GOOD, "条款": "000:6"}), known, set()).rules
    with pytest.raises(UsageError, match="写不进目录"):
        write_rules(rules, own)
    assert list(own.rglob("*.yaml*")) == []


def test_the_template_holds_header_example_and_explanations(
    tmp_path: Path, known: Lexicon, segmenter: Segmenter
) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, known)
    book = load_workbook(path)
    assert book.sheetnames == [RULES_SHEET, HELP_SHEET]
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == [one.name for one in COLUMNS]
    assert all(cell.number_format == "@" for cell in page[3])
    told = {cell.value for row in book[HELP_SHEET].iter_rows() for cell in row}
    assert {one.about for one in COLUMNS} <= told

    untouched = read_rules(path, known, set())
    assert untouched.rules == ()
    assert untouched.remarks == ("第 2 行是示例，没有导入",)

    page["A2"] = str(page["A2"].value).removeprefix(EXAMPLE_MARK)
    book.save(path)
    found = read_rules(path, known, set())
    assert found.problems == ()
    write_rules(found.rules, tmp_path / "own")
    loaded = load_lexicon(lexicons_folder(), tmp_path / "own")
    assert failures_of(found.rules, loaded, segmenter) == []
    with pytest.raises(UsageError, match="已有文件"):
        write_template(path, known)


def test_every_field_and_value_has_its_chinese_name() -> None:
    assert {one.field for one in COLUMNS} - {"file_name"} <= FIELD_NAMES.keys()
    assert len({one.name for one in COLUMNS}) == len(COLUMNS)
    nested = {
        "disclosure": "disclosure.",
        "mention": "mention.",
        "examples": "examples.",
    }
    fields = {one.field for one in COLUMNS}
    for name, field in ScopeFile.model_fields.items():
        if name in nested:
            inner = field.annotation.model_fields
            assert {nested[name] + one for one in inner} <= fields
        else:
            assert name in fields
    for field, ours in (
        ("tier", words.TIERS),
        ("level", words.LEVELS),
        ("severity", words.SEVERITIES),
        ("category", CATEGORY_NAMES),
    ):
        assert set(CHOICES[field]) == set(ours)
        for code, name in ours.items():
            assert code_of(field, name) == code_of(field, code.upper()) == code
