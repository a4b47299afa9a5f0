"""A real gate that listens, for real Wagtails to ask; see wagtails.py for those.

Without a way to PyPI these tests are skipped, unless `XIANSHEN_TEST_WAGTAIL=required`.
`XIANSHEN_TEST_TABLE` names a file for the table of everything that was tried.
"""

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn

from review import clock
from tests.api.college import College
from tests.api.conftest import (
    college,
    database,
    installation,
    machine,
    secrets,
    site,
    staffed,
)
from tests.service.cms import Cms, join
from tests.service.site import SetClock
from tests.wagtail.wagtails import install_package

__all__ = [
    "college",
    "database",
    "installation",
    "machine",
    "secrets",
    "site",
    "staffed",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for one in items:
        if here in one.path.parents:
            one.add_marker(pytest.mark.slow)
            one.add_marker(pytest.mark.enable_socket)


class _Going(SetClock):
    """The real clock: sites say when they published by theirs."""

    def __call__(self) -> datetime:
        return clock.now()


@pytest.fixture
def cms(college: College) -> Cms:
    college.site.clock.__class__ = _Going
    return join(
        college.site,
        networks=("127.0.0.0/8", "10.1.2.0/24"),
        channels=("website",),
        callback_hosts=("127.0.0.1",),
    )


@pytest.fixture
def gate(college: College, cms: Cms) -> Iterator[str]:
    assert cms
    config = uvicorn.Config(
        college.app, port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_package(tmp_path_factory.mktemp("package"))
