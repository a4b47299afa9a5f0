"""What the commands on an installation share: opening it, who asks, words to codes."""

import getpass
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from review.bootstrap import Installation, open_installation
from review.case.case import Case
from review.case.values import Channel
from review.case.words import CHANNELS, STAGES
from review.errors import UsageError
from review.service.cases import look
from review.service.desk import Asker, Desk
from review.settings import load_settings

Code = TypeVar("Code", bound=str)
_WIDE: Final = 240

Number = Annotated[str, typer.Argument(help="审查件编号，例如 2026-000001")]
As = Annotated[str, typer.Option("--as", help="以谁的账号办理（须有有效任命）")]
Seen = Annotated[
    int | None, typer.Option("--seen", help="您看到的版本号；不写就按现在的版本")
]


@contextmanager
def joined() -> Iterator[Installation]:
    """Open the installation that the settings name, for a command."""
    via = f"cli:{getpass.getuser()}"
    with open_installation(load_settings(), via=via) as installation:
        yield installation


@contextmanager
def asking(number: str, person: str, seen: int | None) -> Iterator[tuple[Desk, Asker]]:
    """Open the installation for a step of one case; yield its desk and who asks.

    Without a version he is taken to have seen the present one.
    """
    with joined() as installation:
        desk = installation.desk
        if seen is None:
            seen = look.see(desk, number, person=person).version
        yield desk, Asker(person=person, seen=seen)


def code_of(text: str, words: Mapping[Code, str], what: str) -> Code:
    """Return the code for a Chinese word or for itself.

    Raises:
        UsageError: It is neither; the message lists what may be said.
    """
    for code, word in words.items():
        if text in (code, word):
            return code
    choices = "、".join(words.values())
    raise UsageError(f"{what}“{text}”不认识，可以写：{choices}")


def channels_of(words: Iterable[str]) -> tuple[Channel, ...]:
    """Return the channels for their Chinese words or codes.

    Raises:
        UsageError: One is neither.
    """
    return tuple(code_of(one, CHANNELS, "公开方式") for one in words)


def read_in(*paths: Path) -> tuple[tuple[str, bytes], ...]:
    """Return each file's name and bytes.

    Raises:
        UsageError: One is not there or can't be read; all missing ones are named.
    """
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise UsageError(f"找不到文件：{'、'.join(missing)}")
    try:
        return tuple((path.name, path.read_bytes()) for path in paths)
    except OSError as error:
        raise UsageError(
            f"文件 {error.filename} 读不出来（{error.strerror}），请检查权限后重试。"
        ) from error


def write_out(path: Path, data: bytes) -> None:
    """Write a file for whoever asked.

    Raises:
        UsageError: It can't be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> UsageError:
    """Return the error that says why a file can't be written, and what to do."""
    return UsageError(
        f"写不进文件 {path}（{error.strerror}），请检查文件夹和权限后重试。"
    )


def print_table(table: Table) -> None:
    """Print a table, at full width where no terminal sets one: a script reads it."""
    wide = None if sys.stdout.isatty() else _WIDE
    Console(width=wide).print(table)


def say(case: Case) -> None:
    """Print in one line where the case stands."""
    print(
        f"{case.number}  第 {case.round.number} 轮  {STAGES[case.stage]}"
        f"  版本 {case.version}"
    )
