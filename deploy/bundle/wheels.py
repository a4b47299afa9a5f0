"""The wheels of the bundle: fetched by their locked digests; a pure source becomes a wheel here."""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from deploy.bundle.locked import Locked

# The first day that a zip knows: the same bytes each time.
_WHEN = (1980, 1, 1, 0, 0, 0)
_COMPILED = frozenset({".c", ".cc", ".cpp", ".pyx", ".pyd", ".rs", ".so"})
_LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "COPYRIGHT")
_WHEEL = "Wheel-Version: 1.0\nGenerator: xianshen\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def fetch(wanted: Iterable[Locked], folder: Path) -> None:
    """Download each distribution; pip refuses a file that has another digest.

    Of a source archive pip asks what it is, in a room apart; nothing of that is kept.

    Raises:
        CalledProcessError: One can't be had; pip has said why.
    """
    with tempfile.TemporaryDirectory() as room:
        listed = Path(room) / "requirements.txt"
        listed.write_text("".join(f"{one.line()}\n" for one in wanted), "utf-8")
        subprocess.run(  # noqa: S603 - our own words
            [
                *(sys.executable, "-m", "pip", "download", "--quiet"),
                *("--disable-pip-version-check", "--no-deps", "--require-hashes"),
                "--prefer-binary",
                *("-r", str(listed), "-d", str(folder)),
            ],
            check=True,
        )


def build_own(root: Path, folder: Path) -> Path:
    """Build the project's own wheel with the locked builder; return it."""
    before = set(folder.glob("*.whl"))
    subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        check=True,
        cwd=root,
        stdout=subprocess.DEVNULL,
    )
    (made,) = set(folder.glob("*.whl")) - before
    return made


def only_wheels(folder: Path) -> None:
    """Replace each source archive by a wheel made of it, so that nothing is built on the machine.

    Raises:
        ValueError: It is not pure Python, or of a kind that is not known here.
    """
    for path in sorted(folder.iterdir()):
        if path.suffix == ".whl":
            continue
        if not path.name.endswith(".tar.gz"):
            raise ValueError(f"{path.name}：只会把 .tar.gz 的源码包做成 wheel")
        to_wheel(path, folder)
        path.unlink()


def to_wheel(source: Path, folder: Path) -> Path:
    """Return a wheel with a source archive's one package; its setup.py is not run.

    Raises:
        ValueError: It is not pure Python.
    """
    files, about = _package_of(source)
    name, version = (_field(about, one) for one in ("Name", "Version"))
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    files |= {f"{info}/METADATA": about, f"{info}/WHEEL": _WHEEL.encode()}
    record = f"{info}/RECORD"
    lines = [f"{one},sha256={_short(data)},{len(data)}" for one, data in files.items()]
    files[record] = "\n".join([*lines, f"{record},,"]).encode() + b"\n"
    made = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in files.items():
            archive.writestr(_entry(one), data)
    return made


def _package_of(source: Path) -> tuple[dict[str, bytes], bytes]:
    about, found = b"", {}
    with tarfile.open(source) as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts[1:]
            held = archive.extractfile(member) if member.isreg() else None
            if held is None or ".." in parts:
                continue
            if PurePosixPath(member.name).suffix in _COMPILED:
                raise ValueError(f"{source.name} 要编译，不能做成通用的 wheel")
            if parts == ("PKG-INFO",):
                about = held.read()
            elif _plain(source.name).startswith(f"{_plain(parts[0])}-"):
                found["/".join(parts)] = held.read()
    if not about or not found:
        raise ValueError(f"{source.name} 里找不到同名的 Python 包")
    return dict(sorted(found.items())), about


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _field(about: bytes, name: str) -> str:
    start = f"{name}: "
    lines = about.decode().splitlines()
    return next(one.removeprefix(start) for one in lines if one.startswith(start))


def _short(data: bytes) -> str:
    """Return the digest as a wheel's list of files wants it."""
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16
    return entry


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def member(wheel: Path, name: str) -> bytes:
    """Return one file of a wheel's own information, such as METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        for one in archive.namelist():
            if one.count("/") == 1 and one.endswith(f".dist-info/{name}"):
                return archive.read(one)
    raise LookupError(f"{wheel.name} 里没有 {name}")


def licences_of(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the licence files that a wheel brings in its own information, by short names."""
    with zipfile.ZipFile(wheel) as archive:
        for one in archive.namelist():
            info, _, rest = one.partition("/")
            path = PurePosixPath(rest)
            if info.endswith(".dist-info") and path.name.upper().startswith(_LICENCES):
                yield "-".join(path.parts), archive.read(one)
