"""`python -m deploy.hosts.turn`: the smallest trial: a host is cut off while it has the turn.

Writers take turns (decision 0012). Who is cut off in his turn can't give it back, so that
the server must take it from him, and soon: nobody else can write before.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from deploy.hosts import network, servers
from deploy.hosts.machines import Machine, until
from review.errors import StoreError
from review.store.engine import make_engine, writing

# Half a minute is what a writer waits for his turn: nobody should be told to try again.
_LONGEST: Final = 30.0
_HOLD: Final = """
import os, time
from review.store.engine import make_engine, writing
url = os.environ["XIANSHEN_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
with writing(make_engine(url)):
    print("holding", flush=True)
    time.sleep(600)
"""


def main() -> int:
    """Cut a host off in its turn; return 0 if the next writer's came in time."""
    lacking = servers.missing()
    if lacking:
        print(f"缺少：{'、'.join(lacking)}", file=sys.stderr)
        return 2
    network.lay()
    address, other = network.join("postgres", 1), network.join("api1", 2)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        room.chmod(0o711)
        database = servers.postgres(room, "postgres", address)
        environ = {"XIANSHEN_DATABASE_URL": servers.url(address, "postgres")}
        host = Machine("api1", other, (), environ, room)
        database.boot()
        try:
            until(lambda: servers.answers_sql(address), seconds=60, what="postgres")
            waited = _waited(host, servers.url(address, "postgres"))
        finally:
            database.die()
    print(f"断网的一台交出轮次：{waited:.1f} 秒")
    return 0 if waited < _LONGEST else 1


def _waited(host: Machine, url: str) -> float:
    engine = make_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with holding_the_turn(host, sys.executable):
        network.cut(host.name)
        began = time.monotonic()
        _take(engine)
        waited = time.monotonic() - began
    engine.dispose()
    return waited


def _take(engine: Engine) -> None:
    try:
        with writing(engine):
            pass
    except StoreError as error:
        print(error.message, file=sys.stderr)


@contextmanager
def holding_the_turn(machine: Machine, python: str) -> Iterator[None]:
    """Let a process on that host have the writers' turn, and keep it."""
    holder = machine.start(python, "-c", _HOLD)
    try:
        until(lambda: b"holding" in machine.log.read_bytes(), seconds=30, what="turn")
        yield
    finally:
        holder.kill()
        holder.wait()


if __name__ == "__main__":
    sys.exit(main())
