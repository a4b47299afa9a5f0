# ruff: noqa: T201 - a script by itself that prints
"""A long run: `python -m tests.fuzz.long FAMILY [FAMILY …] --count 10000`.

Prints for each family the mutants, how many were read, the crashes, the seconds, the slowest
mutant, the greatest memory. What breaks the law is made smaller and kept in the corpus.
Run it under `nice`; it is one process, and one family after the other.
"""

import argparse
import hashlib
import resource
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.families import CORPUS, FAMILIES, Family
from tests.fuzz.mutants import mutants
from tests.fuzz.trying import empty_temp, forget_peak, memory, smaller, tried

_MB = 1 << 20
_MEMORY = 3072 * _MB
_HEAD = (
    "| family | mutants | read | crashes | seconds | slowest s | peak MB | files left |"
)
_SLOW = 3.0


@dataclass(slots=True)
class Run:
    """What one family showed so far."""

    family: Family
    tried: int = 0
    read: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    left: int = 0
    broken: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """Return a row of the table."""
        cells = (
            self.family.name,
            self.tried,
            self.read,
            self.broken.total(),
            f"{self.seconds:.0f}",
            f"{self.slowest:.2f}",
            memory("VmHWM"),
            self.left,
        )
        return f"| {' | '.join(map(str, cells))} |"


def ran(family: Family, count: int, seed: int, keep: Path | None) -> Run:
    """Try so many mutants of a family."""
    run = Run(family)
    forget_peak()
    with empty_temp() as room:
        for data in mutants(family.seeds(), count, seed):
            trial = tried(family, data)
            run.tried += 1
            run.read += trial.was_read
            run.seconds += trial.seconds
            run.slowest = max(run.slowest, trial.seconds)
            left = list(room.iterdir())
            run.left += len(left)
            if trial.broken is not None:
                run.broken[trial.broken] += 1
            if keep and trial.broken and run.broken[trial.broken] == 1:
                _kept(keep, family, data, trial.broken)
            elif keep and trial.seconds > _SLOW:
                _kept(keep, family, data, f"{trial.seconds:.1f} s", "slow")
    return run


def _kept(
    keep: Path, family: Family, data: bytes, why: str, mark: str = "broke"
) -> None:
    folder = keep / family.name
    folder.mkdir(parents=True, exist_ok=True)
    small = smaller(family, data) if mark == "broke" else data
    name = f"{mark}-{hashlib.sha256(small).hexdigest()[:12]}"
    (folder / name).write_bytes(small)
    print(f"{family.name}: {why}; {folder.name}/{name}, {len(small)} bytes", flush=True)


def main() -> int:
    """Run what was asked for; 1 where something broke the law."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="+", choices=[*FAMILIES, "all"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, default=CORPUS, help="where what broke is kept"
    )
    wanted = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    names = list(FAMILIES) if "all" in wanted.families else wanted.families
    print(_HEAD, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", sep="\n")
    broken: Counter[str] = Counter()
    for name in names:
        run = ran(FAMILIES[name], wanted.count, wanted.seed, wanted.keep)
        print(run.line(), flush=True)
        broken += run.broken
    for why, times in broken.most_common():
        print(f"{times} × {why}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
