"""The whole chain in one process: reader, proxy, the site behind, the real gate."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.api.college import enter, install
from tests.proxy.chain import Behind, Chain, chained
from tests.service.cms import Cms
from tests.service.conftest import database, machine, secrets, site, staffed
from tests.websites.clear import Cleared, opened
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


@pytest.fixture(scope="session")
def one_chain(
    cleared_site: Cleared,
    machine: RoundMachine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Chain]:
    folder = tmp_path_factory.mktemp("chain")
    cms = opened(cleared_site, folder / "data", machine)
    with _chained(cms, cleared_site, machine, folder) as made:
        yield made
    cms.college.engine.dispose()


@pytest.fixture
def chain(one_chain: Chain) -> Chain:
    """Return the chain with the files as they ought to be; nothing is revoked in it."""
    files = one_chain.cleared.website.files()
    return replace(one_chain, behind=Behind(files))


@pytest.fixture
def own_chain(
    cms: Cms, cleared_site: Cleared, machine: RoundMachine, tmp_path: Path
) -> Iterator[Chain]:
    """Return a chain in whose college something may happen."""
    with _chained(cms, cleared_site, machine, tmp_path) as made:
        yield made


@contextmanager
def _chained(
    cms: Cms, cleared: Cleared, machine: RoundMachine, folder: Path
) -> Iterator[Chain]:
    settings = Settings(data_dir=folder / "data", requests_per_minute=100_000)
    installation = install(cms.college, machine, folder)
    with enter(cms.college, installation, settings) as entered:
        yield chained(entered.app, cms, cleared, folder)
