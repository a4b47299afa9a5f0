"""An invented college behind its HTTP door, with a browser for each of its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from review.bootstrap import Installation
from review.queue.client import TaskQueue
from review.queue.connection import url_of
from review.queue.progress import ProgressBoard
from review.service.machine.lazy_machine import LazyMachine
from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.api.college import College, enter
from tests.service.conftest import (
    database,
    machine,
    secrets,
    site,
    staffed,
)
from tests.service.site import Site

__all__ = ["database", "machine", "secrets", "site", "staffed"]


@pytest.fixture
def installation(site: Site, machine: RoundMachine, tmp_path: Path) -> Installation:
    # Nobody listens there: the door works without its queue, and the records know.
    nowhere = url_of(tmp_path / "no.socket")
    return Installation(
        desk=site.desk,
        ledger_key=site.key,
        vault=site.vault,
        witness=site.witness,
        machine=LazyMachine(lambda: machine, lambda: None),
        queue=TaskQueue(nowhere, seconds={}),
        board=ProgressBoard(nowhere),
        release=site.engine.dispose,
    )


@pytest.fixture
def college(
    site: Site, installation: Installation, tmp_path: Path
) -> Iterator[College]:
    settings = Settings(data_dir=tmp_path / "data")
    with enter(site, installation, settings) as entered:
        yield entered
