"""A filled installation in a folder: made once, opened again as often as wanted."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import text

from benchmarks import load_cases, load_people, load_server, load_tables
from benchmarks.load_people import Staff
from benchmarks.load_stories import Stories
from review import clock
from review.bootstrap import Installation, install, open_installation
from review.settings import Settings
from review.store import engine as databases

# Of more cases, only one transaction in ten leaves a line in the witness: the lines
# would take longer to sign than all the rest.
_WITNESSED: Final = 100_000
_THINNED: Final = 10


@dataclass(frozen=True, slots=True)
class Place:
    """An installation with its cases, and how long making it took (seconds)."""

    settings: Settings
    stories: Stories
    staff: Staff
    cases: int
    made: dict[str, float]


@contextmanager
def opened(cases: int, folder: Path | None) -> Iterator[Place]:
    """Open so many cases on a server of their own; make them where there are none."""
    with tempfile.TemporaryDirectory(prefix="xianshen-load-") as own:
        home = folder or Path(own)
        home.mkdir(parents=True, exist_ok=True)
        with load_server.running(
            None if folder is None else home / "postgresql"
        ) as url:
            settings = Settings(data_dir=home / "data", database_url=url)  # type: ignore[arg-type]  # - a secret, as text
            state = home / "state.json"
            if not state.exists():
                state.write_text(json.dumps(_made(settings, url, cases)), "utf-8")
            yield _known(settings, json.loads(state.read_text("utf-8")))


def _made(settings: Settings, url: str, cases: int) -> dict[str, object]:
    """Fill a new installation; return what must be known to ask about it later."""
    install(settings)
    began = time.perf_counter()
    with open_installation(settings, via="benchmark") as installation:
        load_people.found(installation)
        filled = _filled(installation, settings, url, cases)
    sealed = time.perf_counter()
    engine = databases.make_engine(url)
    with engine.connect() as connection:
        # What a server does by itself at night.
        tuning = connection.execution_options(isolation_level="AUTOCOMMIT")
        tuning.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    print(f"{cases} cases in {sealed - began:.0f} s", file=sys.stderr)
    return {
        "cases": cases,
        "now": clock.stamp(filled.now),
        "keys": filled.staff.keys,
        "made": {
            "seconds": sealed - began,
            "entries": filled.entries,
            "heads": filled.heads,
            "witness lines": filled.witnessed,
        },
    }


def _filled(
    installation: Installation, settings: Settings, url: str, cases: int
) -> load_cases.Filled:
    with load_tables.connected(url) as connection:
        tables = load_tables.Tables(
            connection, settings.witness_file, installation.desk.policy
        )
        with load_tables.indexes_aside(connection):
            every = 1 if cases <= _WITNESSED else _THINNED
            return load_cases.fill(installation, tables, cases, witness_every=every)


def _known(settings: Settings, state: dict[str, object]) -> Place:
    keys, now, made = state["keys"], state["now"], state["made"]
    cases = state["cases"]
    if not isinstance(keys, list) or not isinstance(made, dict):
        raise TypeError("the state of a filled folder")
    if not isinstance(cases, int):
        raise TypeError("the state of a filled folder")
    with open_installation(settings, via="benchmark") as installation:
        policy = installation.desk.policy
        anew = load_people.appoint(installation, _nowhere, at=clock.now())
    staff = replace(anew, keys=tuple(keys))
    stories = Stories(cases, staff, policy, clock.parse_stamp(str(now)))
    return Place(settings, stories, staff, cases, made)


def _nowhere(_text: str, _kind: str, _at: datetime) -> None:
    """Seal nothing: the people are on record already."""
