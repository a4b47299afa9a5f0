"""The database's version: brought up to date, and asked for.

Every step lies in `migrations/versions/`; none leads back, since records only grow.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from review.store import engine as databases


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to this program's version, in one transaction.

    Programs that start at once take turns; whoever comes second finds it done.
    An earlier `revision` is for rows that come from one.

    Raises:
        StoreError: The database is out of reach.
    """
    config = _config()
    with databases.writing(engine) as connection:
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


def is_current(engine: Engine) -> bool:
    """Tell whether the database's version is this program's."""
    return current(engine) == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
