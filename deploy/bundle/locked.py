"""Which of the locked distributions the program needs to run: without those of tests and checks."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

import regex
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ENTRY = regex.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)(?: *;(.*?))?(?= --hash=|$)")
# The oldest that it is for, Debian 12's own: some libraries need one more there than
# with later ones of 3.11, and none less.
_TARGET: Final = {"python_full_version": "3.11.2", "python_version": "3.11"}
_HASH = regex.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Locked:
    """One distribution of the lock: its version, and the digests that its files may have."""

    name: str
    version: str
    digests: frozenset[str]

    def line(self) -> str:
        """Return the entry as pip reads it."""
        hashes = " ".join(f"--hash=sha256:{one}" for one in sorted(self.digests))
        return f"{self.name}=={self.version} {hashes}"


def read_lock(text: str) -> dict[str, Locked]:
    """Return what a requirements file with hashes says for this kind of machine, by name."""
    joined = text.replace("\\\n", " ")
    found: dict[str, Locked] = {}
    for line in joined.splitlines():
        entry = _ENTRY.match(" ".join(line.split()))
        if entry and (not entry[3] or Marker(entry[3].strip()).evaluate(_TARGET)):
            name = canonicalize_name(entry[1])
            digests = frozenset(_HASH.findall(line))
            found[name] = Locked(name, entry[2], digests)
    return found


def to_run(root: Path) -> list[Locked]:
    """Return what the project needs on this kind of machine, itself left out.

    The environment must hold everything that is locked: its metadata says who needs
    whom. Raises `LookupError` for a name that the lock does not have.
    """
    lock = read_lock((root / "requirements.lock").read_text("utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(one) for one in project["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    names: set[str] = set()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if not _applies(one, "") or (name, frozenset(one.extras)) in seen:
            continue
        seen.add((name, frozenset(one.extras)))
        if name not in lock:
            raise LookupError(f"{name} 不在 requirements.lock 里：请先运行 make lock")
        names.add(name)
        waiting += _needed_by(name, one.extras)
    return [lock[name] for name in sorted(names)]


def _needed_by(name: str, extras: set[str]) -> Iterator[Requirement]:
    try:
        needs = metadata.requires(name) or ()
    except metadata.PackageNotFoundError:
        return  # only for the older Python; `pip check` after the installation knows more
    for text in needs:
        one = Requirement(text)
        if any(_applies(one, extra) for extra in ("", *extras)):
            # What was asked for is known now; the rest of the marker holds here.
            one.marker = None
            yield one


def _applies(one: Requirement, extra: str) -> bool:
    return one.marker is None or one.marker.evaluate({**_TARGET, "extra": extra})
