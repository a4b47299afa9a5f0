"""Measures the gate: 100,000 cleared cases stored, one API process, load by wrk.

In turn within one run: a bare FastAPI endpoint that takes the same request and does
nothing with it, the gate asked about the very files that were cleared, and the gate
asked about the same pages in another template. No two requests of a run ask about
the same case before each was asked once. Prints a table, writes
benchmarks/results/gate.json.

Needs wrk (`apt-get install wrk`); without it a slower load of this program's own is
used, and the table says so.
"""

import contextlib
import http.client
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from api.schemas.gate import AllowedOut, CheckIn
from benchmarks import machine, material
from benchmarks.gate_cases import Filled, fill
from benchmarks.rows import Row
from review.bootstrap import install, open_installation
from review.service.gate import sealed_facts
from review.settings import Settings

CASES: Final = 100_000
ASKED: Final = 20_000  # of them are asked about as they are
REWRAPPED: Final = 4_000  # are asked about in another template
SECONDS: Final = 15
# To try it: fewer cases, for a shorter time.
FEWER: Final = 10_000
SHORTER: Final = 5
ROUNDS: Final = 3
CONNECTIONS: Final = 8
WANTED_RATE, WANTED_P99, WANTED_SHARE = 300.0, 50.0, 1 / 3
_PATH: Final = "/api/v1/gate/check"
_WRK: Final = """
local bodies, at = {}, tonumber("%(start)d")
for line in io.lines("%(file)s") do bodies[#bodies + 1] = line end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %(key)s"
request = function()
  at = at %% #bodies + 1
  return wrk.format(nil, "%(path)s", nil, bodies[at])
end
response = function(status, headers, body)
  if not body:find('"allowed":true', 1, true) then
    io.stderr:write("not allowed: " .. status .. " " .. body:sub(1, 300) .. "\\n")
  end
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %%d %%f %%f %%f %%d\\n", summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.timeout))
end
"""

bare = FastAPI()


