"""`xianshen queue`: the embedded queue alone, as a unit of systemd starts it."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from review.queue.connection import connect, socket_in, url_of
from tests.command import XIANSHEN, Ran, xianshen

pytestmark = pytest.mark.slow

_PATIENCE = 60.0  # seconds until a test says that it hangs


def _environment(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "XIANSHEN_DATA_DIR": str(folder / "data")}


@contextmanager
def _queue(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    program = subprocess.Popen([XIANSHEN, "queue"], env=_environment(folder))  # noqa: S603 - our own command
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()


def _until_there(folder: Path) -> Path:
    end = time.monotonic() + _PATIENCE
    while True:
        socket = socket_in(folder / "data")
        if socket.exists():
            return socket
        assert time.monotonic() < end, "it does not start"
        time.sleep(0.05)


def _again(folder: Path, **more: str) -> Ran:
    return xianshen("queue", env=_environment(folder) | more)


def test_it_answers_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with _queue(tmp_path) as program:
        socket = _until_there(tmp_path)
        connection = connect(url_of(socket))
        assert connection.ping()
        connection.close()
        second = _again(tmp_path)
        assert second.code == 2
        assert "已由别的程序启动" in second.err
        program.terminate()
        assert program.wait(_PATIENCE) == 0
    assert not socket.exists()


def test_with_a_redis_of_ones_own_it_is_not_wanted(tmp_path: Path) -> None:
    done = _again(tmp_path, XIANSHEN_REDIS_URL="redis://127.0.0.1:1/0")
    assert done.code == 2
    assert "redis_url" in done.err
