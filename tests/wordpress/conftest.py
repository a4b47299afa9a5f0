"""One WordPress with the plugin, and one gate, for all tests of this folder.

Without WordPress, PHP and MariaDB these tests are skipped, unless
`XIANSHEN_TEST_WORDPRESS=required` says that there have to be.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.api.college import enter, install
from tests.service import site as sites
from tests.service.cms import join
from tests.service.conftest import machine, secrets, staffed
from tests.service.site import PRESS, Secrets
from tests.wordpress import gate as gates
from tests.wordpress import server
from tests.wordpress.desk import Desk
from tests.wordpress.gate import Gate

__all__ = ["machine", "secrets", "staffed"]

_REQUIRED = "XIANSHEN_TEST_WORDPRESS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for one in items:
        if here in one.path.parents:
            one.add_marker(pytest.mark.slow)
            one.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def wordpress_package() -> None:
    absent = server.missing()
    if not absent:
        return
    missing = f"no {absent}: apt-get install wordpress php-cli php-mysql mariadb-server"
    if os.environ.get(_REQUIRED) == "required":  # noqa: TID251 - how the tests run
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def gate(
    wordpress_package: None,  # noqa: ARG001 - skips where there is none
    staffed: Path,
    machine: RoundMachine,
    secrets: Secrets,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Gate]:
    folder = tmp_path_factory.mktemp("college") / "data"
    shutil.copytree(staffed, folder)
    site = sites.build(sites.sqlite_in(folder), folder, machine, secrets)
    settings = Settings(data_dir=folder)
    with enter(site, install(site, machine, folder), settings) as college:
        cms = join(site, networks=("127.0.0.0/8",))
        with gates.listening(college, cms) as gate:
            yield gate
    site.engine.dispose()


@pytest.fixture(scope="session")
def desk(gate: Gate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with server.started(tmp_path_factory.mktemp("wordpress"), port) as site:
        desk = Desk(site, gate)
        desk.set_up(department=PRESS)
        yield desk
        assert not site.faults()
