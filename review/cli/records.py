"""`xianshen records`: check the decision ledger, export it for the archive."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from review import clock
from review.cli.joined import cannot_write, joined, write_out
from review.errors import TamperError, UsageError
from review.ledger.chain import Verified
from review.ledger.export import read_export
from review.resources import verifier_file
from review.service.record import records as recording

records = typer.Typer(help="审查记录链：核验、导出", no_args_is_help=True)


@records.command("verify")
def verify(
    export: Annotated[
        Path | None, typer.Argument(help="导出文件；不写就核验数据库")
    ] = None,
    head: Annotated[
        str | None, typer.Option(help="审查表上印的末端摘要，核对它在记录链中")
    ] = None,
    key: Annotated[str | None, typer.Option(help="审查表上印的公钥或指纹")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="上次核验通过时印出的末端摘要：只核验它以后的，之前的不重看"),
    ] = None,
) -> None:
    """核验记录没有被改动、删除、调换或插入；不用联网。有问题以 1 退出。"""
    if since is not None and export is not None:
        raise UsageError("核验导出文件不能用 --since；请去掉其中一个。")
    try:
        verified = _verify_export(export) if export else _verify_database(since)
    except TamperError as error:
        print(f"核验不通过：{error.message}", file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"核验通过：{verified.entries} 条记录，末端摘要 {verified.head}")
    if since is not None:
        print(f"只核验了摘要 {since} 以后的；之前的没有重看，请定期全部核验。")
    for one in verified.keys:
        print(f"签名公钥 {one.hex}（指纹 {one.id}）")
    if key is not None and key not in {
        text for one in verified.keys for text in (one.hex, one.id)
    }:
        print("核验不通过：签名公钥与审查表上的不符。", file=sys.stderr)
        raise typer.Exit(1)
    if head is not None and not _contains(export, head):
        print("核验不通过：记录链里没有审查表上印的这个摘要。", file=sys.stderr)
        raise typer.Exit(1)


def _verify_export(path: Path) -> Verified:
    if not path.is_file():
        raise UsageError(f"找不到导出文件：{path}")
    with path.open("rb") as file:
        return read_export(file)


def _contains(path: Path | None, digest: str) -> bool:
    """Tell whether an entry has that digest: a form was printed when it was the head."""
    if path is not None:
        wanted = f'"digest":"{digest}"'.encode()
        with path.open("rb") as file:
            return any(wanted in line for line in file)
    with joined() as installation, installation.desk.store.reading() as records_now:
        return records_now.entry_of(digest) is not None


def _verify_database(since: str | None) -> Verified:
    with joined() as installation:
        if since is not None:
            return recording.check_since(
                installation.desk,
                since,
                witnessed=lambda index: installation.witness.along(over=index),
            )
        heads = installation.witness.along()
        return recording.check(installation.desk, witnessed=heads)


@records.command("export")
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="写入文件")],
) -> None:
    """导出全部记录（JSON Lines，带签名），供存档和离线核验。"""
    # Under another name until it is whole: half an export proves nothing.
    part = output.with_name(f"{output.name}.part")
    try:
        with joined() as installation, part.open("wb") as file:
            file.writelines(
                recording.export_ledger(
                    installation.desk, key=installation.ledger_key, at=clock.now()
                )
            )
        part.replace(output)
    except OSError as error:
        raise cannot_write(output, error) from error
    finally:
        part.unlink(missing_ok=True)
    print(f"已导出：{output}")


@records.command("verifier")
def verifier(
    output: Annotated[Path, typer.Option("-o", "--output", help="写入文件")],
) -> None:
    """取出单文件核验程序：只要有 Python 就能核验导出文件，不需要本系统。"""
    write_out(output, verifier_file().read_bytes())
    print(f"已写出：{output}；用法：python3 {output.name} 导出文件")
