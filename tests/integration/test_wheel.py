"""The wheel carries lexicons and model, and works away from the checkout."""

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from review.detect.classifier import FORMAT

_ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def _run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own commands
        [str(one) for one in arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, so that nothing in the checkout can change it."""
    folder = tmp_path_factory.mktemp("build")
    source = folder / "source"
    shutil.copytree(
        _ROOT,
        source,
        ignore=shutil.ignore_patterns(
            ".venv",
            ".git",
            ".*_cache",
            ".hypothesis",
            "__pycache__",
            "tests",
            "sample_docs",
            "dist",
        ),
    )
    built = _run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        folder,
        cwd=source,
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_code_lexicons_and_model(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {
        f"review/_data/{path.relative_to(_ROOT).as_posix()}"
        for path in (_ROOT / "lexicons").rglob("*.yaml")
    }
    code = {
        path.relative_to(_ROOT).as_posix() for path in (_ROOT / "review").rglob("*.py")
    }
    assert len(rules) > 100
    assert rules <= names
    assert code <= names
    pages = {"report.html.jinja", "evaluation.html.jinja", "look.css.jinja"}
    assert {f"review/report/{one}" for one in pages} <= set(names)
    assert {
        f"review/_data/models/passage/{name}"
        for name in ("model.json", "model.npz", "metrics.json", "card.md")
    } <= names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {one for one in folders if not one.endswith(".dist-info")} == {
        "review",
        "worker",
        "api",
    }
    assert not [
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if "/corpus/" in name or name.endswith((".pkl", ".pickle", ".joblib"))
    ]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install into an empty environment that sees the libraries of this one."""
    folder = tmp_path_factory.mktemp("venv")
    made = _run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    assert made.returncode == 0, made.stderr
    site = next(folder.glob("lib/python*/site-packages"))
    # Append without running this environment's .pth files: the editable
    # install must not be seen.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    done = _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        folder / "bin" / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
        wheel,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def test_the_installed_command_scans_elsewhere(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "稿.txt").write_text("机密★10年\n考前流出的试卷\n", "utf-8")
    where = _run(
        installed / "python",
        "-c",
        "import review; print(review.__file__)",
        cwd=tmp_path,
    )
    assert not Path(where.stdout.strip()).is_relative_to(_ROOT)
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)
    run = _run(
        installed / "xianshen", "scan", "--format", "jsonl", "稿.txt", cwd=tmp_path
    )
    assert run.returncode == 1, run.stderr
    told = json.loads(run.stdout)
    assert told["verdict"] == "blocked"
    manifest = json.loads((_ROOT / "models/passage/model.json").read_text("utf-8"))
    assert told["versions"]["lexicons"]
    assert told["versions"]["model"]
    assert manifest["format"] == FORMAT
