"""On PostgreSQL: whose connection is gone, or who freezes in his turn, does not keep it."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from review.errors import StoreError
from review.store import engine as databases
from review.store.engine import make_engine, reading, writing


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.mark.slow
def test_who_is_silent_in_his_turn_loses_it(
    engine: Engine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_SILENCE", 1)
    other, had = make_engine(postgres_url), []

    def have_the_next() -> None:
        with writing(other) as following:
            had.append(following.scalar(text("SELECT 1")))

    def be_silent() -> None:
        with writing(engine, briefly=True) as silent:
            # Waits until the server has taken the turn from the one who says nothing.
            have_the_next()
            silent.execute(text("SELECT 1"))

    with pytest.raises(StoreError):
        be_silent()
    other.dispose()
    assert had == [1]
    with writing(engine) as again:
        assert again.scalar(text("SELECT 1")) == 1


def test_only_a_brief_turn_has_such_a_limit(engine: Engine) -> None:
    with writing(engine, briefly=True) as connection:
        assert _limit(connection) == "1min"
    with writing(engine) as connection:
        assert _limit(connection) == "0"
    with reading(engine) as connection:
        assert _limit(connection) == "0"


def test_both_ends_notice_that_the_other_is_gone(engine: Engine) -> None:
    """What comes of it is tried between hosts: `deploy/hosts/turn.py`."""
    with engine.connect() as connection:
        used = connection.connection.dbapi_connection
        assert isinstance(used, psycopg.Connection)
        told = used.info.get_parameters()
    assert (told["connect_timeout"], told["tcp_user_timeout"]) == ("5", "15000")
    keepalives = ("keepalives_idle", "keepalives_interval", "keepalives_count")
    assert [told[one] for one in keepalives] == ["5", "5", "3"]
    for asked in ("tcp_user_timeout=15000", *(f"tcp_{one}=" for one in keepalives)):
        assert asked in told["options"]


def _limit(connection: Connection) -> object:
    return connection.scalar(text("SHOW idle_in_transaction_session_timeout"))