@bare.post(_PATH)
def answer(said: CheckIn) -> AllowedOut:
    """Take the same request apart, and do nothing with it."""
    return AllowedOut(clearance="-", case="2026-000001", message=said.title)


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of load came to; `cpu` is the server's milliseconds a request."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int
    cpu: float

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the walk along the ledger, first and again; the loads by their kind."""

    walks: tuple[float, float]
    loads: dict[str, list[Load]]

    def middle(self, name: str) -> Load:
        """Return the run of that kind that was neither the best nor the worst."""
        runs = self.loads[name]
        return sorted(runs, key=lambda one: one.rate)[len(runs) // 2]

    @property
    def share(self) -> float:
        """Return the gate's rate by the bare endpoint's, taken in turn."""
        pairs = zip(self.loads["same"], self.loads["bare"], strict=True)
        return statistics.median(gate.rate / plain.rate for gate, plain in pairs)

    @property
    def errors(self) -> int:
        """Return how many requests of all were answered otherwise than with yes."""
        return sum(one.errors for runs in self.loads.values() for one in runs)


@dataclass(frozen=True, slots=True)
class Server:
    """A server of one process."""

    port: int
    process: int

    def cpu(self) -> float:
        """Return the seconds of processor time that it has used."""
        fields = Path(f"/proc/{self.process}/stat").read_text("ascii").split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, print, write."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    report = _report(cases, measured(cases))
    for name, figure in report["rows"].items():
        print(f"{name:<44}{figure}")
    target = material.ROOT / "benchmarks" / "results" / "gate.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def rows(cases: int = CASES, seconds: int = SECONDS) -> list[Row]:
    """Return what counts of the gate for the table of all benchmarks."""
    found = measured(cases, seconds)
    same, other = found.middle("same"), found.middle("rewrapped")
    size = f"{cases:,} cases, {seconds} s a run"
    return [
        Row(
            "gate, very files, requests/s",
            f"{same.rate:.0f}",
            f">= {WANTED_RATE:.0f}",
            f"{size}; bare endpoint {found.middle('bare').rate:.0f}/s",
        ),
        Row(
            "gate, very files, p99",
            f"{same.p99:.1f} ms",
            f"<= {WANTED_P99:.0f} ms",
            f"{size}; {found.errors} errors",
        ),
        Row(
            "gate / bare endpoint",
            f"{found.share:.2f}",
            f">= {WANTED_SHARE:.2f}",
            f"{size}, taken in turn",
        ),
        Row(
            "gate, another template, requests/s",
            f"{other.rate:.0f}",
            "",
            f"{size}; median {other.p50:.1f} ms, p99 {other.p99:.1f} ms",
        ),
        Row(
            "gate, very files, median",
            f"{same.p50:.1f} ms",
            "",
            f"{CONNECTIONS} at once; bare endpoint {found.middle('bare').p50:.1f} ms",
        ),
        Row(
            "a new process believes the ledger, first",
            f"{found.walks[0]:.1f} s",
            "",
            f"{cases:,} cases; from what was written down {found.walks[1] * 1000:.0f} ms",
        ),
    ]


def measured(cases: int, seconds: int = SECONDS) -> "Measured":
    """Fill an installation, serve it, and put load on it in turn with the bare one."""
    with tempfile.TemporaryDirectory(prefix="xianshen-gate-") as folder:
        settings = Settings(data_dir=Path(folder) / "data")
        install(settings)
        began = time.perf_counter()
        filled = fill(settings, cases, asked=ASKED, rewrapped=REWRAPPED)
        print(f"{cases} cases in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        walks = _walks(settings)
        files = _written(Path(folder), filled)
        loads = _loads(settings, filled.key, files, seconds)
    return Measured(walks, loads)


def _walks(settings: Settings) -> tuple[float, float]:
    """Return how long a new process takes to believe the ledger, from the first
    entry and from what was written down.
    """  # noqa: D205 - one sentence
    times = []
    with open_installation(settings, via="benchmark") as installation:
        for _ in range(2):
            began = time.perf_counter()
            sealed_facts.write_down(installation.desk)
            times.append(time.perf_counter() - began)
    return times[0], times[1]


def _written(folder: Path, filled: Filled) -> dict[str, Path]:
    files = {}
    for name, bodies in (("same", filled.same), ("rewrapped", filled.rewrapped)):
        files[name] = folder / f"{name}.jsonl"
        lines = (json.dumps(one, ensure_ascii=False) for one in bodies)
        files[name].write_text("\n".join(lines) + "\n", "utf-8")
    return files


def _loads(
    settings: Settings, key: str, files: dict[str, Path], seconds: int
) -> dict[str, list[Load]]:
    loads: dict[str, list[Load]] = {"bare": [], "same": [], "rewrapped": []}
    with _served(settings) as gate, _bare_served() as bare_one:
        # The walk along the ledger is measured by itself.
        _own_load(gate, key, files["same"], 0, seconds=0.1)
        for round_number in range(ROUNDS):
            for name, runs in loads.items():
                file = files["same" if name == "bare" else name]
                here = bare_one if name == "bare" else gate
                start = round_number * _count(file) // ROUNDS
                runs.append(_load(here, key, file, start, seconds=seconds))
                print(name, runs[-1], file=sys.stderr)
    return loads


def _count(file: Path) -> int:
    with file.open(encoding="utf-8") as lines:
        return sum(1 for _ in lines)


def _load(server: Server, key: str, file: Path, start: int, *, seconds: int) -> Load:
    if shutil.which("wrk") is None:
        return _own_load(server, key, file, start, seconds=seconds)
    script = file.with_suffix(".lua")
    script.write_text(
        _WRK % {"file": file, "key": key, "path": _PATH, "start": start}, "utf-8"
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script)]
    before = server.cpu()
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, f"http://127.0.0.1:{server.port}"],
        check=True,
        capture_output=True,
        text=True,
    )
    if done.stderr:
        print(done.stderr[:500], file=sys.stderr)
    line = next(one for one in done.stdout.splitlines() if one.startswith("RESULT"))
    requests, took, p50, p99, errors = line.split()[1:]
    cpu = (server.cpu() - before) * 1_000 / max(1, int(requests))
    return Load(int(requests), float(took), float(p50), float(p99), int(errors), cpu)


def _own_load(
    server: Server, key: str, file: Path, start: int, *, seconds: float
) -> Load:
    """Put load on with threads; it takes a core's share away from what it measures."""
    bodies = [one.encode() for one in file.read_text("utf-8").splitlines()]
    times: list[float] = []
    errors: list[int] = []
    before = server.cpu()
    end = time.perf_counter() + seconds

    def one(offset: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
        }
        at = start + offset * len(bodies) // CONNECTIONS
        while (began := time.perf_counter()) < end:
            at = (at + 1) % len(bodies)
            connection.request("POST", _PATH, bodies[at], headers)
            if b'"allowed":true' not in connection.getresponse().read():
                errors.append(at)
            times.append((time.perf_counter() - began) * 1_000)

    threads = [
        threading.Thread(target=one, args=(each,)) for each in range(CONNECTIONS)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    cut = statistics.quantiles(times, n=100)
    cpu = (server.cpu() - before) * 1_000 / len(times)
    return Load(len(times), seconds, cut[49], cut[98], len(errors), cpu)


@contextlib.contextmanager
def _served(settings: Settings) -> Iterator[Server]:
    port = machine.free_port()
    environ = {
        **os.environ,  # noqa: TID251 - a process of its own gets the same
        "XIANSHEN_DATA_DIR": str(settings.data_dir),
        "XIANSHEN_PORT": str(port),
    }
    with _running([sys.executable, "-m", "api"], environ, port) as server:
        yield server


@contextlib.contextmanager
def _bare_served() -> Iterator[Server]:
    port = machine.free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.gate:bare"]
    environ = dict(os.environ)  # noqa: TID251 - a process of its own gets the same
    more = ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    with _running([*command, *more], environ, port) as server:
        yield server


@contextlib.contextmanager
def _running(
    command: list[str], environ: dict[str, str], port: int
) -> Iterator[Server]:
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        env=environ,
        cwd=material.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        else:
            raise TimeoutError(f"{command[2]} does not listen")
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _report(cases: int, found: Measured) -> dict[str, Any]:
    middle = {name: found.middle(name) for name in found.loads}
    figures = {
        "bare endpoint, requests/s": f"{middle['bare'].rate:.0f}",
        "gate, very files, requests/s": f"{middle['same'].rate:.0f} (>= {WANTED_RATE:.0f})",
        "gate, very files, p99": f"{middle['same'].p99:.1f} ms (<= {WANTED_P99:.0f})",
        "gate / bare": f"{found.share:.2f} (>= {WANTED_SHARE:.2f})",
        "gate, other template, requests/s": f"{middle['rewrapped'].rate:.0f}",
        "gate, other template, p99": f"{middle['rewrapped'].p99:.1f} ms",
        "processor time, bare / very files / other": " / ".join(
            f"{middle[name].cpu:.2f}" for name in middle
        )
        + " ms",
        "errors": str(found.errors),
        "first walk along the ledger": f"{found.walks[0]:.1f} s",
        "walk from what was written down": f"{found.walks[1] * 1000:.0f} ms",
    }
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "load": f"wrk -t1 -c{CONNECTIONS}" if shutil.which("wrk") else "threads",
        "cases": cases,
        "rounds": ROUNDS,
        "rows": figures,
        "runs": {
            name: [asdict(one) for one in runs] for name, runs in found.loads.items()
        },
    }


if __name__ == "__main__":
    main()
