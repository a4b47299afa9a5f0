"""The real program for a browser to use: `xianshen serve` in a process of its own.

This process opens no socket: whether the program answers is asked by the browser's
driver, and by a small process of its own.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import regex
from playwright.sync_api import Browser, Playwright

_PATIENCE: Final = 180  # seconds until somebody says that it does not start
_STARTED: Final = "先审已启动"
_FREE_PORT: Final = (
    "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0));"
    "print(s.getsockname()[1])"
)
_ASK: Final = (
    "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).status)"
)
# Somebody who clicks through every page at once is no attacker here.
_CHOSEN: Final = {"XIANSHEN_DEMO": "true", "XIANSHEN_REQUESTS_PER_MINUTE": "100000"}


@dataclass
class Program:
    """The programs of one data folder, with the demo college's people in it."""

    folder: Path
    chosen: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    passwords: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return where the site is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """Return what the programs are started with."""
        handed_on = ("PATH", "LANG", "LD_LIBRARY_PATH")
        return {
            **{name: os.environ[name] for name in handed_on if name in os.environ},  # noqa: TID251 - handed on
            "HOME": str(self.folder.parent),
            "XIANSHEN_DATA_DIR": str(self.folder),
            "XIANSHEN_PORT": str(self.port),
            **_CHOSEN,
            **self.chosen,
        }

    @property
    def said(self) -> str:
        """Return what the programs have written so far."""
        return self._log.read_text("utf-8")

    @property
    def _log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}-said.txt"

    @contextmanager
    def started(self) -> Iterator["Program"]:
        """Start everything, learn the demo passwords, stop everything."""
        self.port = self.port or _free_port()
        with self._log.open("ab") as said:
            running = subprocess.Popen(
                [sys.executable, "-m", "review.cli.main", "serve"],
                env=self.environ,
                stdout=said,
                stderr=said,
            )
        try:
            self._until(lambda: _STARTED in self.said or running.poll() is not None)
            self._until(lambda: self._answers() or running.poll() is not None)
            assert running.poll() is None, self.said
            self.passwords = dict(regex.findall(r"(?m)^  (\w+) +(\S+)  ", self.said))
            yield self
        finally:
            running.terminate()
            running.wait(60)

    def command(self, *words: str) -> str:
        """Run `xianshen` on the same data folder; return what it printed."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "review.cli.main", *words],
            env=self.environ,
            capture_output=True,
            check=False,
            text=True,
            timeout=_PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _answers(self) -> bool:
        asked = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", _ASK, f"{self.address}/readyz"],
            capture_output=True,
            check=False,
        )
        return asked.stdout.strip() == b"200"

    def _until(self, told: Callable[[], object]) -> None:
        end = time.monotonic() + _PATIENCE
        while not told():
            assert time.monotonic() < end, self.said
            time.sleep(0.3)


def chromium() -> str | None:
    """Return the browser that this machine's packages bring, if there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return found
    return None


def _free_port() -> int:
    found = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _FREE_PORT], capture_output=True, check=True
    )
    return int(found.stdout)


@contextmanager
def launched(driver: Playwright) -> Iterator[Browser]:
    """Start that browser, which then knows no address but this machine's own."""
    arguments = [
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    # Fields for dates are drawn in the language of the browser, not of the page.
    environ = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}  # noqa: TID251 - handed on
    started = driver.chromium.launch(
        executable_path=chromium(), args=arguments, env=environ
    )
    yield started
    started.close()
