"""The same random reviews through the use cases, on real databases.

What `test_no_road_around_review` proves of the pure domain is proved here of
what people reach: the use cases, the ledger and the register, on SQLite and on
PostgreSQL. Every story ends with the whole ledger checked.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from review import clock
from review.ledger.keys import SigningKey
from review.store.engine import make_engine
from review.store.store import SqlStore
from review.store.tables import metadata
from review.vault.folder import FolderBlobs
from review.vault.keys import new_key, ring_of
from review.vault.vault import Vault
from tests.databases import unguarded
from tests.property.review_desk import Opening
from tests.property.review_play import Play, play
from tests.property.review_requests import VERBS
from tests.property.service_desk import ServiceDesk

_seeds = st.integers(0, 2**32 - 1)
_KEY = SigningKey.generate()
# On a disk that is asked to keep each commit, 300 take two minutes a database.
_EXAMPLES = 300

Lend: TypeAlias = Callable[[], AbstractContextManager[str]]


class Office:
    """Opens desks, each on a database of its own, over one vault."""

    def __init__(self, lend: Lend, vault: Vault) -> None:
        self._lend = lend
        self._vault = vault

    @contextmanager
    def school(self) -> Iterator[Callable[[Opening], ServiceDesk]]:
        """Lend a database for one story; check the ledger at its end."""
        with self._lend() as url:
            engine = make_engine(url)
            store = SqlStore(
                engine, key=_KEY, algorithm="sha256", witness=None, now=clock.now
            )
            store.open_ledger()
            desks: list[ServiceDesk] = []

            def open_desk(opening: Opening) -> ServiceDesk:
                desks.append(ServiceDesk(opening, store, self._vault))
                return desks[-1]

            try:
                yield open_desk
                for desk in desks:
                    desk.check()
            finally:
                engine.dispose()


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    folder = tmp_path_factory.mktemp("vault")
    folder.chmod(0o700)
    return Vault(FolderBlobs(folder), ring_of(new_key()))


@pytest.fixture(params=["sqlite", "postgres"])
def office(
    request: pytest.FixtureRequest, vault: Vault, migrated_sqlite: Path, tmp_path: Path
) -> Office:
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        return Office(lambda: emptied(url), vault)
    numbers = count()

    @contextmanager
    def lend() -> Iterator[str]:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(migrated_sqlite, path)
        yield f"sqlite+pysqlite:///{path}"
        for one in tmp_path.glob(f"{path.name}*"):
            one.unlink()

    return Office(lend, vault)


@contextmanager
def emptied(url: str) -> Iterator[str]:
    """Lend a database whose records were taken out, as only its owner can."""
    engine = make_engine(url)
    names = ", ".join(one.name for one in metadata.sorted_tables)
    with engine.begin() as connection, unguarded(connection):
        connection.exec_driver_sql(f"TRUNCATE {names}")
    engine.dispose()
    yield url


@pytest.mark.parametrize("seed", range(10))
def test_no_road_around_review_on_a_store(office: Office, seed: int) -> None:
    with office.school() as open_desk:
        play(open_desk, seed)


@pytest.mark.slow
def test_machine_on_a_store(office: Office) -> None:
    class Review(RuleBasedStateMachine):
        @initialize(seed=_seeds)
        def the_school_opens(self, seed: int) -> None:
            self.lent = office.school()
            self.story = Play(self.lent.__enter__(), _dice(seed))

        @rule(seed=_seeds)
        def somebody_does_what_comes_next(self, seed: int) -> None:
            self.story.natural(_dice(seed))

        @rule(one=_seeds, two=_seeds)
        def two_do_what_comes_next(self, one: int, two: int) -> None:
            self.story.natural(_dice(one))
            self.story.natural(_dice(two))

        @rule(seed=_seeds)
        def somebody_does_it_wrong(self, seed: int) -> None:
            self.story.spoiled(_dice(seed))

        @rule(seed=_seeds, verb=st.sampled_from(VERBS))
        def somebody_asks_for_anything(self, seed: int, verb: str) -> None:
            self.story.wild(_dice(seed), verb)

        def teardown(self) -> None:
            if hasattr(self, "lent"):
                self.lent.__exit__(None, None, None)

    run_state_machine_as_test(
        Review, settings=settings(max_examples=_EXAMPLES, stateful_step_count=15)
    )


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - a test's dice
