"""The database's version: brought up to date, and asked for.

Every step lies in `migrations/versions/`; none leads back, since records only grow.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from review.errors import StoreError
from review.store import engine as databases

_NEWER: Final = (
    "数据库是更新的版本建的，这个旧程序不能用它。请装回新版本；确实要退回旧版本的，"
    "用升级前的备份恢复到新的数据目录（见《运维手册》）。"
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


def newest() -> str | None:
    """Return the version that this program brings a database to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


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
