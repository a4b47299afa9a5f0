"""The database's version: brought up to date, and asked for.

Every step lies in `migrations/versions/`; none leads back, since records only grow.
"""

import functools
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, String, column, select, table

from review.errors import StoreError
from review.store import engine as databases

_NEWER: Final = (
    "数据库是更新的版本建的，这个旧程序不能用它。请装回新版本；确实要退回旧版本的，"
    "用升级前的备份恢复到新的数据目录（见《运维手册》）。"
)

_OVERTAKEN: Final = (
    "数据库已经换成别的版本，这个程序还是旧的，不再办理；"
    "请系统管理员在这台机器上换成同一版本再启动。"
)
# The library's own table, of one row.
VERSION: Final = select(column("version_num", String)).select_from(
    table("alembic_version")
)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to this program's version, in one transaction.

    Programs that start at once take turns; whoever comes second finds it done.
    An earlier `revision` is for rows that come from one.

    Raises:
        StoreError: The database is out of reach, or a newer program made it.
    """
    config = _config()
    with databases.writing(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and not knows(found):
            raise StoreError(_NEWER)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def knows(revision: str) -> bool:
    """Tell whether this program knows that version of the database."""
    steps = ScriptDirectory.from_config(_config())
    return revision in {one.revision for one in steps.walk_revisions()}


def current(engine: Engine) -> str | None:
    """Return the database's version; None before the first upgrade."""
    with databases.reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@functools.cache
def newest() -> str | None:
    """Return the version that this program brings a database to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def forbid_overtaken(connection: Connection) -> None:
    """Let a program go no further once another has upgraded the database under it.

    Of several hosts one may have been forgotten: what it does not know of the newer
    version, it can neither write nor go by.

    Raises:
        StoreError: The database is of another version by now.
    """
    forbid_other(connection.scalar(VERSION))


def forbid_other(found: str | None) -> None:
    """Refuse to work with a database of that version, unless it is this program's.

    Raises:
        StoreError: It is not.
    """
    if found != newest():
        raise StoreError(_OVERTAKEN)


def is_current(engine: Engine) -> bool:
    """Tell whether the database's version is this program's."""
    return current(engine) == newest()


def advice(engine: Engine) -> str:
    """Return what to do about a database of another version, in Chinese."""
    found = current(engine)
    if found is not None and not knows(found):
        return _NEWER
    return "数据库版本与程序不符，请先运行 xianshen db upgrade。"


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
