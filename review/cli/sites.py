"""`xianshen sites`: the sites that ask the gate, kept by the system administrator."""

from typing import Annotated

import typer
from rich.table import Table

from review import clock
from review.access.sites import Site
from review.case.words import CHANNELS
from review.cli.joined import As, channels_of, joined, print_table
from review.service.gate import sites as keeping

sites = typer.Typer(help="站点：登记、发密钥、撤销、停用", no_args_is_help=True)

SiteId = Annotated[str, typer.Argument(help="站点代号，例如 site-news")]
Name = Annotated[str, typer.Option(help="名称")]
ChannelWords = Annotated[
    list[str], typer.Option("--channel", help="可以发布的公开方式，可写多次")
]
Departments = Annotated[
    list[str], typer.Option("--department", help="可以代送的部门，可写多次")
]
Networks = Annotated[
    list[str], typer.Option("--network", help="请求来自哪些网段，可写多次")
]
Hosts = Annotated[
    list[str], typer.Option("--callback-host", help="可以通知到的主机，可写多次")
]
Secret = Annotated[bool, typer.Option("--webhook", help="换通知密钥，不发站点密钥")]


@sites.command("register")
def register(
    site: SiteId,
    name: Name,
    channel: ChannelWords,
    department: Departments,
    network: Networks,
    person: As,
    callback_host: Hosts = [],
) -> None:
    """登记站点（由系统管理员办理）；还要发密钥，并由安全管理员任命。"""
    wanted = _site(site, name, channel, department, network, callback_host)
    with joined() as installation:
        made = keeping.register(installation.desk, wanted, person=person)
    print(f"{made.site.id}  {made.site.name}  已登记")
    print(f"通知密钥（只显示这一次）：{made.webhook_secret}")
    print(
        "接下来：xianshen sites key 发密钥；安全管理员用 xianshen users appoint "
        f"{made.site.id} --post 网站系统 逐个部门任命。"
    )


@sites.command("change")
def change(
    site: SiteId,
    name: Name,
    channel: ChannelWords,
    department: Departments,
    network: Networks,
    person: As,
    callback_host: Hosts = [],
) -> None:
    """修改登记：整份替换，没有写上的就不再有。"""
    wanted = _site(site, name, channel, department, network, callback_host)
    with joined() as installation:
        changed = keeping.change(installation.desk, wanted, person=person)
    print(f"{changed.id}  {changed.name}  已修改")


@sites.command("key")
def key(site: SiteId, person: As, webhook: Secret = False) -> None:
    """发一个新的站点密钥，只显示这一次；先发新的，换用之后再撤销旧的。"""
    with joined() as installation:
        if webhook:
            secret = keeping.renew_secret(installation.desk, site, person=person)
            print(f"通知密钥（只显示这一次）：{secret}")
            return
        made = keeping.issue_key(installation.desk, site, person=person)
    print(f"密钥编号 {made.id}，密钥（只显示这一次）：{made.text}")


@sites.command("revoke-key")
def revoke_key(
    site: SiteId,
    name: Annotated[str, typer.Argument(metavar="KEY", help="密钥编号")],
    person: As,
) -> None:
    """撤销一个站点密钥，立即失效。"""
    with joined() as installation:
        keeping.revoke_key(installation.desk, site, name, person=person)
    print(f"{site}  密钥 {name} 已撤销")


@sites.command("close")
def close(site: SiteId, person: As) -> None:
    """停用站点：全部密钥失效，不能恢复。"""
    with joined() as installation:
        keeping.close(installation.desk, site, person=person)
    print(f"{site}  已停用")


@sites.command("list")
def show_list(person: As) -> None:
    """列出全部站点和密钥；密钥本身不保存。"""
    table = Table(
        "代号", "名称", "公开方式", "部门", "网段", "密钥（最近使用）", "状态"
    )
    with joined() as installation:
        for one in keeping.listed(installation.desk, person=person):
            held = [
                f"{each.id}（{_day(one.last_used.get(each.id))}）"
                for each in one.site.keys
                if each.revoked_at is None
            ]
            closed = one.site.closed_at
            table.add_row(
                one.site.id,
                one.site.name,
                "、".join(CHANNELS[each] for each in one.site.channels),
                "、".join(one.site.departments),
                "、".join(one.site.networks),
                "、".join(held),
                f"{clock.china_date(closed)} 停用" if closed else "在用",
            )
    print_table(table)


def _site(
    site: str,
    name: str,
    channel: list[str],
    department: list[str],
    network: list[str],
    callback_host: list[str],
) -> Site:
    return Site(
        id=site,
        name=name,
        channels=channels_of(channel),
        departments=tuple(department),
        networks=tuple(network),
        callback_hosts=tuple(callback_host),
    )


def _day(day: object) -> str:
    return str(day) if day else "没有用过"
