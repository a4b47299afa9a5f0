"""Real Wagtails from PyPI in folders of their own, and our package as its wheel installs it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

WANTED: Final = "XIANSHEN_TEST_WAGTAIL"
# The long-term release of each line.
VERSIONS: Final = {"6": "wagtail>=6.3,<6.4", "7": "wagtail>=7.4,<7.5"}
HERE: Final = Path(__file__).parent
_PACKAGE: Final = HERE.parents[1] / "integrations" / "wagtail"
_PATIENCE: Final = 300
_OWN: Final = ("PATH", "LANG", "HOME", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Wagtail:
    """A Wagtail with our package: where both are."""

    version: str
    folder: Path
    package: Path

    def environ(self, said: dict[str, Any]) -> dict[str, str]:
        """Return what a process of the test's site is started with."""
        parts = (HERE / "project", HERE, self.package, self.folder)
        return {
            **{name: os.environ[name] for name in _OWN if name in os.environ},  # noqa: TID251 - handed on
            "PYTHONPATH": os.pathsep.join(map(str, parts)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "site_settings",
            "XIANSHEN_TEST_SITE": json.dumps(said),
        }


def wagtail(line: str, package: Path) -> Wagtail:
    """Return a Wagtail of this line; skip where it can't be had, or fail where it must."""
    wanted = VERSIONS[line]
    name = "".join(one if one.isalnum() else "-" for one in wanted)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    cache = Path(tempfile.gettempdir()) / f"xianshen-wagtail-{os.getuid()}"
    folder = cache / f"{name}-py{python}"
    if not folder.exists():
        cache.mkdir(mode=0o700, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=cache))
        done = _pip("install", "--target", str(making), wanted)
        if done.returncode != 0:
            shutil.rmtree(making)
            _missing(f"Wagtail 装不上：{done.stderr[-500:]}")
        try:
            making.rename(folder)
        except OSError:  # somebody else was faster
            shutil.rmtree(making)
    return Wagtail(line, folder, package)


def install_package(into: Path) -> Path:
    """Build our wheel and install it alone; return where."""
    done = _pip(
        "install", "--no-deps", "--no-build-isolation", "--no-index", "--target",
        str(into), str(_PACKAGE),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return into


def _pip(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", *words]
    return subprocess.run(  # noqa: S603 - the interpreter's own pip
        [*command, "--quiet", "--disable-pip-version-check"],
        capture_output=True,
        check=False,
        text=True,
        timeout=_PATIENCE,
    )


def _missing(why: str) -> None:
    if os.environ.get(WANTED) == "required":  # noqa: TID251 - how the tests run
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def running(
    command: list[str], environ: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[str]]:
    """Start a process of the site with pipes; it is gone at the end."""
    with log.open("w") as said:
        process = subprocess.Popen(  # noqa: S603 - the interpreter of these tests
            [sys.executable, *command],
            env=environ,
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(30)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
