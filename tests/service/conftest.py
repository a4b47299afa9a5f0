"""A whole installation a test, and the audit that ends every one of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.pipeline import Scanner
from review.service.machine.round_machine import RoundMachine
from tests.service import site as sites
from tests.service.audit import audit
from tests.service.site import Secrets, Site


@pytest.fixture(scope="session")
def machine(scanner: Scanner) -> RoundMachine:
    return RoundMachine(scanner, fingerprint_key=bytes(range(32)), repeat_check=True)


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    return sites.new_secrets()


@pytest.fixture(scope="session")
def staffed(
    machine: RoundMachine,
    secrets: Secrets,
    migrated_sqlite: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return the folder of an installation whose people are appointed, to be copied."""
    folder = tmp_path_factory.mktemp("staffed") / "data"
    folder.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, folder / "xianshen.db")
    built = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
    sites.staff(built.desk)
    built.engine.dispose()
    return folder


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Return the kind of database; `on_both` runs a test on each."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def site(
    request: pytest.FixtureRequest,
    database: str,
    machine: RoundMachine,
    secrets: Secrets,
    tmp_path: Path,
) -> Iterator[Site]:
    folder = tmp_path / "data"
    if database == "sqlite":
        shutil.copytree(request.getfixturevalue("staffed"), folder)
        built = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
    else:
        folder.mkdir(mode=0o700)
        url = request.getfixturevalue("postgres_url")
        built = sites.build(url, folder, machine, secrets)
        sites.staff(built.desk)
    yield built
    audit(built)
    built.engine.dispose()
