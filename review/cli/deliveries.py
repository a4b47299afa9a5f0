"""`xianshen deliveries`: what sites could not be told yet, and trying it again."""

from typing import Annotated, Final

import typer
from rich.table import Table

from review import clock
from review.cli.joined import As, joined, print_table
from review.ports.gate import Delivery, DeliveryState
from review.service.desk import Desk
from review.service.gate import deliveries as telling

deliveries = typer.Typer(
    help="给站点的通知：看哪些没有送到，重发", no_args_is_help=True
)

Failed = Annotated[bool, typer.Option("--failed", help="只看已停止重试的")]
_PAGE: Final = 500


@deliveries.command("list")
def show_list(person: As, failed: Failed = False) -> None:
    """列出没有送到的通知（由系统管理员、审计员查看）；没有标题和内容。"""
    states: tuple[DeliveryState, ...] = ("failed",) if failed else ("failed", "waiting")
    with joined() as installation:
        found = [
            one
            for state in states
            for one in _every(installation.desk, state, person=person)
        ]
    if not found:
        print("没有未送到的通知。")
        return
    table = Table("编号", "站点", "事件", "审查件", "已试", "下次", "上次的结果")
    for one in sorted(found, key=lambda one: one.id):
        table.add_row(*_cells(one))
    print_table(table)


@deliveries.command("retry")
def retry(
    delivery: Annotated[str, typer.Argument(metavar="ID", help="通知编号")], person: As
) -> None:
    """把一条送不到的通知从头再试（由系统管理员办理）。"""
    with joined() as installation:
        again = telling.retry(installation.desk, delivery, person=person)
    print(f"{again.id}  已重新排队，由后台进程再送")


def _every(desk: Desk, state: DeliveryState, *, person: str) -> tuple[Delivery, ...]:
    """Return all deliveries in a state, page by page."""
    found: tuple[Delivery, ...] = ()
    while True:
        after = found[-1].id if found else ""
        some = telling.listed(
            desk, person=person, state=state, after=after, limit=_PAGE
        )
        if not some:
            return found
        found += some


def _cells(one: Delivery) -> tuple[str, ...]:
    """Return a row: never the address, which may hold a secret, nor what is sent."""
    due = one.due_at.astimezone(clock.CHINA)
    return (
        one.id,
        one.site,
        one.event,
        one.case,
        str(one.attempts),
        "已停止" if one.state == "failed" else f"{due:%Y-%m-%d %H:%M}",
        one.error or "",
    )
