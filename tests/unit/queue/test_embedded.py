"""A server of our own: started once, private, replaced when it was killed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from review.errors import QueueError
from review.queue.connection import connect, make_run_folder, socket_in
from review.queue.embedded import EmbeddedServer

# Says where its server is, and waits to be ended.
_PROGRAM = """
import sys
from pathlib import Path
from review.queue.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(folder)
    yield server
    server.stop()


def _asked(server: EmbeddedServer) -> redis.Redis:
    return connect(server.url)


def test_it_is_there_until_it_is_stopped(server: EmbeddedServer) -> None:
    assert not server.is_running()
    server.start()
    assert server.is_running()
    server.stop()
    assert not server.is_running()
    server.stop()


def test_only_its_user_can_reach_it(server: EmbeddedServer, folder: Path) -> None:
    server.start()
    assert socket_in(folder).stat().st_mode & 0o777 == 0o600
    assert make_run_folder(folder).stat().st_mode & 0o777 == 0o700
    asked = _asked(server)
    assert asked.config_get("port") == {"port": "0"}
    assert asked.config_get("appendonly") == {"appendonly": "yes"}
    asked.close()


def test_what_it_was_told_outlives_its_end_by_force(
    server: EmbeddedServer, folder: Path
) -> None:
    server.start()
    asked = _asked(server)
    asked.set("kept", "1")
    asked.waitaof(1, 0, 1000)
    asked.close()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    again = EmbeddedServer(folder)
    again.start()
    asked = _asked(again)
    assert asked.get("kept") == b"1"
    asked.close()
    again.stop()


def test_a_socket_left_behind_is_replaced(server: EmbeddedServer, folder: Path) -> None:
    server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    assert server._process is not None
    server._process.wait()
    assert socket_in(folder).exists()
    assert not server.is_running()
    server.start()
    assert server.is_running()


def test_a_second_program_uses_the_first_ones(
    server: EmbeddedServer, folder: Path
) -> None:
    server.start()
    second = EmbeddedServer(folder)
    second.start()
    assert second.is_running()
    assert second.pid is None
    second.stop()
    assert server.is_running()


def test_of_programs_that_start_at_once_one_starts_it(folder: Path) -> None:
    programs = [_started(folder) for _ in range(4)]
    pids = [_line(one) for one in programs]
    for one in programs:
        assert one.stdin is not None
        one.stdin.close()
        assert one.wait(30) == 0
        assert one.stdout is not None
        one.stdout.close()
    assert len([one for one in pids if one != "None"]) == 1


def test_it_does_not_outlive_a_killed_program(folder: Path) -> None:
    program = _started(folder)
    pid = int(_line(program))
    program.kill()
    program.communicate()
    _until_gone(pid)
    server = EmbeddedServer(folder)
    server.start()
    assert server.pid not in {None, pid}
    server.stop()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("很长的目录名" * 10)
    server = EmbeddedServer(deep)
    server.start()
    assert server.is_running()
    assert not socket_in(deep).is_relative_to(tmp_path)
    server.stop()
    make_run_folder(deep).joinpath("valkey.lock").unlink()
    make_run_folder(deep).rmdir()


@pytest.mark.parametrize("name", ["短", "很长的目录名" * 10])
def test_asking_where_it_is_makes_nothing(tmp_path: Path, name: str) -> None:
    socket = socket_in(tmp_path / name)
    assert not socket.parent.exists()
    assert list(tmp_path.iterdir()) == []


def test_somebody_elses_folder_is_not_used(tmp_path: Path) -> None:
    deep = tmp_path / ("很长的目录名" * 10)
    short = make_run_folder(deep)
    short.chmod(0o777)
    with pytest.raises(QueueError, match="请删去"):
        socket_in(deep)
    short.rmdir()


def test_what_cannot_start_is_said(server: EmbeddedServer, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "queue").mkdir()
    # A file where a folder must be.
    (folder / "queue" / "appendonlydir").write_text("taken")
    with pytest.raises(QueueError, match="没有启动成功"):
        server.start()


def _started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def _until_gone(pid: int) -> None:
    waiting, other = socket.socketpair()
    waiting.settimeout(0.05)
    for _ in range(400):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        if "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]:
            break
        try:
            waiting.recv(1)
        except TimeoutError:
            continue
    waiting.close()
    other.close()
