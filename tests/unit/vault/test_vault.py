"""The vault gives back what was put, to its own keys only."""

import logging
from pathlib import Path

import pytest

from review import digests
from review.errors import (
    MissingContentsError,
    UsageError,
    VaultDamagedError,
    VaultKeyError,
)
from review.vault.envelope import Algorithm, seal
from review.vault.folder import FolderBlobs
from review.vault.keys import Key, new_key, ring_of
from review.vault.vault import SENTINEL, Vault

_DRAFT = "云山职业学院期末试卷，考前勿传。".encode() * 40
_OTHER = "李样本的考察材料。".encode()
_KEY = Key(bytes(range(32)))


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "vault")


@pytest.fixture
def vault(blobs: FolderBlobs) -> Vault:
    return Vault(blobs, ring_of(_KEY))


def _spoil(blobs: FolderBlobs, address: str, at: int = -1) -> None:
    envelope = bytearray(blobs.get(address))
    envelope[at] ^= 1
    blobs.put(address, bytes(envelope))


@pytest.mark.parametrize("algorithm", ["AES-256-GCM", "SM4-GCM"])
@pytest.mark.parametrize("data", [b"", b"\0", _DRAFT])
def test_what_is_put_is_got(
    blobs: FolderBlobs, algorithm: Algorithm, data: bytes
) -> None:
    vault = Vault(blobs, ring_of(_KEY), algorithm)
    digest = vault.put(data)
    assert digest == digests.of_bytes(data)
    assert vault.exists(digest)
    assert vault.get(digest) == data


def test_either_algorithm_opens_the_others(blobs: FolderBlobs) -> None:
    ring = ring_of(_KEY)
    one = Vault(blobs, ring, "SM4-GCM").put(_DRAFT)
    two = Vault(blobs, ring, "AES-256-GCM").put(_OTHER)
    assert Vault(blobs, ring, "AES-256-GCM").get(one) == _DRAFT
    assert Vault(blobs, ring, "SM4-GCM").get(two) == _OTHER


def test_the_same_contents_are_one_blob(vault: Vault, blobs: FolderBlobs) -> None:
    digest = vault.put(_DRAFT)
    envelope = blobs.get(digest)
    assert vault.put(_DRAFT) == digest
    assert blobs.get(digest) == envelope
    assert set(blobs.addresses()) == {digest, SENTINEL}


def test_putting_again_heals_a_damaged_blob(vault: Vault, blobs: FolderBlobs) -> None:
    digest = vault.put(_DRAFT)
    _spoil(blobs, digest)
    with pytest.raises(VaultDamagedError):
        vault.get(digest)
    vault.put(_DRAFT)
    assert vault.get(digest) == _DRAFT


def test_the_plaintext_never_lands_on_the_disk(vault: Vault, tmp_path: Path) -> None:
    vault.put(_DRAFT)
    vault.put(_OTHER)
    written = [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()]
    assert len(written) == 4
    for data in written:
        for secret in ("试卷", "考察材料", "云山"):
            assert secret.encode() not in data
        assert _KEY.material not in data


