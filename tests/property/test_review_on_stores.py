"""The same random reviews through the use cases, on real databases.

What `test_no_road_around_review` proves of the pure domain is proved here of
what people reach: the use cases, the ledger and the register, on SQLite and on
PostgreSQL. Every story ends with the whole ledger checked.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, get_args

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from review import clock
from review.case.events import CaseEvent
from review.ledger.keys import SigningKey
from review.store.engine import make_engine
from review.store.store import SqlStore
from review.vault.folder import FolderBlobs
from review.vault.keys import new_key, ring_of
from review.vault.vault import Vault
from tests.databases import emptied
from tests.property.review_desk import Opening
from tests.property.review_machine import ReviewMachine
from tests.property.review_play import play
from tests.property.service_desk import ServiceDesk

_KEY = SigningKey.generate()
_EXAMPLES = 500
_TELLINGS = 4
# Two processes share the stories. On PostgreSQL each takes twice as long, and what is
# its own is tried in `tests/contract/` too.
_PARTS = (("sqlite", 3), ("sqlite", 6), ("postgres", 11))


class Office:
    """Opens desks, story after story, on one database and over one vault."""

    def __init__(self, engine: Engine, empty: Callable[[], None], vault: Vault) -> None:
        self._empty = empty
        self._vault = vault
        # One for all stories: its engine remembers how each query is written.
        self._store = SqlStore(
            engine, key=_KEY, algorithm="sha256", witness=None, now=clock.now
        )
        self._empty()
        self._store.open_ledger()

    @contextmanager
    def school(self) -> Iterator[Callable[[Opening], ServiceDesk]]:
        """Empty the database for one story; check the ledger at its end."""
        self._empty()
        self._store._begin_ledger()  # its version was looked at when it was opened
        desks: list[ServiceDesk] = []

        def open_desk(opening: Opening) -> ServiceDesk:
            desks.append(ServiceDesk(opening, self._store, self._vault))
            return desks[-1]

        yield open_desk
        for desk in desks:
            desk.check()


@pytest.fixture(scope="module")
def vault(quick_folder: Path) -> Vault:
    # Its key is its own, and so is its folder: other modules may come in between.
    folder = Path(tempfile.mkdtemp(prefix="vault-", dir=quick_folder))
    return Vault(FolderBlobs(folder), ring_of(new_key()))


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, vault: Vault) -> Iterator[Office]:
    if request.param == "postgres":
        engine = make_engine(request.getfixturevalue("postgres_url"))
        yield Office(engine, lambda: emptied(engine), vault)
        engine.dispose()
        return
    migrated: Path = request.getfixturevalue("migrated_sqlite")
    folder: Path = request.getfixturevalue("quick_folder")
    path = folder / "story.db"
    engine = make_engine(f"sqlite+pysqlite:///{path}")

    def put_anew() -> None:
        engine.dispose()
        for one in folder.glob(f"{path.name}*"):
            one.unlink()
        shutil.copy(migrated, path)

    yield Office(engine, put_anew, vault)
    engine.dispose()


@pytest.mark.parametrize("story", range(10))
def test_no_road_around_review_on_a_store(office: Office, story: int) -> None:
    with office.school() as open_desk:
        play(open_desk, story)


@pytest.mark.slow
@pytest.mark.longest
@pytest.mark.parametrize(("office", "part"), _PARTS, indirect=["office"])
def test_machine_on_a_store(office: Office, part: int) -> None:
    """Each part tells other stories.

    A clearance expires in few: where none did, further stories are told.
    """

    class Review(ReviewMachine):
        a_while: ClassVar = 2
        counts: ClassVar = Counter[str]()

        def open_desk(self, opening: Opening) -> ServiceDesk:
            self.lent = office.school()
            return self.lent.__enter__()(opening)

        def teardown(self) -> None:
            super().teardown()
            if hasattr(self, "lent"):
                self.lent.__exit__(None, None, None)

    kinds = {f"event {one.__name__}" for one in get_args(CaseEvent)}
    for more in range(_TELLINGS):
        run_state_machine_as_test(
            seed(part + 100 * more)(Review),
            settings=settings(max_examples=_EXAMPLES, stateful_step_count=15),
        )
        if kinds <= Review.counts.keys():
            break
    # A play that never came to a clearance would prove nothing.
    assert kinds <= Review.counts.keys()
