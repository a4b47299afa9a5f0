"""A college that has cleared a whole site, once for all tests that publish it.

Other packages take `cleared_site` in from here: it is made once in a process.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from review.service.machine.round_machine import RoundMachine
from tests.service import site as sites
from tests.service.cms import Cms
from tests.service.conftest import database, machine, secrets, site, staffed
from tests.service.site import Secrets
from tests.websites.clear import Cleared, clear, opened, registered
from tests.websites.make import make, pages_wanted
from tests.websites.planted import plant

__all__ = ["database", "machine", "secrets", "site", "staffed"]

_made: Final[list[Cleared]] = []


@pytest.fixture(scope="session")
def cleared_site(
    staffed: Path, machine: RoundMachine, secrets: Secrets, quick_folder: Path
) -> Cleared:
    if not _made:
        folder = Path(tempfile.mkdtemp(prefix="website-", dir=quick_folder)) / "data"
        shutil.copytree(staffed, folder)
        built = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
        cms, website = registered(built), make(pages_wanted())
        cases = clear(cms, website)
        built.engine.dispose()
        planted, at = plant(website), built.clock.at
        _made.append(Cleared(folder, cms.key, website, planted, secrets, cases, at))
    return _made[0]


@pytest.fixture
def cms(cleared_site: Cleared, machine: RoundMachine, tmp_path: Path) -> Iterator[Cms]:
    made = opened(cleared_site, tmp_path / "data", machine)
    yield made
    made.college.engine.dispose()