def test_nothing_shows_in_logs_reprs_or_errors(
    vault: Vault, blobs: FolderBlobs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    digest = vault.put(_DRAFT)
    _spoil(blobs, digest)
    with pytest.raises(VaultDamagedError) as caught:
        vault.get(digest)
    shown = f"{vault!r}{caught.value!r}{vault.check()!r}{caplog.text}"
    for secret in ("试卷", _KEY.material.hex(), repr(_KEY.material)):
        assert secret not in shown


def test_purged_contents_are_missing(vault: Vault) -> None:
    digest = vault.put(_DRAFT)
    assert vault.purge(digest)
    assert not vault.purge(digest)
    assert not vault.exists(digest)
    with pytest.raises(MissingContentsError):
        vault.get(digest)


def test_contents_that_are_not_their_digest_are_refused(
    vault: Vault, blobs: FolderBlobs
) -> None:
    digest = vault.put(_DRAFT)
    blobs.put(digest, seal(_OTHER, address=digest, key=_KEY))
    with pytest.raises(VaultDamagedError, match="不符"):
        vault.get(digest)


def test_two_blobs_do_not_change_places(vault: Vault, blobs: FolderBlobs) -> None:
    one, two = vault.put(_DRAFT), vault.put(_OTHER)
    blobs.put(one, blobs.get(two))
    with pytest.raises(VaultDamagedError):
        vault.get(one)


def test_a_digest_is_needed(vault: Vault) -> None:
    calls = (vault.get, vault.exists, vault.purge)
    for call in calls:
        with pytest.raises(UsageError):
            call("../../keys/vault.key")


def test_a_probe_marks_a_new_vault_and_knows_it_again(
    vault: Vault, blobs: FolderBlobs
) -> None:
    vault.probe()
    vault.probe()
    assert list(blobs.addresses()) == [SENTINEL]
    Vault(blobs, ring_of(_KEY, new_key())).probe()


def test_a_probe_with_other_keys_fails_at_once(
    vault: Vault, blobs: FolderBlobs
) -> None:
    vault.probe()
    with pytest.raises(VaultKeyError, match=_KEY.id):
        Vault(blobs, ring_of(new_key())).probe()


def test_other_keys_put_nothing_even_unprobed(vault: Vault, blobs: FolderBlobs) -> None:
    digest = vault.put(_DRAFT)
    with pytest.raises(VaultKeyError):
        Vault(blobs, ring_of(new_key())).put(_OTHER)
    assert set(blobs.addresses()) == {digest, SENTINEL}


def test_a_lost_mark_does_not_let_other_keys_in(
    vault: Vault, blobs: FolderBlobs
) -> None:
    damaged, whole = sorted([vault.put(_DRAFT), vault.put(_OTHER)])
    _spoil(blobs, damaged, at=30)
    blobs.delete(SENTINEL)
    stranger = Vault(blobs, ring_of(new_key()))
    with pytest.raises(VaultKeyError):
        stranger.probe()
    assert not blobs.exists(SENTINEL)
    Vault(blobs, ring_of(_KEY)).probe()
    assert blobs.exists(SENTINEL)
    assert vault.exists(whole)


def test_a_damaged_mark_is_said(vault: Vault, blobs: FolderBlobs) -> None:
    vault.probe()
    _spoil(blobs, SENTINEL)
    with pytest.raises(VaultDamagedError):
        Vault(blobs, ring_of(_KEY)).probe()


def test_a_rotation_makes_the_old_key_needless(
    vault: Vault, blobs: FolderBlobs
) -> None:
    one, two = vault.put(_DRAFT), vault.put(_OTHER)
    new = new_key()
    steps: list[tuple[int, int]] = []
    done = Vault(blobs, ring_of(_KEY, new)).rotate(lambda *at: steps.append(at))
    assert (done.total, done.rewrapped, done.unopened) == (3, 3, ())
    assert steps == [(1, 3), (2, 3), (3, 3)]
    alone = Vault(blobs, ring_of(new))
    alone.probe()
    assert (alone.get(one), alone.get(two)) == (_DRAFT, _OTHER)
    assert alone.check().unopened == ()
    with pytest.raises(VaultKeyError):
        vault.get(one)


def test_a_rotation_leaves_the_contents_sealed_as_they_are(
    vault: Vault, blobs: FolderBlobs
) -> None:
    digest = vault.put(_DRAFT)
    before = blobs.get(digest)
    Vault(blobs, ring_of(_KEY, new_key())).rotate()
    tail = len(_DRAFT) + 16 + 12
    assert blobs.get(digest)[-tail:] == before[-tail:]
    assert blobs.get(digest)[:-tail] != before[:-tail]


def test_an_interrupted_rotation_is_resumed(vault: Vault, blobs: FolderBlobs) -> None:
    kept = [vault.put(bytes([at]) * 50) for at in range(6)]
    rotating = Vault(blobs, ring_of(_KEY, new_key()))

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.rotate(stop)
    assert rotating.check().unopened == ()
    again = rotating.rotate()
    assert (again.total, again.rewrapped) == (7, 4)
    assert rotating.rotate().rewrapped == 0
    assert [rotating.get(one) for one in kept] == [bytes([at]) * 50 for at in range(6)]


def test_a_rotation_tells_what_it_could_not_open(
    vault: Vault, blobs: FolderBlobs
) -> None:
    whole, damaged = vault.put(_DRAFT), vault.put(_OTHER)
    _spoil(blobs, damaged, at=30)
    before = blobs.get(damaged)
    done = Vault(blobs, ring_of(_KEY, new_key())).rotate()
    assert done.rewrapped == 2
    assert [(one.address, one.code) for one in done.unopened] == [
        (damaged, "vault_damaged")
    ]
    assert blobs.get(damaged) == before
    assert vault.exists(whole)


def test_a_rotation_brings_no_purged_contents_back(blobs: FolderBlobs) -> None:
    class Purging:
        """The folder, with a purge between a rotation's reading and writing."""

        def __getattr__(self, name: str) -> object:
            return getattr(blobs, name)

        def get(self, address: str) -> bytes:
            envelope = blobs.get(address)
            blobs.delete(address)
            return envelope

    digest = Vault(blobs, ring_of(_KEY)).put(_DRAFT)
    purging: object = Purging()
    done = Vault(purging, ring_of(_KEY, new_key())).rotate()  # type: ignore[arg-type] - it is one at run time
    assert done.rewrapped == 0
    assert not blobs.exists(digest)


def test_a_check_names_what_does_not_open(vault: Vault, blobs: FolderBlobs) -> None:
    whole, damaged = vault.put(_DRAFT), vault.put(_OTHER)
    foreign = digests.of_bytes(b"foreign")
    blobs.put(foreign, seal(b"foreign", address=foreign, key=new_key()))
    _spoil(blobs, damaged)
    found = vault.check()
    assert found.total == 4
    assert {one.address: one.code for one in found.unopened} == {
        damaged: "vault_damaged",
        foreign: "vault_key",
    }
    assert whole not in {one.address for one in found.unopened}


def test_an_empty_vault_checks_and_rotates(vault: Vault) -> None:
    assert (vault.check().total, vault.rotate().total) == (0, 0)
