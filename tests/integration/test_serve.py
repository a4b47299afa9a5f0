"""`xianshen serve` as somebody starts it who has configured nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import regex

from review.bootstrap import install, open_installation
from review.cli.serve import wants_demo
from review.queue.connection import socket_in
from review.service import demo
from review.service.people import accounts
from review.settings import Settings, load_settings

_PATIENCE = 400  # seconds until a test says that it hangs
_LISTEN = """
import socket, sys, time
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("there", flush=True)
time.sleep(600)
"""
_ASK = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).status)"


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({}, True),
        ({"XIANSHEN_PORT": "9000", "XIANSHEN_WORKERS": "2"}, True),
        ({"XIANSHEN_DEMO": "false"}, False),
        ({"XIANSHEN_OFFICE_NAME": "云山职业学院"}, False),
        ({"XIANSHEN_DATABASE_URL": "postgresql://h/x"}, False),
        ({"XIANSHEN_OFFICE_NAME": "云山职业学院", "XIANSHEN_DEMO": "true"}, True),
    ],
)
def test_only_who_configured_nothing_gets_an_invented_college(
    tmp_path: Path, chosen: dict[str, str], *, wanted: bool
) -> None:
    settings = load_settings({"XIANSHEN_DATA_DIR": str(tmp_path), **chosen})
    assert wants_demo(settings) == wanted


class Served:
    """The programs of one data folder, started and looked at from outside."""

    def __init__(self, folder: Path, **chosen: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.environ = {
            **{name: os.environ[name] for name in ("PATH",) if name in os.environ},  # noqa: TID251 - handed on
            "HOME": str(folder.parent),
            "XIANSHEN_DATA_DIR": str(folder),
            "XIANSHEN_PORT": str(self.port),
            **chosen,
        }
        self.said = folder.parent / "said.txt"

    @contextmanager
    def started(self) -> Iterator[subprocess.Popen[bytes]]:
        program = self._program()
        try:
            yield program
        finally:
            if program.poll() is None:
                program.terminate()
            assert program.wait(60) is not None

    def _program(self) -> subprocess.Popen[bytes]:
        with self.said.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "review.cli.main", "serve"],
                env=self.environ,
                stdout=said,
                stderr=said,
            )

    def heard(self) -> str:
        return self.said.read_text("utf-8")

    def answers(self) -> bool:
        """Tell whether the site says that it is ready."""
        url = f"http://127.0.0.1:{self.port}/readyz"
        asked = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", _ASK, url], capture_output=True, check=False
        )
        return asked.stdout.strip() == b"200"

    def until(self, told: Callable[[], object], what: str) -> None:
        end = time.monotonic() + _PATIENCE
        while not told():
            assert time.monotonic() < end, (what, self.heard())
            time.sleep(0.2)


def _free_port() -> int:
    finding = (
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0));"
        "print(s.getsockname()[1])"
    )
    found = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", finding], capture_output=True, check=True
    )
    return int(found.stdout)


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in children.read_text().split()]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.mark.slow
def test_nothing_configured_gives_a_college_to_try(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    with served.started() as program:
        served.until(lambda: "先审已启动" in served.heard(), "it did not start")
        served.until(served.answers, "it is not ready")
        logins = regex.findall(r"(?m)^  (\w+) +(\S+)  ", served.heard())
        assert [one for one, _ in logins] == [
            one.login for one in (*demo.FOUNDERS, *demo.OTHERS)
        ]
        assert f"http://127.0.0.1:{served.port}" in served.heard()
        settings = Settings(data_dir=tmp_path / "data")
        with open_installation(settings, via="test") as installation:
            desk = installation.desk

            def is_scanned() -> bool:
                with desk.store.reading() as looking:
                    return not looking.counts(None).get("scanning", 0)

            served.until(is_scanned, "the workers do nothing")
            assert set(accounts.demo_accounts(desk)) == {one for one, _ in logins}
        _kill_and_see_again(served, program.pid, "-m worker")
        _kill_and_see_again(served, program.pid, "-m api")
        _kill_and_see_again(served, program.pid, "valkey")
        served.until(served.answers, "it is not ready again")
        below = _below(program.pid)
        assert below
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
        assert not any(Path(f"/proc/{one}").exists() for one in below)
        assert not socket_in(tmp_path / "data").exists()
    first = served.heard()
    with served.started():
        served.until(
            lambda: served.heard().count("先审已启动") == 2, "it did not start again"
        )
    assert served.heard().count("演示账号") == first.count("演示账号") == 1


def _kill_and_see_again(served: Served, supervisor: int, what: str) -> None:
    """Kill one of the programs; see another in its place."""

    def there() -> list[int]:
        return [one for one in _below(supervisor) if what in _words(one)]

    served.until(there, f"no {what}")
    (killed,) = there()
    os.kill(killed, signal.SIGKILL)
    served.until(lambda: there() not in ([], [killed]), f"no {what} again")


@pytest.mark.slow
def test_a_taken_port_is_said(tmp_path: Path) -> None:
    served = Served(tmp_path / "data", XIANSHEN_DEMO="false")
    listening = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _LISTEN, str(served.port)], stdout=subprocess.PIPE
    )
    assert listening.stdout is not None
    listening.stdout.readline()
    with served.started() as program:
        assert program.wait(_PATIENCE) == 2
    listening.kill()
    listening.communicate()
    assert f"端口 {served.port} 已有程序在用" in served.heard()


@pytest.mark.slow
def test_a_killed_supervisor_leaves_nothing_running(tmp_path: Path) -> None:
    served = Served(tmp_path / "data", XIANSHEN_DEMO="false")
    with served.started() as program:
        served.until(lambda: "先审已启动" in served.heard(), "it did not start")
        below = _below(program.pid)
        assert len(below) == 3
        program.kill()
        program.wait()
        served.until(
            lambda: not any(_words(one) for one in below), "somebody outlived it"
        )


@pytest.mark.slow
def test_an_invented_college_is_not_served_to_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    install(settings)
    with open_installation(settings, via="test") as installation:
        demo.found_people(installation.desk)
    served = Served(tmp_path / "data", XIANSHEN_HOST="0.0.0.0")  # noqa: S104 - refused
    with served.started() as program:
        assert program.wait(_PATIENCE) == 2
    assert "演示账号" in served.heard()
    assert "先审已启动" not in served.heard()
    direct = subprocess.run(
        [sys.executable, "-m", "api"],
        env=served.environ,
        capture_output=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert direct.returncode == 2
    assert "演示账号" in direct.stderr.decode()
