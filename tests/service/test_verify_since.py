"""A record verified from where it was verified before: what is proven, and what is not."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from review.errors import TamperError
from review.ledger.chain import Verified
from review.service.record import records
from tests.databases import unguarded
from tests.service.site import CLEAN, Site, on_both


def _since(site: Site, digest: str) -> Verified:
    return records.check_since(
        site.desk, digest, witnessed=lambda index: site.witness.along(over=index)
    )


@contextmanager
def _altered(site: Site, index: int) -> Iterator[None]:
    """Exchange an entry's signature for a while, as the database's owner can."""
    read = text('SELECT signature FROM entries WHERE "index" = :index')
    write = text('UPDATE entries SET signature = :new WHERE "index" = :index')
    with site.engine.begin() as connection, unguarded(connection):
        before = connection.execute(read, {"index": index}).scalar_one()
        connection.execute(write, {"new": "0" * 128, "index": index})
    yield
    with site.engine.begin() as connection, unguarded(connection):
        connection.execute(write, {"new": before, "index": index})


@on_both
def test_what_follows_is_proven_to_the_same_end(site: Site) -> None:
    site.cleared()
    before = records.check(site.desk)
    site.cleared(f"{CLEAN}又及")
    whole = records.check(site.desk, witnessed=site.witness.along())
    assert _since(site, before.head) == whole
    assert _since(site, whole.head) == whole
    assert whole.entries > before.entries


@on_both
def test_an_altered_entry_is_noticed_behind_the_point_and_not_before_it(
    site: Site,
) -> None:
    site.cleared()
    middle = records.check(site.desk)
    site.cleared(f"{CLEAN}又及")
    with _altered(site, middle.entries - 3):
        assert _since(site, middle.head).entries > middle.entries  # only `check` tells
        with pytest.raises(TamperError):
            records.check(site.desk)
    with (
        _altered(site, middle.entries + 2),
        pytest.raises(TamperError, match="签名不符"),
    ):
        _since(site, middle.head)


def test_an_unknown_digest_and_an_altered_beginning_are_refused(site: Site) -> None:
    site.cleared()
    head = records.check(site.desk)
    with pytest.raises(TamperError, match="没有这个摘要"):
        _since(site, "0" * 64)
    with _altered(site, head.entries - 1), pytest.raises(TamperError):
        _since(site, head.head)
