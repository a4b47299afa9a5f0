"""A college that has cleared a whole site, once for all tests that publish it."""

import shutil
import tempfile
from pathlib import Path

import pytest

from review.service.machine.round_machine import RoundMachine
from tests.service import site as sites
from tests.service.conftest import database, machine, secrets, site, staffed
from tests.service.site import Secrets
from tests.websites.clear import Cleared, clear, registered
from tests.websites.make import make, pages_wanted
from tests.websites.planted import plant

__all__ = ["database", "machine", "secrets", "site", "staffed"]


@pytest.fixture(scope="session")
def cleared_site(
    staffed: Path, machine: RoundMachine, secrets: Secrets, quick_folder: Path
) -> Cleared:
    folder = Path(tempfile.mkdtemp(prefix="website-", dir=quick_folder)) / "data"
    shutil.copytree(staffed, folder)
    built = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
    cms, website = registered(built), make(pages_wanted())
    cases = clear(cms, website)
    built.engine.dispose()
    at = built.clock.at
    return Cleared(folder, cms.key, website, plant(website), cases, at)
