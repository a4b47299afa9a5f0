"""`install.sh`, without a network: first install, upgrade, and the way back with its data."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import regex

from deploy.bundle.layout import SUMS
from deploy.bundle.wheels import digest_of
from tests.deploy.bundles import Machine, bundle

pytestmark = [pytest.mark.slow, pytest.mark.longest]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


@pytest.fixture(scope="module")
def first(room: Path) -> Path:
    return bundle(room, "0.1.0")


@pytest.fixture(scope="module")
def installed(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Install once, with somebody on record."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    done = machine.script(first, "install")
    assert done.code == 0, done.out + done.err
    machine.found()
    return machine


def test_a_bundle_that_was_changed_is_not_installed(
    first: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(first, changed)
    with (changed / "parts" / "xianshen.sh").open("a") as file:
        file.write("# one more\n")
    machine = Machine(tmp_path / "machine")
    done = machine.script(changed, "install")
    assert done.code == 1
    assert "被改动过" in done.err
    assert not machine.prefix.exists()


def test_only_its_users_read_the_settings(installed: Machine) -> None:
    config = installed.folder / "config"
    modes = {
        one: (config / one).stat().st_mode & 0o777
        for one in ("environment", "xianshen.toml")
    }
    assert modes == {"environment": 0o640, "xianshen.toml": 0o640}


def test_another_bundle_of_the_same_number_is_not_taken_for_it(
    installed: Machine, first: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(first, other)
    version, sums = other / "VERSION", other / SUMS
    before = digest_of(version)
    version.write_text(f"0.1.0\ncommit {'1' * 40}\n", "utf-8")
    said = sums.read_text("utf-8").replace(before, digest_of(version))
    sums.write_text(said, "utf-8")
    again, done = installed.script(first, "program"), installed.script(other, "program")
    assert (again.code, done.code) == (0, 1)
    assert "同一版本号的另一个安装包" in done.err


def test_a_version_with_the_same_database_is_only_switched(
    installed: Machine, room: Path
) -> None:
    machine, second = installed, bundle(room, "0.1.1")
    done = machine.script(second, "upgrade")
    assert done.code == 0, done.out + done.err
    assert machine.version() == "0.1.1"
    machine.appoint("qian")
    after = machine.entries()
    back = machine.script(machine.prefix / "0.1.1", "rollback")
    assert back.code == 0, back.out + back.err
    assert (machine.version(), machine.entries()) == ("0.1.0", after)


def test_one_host_of_several_gets_another_program_only_for_the_same_database(
    first: Path, room: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = Machine(tmp_path_factory.mktemp("one-of-several"))
    done = machine.script(first, "install")
    assert done.code == 0, done.out + done.err
    with _at_work(machine):
        same = machine.script(bundle(room, "0.1.2"), "program")
        assert same.code == 0, same.out + same.err
        assert "数据库一样" in same.out
        assert machine.version() == "0.1.2"
        other = bundle(room, "0.4.0", step="pass")
        refused = machine.script(other, "program")
        assert refused.code == 1
        assert "不能一台一台换" in refused.err
        assert machine.version() == "0.1.2"
    # Once it is stopped, another host has upgraded the database.
    assert machine.script(other, "program").code == 0
    assert machine.version() == "0.4.0"


@contextmanager
def _at_work(machine: Machine) -> Iterator[None]:
    """Let something run that looks like the site."""
    name = f"{machine.prefix}/0.1.0/venv/bin/python -P -m api"
    running = subprocess.Popen(["bash", "-c", f"exec -a '{name}' sleep 600"])  # noqa: S603, S607 - our own words
    try:
        yield
    finally:
        running.kill()
        running.wait()


def test_an_upgrade_that_fails_leaves_the_old_version(
    installed: Machine, room: Path
) -> None:
    broken = bundle(room, "0.3.0", step="raise RuntimeError")
    before = installed.entries()
    done = installed.script(broken, "upgrade")
    assert done.code == 1
    assert "仍用 0.1.0，数据库没有变" in done.err
    # That a backup was made is on record too.
    assert (installed.version(), installed.entries()) == ("0.1.0", before + 1)


def test_an_upgrade_and_the_way_back_keep_the_data(
    installed: Machine, room: Path
) -> None:
    """A version with a new step of the database: back by the backup, and only when told so."""
    machine, second = installed, bundle(room, "0.2.0", step="pass")
    before = machine.entries()
    done = machine.script(second, "upgrade")
    assert done.code == 0, done.out + done.err
    machine.appoint("li")

    old = machine.prefix / "0.2.0"
    refused = machine.script(old, "rollback")
    assert refused.code == 1
    assert regex.findall(r"又记了 (\d+) 条", refused.err) == ["1"]
    assert machine.version() == "0.2.0"
    assert "li" in machine.run("users", "list")

    back = machine.script(old, "rollback", "--lose", "1")
    assert back.code == 0, back.out + back.err
    assert (machine.version(), machine.entries()) == ("0.1.0", before)
    (aside,) = machine.folder.glob("data.0.2.0-*")
    assert (aside / "keys" / "witness.jsonl").is_file()
    assert len(list(machine.backups.glob("before-rollback-*.xsb"))) == 1
    # Whoever was on record before is; the record goes on.
    machine.appoint("zhao")
    assert {"security", "qian", "zhao"} <= set(machine.run("users", "list").split())


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here"
)
def test_the_units_are_what_systemd_understands(installed: Machine) -> None:
    units = sorted((installed.folder / "config" / "units").iterdir())
    assert len(units) == 8
    for name in ("site", "worker", "queue"):
        # Of several hosts not each runs each service; a unit in /etc can't be masked.
        text = (
            installed.folder / "config/units" / f"xianshen-{name}.service"
        ).read_text()
        assert f"ConditionPathExists=!{installed.folder}/config/no-{name}\n" in text
    left = regex.compile("@[A-Z]+@")
    assert not [one for one in units if left.search(one.read_text("utf-8"))]
    done = subprocess.run(  # noqa: S603 - our own words
        ["systemd-analyze", "verify", "--man=no", *units],  # noqa: S607 - the system's
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
