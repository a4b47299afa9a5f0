"""What lies where in the bundle, and the one archive that it becomes."""

import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path

from deploy.bundle.wheels import digest_of, licences_of, member

SUMS = "SHA256SUMS"
# From the checkout into the bundle; folders whole.
_COPIED = {
    "deploy/bundle/install.sh": "install.sh",
    "deploy/bundle/parts": "parts",
    "deploy/bundle/README.md": "README.md",
    "deploy/systemd": "units",
    "deploy/container": "container",
    "docs": "docs",
    "LICENSE": "LICENSE",
    "CHANGELOG.md": "CHANGELOG.md",
    "SECURITY.md": "SECURITY.md",
}
_TO_START = frozenset({".sh"})


@dataclass(frozen=True, slots=True)
class Release:
    """What is bundled: its version, the commit, and the second that the files are dated by."""

    version: str
    commit: str
    at: int

    @property
    def name(self) -> str:
        """Return the archive's name without its ending."""
        return f"xianshen-{self.version}-linux-x86_64"


def lay_out(release: Release, root: Path, wheels: Iterable[Path], into: Path) -> Path:
    """Fill a folder with everything that the archive holds; return the folder."""
    folder = into / release.name
    folder.mkdir(parents=True)
    for source, target in _COPIED.items():
        _copy(root / source, folder / target)
    (folder / "wheels").mkdir()
    kept = [
        Path(shutil.copyfile(one, folder / "wheels" / one.name))
        for one in sorted(wheels)
    ]
    _write(folder / "requirements.txt", (_required(one) for one in kept))
    _write(folder / "VERSION", (release.version, f"commit {release.commit}"))
    _keep_licences(kept, folder / "licences")
    held = sorted(one for one in folder.rglob("*") if one.is_file())
    sums = (f"{digest_of(one)}  {one.relative_to(folder)}" for one in held)
    _write(folder / SUMS, list(sums))
    return folder


def pack(folder: Path, release: Release, into: Path) -> Path:
    """Write the archive and its digest beside it: the same bytes from the same files."""
    path = into / f"{release.name}.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for one in sorted([folder, *folder.rglob("*")]):
            entry = archive.gettarinfo(one, str(one.relative_to(folder.parent)))
            entry.mtime, entry.uid, entry.gid = release.at, 0, 0
            entry.uname = entry.gname = "root"
            entry.mode = 0o755 if one.is_dir() or one.suffix in _TO_START else 0o644
            if one.is_file():
                with one.open("rb") as file:
                    archive.addfile(entry, file)
            else:
                archive.addfile(entry)
    _write(into / f"{path.name}.sha256", (f"{digest_of(path)}  {path.name}",))
    return path


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(
            source, target, ignore=shutil.ignore_patterns("__pycache__", "*.py[co]")
        )
    else:
        shutil.copyfile(source, target)


def _required(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{digest_of(wheel)}"


def _keep_licences(wheels: Iterable[Path], folder: Path) -> None:
    """Put every wheel's licence files in a folder of its name; list what each says of itself."""
    lines = ["| distribution | version | licence |", "| --- | --- | --- |"]
    for wheel in wheels:
        said = BytesParser().parsebytes(member(wheel, "METADATA"))
        classified = [
            one.rpartition(" :: ")[2]
            for one in said.get_all("Classifier", [])
            if one.startswith("License ::")
        ]
        # Some put the whole text where its name belongs.
        own = (said["License"] or "").strip().partition("\n")[0][:60]
        licence = said["License-Expression"] or " / ".join(classified) or own
        lines.append(f"| {said['Name']} | {said['Version']} | {licence} |")
        for name, data in licences_of(wheel):
            path = folder / f"{said['Name']}-{said['Version']}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    folder.mkdir(exist_ok=True)
    _write(folder / "licences.md", lines)


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{one}\n" for one in lines), "utf-8")
