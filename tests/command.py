"""`xianshen` as people run it: in a process of its own, on a data folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

XIANSHEN = Path(sys.executable).with_name("xianshen")
_SECONDS = 180
_DAYS = ("--from", "2026-01-01", "--until", "2035-12-31", "--ground", "云职院3号")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def xianshen(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Ran:
    """Run the command with what stands on its standard input."""
    done = subprocess.run(  # noqa: S603 - our own command
        [XIANSHEN, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env=env,
        timeout=_SECONDS,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Command:
    """`xianshen` on one data folder, in the folder that holds it."""

    folder: Path

    def run(self, *arguments: str | Path, said: str = "") -> Ran:
        """Run it, with an answer where it asks."""
        home = self.folder.parent
        env = {
            "PATH": os.defpath,
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "XIANSHEN_DATA_DIR": str(self.folder),
            "XIANSHEN_OFFICE_NAME": "云山职业学院",
        }
        return xianshen(*arguments, stdin=said.encode(), cwd=home, env=env)

    def __call__(self, *arguments: str | Path, code: int = 0, said: str = "") -> str:
        """Run what must end with `code`; return what it prints, errors too."""
        done = self.run(*arguments, said=said)
        printed = done.out + done.err
        assert done.code == code, (arguments, printed)
        return printed


def founded(folder: Path, *staff: tuple[str, ...]) -> Command:
    """Return the command of a new office: its security administrator and `staff`.

    Each of the staff is login name, name, post, and what else `users appoint` takes.
    """
    command = Command(folder / "data")
    command("db", "upgrade")
    security = ("--name", "吴安全", "--post", "安全管理员")
    command("users", "found", "security", *security, *_DAYS)
    for account, name, post, *more in staff:
        whom = ("--name", name, "--post", post)
        command("users", "appoint", account, *whom, *_DAYS, "--as", "security", *more)
    return command
