"""An invented college whose gate listens, for a content management system to ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from review import clock
from review.pipeline import Scanner
from review.service.machine.round_machine import RoundMachine
from review.settings import Settings
from tests.api.college import enter, install
from tests.databases import upgraded
from tests.service import site as sites
from tests.service.cms import Cms, join
from tests.service.site import SetClock, Site
from tests.websites.clear import Cleared, clear, registered
from tests.websites.make import make
from tests.websites.planted import plant
from tests.wordpress import gate as gates
from tests.wordpress.gate import Gate


class _Going(SetClock):
    def __call__(self) -> datetime:
        return clock.now()


def machine() -> RoundMachine:
    """Return the machine of a college, with the shipped lexicons and model."""
    return RoundMachine(Scanner(), fingerprint_key=bytes(range(32)), repeat_check=True)


def founded(folder: Path, own: RoundMachine, secrets: sites.Secrets) -> Site:
    """Found a college in a folder that is not there yet; its people are appointed."""
    folder.mkdir(mode=0o700)
    url = sites.sqlite_in(folder)
    upgraded(url)
    built = sites.build(url, folder, own, secrets)
    sites.staff(built.desk)
    return built


@contextmanager
def gate_in(folder: Path, **registered: object) -> Iterator[Gate]:
    """Let a college's gate listen for a site that is `registered` so, while the block runs."""
    data, own = folder / "college", machine()
    built = founded(data, own, sites.new_secrets())
    # Sites say when they published by the time of day.
    built.clock.__class__ = _Going
    settings = Settings(data_dir=data, requests_per_minute=100_000)
    with enter(built, install(built, own, data), settings) as college:
        cms = join(built, networks=("127.0.0.0/8",), **registered)
        with gates.listening(college, cms) as gate:
            yield gate
    built.engine.dispose()


@contextmanager
def cleared_site(
    folder: Path, pages: int
) -> Iterator[tuple[Cms, Cleared, RoundMachine]]:
    """Lead a published site of so many pages to its clearance; its college is open meanwhile."""
    own, secrets = machine(), sites.new_secrets()
    built = founded(folder, own, secrets)
    cms, website = registered(built), make(pages)
    cases = clear(cms, website)
    at = built.clock.at
    yield (
        cms,
        Cleared(folder, cms.key, website, plant(website), secrets, cases, at),
        own,
    )
    built.engine.dispose()
