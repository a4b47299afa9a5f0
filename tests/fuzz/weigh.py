# ruff: noqa: T201 - a script by itself that prints
"""Seconds and memory of files read in the sandbox: `python -m tests.fuzz.weigh FILE …`.

Without a file, the hostile ones of this folder are made and read; `hostile:NAME` makes one.
The memory is the most that each kind of child held at once, in MB.
"""

import argparse
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from review.errors import UnreadableError
from review.extract.limits import Limits
from review.sandbox.reader import SandboxReader
from tests.fuzz.hostile import HOSTILE

_OFTEN = 0.01  # seconds between looks


@dataclass(slots=True)
class Scales:
    """Looks at the children of this process while something runs."""

    most: dict[str, int] = field(default_factory=dict)
    ticks: dict[int, int] = field(default_factory=dict)
    _done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look often, until told to stop."""
        while not self._done.wait(_OFTEN):
            for number in _below(os.getpid()):
                self._look(number)

    def stop(self) -> None:
        """Look no more."""
        self._done.set()

    def _look(self, number: int) -> None:
        try:
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            lines = Path(f"/proc/{number}/status").read_text("utf-8").splitlines()
            times = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2]
        except OSError:
            return
        if words[0].endswith(b"soffice.bin"):
            kind = "soffice"
        elif b"review.sandbox.child" in words and b"bwrap" not in words[0]:
            kind = words[words.index(b"review.sandbox.child") + 1].decode()
        else:
            return
        self.ticks[number] = sum(map(int, times.split()[11:13]))
        peak = [int(one.split()[1]) >> 10 for one in lines if one.startswith("VmHWM")]
        self.most[kind] = max(self.most.get(kind, 0), *peak, 0)


def _below(number: int) -> list[int]:
    """Return the processes that a process and its children started."""
    found: list[int] = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        try:
            own = [int(one) for one in task.read_text("ascii").split()]
        except OSError:
            continue
        found += own
        for one in own:
            found += _below(one)
    return found


def weighed(name: str) -> str:
    """Return a row about one file: seconds, MB, and what was said of it."""
    made = name.startswith("hostile:")
    data = HOSTILE[name[8:]]() if made else Path(name).read_bytes()
    scales = Scales()
    looking = threading.Thread(target=scales.run)
    looking.start()
    began = time.monotonic()
    try:
        document = SandboxReader()(data, Path(name).name, Limits())
    except UnreadableError as error:
        said = f"{type(error).__name__}: {error.message}"
    else:
        gaps = "；".join(f"{one.code} {one.message}" for one in document.gaps[:2])
        said = f"{len(document.blocks)} blocks, {len(document.gaps)} gaps: {gaps}"
    took = time.monotonic() - began
    scales.stop()
    looking.join()
    busy = sum(scales.ticks.values()) / os.sysconf("SC_CLK_TCK")
    peaks = ", ".join(f"{kind} {most}" for kind, most in scales.most.items())
    label = name[8:] if made else Path(name).name
    return f"| {label} | {len(data) / 1e6:.2f} | {took:.1f} | {busy:.1f} | {peaks} | {said[:150]} |"


def main() -> int:
    """Weigh each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    files = parser.parse_args().files or [f"hostile:{one}" for one in HOSTILE]
    print(
        "| file | MB | seconds | of processor | most MB | said |",
        "| --- | ---: | ---: | ---: | --- | --- |",
        sep="\n",
    )
    for file in files:
        print(weighed(file), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
