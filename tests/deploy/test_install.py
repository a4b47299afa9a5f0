"""`install.sh`, without a network: first install, upgrade, and the way back with its data."""

import shutil
from pathlib import Path

import pytest
import regex

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


def test_an_upgrade_and_the_way_back_keep_the_data(
    installed: Machine, room: Path
) -> None:
    """First a version with a new step of the database, then back by the backup."""
    machine, second = installed, bundle(room, "0.2.0", step=True)
    before = machine.entries()
    done = machine.script(second, "upgrade")
    assert done.code == 0, done.out + done.err
    assert machine.version() == "0.2.0"
    assert machine.run("--version").strip().endswith("0.2.0")
    assert machine.entries() >= before
    machine.appoint("li")

    old = machine.prefix / "0.2.0"
    refused = machine.script(old, "rollback")
    assert refused.code == 1
    (lost,) = regex.findall(r"又记了 (\d+) 条", refused.err)
    assert lost == "1"
    assert machine.version() == "0.2.0"
    assert "li" in machine.run("users", "list")

    back = machine.script(old, "rollback", "--lose", lost)
    assert back.code == 0, back.out + back.err
    assert machine.version() == "0.1.0"
    assert machine.entries() == before
    assert "security" in machine.run("users", "list")
    (aside,) = machine.folder.glob("data.0.2.0-*")
    assert (aside / "keys" / "witness.jsonl").is_file()
    assert len(list(machine.backups.glob("before-rollback-*.xsb"))) == 1
    machine.run("records", "verify")
    machine.appoint("zhao")


def test_a_version_with_the_same_database_is_only_switched(
    installed: Machine, room: Path
) -> None:
    machine, third = installed, bundle(room, "0.1.1")
    done = machine.script(third, "upgrade")
    assert done.code == 0, done.out + done.err
    machine.appoint("qian")
    after = machine.entries()
    back = machine.script(machine.prefix / "0.1.1", "rollback")
    assert back.code == 0, back.out + back.err
    assert (machine.version(), machine.entries()) == ("0.1.0", after)


def test_an_upgrade_that_fails_leaves_the_old_version(
    installed: Machine, room: Path
) -> None:
    broken = bundle(room, "0.3.0", step=True)
    machine = installed
    (wheel,) = (broken / "wheels").iterdir()
    wheel.write_bytes(wheel.read_bytes()[:-1])
    before = machine.entries()
    done = machine.script(broken, "upgrade")
    assert done.code == 1
    assert (machine.version(), machine.entries()) == ("0.1.0", before)
