"""Bundles to try: the real layout, with no wheel but our own; and their installer."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deploy.bundle.layout import Release, lay_out
from deploy.bundle.wheels import build_own
from tests.command import Ran

ROOT = Path(__file__).resolve().parents[2]
_LIBRARIES = Path(np.__file__).parents[1]
_LEFT_OUT = (".venv", ".git", ".*", "__pycache__", "tests", "sample_docs", "dist")
_STEP = '''"""A step that only the tried version has."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tried", sa.Column("id", sa.Integer(), primary_key=True))
    {more}
'''


def bundle(room: Path, version: str, *, step: str | None = None) -> Path:
    """Return the folder of a bundle of today's tree under another version.

    With a `step` it brings the database to a version that today's program does not know,
    and ends that step with the statement.
    """
    source = room / f"source-{version}"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for name in ("pyproject.toml", "review/__init__.py"):
        path = source / name
        text = path.read_text("utf-8")
        path.write_text(text.replace('"0.1.0"', f'"{version}"', 1), "utf-8")
    if step is not None:
        steps = source / "review" / "store" / "migrations" / "versions"
        before = max(one.name for one in steps.glob("[0-9]*.py"))[:4]
        (steps / "9999_tried.py").write_text(
            _STEP.format(before=before, more=step), "utf-8"
        )
    wheels = room / f"wheels-{version}"
    wheels.mkdir()
    build_own(source, wheels)
    return lay_out(Release(version, "0" * 40, 0), source, wheels.iterdir(), room)


def libraries(room: Path) -> Path:
    """Return a folder with what the real bundle brings along: all that lies here but our own."""
    folder = room / "libraries"
    folder.mkdir()
    for one in _LIBRARIES.iterdir():
        if not one.name.startswith(("xianshen-", "review", "_editable", "zz_")):
            (folder / one.name).symlink_to(one)
    return folder


@dataclass
class Machine:
    """The folders of one installation by the present user, as `--no-system` makes it."""

    folder: Path

    def __post_init__(self) -> None:
        self.prefix = self.folder / "prefix"
        self.data = self.folder / "data"
        self.backups = self.folder / "backups"
        config = self.folder / "config"
        config.mkdir(parents=True)
        self.libraries = libraries(self.folder)
        lines = (
            f"XIANSHEN_DATA_DIR={self.data}",
            f"XIANSHEN_CONFIG={config}/xianshen.toml",
            f"PYTHONPATH={self.libraries}",
        )
        (config / "environment").write_text("\n".join(lines) + "\n", "utf-8")
        self.options = [
            "--no-system",
            *("--prefix", str(self.prefix), "--data", str(self.data)),
            *("--backups", str(self.backups), "--config", str(config)),
        ]

    def script(self, folder: Path, *words: str) -> Ran:
        """Run the installer of a bundle, without any network where that can be had."""
        alone = ["unshare", "--net"] if os.getuid() == 0 else []
        done = subprocess.run(  # noqa: S603 - our own script
            [*alone, "bash", str(folder / "install.sh"), *words, *self.options],
            capture_output=True,
            check=False,
            env={
                "PATH": os.defpath,
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
                "PYTHON": sys.executable,
                "PYTHONPATH": str(self.libraries),
            },
            text=True,
            timeout=600,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def run(self, *words: str) -> str:
        """Run `xianshen` as the installation has it; return what it prints."""
        done = subprocess.run(  # noqa: S603 - our own command
            [str(self.prefix / "bin" / "xianshen"), *words],
            capture_output=True,
            check=False,
            env={"PATH": os.defpath, "HOME": str(self.folder), "LANG": "C.UTF-8"},
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def version(self) -> str:
        return (self.prefix / "current").readlink().name

    def entries(self) -> int:
        with closing(sqlite3.connect(self.data / "xianshen.db")) as database:
            (count,) = database.execute("SELECT count(*) FROM entries").fetchone()
        return int(count)

    def appoint(self, login: str) -> None:
        """Put one more entry on record."""
        self.run(
            *("users", "appoint", login, "--name", "张示例", "--post", "保密办审查员"),
            *("--from", "2026-01-01", "--until", "2035-12-31"),
            *("--ground", "云职院3号", "--as", "security"),
        )

    def found(self) -> None:
        self.run(
            *("users", "found", "security", "--name", "吴安全", "--post", "安全管理员"),
            *("--from", "2026-01-01", "--until", "2035-12-31", "--ground", "云职院1号"),
        )
