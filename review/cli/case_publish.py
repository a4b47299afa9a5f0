"""`xianshen case clearance`, `compare`, `publish`, `tidy`: after the decision."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from review import clock, digests
from review.case.words import CHANNELS
from review.cli.case_look import print_changes
from review.cli.joined import (
    As,
    Number,
    Seen,
    asking,
    code_of,
    joined,
    read_in,
    say,
    write_out,
)
from review.service import retention
from review.service.cases import clearances, publish

Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件")]


def clearance(number: Number, person: As, output: Output = None) -> None:
    """取出公开许可（签名令牌），可离线验证。"""
    with joined() as installation:
        cleared = clearances.clearance_of(installation.desk, number, person=person)
    _write(cleared.token, output)


def keys(output: Output = None) -> None:
    """取出验证公开许可用的公钥（JWKS）。"""
    with joined() as installation:
        text = json.dumps(clearances.published_keys(installation.desk), indent=1)
    _write(text, output)


def revocations(output: Output = None) -> None:
    """取出签名的撤销名单，供离线验证公开许可时核对。"""
    with joined() as installation:
        _write(clearances.revocation_list(installation.desk), output)


def compare(
    number: Number,
    file: Annotated[Path, typer.Argument(help="将要发布的内容")],
    person: As,
    attach: Annotated[
        list[Path], typer.Option("--attach", help="将要发布的附件，可写多次")
    ] = [],
) -> None:
    """逐字比较将要发布的内容与许可的内容；不同则以 1 退出。"""
    (name, data), *attached = read_in(file, *attach)
    digested = [(each, digests.of_bytes(own)) for each, own in attached]
    with joined() as installation:
        offered = installation.desk.contents_reader(data, name, digested)
        found = clearances.compare_with_cleared(
            installation.desk, number, offered, person=person
        )
    print_changes(found)
    if found.same and not found.hidden_added:
        print("与许可的内容一致。")
        return
    if found.hidden_added:
        print("多出了看不见的内容（隐藏文字、批注等），审查时没有。")
    raise typer.Exit(1)


def record(
    number: Number,
    channel: Annotated[str, typer.Option(help="公开方式")],
    address: Annotated[str, typer.Option(help="网址或版面")],
    person: As,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d %H:%M"], help="发布时间；不写就是现在"),
    ] = None,
    seen: Seen = None,
) -> None:
    """登记已经发布。"""
    with asking(number, person, seen) as (desk, who):
        when = at.replace(tzinfo=clock.CHINA) if at else desk.now()
        say(
            publish.record_publication(
                desk,
                number,
                channel=code_of(channel, CHANNELS, "公开方式"),
                address=address,
                published_at=when,
                asker=who,
            )
        )


def tidy() -> None:
    """登记到期的许可，清除保存期满的稿件内容和中断留下的残余；可每天定时运行。"""
    with joined() as installation:
        expired = publish.expire_due(installation.desk)
        purged = retention.purge_due(installation.desk)
        retention.sweep(installation.desk)
        left = retention.sweep_orphans(installation.desk)
    print(
        f"到期许可 {len(expired)} 件，清除稿件内容 {len(purged)} 件，清理残余 {left} 份"
    )


def _write(text: str, output: Path | None) -> None:
    if output is None:
        print(text)
    else:
        write_out(output, f"{text}\n".encode())
