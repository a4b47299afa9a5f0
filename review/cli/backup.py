"""`xianshen backup` and `xianshen restore`: the whole installation in one file."""

from pathlib import Path
from typing import Annotated

import typer

from review import clock
from review.backup.archive import is_sealed
from review.backup.make import make_backup
from review.backup.manifest import Manifest
from review.backup.restore import check_backup, restore_backup
from review.bootstrap import read_secret
from review.case.people import MACHINE
from review.cli.joined import joined
from review.errors import UsageError
from review.service.upkeep.backups import may_back_up, note_backup
from review.settings import load_settings

Passphrase = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="口令文件（权限 600，一行）；不写就在终端里问"
    ),
]


def backup(
    output: Annotated[Path, typer.Argument(help="写入的新文件，例如 2026-11-22.xsb")],
    with_keys: Annotated[
        bool,
        typer.Option(
            "--with-keys/--without-keys",
            help="连同密钥一起备份；这时整个文件用口令加密，口令忘了谁也打不开",
        ),
    ] = False,
    passphrase_file: Passphrase = None,
    person: Annotated[
        str | None, typer.Option("--as", help="以谁的账号备份；不写就记为系统自动")
    ] = None,
) -> None:
    """把整个系统备份成一个文件：数据库、加密的稿件、见证、政策和词库。不用停机。"""
    phrase = _asked(passphrase_file, new=True) if with_keys else None
    settings = load_settings()
    with joined() as installation:
        by = (
            MACHINE if person is None else may_back_up(installation.desk, person=person)
        )
        made = make_backup(
            settings, installation, output, at=clock.now(), passphrase=phrase
        )
        note_backup(installation.desk, made.digest, by=by)
    _describe(made.manifest)
    print(f"清单摘要  {made.digest}")
    print(f"已备份：{output}")
    for one in made.lacks:
        print(f"注意：{one}")
    if not with_keys:
        print("密钥不在里面，请另外备份密钥文件夹，与这个文件分开保管")


def restore(
    path: Annotated[Path, typer.Argument(help="备份文件")],
    check: Annotated[
        bool, typer.Option("--check/--restore", help="只检查备份是否完好，什么也不写")
    ] = False,
    key: Annotated[
        str | None, typer.Option(help="审查表上印的公钥或指纹，核对备份出自本系统")
    ] = None,
    passphrase_file: Passphrase = None,
) -> None:
    """恢复备份：只能恢复到空的数据目录和数据库；先核验清单、摘要和记录链。"""
    if not path.is_file():
        raise UsageError(f"找不到备份文件：{path}")
    settings = load_settings()
    phrase = _asked(passphrase_file, new=False) if is_sealed(path) else None
    if check:
        checked = check_backup(settings, path, passphrase=phrase, key=key)
        _describe(checked.manifest)
        print(f"清单摘要  {checked.digest}")
        print("备份完好，签名相符")
        return
    restored = restore_backup(settings, path, passphrase=phrase, key=key)
    _describe(restored.checked.manifest)
    print(f"已恢复到 {settings.data_dir}，记录链核验通过。还要做：")
    for number, need in enumerate(restored.needs, start=1):
        print(f"{number}. {need}")


def _describe(manifest: Manifest) -> None:
    print(f"备份时间  {manifest.at}")
    print(f"记录      {manifest.entries} 条，末端摘要 {manifest.head}")
    print(f"签名公钥  {manifest.key}（指纹 {manifest.public_key.id}）")
    print(f"审查件    {manifest.rows.get('cases', 0)} 件")
    print(f"稿件      {manifest.envelopes} 份（加密）")


def _asked(file: Path | None, *, new: bool) -> str:
    if file is not None:
        return read_secret(file).decode().rstrip("\r\n")
    return str(typer.prompt("备份的口令", hide_input=True, confirmation_prompt=new))
