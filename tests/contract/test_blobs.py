"""What `review.vault.interface` promises of a place for envelopes, held by every one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from review.errors import MissingContentsError, UsageError
from review.store.blobs import SqlBlobs
from review.store.engine import make_engine
from review.store.store import SqlStore
from review.vault.folder import FolderBlobs
from review.vault.interface import Blobs
from review.vault.keys import Key, ring_of
from review.vault.vault import Vault
from tests.contract.material import adopted, office, store_at

_ONE, _TWO, _THREE = "1" * 64, "2" * 64, "f" * 64
_NOT_ADDRESSES = ("", "1" * 63, "1" * 65, "A" * 64, "../" + "1" * 61, "g" * 64)


@contextmanager
def _at(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    if kind == "folder":
        yield FolderBlobs(tmp_path / "vault")
        return
    engine = make_engine(request.getfixturevalue(f"{kind}_url"))
    yield SqlBlobs(engine)
    engine.dispose()


@pytest.fixture(params=["folder", "sqlite", "postgres"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    with _at(request.param, request, tmp_path) as blobs:
        yield blobs


def test_what_was_put_is_there_until_it_is_deleted(blobs: Blobs) -> None:
    every_byte = bytes(range(256)) * 5000
    blobs.put(_ONE, every_byte)
    blobs.put(_TWO, b"")
    assert blobs.get(_ONE) == every_byte
    assert blobs.get(_TWO) == b""
    assert blobs.exists(_ONE)
    assert not blobs.exists(_THREE)
    assert sorted(blobs.addresses()) == [_ONE, _TWO]
    assert blobs.delete(_ONE)
    assert not blobs.delete(_ONE)
    assert not blobs.exists(_ONE)
    assert list(blobs.addresses()) == [_TWO]
    with pytest.raises(MissingContentsError):
        blobs.get(_ONE)


def test_a_second_put_takes_the_place_of_the_first(blobs: Blobs) -> None:
    blobs.put(_ONE, b"old")
    blobs.put(_ONE, b"new")
    assert blobs.get(_ONE) == b"new"
    assert list(blobs.addresses()) == [_ONE]


def test_only_what_is_there_is_replaced(blobs: Blobs) -> None:
    assert not blobs.replace(_ONE, b"new")
    assert not blobs.exists(_ONE)
    blobs.put(_ONE, b"old")
    assert blobs.replace(_ONE, b"new")
    assert blobs.get(_ONE) == b"new"


@pytest.mark.parametrize("address", _NOT_ADDRESSES)
def test_only_addresses_are_taken(blobs: Blobs, address: str) -> None:
    calls: list[tuple[Any, ...]] = [
        (blobs.put, b""),
        (blobs.replace, b""),
        (blobs.get,),
        (blobs.exists,),
        (blobs.delete,),
    ]
    for call, *rest in calls:
        with pytest.raises(UsageError):
            call(address, *rest)
    assert list(blobs.addresses()) == []


def test_many_addresses_are_told(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.store.blobs._BATCH", 3)
    addresses = [f"{one:064x}" for one in range(7)]
    for one in addresses:
        blobs.put(one, b"x")
    told = []
    for one in blobs.addresses():  # changed on the way, as a rotation does
        assert blobs.replace(one, b"y")
        told.append(one)
    assert sorted(told) == addresses


def test_a_vault_stands_on_it(blobs: Blobs) -> None:
    vault = Vault(blobs, ring_of(Key(bytes(range(32)))))
    digest = vault.put("虚构的草稿".encode())
    assert vault.get(digest) == "虚构的草稿".encode()
    assert vault.check().unopened == ()
    assert vault.purge(digest)
    assert not vault.exists(digest)


def test_in_a_transaction_envelopes_come_and_go_with_it(
    database_url: str, tmp_path: Path
) -> None:
    engine = make_engine(database_url)
    store, blobs = store_at(engine, tmp_path / "witness"), SqlBlobs(engine)
    store.open_ledger()
    blobs.put(_ONE, b"old")
    with pytest.raises(ZeroDivisionError):
        _changed_then_failed(store, blobs)
    assert blobs.get(_ONE) == b"old"
    assert list(blobs.addresses()) == [_ONE]
    with store.writing() as work:
        work.seal(adopted(), office())
        blobs.put(_TWO, b"new")
        assert blobs.delete(_ONE)
        with store.reading() as _:
            assert blobs.exists(_TWO)
    assert list(blobs.addresses()) == [_TWO]
    engine.dispose()


def _changed_then_failed(store: SqlStore, blobs: Blobs) -> None:
    with store.writing() as work:
        work.seal(adopted(), office())
        blobs.put(_TWO, b"new")
        assert blobs.get(_TWO) == b"new"
        assert blobs.delete(_ONE)
        assert not blobs.exists(_ONE)
        raise ZeroDivisionError
