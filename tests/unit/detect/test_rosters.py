"""Tables that set names beside private facts, once a table."""

import pytest

from review.detect.interface import Finding
from review.detect.rosters import RosterDetector
from review.extract.interface import Block, Document
from review.normalize.passages import normalize, single_passage
from review.spans import Location

_IDS = ("530199199901011236", "530199193512310019", "530199198806102014")


def _table(
    *rows: tuple[str, ...], number: int = 1, where: Location | None = None
) -> list[Block]:
    return [
        Block(
            text="\t".join(row),
            where=where or Location(part="table", table=number, row=at),
            role="row",
            cells=row,
        )
        for at, row in enumerate(rows, start=1)
    ]


def _found(*blocks: Block, title: str = "") -> tuple[Finding, ...]:
    text = normalize(Document("名单.xlsx", "xlsx", "", 0, blocks), title=title)
    return RosterDetector().detect(text).findings


@pytest.mark.parametrize(
    ("heading", "cells", "column", "category"),
    [
        ("身份证号", _IDS, "证件号", "privacy"),
        (
            "联系电话",
            ("13800000001", "13800000002", "13800000003"),
            "手机号",
            "privacy",
        ),
        ("银行卡号", ("6228480000111222334",) * 3, "银行卡号", "privacy"),
        ("家庭住址", ("文昌街1号", "文昌街2号", "文昌街3号"), "住址", "privacy"),
        ("疾病诊断", ("哮喘", "抑郁", "癫痫"), "健康", "privacy"),
        ("是否低保", ("是", "否", "是"), "贫困资助", "student"),
        ("处分情况", ("警告", "记过", "无"), "处分", "discipline"),
        ("总评", ("88", "59", "93"), "成绩排名", "student"),
        ("得票数", ("12", "30", "41"), "票数评价", "personnel"),
        ("应发工资", ("5200", "6100", "4800"), "工资津贴", "finance"),
        ("宗教信仰", ("无", "无", "佛教"), "宗教民族", "unitedfront"),
        ("父亲姓名", ("李一", "王二", "赵三"), "家庭成员", "privacy"),
    ],
)
def test_a_private_column_beside_names_is_a_roster(
    heading: str, cells: tuple[str, ...], column: str, category: str
) -> None:
    rows = [("序号", "姓名", heading)]
    rows += [
        (str(at), name, cell)
        for at, (name, cell) in enumerate(
            zip(("李小满", "王谷雨", "赵立冬"), cells, strict=True), start=1
        )
    ]
    (finding,) = _found(*_table(*rows))
    assert finding.rule == "roster/table"
    assert finding.weighed == (column,)
    assert finding.category == category
    assert "共 3 行" in finding.reason
    assert finding.severity == "review"


def test_several_columns_are_one_finding_with_all_clauses() -> None:
    (finding,) = _found(
        *_table(
            ("姓名", "身份证号", "是否低保"),
            ("李小满", _IDS[0], "是"),
            ("王谷雨", _IDS[1], "否"),
        )
    )
    assert finding.weighed == ("证件号", "贫困资助")
    assert {"001:51(2)", "000:11"} <= set(finding.clauses)
    assert finding.suggestion is not None
    assert "证件号、贫困资助" in finding.suggestion


def test_numbers_tell_without_a_heading() -> None:
    (finding,) = _found(*_table(("李小满", _IDS[0]), ("王谷雨", _IDS[1])))
    assert finding.weighed == ("证件号",)


def test_letter_spaced_headings_are_understood() -> None:
    (finding,) = _found(
        *_table(("姓 名", "身 份 证 号"), ("李 满", _IDS[0]), ("王谷雨", _IDS[1]))
    )
    assert finding.weighed == ("证件号",)


def test_each_table_is_its_own_roster() -> None:
    rows = (("姓名", "手机"), ("李小满", "13800000001"), ("王谷雨", "13800000002"))
    found = _found(*_table(*rows, number=1), *_table(*rows, number=2))
    assert [one.passage for one in found] == [0, 3]


@pytest.mark.parametrize(
    "rows",
    [
        # no private column
        (("姓名", "班级"), ("李小满", "护理1班"), ("王谷雨", "护理2班")),
        # no names
        (("楼栋", "报修电话"), ("1栋", "0999-8123456"), ("2栋", "0999-8123457")),
        # masked throughout
        (
            ("姓名", "身份证号"),
            ("李小满", "530199********1236"),
            ("王谷雨", "530199********0019"),
        ),
        (
            ("姓名", "手机号"),
            ("李小满", "138****0001"),
            ("王谷雨", "138****0002"),
        ),
        # a blank form
        (("姓名", "身份证号"), ("", ""), ("", "")),
        # only a heading
        (("姓名", "身份证号"),),
    ],
)
def test_a_harmless_table_passes(rows: tuple[tuple[str, ...], ...]) -> None:
    assert _found(*_table(*rows)) == ()


def test_one_unmasked_row_is_enough() -> None:
    (finding,) = _found(
        *_table(
            ("姓名", "身份证号"),
            ("李小满", "530199********1236"),
            ("王谷雨", _IDS[1]),
        )
    )
    assert finding.weighed == ("证件号",)


_RESULTS = (("姓名", "笔试成绩"), ("李小满", "88"), ("王谷雨", "91"))


def test_results_by_due_process_pass() -> None:
    assert _found(*_table(*_RESULTS), title="2026年拟录用人员公示") == ()
    assert len(_found(*_table(*_RESULTS), title="期中考试情况汇总")) == 1


def test_due_process_does_not_excuse_identity_numbers() -> None:
    rows = (("姓名", "成绩", "身份证号"), ("李小满", "88", _IDS[0]))
    (finding,) = _found(*_table(*rows), title="2026年拟录用人员公示")
    assert "证件号" in finding.weighed


def test_a_running_list_is_a_roster_from_three_persons_on() -> None:
    people = [
        f"{name}，身份证号{number}"
        for name, number in zip(("李小满", "王谷雨", "赵立冬"), _IDS, strict=True)
    ]
    three = RosterDetector().detect(single_passage("；".join(people))).findings
    assert [(one.rule, one.weighed) for one in three] == [("roster/lines", ("证件号",))]
    assert "共 3 行" in three[0].reason
    two = single_passage("；".join(people[:2]))
    assert RosterDetector().detect(two).findings == ()


def test_masked_numbers_make_no_running_list() -> None:
    text = "李小满138****0001，王谷雨138****0002，赵立冬138****0003，共三人，2026年10月"
    assert RosterDetector().detect(single_passage(text * 2)).findings == ()
