"""`xianshen db`: set an installation up, bring its database up to date, change keys."""

from typing import Annotated

import typer

from review.bootstrap import install, open_installation
from review.bootstrap import renew_witness as renew
from review.clearance import key_file as clearance_keys
from review.cli.joined import joined
from review.errors import UsageError
from review.service.gate.sealed_facts import write_down
from review.service.lexicons.layers import rewrap_lexicons
from review.service.papers.statistics import count_uncounted
from review.service.people.entrance_upkeep import rewrap_secrets
from review.settings import load_settings
from review.store import migrate
from review.vault import keys as vault_keys

db = typer.Typer(help="数据库与密钥：初始化、升级、更换", no_args_is_help=True)


@db.command("upgrade")
def upgrade() -> None:
    """初始化，或把数据库升级到本版本；可重复运行。"""
    settings = load_settings()
    install(settings)
    with open_installation(settings, via="cli:db") as installation:
        count_uncounted(installation.desk)
        # After a restore or an upgrade too, the gate's first answer is not to wait.
        write_down(installation.desk)
        print(f"已就绪：{settings.data_dir}")


@db.command("status")
def status() -> None:
    """查看安装是否完好：数据库版本、密钥、记录链末端。"""
    with joined() as installation:
        with installation.desk.store.reading() as records:
            last = records.last_entry()
        print(f"数据目录  {load_settings().data_dir}")
        print(f"数据库    版本 {migrate.newest()}")
        print(f"记录      {last.index + 1 if last else 0} 条")
        print(f"末端摘要  {last.digest if last else '（无）'}")
        print(f"签名公钥  {installation.ledger_key.public_hex}")


@db.command("rotate-vault-key")
def rotate_vault_key() -> None:
    """换用新的加密密钥，并重新封装全部稿件和动态码的密钥；中断后可再运行。"""
    settings = load_settings()
    if settings.vault_key is not None:
        raise UsageError("加密密钥来自环境变量 XIANSHEN_VAULT_KEY，请在那里更换。")
    vault_keys.add_key(settings.vault_key_file)
    with joined() as installation:
        done = installation.vault.rotate()
        small = rewrap_secrets(installation.desk)
        lexicons = rewrap_lexicons(installation.desk)
    print(
        f"共 {done.total} 份，重新封装 {done.rewrapped} 份；另有动态码密钥 {small} 份、"
        f"词库改动 {lexicons} 份"
    )
    if done.unopened:
        print(f"有 {len(done.unopened)} 份打不开，旧密钥不能删除")
        raise typer.Exit(1)
    print("旧密钥仍在密钥文件里；确认备份不再需要后，可以删去那一行")


@db.command("rotate-clearance-key")
def rotate_clearance_key() -> None:
    """换用新的许可签发密钥；旧密钥只留公钥，已签发的许可仍可验证。"""
    keys = clearance_keys.rotate_file(load_settings().clearance_key_file)
    print(
        f"新密钥 {keys.current.public.kid}；请把新的公钥（xianshen case keys）发给网站"
    )


@db.command("renew-witness")
def renew_witness(
    confirmed: Annotated[
        bool,
        typer.Option(
            "--compared/--not-compared", help="已把末端摘要与最近一张审查表核对"
        ),
    ] = False,
) -> None:
    """见证文件确实丢失时重建；先把末端摘要与最近印出的审查表核对。"""
    if not confirmed:
        raise UsageError("请先与最近印出的审查表核对末端摘要，再加 --compared 运行。")
    renew(load_settings())
    print("已重建见证文件")


@db.command("check-vault")
def check_vault() -> None:
    """检查保存的稿件能否全部解密；不能的列出并以 1 退出。"""
    with joined() as installation:
        checked = installation.vault.check()
    for one in checked.unopened:
        print(f"{one.address}：{one.message}")
    print(f"检查 {checked.total} 份，不能解密 {len(checked.unopened)} 份")
    if checked.unopened:
        raise typer.Exit(1)
