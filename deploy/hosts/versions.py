"""The program as two versions, each installed as a wheel in an environment of its own."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

ROOT: Final = Path(__file__).resolve().parents[2]
# What the program runs with is here already; an environment names its folder.
_LIBRARIES: Final = Path(np.__file__).parents[1]
_NEEDED: Final = ("review", "worker", "api", "lexicons", "models")
_FILES: Final = ("pyproject.toml", "README.md", "LICENSE")
NOW: Final = "0.1.0"
NEXT: Final = "0.1.1"  # with the same database
NEWER: Final = "0.2.0"  # with a newer one
_STEP: Final = '''"""A step that only the tried version has."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tried", sa.Column("id", sa.Integer(), primary_key=True))
'''


def installed(version: str, room: Path) -> Path:
    """Install today's tree under that version number; return the Python that has it."""
    source = room / f"source-{version}"
    source.mkdir()
    for name in _NEEDED:
        shutil.copytree(
            ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in _FILES:
        shutil.copyfile(ROOT / name, source / name)
    for name in ("pyproject.toml", "review/__init__.py"):
        path = source / name
        text = path.read_text("utf-8")
        path.write_text(text.replace(f'"{NOW}"', f'"{version}"', 1), "utf-8")
    if version == NEWER:
        steps = source / "review" / "store" / "migrations" / "versions"
        before = max(one.name for one in steps.glob("[0-9]*.py"))[:4]
        (steps / "9999_tried.py").write_text(_STEP.format(before=before), "utf-8")
    wheels = room / f"wheels-{version}"
    _run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        wheels,
        cwd=source,
    )
    home = room / version
    _run(sys.executable, "-m", "venv", "--without-pip", home, cwd=room)
    (packages,) = home.glob("lib/python*/site-packages")
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(packages)
    (packages / "libraries.pth").write_text(f"{_LIBRARIES}\n", "utf-8")
    shutil.rmtree(source)
    return home / "bin" / "python"


def all_installed(room: Path) -> Mapping[str, Path]:
    """Install every version of the trial; return the Python of each."""
    return {one: installed(one, room) for one in (NOW, NEXT, NEWER)}


def _run(*words: str | Path, cwd: Path) -> None:
    subprocess.run(  # noqa: S603 - our own commands
        [str(one) for one in words], check=True, capture_output=True, cwd=cwd
    )
