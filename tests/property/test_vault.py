"""Whatever is sealed, only its own bytes come out, at its address, by its key."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review import digests
from review.errors import MissingContentsError, VaultDamagedError, VaultKeyError
from review.vault.envelope import Algorithm, rewrap, seal, unseal
from review.vault.folder import FolderBlobs
from review.vault.keys import Key, ring_from_text, ring_of
from review.vault.vault import SENTINEL, Vault

_keys = st.binary(min_size=32, max_size=32).map(Key)
_algorithms = st.sampled_from(("AES-256-GCM", "SM4-GCM"))
_contents = st.binary(max_size=300)
_KEY = Key(bytes(range(32)))


@contextmanager
def _folder() -> Iterator[FolderBlobs]:
    with tempfile.TemporaryDirectory() as name:
        yield FolderBlobs(Path(name) / "vault")


@given(_contents, _keys, _algorithms)
def test_sealing_and_opening_come_back(
    data: bytes, key: Key, algorithm: Algorithm
) -> None:
    address = digests.of_bytes(data)
    envelope = seal(data, address=address, key=key, algorithm=algorithm)
    assert unseal(envelope, address=address, ring=ring_of(key)) == data


@given(_contents, _algorithms, st.data())
def test_no_change_of_any_bytes_opens(
    data: bytes, algorithm: Algorithm, draw: st.DataObject
) -> None:
    """Any other bytes in any stretch, longer or shorter, are refused."""
    address = digests.of_bytes(data)
    envelope = seal(data, address=address, key=_KEY, algorithm=algorithm)
    start = draw.draw(st.integers(0, len(envelope)))
    end = draw.draw(st.integers(start, len(envelope)))
    changed = envelope[:start] + draw.draw(st.binary(max_size=40)) + envelope[end:]
    if changed == envelope:
        return
    with pytest.raises((VaultDamagedError, VaultKeyError)):
        unseal(changed, address=address, ring=ring_of(_KEY))


@settings(max_examples=8)
@given(st.binary(max_size=4), _keys, _algorithms)
def test_every_bit_of_a_small_envelope_counts(
    data: bytes, key: Key, algorithm: Algorithm
) -> None:
    address = digests.of_bytes(data)
    envelope = seal(data, address=address, key=key, algorithm=algorithm)
    ring = ring_of(key)
    for bit in range(len(envelope) * 8):
        changed = bytearray(envelope)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((VaultDamagedError, VaultKeyError)):
            unseal(bytes(changed), address=address, ring=ring)


@settings(max_examples=4)
@given(_algorithms)
def test_every_bit_of_a_rewrapped_envelope_counts(algorithm: Algorithm) -> None:
    new = Key(bytes(reversed(range(32))))
    ring = ring_of(_KEY, new)
    address = digests.of_bytes(b"\0")
    envelope = seal(b"\0", address=address, key=_KEY, algorithm=algorithm)
    anew = rewrap(envelope, address=address, ring=ring)
    assert anew is not None
    for bit in range(len(anew) * 8):
        changed = bytearray(anew)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((VaultDamagedError, VaultKeyError)):
            unseal(bytes(changed), address=address, ring=ring)


@given(_contents, _contents, _algorithms)
def test_no_envelope_opens_at_another_address(
    data: bytes, other: bytes, algorithm: Algorithm
) -> None:
    if data == other:
        return
    envelope = seal(data, address=digests.of_bytes(data), key=_KEY, algorithm=algorithm)
    with pytest.raises(VaultDamagedError):
        unseal(envelope, address=digests.of_bytes(other), ring=ring_of(_KEY))


@given(st.lists(_keys, min_size=1, max_size=6, unique_by=lambda one: one.id))
def test_any_chain_of_rotations_keeps_the_contents(keys: list[Key]) -> None:
    data = b"draft"
    address = digests.of_bytes(data)
    envelope = seal(data, address=address, key=keys[0])
    for count in range(2, len(keys) + 1):
        ring = ring_of(*keys[:count])
        envelope = rewrap(envelope, address=address, ring=ring) or envelope
    assert unseal(envelope, address=address, ring=ring_of(keys[-1])) == data


@settings(max_examples=25)
@given(
    st.lists(_contents, min_size=1, max_size=6, unique=True),
    st.integers(1, 7),
    _algorithms,
)
def test_a_rotation_stopped_anywhere_is_resumed(
    contents: list[bytes], stop: int, algorithm: Algorithm
) -> None:
    new = Key(bytes(reversed(range(32))))

    def interrupt(done: int, _total: int) -> None:
        if done == stop:
            raise InterruptedError

    with _folder() as blobs:
        old = Vault(blobs, ring_of(_KEY), algorithm)
        kept = {old.put(data): data for data in contents}
        both = Vault(blobs, ring_of(_KEY, new), algorithm)
        with suppress(InterruptedError):
            both.rotate(interrupt)
        assert {one: both.get(one) for one in kept} == kept
        assert both.rotate().unopened == ()
        alone = Vault(blobs, ring_of(new))
        assert {one: alone.get(one) for one in kept} == kept
        assert set(blobs.addresses()) == {*kept, SENTINEL}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12))
def test_any_order_of_puts_and_purges_is_a_set(steps: list[tuple[bool, int]]) -> None:
    with _folder() as blobs:
        vault = Vault(blobs, ring_of(_KEY))
        expected: set[bytes] = set()
        for puts, number in steps:
            data = bytes([number])
            if puts:
                vault.put(data)
                expected.add(data)
            else:
                assert vault.purge(digests.of_bytes(data)) == (data in expected)
                expected.discard(data)
        for number in range(4):
            data = bytes([number])
            digest = digests.of_bytes(data)
            assert vault.exists(digest) == (data in expected)
            if data in expected:
                assert vault.get(digest) == data
            else:
                with pytest.raises(MissingContentsError):
                    vault.get(digest)


@given(st.text(max_size=200))
def test_no_text_makes_the_key_reader_stumble(text: str) -> None:
    try:
        ring = ring_from_text(text)
    except VaultKeyError:
        return
    assert all(len(one.material) == 32 for one in ring.keys)
