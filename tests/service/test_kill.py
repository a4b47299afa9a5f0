"""Killed at any moment of a review, the program loses nothing that it acknowledged.

A child runs journeys and names each step that it was told is done; it is killed
at a random moment. Whoever opens the installation next finds the ledger whole,
every acknowledged step on record, every draft readable, and can go on.
"""

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from select import select
from threading import Event

import pytest

from review.contents.interface import Contents
from review.ports.records import RegisterQuery
from review.service.cases import clearances, scan, submit
from review.service.machine.round_machine import RoundMachine
from tests.databases import PostgresServer
from tests.service import site as sites
from tests.service.audit import audit
from tests.service.site import CLEAN, Secrets, Site, draft, offered

_KILLS = 200
_KILLS_ON_POSTGRES = 40
# A step takes some hundredths of a second; the kill comes within one.
_LONGEST_STEP = 0.04
# What a child says of a case, and what the record then must have.
_STEPS = ("submitted", "scanned", "first_pass_concluded", "cleared")

pytestmark = [
    pytest.mark.slow,
    # The libraries of the classifier may hold threads; the child never uses them.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),
]


@dataclass(frozen=True)
class Place:
    """Where an installation lies, and the parts that outlive its processes."""

    url: str
    folder: Path
    machine: RoundMachine
    secrets: Secrets

    def open(self) -> Site:
        return sites.build(self.url, self.folder, self.machine, self.secrets)


def _journeys(site: Site, say: Callable[[str], None]) -> None:
    """Lead one item after the other to its clearance, naming each step done."""
    say("opened")
    while True:
        number = submit.submit(site.desk, draft(CLEAN), person="zhang").number
        say(f"submitted {number}")
        scan.scan(site.desk, number)
        say(f"scanned {number}")
        site.conclude(number)
        say(f"first_pass_concluded {number}")
        site.sign(number)
        say(f"cleared {number}")


def _killed(place: Place, *, after: int, delay: float) -> tuple[str, ...]:
    """Run a child, kill it `delay` after so many steps, return what it was told."""
    heard, speaking = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _journeys(place.open(), lambda line: _say(speaking, line))
        finally:
            os._exit(1)  # never back into the test runner
    os.close(speaking)
    try:
        said = b""
        while said.count(b"\n") <= after:
            assert select([heard], [], [], 60)[0], "the child hangs"
            more = os.read(heard, 4096)
            assert more, "the child died by itself"
            said += more
        Event().wait(delay)
        os.kill(child, signal.SIGKILL)
        while more := os.read(heard, 4096):
            said += more
    finally:
        os.close(heard)
        os.waitpid(child, 0)
    return tuple(said.decode().splitlines()[1:])


def _say(speaking: int, line: str) -> None:
    os.write(speaking, f"{line}\n".encode())


def _finish(site: Site, number: str) -> None:
    """Go on from wherever the case was left."""
    scan.scan(site.desk, number)
    if site.case(number).stage == "first_pass":
        site.conclude(number)
    if site.case(number).stage == "signing":
        site.sign(number)
    assert site.case(number).stage == "cleared"


def _check(place: Place, told: tuple[str, ...], contents: Contents) -> Counter[str]:
    """Open the installation anew, and hold it to what was acknowledged."""
    behind = _witness_is_behind(place)
    site = place.open()
    try:
        audit(site)
        with site.desk.store.reading() as reading:
            numbers = [one.number for one in reading.register(RegisterQuery())]
        left = Counter(site.case(one).stage for one in numbers)
        for line in told:
            step, _, number = line.partition(" ")
            assert step in site.kinds(number)
        for number in numbers:
            assert site.body(number).decode() == CLEAN
            _finish(site, number)
            found = clearances.compare_with_cleared(
                site.desk, number, contents, person="zhang"
            )
            assert found.same
        # Nothing was half recorded: one more takes the next number.
        more = submit.submit(site.desk, draft(CLEAN), person="zhang")
        assert more.number == f"2026-{len(numbers) + 1:06d}"
    finally:
        site.engine.dispose()
    return left + Counter({"witness behind": int(behind)})


def _witness_is_behind(place: Place) -> bool:
    engine = sites.make_engine(place.url)
    with engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM entries").scalar()
    engine.dispose()
    last = sites.WitnessFile(place.folder / "witness.jsonl").last()
    assert last is not None
    return last.index + 1 < (count or 0)


def _chances(kills: int) -> list[tuple[int, float]]:
    chance = random.Random(2026)  # noqa: S311 - only when to kill
    # From before the first step to the middle of a second journey.
    return [
        (kill % (len(_STEPS) + 2), chance.uniform(0, _LONGEST_STEP))
        for kill in range(kills)
    ]


def test_a_killed_program_keeps_what_it_acknowledged(
    staffed: Path, machine: RoundMachine, secrets: Secrets, tmp_path: Path
) -> None:
    contents, left = offered(CLEAN), Counter[str]()
    for kill, (after, delay) in enumerate(_chances(_KILLS)):
        folder = tmp_path / str(kill)
        shutil.copytree(staffed, folder)
        place = Place(sites.sqlite_in(folder), folder, machine, secrets)
        told = _killed(place, after=after, delay=delay)
        left += _check(place, told, contents)
        shutil.rmtree(folder)
    # Else the kills came at the same few places, and little was shown.
    assert {"scanning", "first_pass", "signing", "cleared"} <= set(left)
    assert left["witness behind"] > 0


def test_a_killed_program_keeps_what_it_acknowledged_on_postgres(
    postgres_server: PostgresServer,
    machine: RoundMachine,
    secrets: Secrets,
    tmp_path: Path,
) -> None:
    contents, left = offered(CLEAN), Counter[str]()
    for kill, (after, delay) in enumerate(_chances(_KILLS_ON_POSTGRES)):
        folder = tmp_path / str(kill)
        folder.mkdir(mode=0o700)
        with postgres_server.lend(migrated=True) as url:
            place = Place(url, folder, machine, secrets)
            site = place.open()
            sites.staff(site.desk)
            site.engine.dispose()
            told = _killed(place, after=after, delay=delay)
            left += _check(place, told, contents)
        shutil.rmtree(folder)
    assert {"scanning", "first_pass", "signing", "cleared"} <= set(left)
