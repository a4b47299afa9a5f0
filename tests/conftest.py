"""What every test may use: the loaded scanner, and how hypothesis searches.

`ci` (the default) draws the same examples each time; `dev` draws new ones:
`pytest --hypothesis-profile=dev`.
"""

import pytest
from hypothesis import HealthCheck, settings

from review.detect.examine import Examiner
from review.detect.lexicon import Lexicon, load_lexicon
from review.normalize.segment import Segmenter, segmenter_for
from review.pipeline import Scanner
from review.resources import lexicons_folder

pytest_plugins = ["tests.databases", "tests.queues"]

_SLOW_MACHINE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    max_examples=200,
    deadline=None,
    suppress_health_check=_SLOW_MACHINE,
)
settings.register_profile(
    "dev", max_examples=1000, deadline=None, suppress_health_check=_SLOW_MACHINE
)
settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda one: one.get_closest_marker("longest") is None)


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner()


@pytest.fixture(scope="session")
def examiner(scanner: Scanner) -> Examiner:
    return scanner.examiner


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(lexicons_folder())


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return segmenter_for()
