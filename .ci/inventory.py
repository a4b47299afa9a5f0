# ruff: noqa: INP001, T201 - a script by itself that prints
"""Writes what the product stands on: docs/licences.md, and docs/sbom.cdx.json (CycloneDX 1.6).

Both from the locked packages as installed; `--check` only says whether the files that
are there still tell the truth.
"""

import argparse
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import regex
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

_ROOT: Final = Path(__file__).resolve().parents[1]
LICENCES: Final = _ROOT / "docs" / "licences.md"
SBOM: Final = _ROOT / "docs" / "sbom.cdx.json"
_VENDORED: Final = ("api/static/vendor", "tests/e2e/vendor")
_LOCKED: Final = regex.compile(r"^([A-Za-z0-9._-]+)==", regex.MULTILINE)
_ROW: Final = regex.compile(
    r"^\| (\S+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| [0-9a-f]{64}", regex.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Package:
    """A locked package as installed; `runs` where the product needs it to run."""

    name: str
    version: str
    licence: str
    runs: bool


def main() -> int:
    """Write both files, or say which is out of date; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check: bool = parser.parse_args().check
    found = packages()
    stale = 0
    for path, text in ((LICENCES, page(found)), (SBOM, sbom(found))):
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"{path.relative_to(_ROOT)} 已经过时，请运行 make licences。")
        else:
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


def packages() -> tuple[Package, ...]:
    """Return the locked packages that are installed, by name."""
    locked = {
        canonicalize_name(one)
        for one in _LOCKED.findall((_ROOT / "requirements.lock").read_text("utf-8"))
    }
    installed = {
        canonicalize_name(one.metadata["Name"]): one for one in metadata.distributions()
    }
    needed = _needed(installed)
    return tuple(
        Package(
            name, installed[name].version, licence_of(installed[name]), name in needed
        )
        for name in sorted(locked & installed.keys())
    )


def licence_of(one: metadata.Distribution) -> str:
    """Return the licence as the package states it, in a line; "" where it does not."""
    said = one.metadata
    if "License-Expression" in said:
        return said["License-Expression"]
    classified = [
        each.split(" :: ")[-1]
        for each in said.get_all("Classifier", [])
        if each.startswith("License :: ") and not each.endswith(":: OSI Approved")
    ]
    # Some put the whole text there; its first line names it.
    lines = (said["License"] if "License" in said else "").strip().splitlines() or [""]  # noqa: SIM401 - no get there
    return "; ".join(classified) or lines[0][:80]


def page(found: Iterable[Package]) -> str:
    """Return docs/licences.md."""
    runs = [one for one in found if one.runs]
    tools = [one for one in found if not one.runs]
    return "\n".join(
        (
            _words("licences-head.md"),
            f"## Packages that it runs with ({len(runs)})\n",
            *_table(runs),
            "",
            f"## Packages for building, testing and checking alone ({len(tools)})\n",
            *_table(tools),
            "",
            "## Files taken into the repository, unchanged\n",
            "| file | from | version | licence |",
            "| --- | --- | --- | --- |",
            *_vendored(),
            "",
            _words("licences-beside.md"),
        )
    )


def sbom(found: Iterable[Package]) -> str:
    """Return the CycloneDX list, the same for the same packages."""
    project = _project()
    bom = Bom()
    told = "\n".join(f"{one.name}=={one.version} {one.licence}" for one in found)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, told)
    # Not the day of making: the same packages give the same file.
    bom.metadata.timestamp = datetime(2026, 1, 1, tzinfo=UTC)
    bom.metadata.component = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        licenses=[LicenseExpression(project["license"])],
        bom_ref=project["name"],
    )
    parts = [_component(one) for one in found]
    for part in parts:
        bom.components.add(part)
    direct = {canonicalize_name(one.name) for one in _direct()}
    bom.register_dependency(
        bom.metadata.component, [one for one in parts if one.name in direct]
    )
    return str(JsonV1Dot6(bom).output_as_string(indent=1)) + "\n"


def _component(one: Package) -> Component:
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED if one.runs else ComponentScope.EXCLUDED,
        purl=PackageURL("pypi", name=one.name, version=one.version),
        bom_ref=f"{one.name}@{one.version}",
        licenses=[DisjunctiveLicense(name=one.licence)],
    )


def _words(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _table(found: Iterable[Package]) -> Iterator[str]:
    yield "| package | version | licence as it states it |"
    yield "| --- | --- | --- |"
    for one in found:
        yield f"| {one.name} | {one.version} | {one.licence or 'in its files'} |"


def _vendored() -> Iterator[str]:
    for folder in _VENDORED:
        told = (_ROOT / folder / "README.md").read_text("utf-8")
        for name, source, version, licence in _ROW.findall(told):
            yield f"| {folder}/{name} | {source} | {version} | {licence} |"


def _project() -> dict[str, Any]:
    told = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))
    return dict(told["project"])


def _direct() -> Iterator[Requirement]:
    return (Requirement(one) for one in _project()["dependencies"])


def _needed(
    installed: Mapping[NormalizedName, metadata.Distribution],
) -> frozenset[NormalizedName]:
    """Return what the product's own dependencies bring along, by their markers."""
    wanted = list(_direct())
    seen: set[tuple[NormalizedName, str]] = set()
    while wanted:
        one = wanted.pop()
        name = canonicalize_name(one.name)
        for extra in ("", *one.extras):
            if name not in installed or (name, extra) in seen:
                continue
            seen.add((name, extra))
            for line in installed[name].requires or ():
                needs = Requirement(line)
                if needs.marker is None or needs.marker.evaluate({"extra": extra}):
                    wanted.append(needs)
    return frozenset(name for name, _ in seen)


if __name__ == "__main__":
    sys.exit(main())
