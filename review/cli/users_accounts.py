"""`xianshen users create`, `import`, `reset-password` …: by what people are let in."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from review import clock
from review.access.accounts import Account
from review.case.people import Appointment
from review.case.words import POSTS
from review.cli.joined import As, joined, print_table, read_in, write_out
from review.errors import UsageError
from review.paper.accounts_xlsx import template as empty_list
from review.service.people import accounts, people_list
from review.service.people.accounts import Given, NewAccount

Login = Annotated[str, typer.Argument(help="登录名")]
People = Annotated[Path, typer.Argument(help="按模板填好的 .xlsx 表格")]
_PAGE = 500


def create(
    login: Login,
    name: Annotated[str, typer.Option(help="姓名")],
    person: As,
    department: Annotated[str | None, typer.Option(help="部门")] = None,
) -> None:
    """建立账号，显示一次初始密码（由系统管理员办理）。"""
    wanted = NewAccount(login=login, name=name, department=department)
    with joined() as installation:
        _show(accounts.create(installation.desk, wanted, person=person))


def template(
    path: Annotated[Path, typer.Argument(help="写到哪个 .xlsx 文件")],
) -> None:
    """写出人员表的空白模板。"""
    if path.exists():
        raise UsageError(f"已有文件 {path}，请换一个名称。")
    write_out(path, empty_list(at=clock.now()))
    print(f"已写出 {path}，填好后运行 xianshen users import {path}")


def import_list(path: People, person: As) -> None:
    """从人员表建立账号，显示一次初始密码（由系统管理员办理）；有一行不对就都不建。"""
    ((_, data),) = read_in(path)
    with joined() as installation:
        made = people_list.import_accounts(installation.desk, data, person=person)
    _show(*made)


def import_appointments(path: People, person: As) -> None:
    """从人员表任命填了岗位的人（由安全管理员办理）；有一行不对就都不任命。"""
    ((_, data),) = read_in(path)
    with joined() as installation:
        made = people_list.import_appointments(installation.desk, data, person=person)
    for one in made:
        say_appointment(one)


def reset_password(login: Login, person: As) -> None:
    """重置密码，显示一次；下次登录须修改（由系统管理员办理）。"""
    with joined() as installation:
        _show(accounts.reset_password(installation.desk, login, person=person))


def disable(login: Login, person: As) -> None:
    """停用账号；记录都保留（由系统管理员办理）。"""
    with joined() as installation:
        _say(accounts.disable(installation.desk, login, person=person), "已停用")


def enable(login: Login, person: As) -> None:
    """重新启用账号（由系统管理员办理）。"""
    with joined() as installation:
        _say(accounts.enable(installation.desk, login, person=person), "已启用")


def unlock(login: Login, person: As) -> None:
    """解除连续输错造成的锁定（由系统管理员办理）。"""
    with joined() as installation:
        _say(accounts.unlock(installation.desk, login, person=person), "已解锁")


def rename(
    login: Login,
    person: As,
    name: Annotated[str | None, typer.Option(help="新的姓名")] = None,
    department: Annotated[
        str | None, typer.Option(help="新的部门，写空文字表示没有")
    ] = None,
) -> None:
    """修改姓名、部门（由系统管理员办理）；任命上的姓名不随之改变。"""
    with joined() as installation:
        changed = accounts.rename(
            installation.desk, login, name=name, department=department, person=person
        )
        _say(changed, "已修改")


def remove_second_factor(login: Login, person: As) -> None:
    """解除丢失的动态码，下次登录重新绑定（由安全管理员办理）。"""
    with joined() as installation:
        changed = accounts.remove_second_factor(installation.desk, login, person=person)
        _say(changed, "已解除动态码")


def link(
    login: Login,
    subject: Annotated[str, typer.Argument(help="此人在统一身份认证里的编号（sub）")],
    person: As,
) -> None:
    """把账号关联到统一身份认证里的人（由系统管理员办理）。"""
    with joined() as installation:
        done = accounts.link_identity(installation.desk, login, subject, person=person)
        _say(done, "已关联")


def unlink(login: Login, person: As) -> None:
    """解除账号与统一身份认证的关联（由系统管理员办理）。"""
    with joined() as installation:
        _say(
            accounts.unlink_identity(installation.desk, login, person=person), "已解除"
        )


def show_accounts(person: As) -> None:
    """列出账号及其状态。"""
    table = Table("登录名", "姓名", "部门", "状态", "二次验证", "建立于")
    after = ""
    with joined() as installation:
        while some := accounts.page(
            installation.desk, person=person, after=after, limit=_PAGE
        ):
            for one in some:
                table.add_row(*_cells(one), style="dim" if one.disabled else "")
            after = some[-1].id
    print_table(table)


def _cells(one: Account) -> tuple[str, ...]:
    at = clock.now()
    state = "正常"
    if one.disabled:
        state = "停用"
    elif one.is_locked(at):
        state = "锁定"
    elif one.must_change:
        state = "待改密码"
    return (
        one.id,
        one.name,
        one.department or "",
        f"{state}（演示）" if one.demo else state,
        "已绑定" if one.second_factor else "",
        clock.china_date(one.created_at).isoformat(),
    )


def _show(*given: Given) -> None:
    """Print passwords, which are shown this once."""
    table = Table("登录名", "姓名", "密码")
    for one in given:
        table.add_row(one.account.id, one.account.name, one.password)
    print_table(table)
    print("密码只显示这一次，请当面交给本人；首次登录须修改。")


def say_appointment(one: Appointment) -> None:
    """Print in a line who is appointed to what."""
    place = f"{one.department} " if one.department else ""
    print(f"{one.id}  {one.name}（{one.person}）：{place}{POSTS[one.post]}")


def _say(account: Account, done: str) -> None:
    print(f"{account.id}（{account.name}）：{done}")
