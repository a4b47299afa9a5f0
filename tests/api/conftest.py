"""An invented college behind its HTTP door, with a browser for each of its people."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.bootstrap import Installation
from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.api.college import College, Founded, enter, found, install
from tests.api.matrix import HOLDERS, OTHER_HEAD
from tests.service import site as sites
from tests.service.audit import audit
from tests.service.conftest import (
    database,
    machine,
    secrets,
    site,
    staffed,
)
from tests.service.site import Secrets, Site

__all__ = ["database", "machine", "secrets", "site", "staffed"]


@pytest.fixture
def installation(site: Site, machine: RoundMachine, tmp_path: Path) -> Installation:
    return install(site, machine, tmp_path)


@pytest.fixture
def college(
    site: Site, installation: Installation, tmp_path: Path
) -> Iterator[College]:
    settings = Settings(data_dir=tmp_path / "data")
    with enter(site, installation, settings) as entered:
        yield entered


@pytest.fixture(scope="session")
def founded(
    staffed: Path, machine: RoundMachine, secrets: Secrets, quick_folder: Path
) -> Iterator[Founded]:
    # Each package that takes this in from here has a college of its own.
    folder = Path(tempfile.mkdtemp(prefix="college-", dir=quick_folder)) / "data"
    shutil.copytree(staffed, folder)
    built = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
    built.appoint(OTHER_HEAD)
    people = [person for *_, person in HOLDERS]
    with found(built, machine, folder, people) as college:
        yield college
    built.engine.dispose()


@pytest.fixture
def standing(founded: Founded) -> Iterator[College]:
    """Return the college that was founded once, as it was then."""
    with founded.again() as college:
        yield college
    if founded.is_changed():
        audit(college.site)
