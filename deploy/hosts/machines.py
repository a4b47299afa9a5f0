"""Hosts: each a network and a process namespace, with one service that is started again.

What systemd would do for a service (start it again when it fails, stop it politely) a
few lines of shell do as the host's first process.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from deploy.hosts import network

# As the units say: Restart=on-failure, RestartSec=5.
_FIRST_PROCESS: Final = """
told= p=
trap 'told=1; [ -z "$p" ] || kill -s "$STOP" "$p"' TERM
while :; do
  "$@" & p=$!
  while :; do wait "$p"; s=$?; kill -0 "$p" 2>/dev/null || break; done
  echo "ended with $s" >&2
  if [ -n "$told" ] || [ "$s" = 0 ]; then exit "$s"; fi
  sleep 5 & wait $!
done
"""
_STOPPED: Final = 60.0  # seconds that a host is given to stop in order


@dataclass
class Machine:
    """A host: its name and address, what it runs with which environment, and how it is."""

    name: str
    address: str
    words: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    stop_signal: str = "TERM"
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        """Return where all that it says is kept."""
        return self.folder / f"{self.name}.log"

    def boot(self) -> None:
        """Start the host, plugged in."""
        network.heal(self.name)
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                (
                    *_in_namespace(self.name),
                    *("sh", "-c", _FIRST_PROCESS, "sh", *self.words),
                ),
                cwd="/",
                env={**self.environ, "STOP": self.stop_signal},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def die(self) -> None:
        """End everything on the host at once; the others hear that connections are closed."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def lose_power(self) -> None:
        """End everything on the host at once, and nobody hears of it."""
        network.cut(self.name)
        self.die()

    def freeze(self) -> None:
        """Stop every process as it stands; the kernel goes on answering for it."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the processes go on where they were."""
        self._signal_all(signal.SIGCONT)

    def stop(self) -> float:
        """Stop the service in order, as an upgrade does; return the seconds it took."""
        began = time.monotonic()
        if self.process is not None:
            os.kill(_children(self.process.pid)[0], signal.SIGTERM)
            try:
                self.process.wait(_STOPPED)
            finally:
                self.die()
        return time.monotonic() - began

    def is_running(self) -> bool:
        """Tell whether the host is up."""
        return self.process is not None and self.process.poll() is None

    def run(
        self, *words: str, seconds: float = 120
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command on the host, beside its service."""
        return subprocess.run(  # noqa: S603 - our own commands
            (*_in_namespace(self.name), *words),
            capture_output=True,
            check=False,
            cwd="/",
            env=dict(self.environ),
            text=True,
            timeout=seconds,
        )

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Begin a command on the host, beside its service."""
        with self.log.open("ab") as said:
            return subprocess.Popen(  # noqa: S603 - our own commands
                (*_in_namespace(self.name), *words),
                cwd="/",
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def _signal_all(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        for pid in _below(self.process.pid):
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                continue


def until(told: Callable[[], object], *, seconds: float, what: str) -> float:
    """Wait until something holds; return the seconds it took.

    Raises:
        TimeoutError: It did not come about in time.
    """
    began = time.monotonic()
    while not told():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what}：等了 {seconds:.0f} 秒")
        time.sleep(0.2)
    return time.monotonic() - began


def _in_namespace(name: str) -> tuple[str, ...]:
    return (
        *("ip", "netns", "exec", name),
        *("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts", "--"),
    )


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(one) for one in text.split()]


def _below(pid: int) -> list[int]:
    found: list[int] = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            children = _children(one)
        except FileNotFoundError:
            continue
        found += children
        waiting += children
    return found
