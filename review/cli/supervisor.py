"""Keeps the programs of one machine running: the queue's server, the workers, the site.

Does nothing else and loads nothing else, so that it is small and never in the way.
"""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from review.errors import QueueError, UsageError
from review.queue.embedded import EmbeddedServer

_log: Final = logging.getLogger(__name__)
_TICK: Final = 0.2
_LOOK: Final = 2.0  # seconds between two questions to the queue's server
_PAUSE: Final = 0.5  # seconds before one that died is started again; then ever longer
_LONGEST: Final = 30.0
_STEADY: Final = 60.0
_PATIENCE: Final = 40.0  # the site and the workers end their work in order
# What a program ends with when it can't run as it is set up: no use to try again.
_WRONG: Final = 2
_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG


@dataclass(slots=True)
class Program:
    """One program to keep running."""

    name: str
    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    pause: float = _PAUSE
    not_before: float = 0.0
    ever_steady: bool = False


@dataclass(slots=True)
class Supervisor:
    """Starts programs, starts again those that die, stops them all."""

    programs: Sequence[Program]
    server: EmbeddedServer | None
    address: tuple[str, int]
    _told: bool = field(default=False)
    _announced: bool = field(default=False)
    _look: float = field(default=0.0)

    def run(self) -> None:
        """Keep everything running until SIGTERM or ctrl-C.

        Raises:
            QueueError: The queue's server can't be started.
            UsageError: A program can't run as it is set up; it has said why.
        """
        if _answers(self.address):
            raise UsageError(
                f"端口 {self.address[1]} 已有程序在用，可能先审已经启动；"
                "请先停掉它，或设置 XIANSHEN_PORT 换一个端口。"
            )
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            if self.server is not None:
                self.server.start()
            while not self._told:
                self._look_after_server()
                for one in self.programs:
                    self._look_after(one)
                self._announce()
                time.sleep(_TICK)
        finally:
            self._end()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._told = True

    def _look_after_server(self) -> None:
        now = time.monotonic()
        if self.server is None or now < self._look:
            return
        self._look = now + _LOOK
        if self.server.is_running():
            return
        _log.warning("内置的任务队列停了，重新启动")
        try:
            self.server.start()
        except QueueError as error:
            _log.warning("%s", error.message)

    def _look_after(self, one: Program) -> None:
        now = time.monotonic()
        if one.process is None:
            if now >= one.not_before:
                one.process, one.since = _started(one.words), now
            return
        code = one.process.poll()
        if now - one.since >= _STEADY:
            one.pause, one.ever_steady = _PAUSE, True
        if code is None:
            return
        if code == _WRONG and not one.ever_steady:
            raise UsageError(f"{one.name}没有启动：原因见上面的提示，改正后再启动。")
        _log.warning("%s停了（%d），%.0f 秒后重新启动", one.name, code, one.pause)
        one.process, one.not_before = None, now + one.pause
        one.pause = min(one.pause * 2, _LONGEST)

    def _announce(self) -> None:
        """Say the address once, as soon as the site answers."""
        if self._announced or not _answers(self.address):
            return
        self._announced = True
        host, port = self.address
        shown = f"[{host}]" if ":" in host else host
        print(f"先审已启动：http://{shown}:{port}  （按 Ctrl-C 停止）", flush=True)

    def _end(self) -> None:
        running = [one.process for one in self.programs if one.process is not None]
        for each in running:
            each.terminate()
        end = time.monotonic() + _PATIENCE
        for each in running:
            try:
                each.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        if self.server is not None:
            self.server.stop()


def _started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, "-m", *words],
        stdin=subprocess.DEVNULL,
        # Ctrl-C is for the supervisor, which stops each in order.
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - nothing but one system call
    )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGTERM)


def _answers(address: tuple[str, int]) -> bool:
    host, port = address
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only read
    try:
        with socket.create_connection((reached, port), timeout=0.2):
            return True
    except OSError:
        return False
