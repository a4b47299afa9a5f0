"""`xianshen users`: appointments to posts, by name, from a day until a day; accounts."""

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from review import clock
from review.case.people import Appointment
from review.case.words import POSTS
from review.cli import users_accounts
from review.cli.joined import As, code_of, joined, print_table
from review.cli.users_accounts import say_appointment
from review.service.people import appointments as people

users = typer.Typer(help="人员：任命、免职、查看；账号", no_args_is_help=True)
users.command("create")(users_accounts.create)
users.command("template")(users_accounts.template)
users.command("import")(users_accounts.import_list)
users.command("import-appointments")(users_accounts.import_appointments)
users.command("accounts")(users_accounts.show_accounts)
users.command("reset-password")(users_accounts.reset_password)
users.command("disable")(users_accounts.disable)
users.command("enable")(users_accounts.enable)
users.command("unlock")(users_accounts.unlock)
users.command("rename")(users_accounts.rename)
users.command("remove-second-factor")(users_accounts.remove_second_factor)
users.command("link")(users_accounts.link)
users.command("unlink")(users_accounts.unlink)

Account = Annotated[str, typer.Argument(help="账号")]
Name = Annotated[str, typer.Option(help="姓名")]
PostWord = Annotated[
    str, typer.Option("--post", help="岗位：部门初审员、部门负责人、保密办审查员…")
]
From = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天起")
]
Until = Annotated[
    datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="到哪天止（含）")
]
Ground = Annotated[str, typer.Option(help="任命依据（文号）")]


@users.command("found")
def found(
    account: Account,
    name: Name,
    post: PostWord,
    start: From,
    until: Until,
    ground: Ground,
) -> None:
    """初始设置：任命第一位系统管理员、安全管理员、审计员。"""
    wanted = Appointment(
        id="",
        person=account,
        name=name,
        post=code_of(post, POSTS, "岗位"),
        from_day=start.date(),
        until_day=until.date(),
        ground=ground,
    )
    with joined() as installation:
        say_appointment(people.found(installation.desk, wanted))


@users.command("appoint")
def appoint(
    account: Account,
    name: Name,
    post: PostWord,
    start: From,
    until: Until,
    ground: Ground,
    person: As,
    department: Annotated[str | None, typer.Option(help="部门（部门岗位必填）")] = None,
    deputy_for: Annotated[str | None, typer.Option(help="代理谁的职责（账号）")] = None,
) -> None:
    """任命（由安全管理员办理）。"""
    wanted = Appointment(
        id="",
        person=account,
        name=name,
        post=code_of(post, POSTS, "岗位"),
        from_day=start.date(),
        until_day=until.date(),
        ground=ground,
        department=department,
        deputy_for=deputy_for,
    )
    with joined() as installation:
        say_appointment(people.appoint(installation.desk, wanted, person=person))


@users.command("end")
def end(
    appointment: Annotated[str, typer.Argument(help="任命编号，例如 任0004")],
    day: Annotated[
        datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="从哪天起不再任职")
    ],
    reason: Annotated[str, typer.Option(help="原因或文号")],
    person: As,
) -> None:
    """免去任命（由安全管理员办理）。"""
    with joined() as installation:
        ended = people.end_appointment(
            installation.desk,
            appointment,
            ended_on=day.date(),
            reason=reason,
            person=person,
        )
        say_appointment(ended)


@users.command("list")
def show_list() -> None:
    """列出全部任命。"""
    today = clock.china_date(clock.now())
    table = Table("编号", "账号", "姓名", "岗位", "部门", "起", "止", "依据")
    with joined() as installation:
        for one in people.appointments(installation.desk):
            style = "" if one.holds_on(today) else "dim"
            table.add_row(*_cells(one), style=style)
    print_table(table)


def _cells(one: Appointment) -> tuple[str, ...]:
    # The day from which it no longer holds is not its last.
    ended = one.ended_on - timedelta(days=1) if one.ended_on else one.until_day
    last = min(ended, one.until_day)
    return (
        one.id,
        one.person,
        one.name,
        POSTS[one.post],
        one.department or "",
        one.from_day.isoformat(),
        last.isoformat(),
        one.ground,
    )
