# ruff: noqa: INP001, T201 - a script by itself that prints
"""Asks whether a locked dependency has a known weakness: part of `make check`.

Fails for a known weakness, and for nothing else: where the service that knows them
can't be reached, it says so in plain words and lets the check go on.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PROGRAM = Path(sys.executable).with_name("pip-audit")
_PATIENCE = 600  # seconds for everything
# Asked first, and alone: where it is not known, nothing is.
_PROBE = "cryptography"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service says: weak ones, each in a line; how many it knew, and did not."""

    weak: tuple[str, ...]
    known: int
    unknown: tuple[str, ...]


def main() -> int:
    """Ask and tell; return the exit status."""
    wanted = _arguments()
    lines = tuple(locked(wanted.requirements.read_text("utf-8").splitlines()))
    probe = [one for one in lines if one.startswith(f"{_PROBE}==")] or list(lines[:1])
    answer = asked(wanted.program, probe)
    if answer is not None and answer.known:
        answer = asked(wanted.program, lines)
    if answer is None or not answer.known:
        print(
            "依赖没有检查：漏洞库连不上（需要访问 pypi.org）。联网后请再运行 make audit。"
        )
        return 0
    for one in answer.weak:
        print(f"有已知漏洞：{one}")
    if answer.unknown:
        print(f"漏洞库里查不到 {len(answer.unknown)} 个：{'、'.join(answer.unknown)}")
    if answer.weak:
        print("请升级（make lock），或在提交说明里写明为什么不受影响并换掉它。")
        return 1
    print(f"依赖检查通过：{answer.known} 个没有已知漏洞。")
    return 0


def locked(lines: Iterable[str]) -> Iterator[str]:
    """Yield each locked requirement with its hashes on one line."""
    held: list[str] = []
    for line in lines:
        if line.strip() and not line.lstrip().startswith("#"):
            held.append(line.strip().removesuffix("\\").strip())
        if held and not line.rstrip().endswith("\\"):
            yield " ".join(held)
            held = []


def asked(program: Path, requirements: Iterable[str]) -> Answer | None:
    """Return what the service says of these; None where it says nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(requirements) + "\n")
        file.flush()
        words = [
            str(program),
            "--requirement",
            file.name,
            "--require-hashes",
            "--disable-pip",
            "--format",
            "json",
            "--progress-spinner",
            "off",
        ]
        try:
            done = subprocess.run(  # noqa: S603 - the tool of our own environment
                words, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return _read(found)


def _read(found: list[dict[str, object]]) -> Answer:
    weak: list[str] = []
    unknown: list[str] = []
    for one in found:
        if "skip_reason" in one:
            unknown.append(str(one["name"]))
            continue
        said = one.get("vulns")
        for flaw in said if isinstance(said, list) else []:
            better = "、".join(flaw["fix_versions"]) or "还没有"
            weak.append(
                f"{one['name']} {one['version']} {flaw['id']}，修复版本 {better}"
            )
    return Answer(tuple(weak), len(found) - len(unknown), tuple(unknown))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "requirements", nargs="?", type=Path, default=_ROOT / "requirements.lock"
    )
    parser.add_argument("--program", type=Path, default=_PROGRAM)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
