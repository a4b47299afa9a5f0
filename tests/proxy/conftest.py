"""The whole chain in one process: reader, proxy, the site behind, the real gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.api.college import enter, install
from tests.proxy.chain import Chain, chained
from tests.service.cms import Cms
from tests.service.conftest import database, machine, secrets, site, staffed
from tests.websites.clear import Cleared
from tests.websites.conftest import cleared_site, cms

__all__ = [
    "cleared_site",
    "cms",
    "database",
    "machine",
    "secrets",
    "site",
    "staffed",
]


@pytest.fixture
def chain(
    cms: Cms, cleared_site: Cleared, machine: RoundMachine, tmp_path: Path
) -> Iterator[Chain]:
    college = cms.college
    settings = Settings(data_dir=tmp_path / "data")
    installation = install(college, machine, tmp_path)
    with enter(college, installation, settings) as entered:
        yield chained(entered.app, cms, cleared_site, tmp_path)
