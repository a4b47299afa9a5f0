"""Databases opened so that they keep the ports' promises.

SQLite and PostgreSQL alike: what was committed is on the disk, writers take
turns from the first statement on, a reader sees one moment, and no error or
log shows a value.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import local
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from review.errors import StoreError

SQLITE: Final = "sqlite"
_NO_FILE: Final = ":memory:"
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_PATIENCE: Final = 30  # seconds that a writer waits for the one before
# A writer who has the turn and says nothing for so long is frozen: others go on.
_SILENCE: Final = 60  # seconds
# Whoever is cut off hears nothing, and TCP by itself goes on hoping for hours. Both ends
# ask after five silent seconds, and give the other up when nothing came for so long: the
# server takes back the turn of a host that is gone, a host asks for another connection.
_GONE: Final = 15  # seconds
_ASK: Final = 5  # seconds
# Any number that nothing else in the database uses: the writers' turn.
_TURN: Final = 7_316_027_418_553_029
_TAKE: Final = text(
    "SELECT pg_advisory_xact_lock(:turn), "
    "set_config('idle_in_transaction_session_timeout', :limit, true)"
)

_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {_PATIENCE * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # Else REPLACE deletes a row without asking the trigger that forbids it.
    "PRAGMA recursive_triggers = ON",
)


class _Open(local):
    """The transactions that this thread is writing in, by engine."""

    def __init__(self) -> None:
        self.writing: dict[Engine, Connection] = {}


_open: Final = _Open()


def make_engine(url: str) -> Engine:
    """Return an engine for a SQLite file or a PostgreSQL database."""
    # Values may be a draft's title: never in an error, never in a log.
    if url.startswith(SQLITE):
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "do_connect", _keep_private)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args=_postgres()
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Begin a look at one moment of the database.

    Raises:
        StoreError: The database is out of reach.
    """
    with _plain_errors(), engine.connect() as connection:
        if engine.dialect.name != SQLITE:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, *, briefly: bool = False) -> Iterator[Connection]:
    """Begin a transaction that no other writer is beside; wait for the turn.

    Who has it `briefly` and then says nothing for a minute has lost it: PostgreSQL
    rolls back what he had begun.

    Raises:
        StoreError: The turn did not come in time, this thread has it already,
            or the database is out of reach.
    """
    if engine in _open.writing:
        raise StoreError("同一线程里的写入尚未结束，不能再开始一次；请检查调用的程序。")
    with _plain_errors(), engine.connect() as connection:
        connection.execution_options(xianshen_writes=True)
        with connection.begin():
            if engine.dialect.name != SQLITE:
                # READ COMMITTED: what the writer before committed is seen from here on.
                limit = f"{_SILENCE}s" if briefly else "0"
                connection.execute(_TAKE, {"turn": _TURN, "limit": limit})
            _open.writing[engine] = connection
            try:
                yield connection
            finally:
                del _open.writing[engine]


@contextmanager
def joining(engine: Engine) -> Iterator[Connection]:
    """Join the transaction that this thread is writing in, or begin one.

    A second one of the same thread would wait for the first without end.
    """
    joined = _open.writing.get(engine)
    if joined is not None:
        yield joined
        return
    with writing(engine) as connection:
        yield connection


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """Look from within the transaction that this thread is writing in, or from outside."""
    joined = _open.writing.get(engine)
    if joined is not None:
        yield joined
        return
    with reading(engine) as connection:
        yield connection


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreError(
            "数据库连不上、正忙或写不进去；请稍后重试，仍不行时请系统管理员"
            "检查数据库服务、磁盘空间和数据库地址的设置。"
        ) from error
    except DBAPIError as error:
        # PostgreSQL quotes the whole row in such an error: a draft's title, too.
        code = getattr(error.orig, "sqlstate", None)
        code = code or getattr(error.orig, "sqlite_errorname", None) or "?"
        raise StoreError(
            f"数据库拒绝了这次操作（{code}），什么也没有写入；"
            "请重试，仍不行时请系统管理员凭这个代码检查。"
        ) from None


def _postgres() -> dict[str, str | int]:
    """Return what a connection to PostgreSQL is opened with."""
    server = {
        "timezone": "UTC",
        "lock_timeout": f"{_PATIENCE}s",
        "tcp_keepalives_idle": _ASK,
        "tcp_keepalives_interval": _ASK,
        "tcp_keepalives_count": _GONE // _ASK,
        "tcp_user_timeout": _GONE * 1000,
    }
    return {
        "options": " ".join(f"-c {name}={value}" for name, value in server.items()),
        "connect_timeout": _ASK,
        "keepalives_idle": _ASK,
        "keepalives_interval": _ASK,
        "keepalives_count": _GONE // _ASK,
        "tcp_user_timeout": _GONE * 1000,
    }


def _keep_private(
    _dialect: object, _record: object, arguments: Sequence[Any], _options: object
) -> None:
    """Make a new database file for its owner alone; SQLite itself would ask the umask.

    What lies beside it (the write-ahead log) takes its rights from it.
    """
    path = str(arguments[0])
    if path == _NO_FILE:
        return
    # It is there already, or cannot be: the connection that follows says so.
    with suppress(OSError):
        os.close(os.open(path, _NEW, 0o600))


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions of its own: `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin_sqlite(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    # A writer that began as a reader could lose its turn half-way.
    writes = options.get("xianshen_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
