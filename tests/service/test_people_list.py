"""One spreadsheet of people, read by two administrators: all of it or nothing."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from review.access.events import AccountChanged
from review.errors import NotPermittedError, UsageError
from review.paper.accounts_xlsx import template
from review.service.people import accounts, people_list
from review.service.people import appointments as people
from tests.service.entrance import come_in, give, light_hashing, on_record
from tests.service.site import MONDAY, Site

__all__ = ["light_hashing"]

HEAD = ("登录名", "姓名", "部门", "岗位", "任职起", "任职止", "依据")
DAYS = (date(2026, 9, 1), datetime(2027, 8, 31), "云职院〔2026〕9号")  # noqa: DTZ001 - a cell's
FENG = ("feng", "冯拟稿", "宣传部", "部门初审员", *DAYS)
CHU = (
    "Chu.2",
    "褚示例",
    "保密办",
    "保密办审查员",
    "2026年9月1日",
    "2027/8/31",
    "9号",
)
WEI = (20260101, "卫样本", None, None, None, None, None)


def _sheet(*rows: tuple[Any, ...], head: tuple[Any, ...] = HEAD) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (head, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _logins(site: Site) -> list[str]:
    return [one.id for one in accounts.page(site.desk, person="system")]


def test_a_row_is_an_account(site: Site) -> None:
    made = people_list.import_accounts(
        site.desk, _sheet(FENG, CHU, (), WEI), person="system"
    )
    assert _logins(site) == ["20260101", "chu.2", "feng"]
    assert [(one.account.name, one.account.department) for one in made] == [
        ("冯拟稿", "宣传部"),
        ("褚示例", "保密办"),
        ("卫样本", None),
    ]
    assert {one.change for one in on_record(site, AccountChanged)} == {"imported"}
    for one in made:
        assert come_in(site, one.account.id, one.password).must_change
    # An account is no appointment: that is another administrator's.
    assert people.appointments(site.desk, "feng") == ()


def test_a_row_with_a_post_is_an_appointment(site: Site) -> None:
    made = people_list.import_appointments(
        site.desk, _sheet(FENG, CHU, WEI), person="security"
    )
    assert [(one.person, one.post, one.department) for one in made] == [
        ("feng", "reviewer", "宣传部"),
        ("chu.2", "office", "保密办"),
    ]
    assert [(one.from_day, one.until_day) for one in made] == [
        (date(2026, 9, 1), date(2027, 8, 31))
    ] * 2
    assert people.appointments(site.desk, "chu.2") == (made[1],)
    assert len({one.id for one in people.appointments(site.desk)}) == 12


def test_neither_administrator_does_the_others_part(site: Site) -> None:
    data = _sheet(FENG)
    with pytest.raises(NotPermittedError):
        people_list.import_accounts(site.desk, data, person="security")
    with pytest.raises(NotPermittedError):
        people_list.import_appointments(site.desk, data, person="system")
    assert [one.verb for one in site.refusals()] == ["manage_accounts", "appoint"]
    # Nor does he learn what is wrong with a list that is none of his.
    with pytest.raises(NotPermittedError):
        people_list.import_accounts(site.desk, b"", person="zhang")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("张三", "张三")], "第 2 行：登录名应为"),
        ([FENG, ("feng", "另一人")], "第 3 行：登录名 feng 与第 2 行重复"),
        ([("zhang", "张示例")], "第 2 行：登录名 zhang 已经有账号"),
        ([("feng", "")], "第 2 行：没有填姓名"),
        ([(None, "冯拟稿")], "第 2 行：没有填登录名"),
        ([("=1+1", "冯拟稿")], "第 2 行：有一格是公式"),
        ([(True, "冯拟稿")], "第 2 行：有一格应填文字"),
        ([(date(2026, 1, 1), "冯拟稿")], "第 2 行：有一格应填文字"),
        ([("feng", "冯" * 41)], "第 2 行：姓名应在 40 个字以内"),
        ([("feng", "冯拟稿", "部" * 51)], "第 2 行：部门名称应在 50 个字以内"),
        ([("feng", "冯拟稿", "", "", "去年")], "第 2 行：日期应写成"),
        ([("feng", "冯拟稿", "", "", "2026-02-30")], "第 2 行：日期应写成"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_done(
    site: Site, rows: list[tuple[Any, ...]], said: str
) -> None:
    give(site, "zhang")
    good = ("good", "好示例")
    with pytest.raises(UsageError, match=said):
        people_list.import_accounts(site.desk, _sheet(*rows, good), person="system")
    assert _logins(site) == ["zhang"]


def test_all_that_is_wrong_is_said_at_once(site: Site) -> None:
    rows = [(f"坏{number}", "某人") for number in range(25)]
    with pytest.raises(UsageError) as refusal:
        people_list.import_accounts(site.desk, _sheet(*rows), person="system")
    assert "25 处要改" in refusal.value.message
    assert "第 21 行" in refusal.value.message
    assert "第 22 行" not in refusal.value.message
    assert "另有 5 处" in refusal.value.message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("feng", "冯拟稿", "宣传部", "校长", *DAYS), "岗位不认识"),
        (("feng", "冯拟稿", "宣传部", "网站系统", *DAYS), "岗位不认识"),
        (("feng", "冯拟稿", "", "部门初审员", *DAYS), "须写明部门"),
        (("feng", "冯拟稿", "宣传部", "部门初审员", *DAYS[:2], ""), "依据"),
        (("feng", "冯拟稿", "宣传部", "部门初审员", "", "", "9号"), "任职起"),
    ],
)
def test_a_wrong_appointment_is_named_and_nobody_appointed(
    site: Site, row: tuple[Any, ...], said: str
) -> None:
    before = people.appointments(site.desk)
    with pytest.raises(UsageError, match=f"第 3 行：.*{said}"):
        people_list.import_appointments(site.desk, _sheet(CHU, row), person="security")
    assert people.appointments(site.desk) == before


def test_nobody_appoints_himself_by_a_list(site: Site) -> None:
    own = ("security", "吴安全", "", "审计员", *DAYS)
    before = people.appointments(site.desk)
    with pytest.raises(NotPermittedError, match="自己"):
        people_list.import_appointments(site.desk, _sheet(CHU, own), person="security")
    assert people.appointments(site.desk) == before
    assert site.refusals()[-1].verb == "appoint"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不是能打开的"),
        (b"PK\x03\x04", "不是能打开的"),
        (b"login,name\nfeng,x\n", "不是能打开的"),
        (b"x" * (2 * 1024 * 1024 + 1), "太大"),
        (_sheet(head=("登录名",)), "缺少：姓名"),
        (_sheet(head=("登录名", "姓名", "密码")), "不认识：密码"),
        (_sheet(head=("登录名", "姓名", "姓名")), "重复：姓名"),
        (_sheet(head=()), "缺少：登录名、姓名"),
        (_sheet(), "还没有填人员"),
        (_sheet(*[(f"a{one}", "某") for one in range(501)]), "最多导入 500 人"),
    ],
)
def test_what_is_no_list_is_refused(site: Site, data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        people_list.import_accounts(site.desk, data, person="system")


def test_a_cell_far_away_costs_nothing(site: Site) -> None:
    book = load_workbook(io.BytesIO(_sheet(FENG)))
    book.worksheets[0]["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    made = people_list.import_accounts(site.desk, out.getvalue(), person="system")
    assert len(made) == 1


def test_the_template_is_what_is_read(site: Site) -> None:
    book = load_workbook(io.BytesIO(template(at=MONDAY)))
    sheet = book.worksheets[0]
    assert tuple(one.value for one in sheet[1]) == HEAD
    for column, value in enumerate(FENG, start=1):
        sheet.cell(2, column, value)
    out = io.BytesIO()
    book.save(out)
    (made,) = people_list.import_accounts(site.desk, out.getvalue(), person="system")
    assert made.account.id == "feng"


def test_the_template_is_the_same_file_each_time() -> None:
    assert template(at=MONDAY) == template(at=MONDAY)
