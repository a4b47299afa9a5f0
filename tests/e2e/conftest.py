"""The demo college behind the real program, and Debian's Chromium to use it with.

Without a Chromium these tests are skipped, unless `XIANSHEN_TEST_BROWSER=required`
says that there has to be one. `XIANSHEN_TEST_SHOTS` names a folder for pictures.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.college import College, entering
from tests.e2e.program import Program, chromium

_BROWSER = "XIANSHEN_TEST_BROWSER"
_SHOTS = "XIANSHEN_TEST_SHOTS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for one in items:
        if here in one.path.parents:
            one.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    need_chromium()
    with Program(tmp_path_factory.mktemp("college") / "data").started() as program:
        yield program


@pytest.fixture(scope="session")
def entered(running: Program) -> Iterator[College]:
    with entering(running) as college:
        yield college


@pytest.fixture
def college(entered: College, request: pytest.FixtureRequest) -> Iterator[College]:
    with watched(entered, request.node.name):
        yield entered


def need_chromium() -> None:
    """Skip what needs a browser where there is none, or fail where one has to be."""
    if chromium() is not None:
        return
    missing = "no Chromium: apt-get install chromium fonts-noto-cjk"
    if os.environ.get(_BROWSER) == "required":  # noqa: TID251 - how the tests run
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def watched(college: College, name: str) -> Iterator[None]:
    """Let nothing go wrong in any window; keep pictures where that is wished."""
    shots = os.environ.get(_SHOTS)  # noqa: TID251 - how the tests run
    # The driver's loop counts as running between its calls. Other tests must not meet it.
    asyncio.events._set_running_loop(college.loop)
    try:
        yield
    finally:
        if shots:
            college.keep_pictures(Path(shots) / "journeys", name)
        wrong = college.close_windows()
        asyncio.events._set_running_loop(None)
    assert not wrong, "\n".join(wrong)
