"""An envelope opens only whole, at its own address, with its own key."""

import itertools

import pytest

from review import digests
from review.errors import UsageError, VaultDamagedError, VaultKeyError
from review.vault import envelope as envelopes
from review.vault.envelope import MAGIC, Algorithm, require_key, rewrap, seal, unseal
from review.vault.keys import Key, new_key, ring_of

_ALGORITHMS: tuple[Algorithm, ...] = ("AES-256-GCM", "SM4-GCM")
_DATA = "期末试卷定稿，考前勿传。".encode()
_ADDRESS = digests.of_bytes(_DATA)
_KEY = Key(bytes(range(32)))
_RING = ring_of(_KEY)

pytestmark = pytest.mark.parametrize("algorithm", _ALGORITHMS)


def _sealed(algorithm: Algorithm, key: Key = _KEY) -> bytes:
    return seal(_DATA, address=_ADDRESS, key=key, algorithm=algorithm)


def test_the_head_is_as_described(algorithm: Algorithm) -> None:
    envelope = _sealed(algorithm)
    key_bytes = {"AES-256-GCM": 32, "SM4-GCM": 16}[algorithm]
    assert envelope[:4] == MAGIC == b"XSV1"
    assert envelope[4] == {"AES-256-GCM": 1, "SM4-GCM": 2}[algorithm]
    assert envelope[5:9].hex() == _KEY.id
    head = 4 + 1 + 4 + 12 + (key_bytes + 16) + 12
    assert len(envelope) == head + len(_DATA) + 16


def test_it_opens(algorithm: Algorithm) -> None:
    assert unseal(_sealed(algorithm), address=_ADDRESS, ring=_RING) == _DATA


def test_every_single_bit_counts(algorithm: Algorithm) -> None:
    """Flip each bit in turn; the other algorithm's number is among the flips."""
    data = b"\x00"
    address = digests.of_bytes(data)
    # A second key on the ring: a changed key id may name it.
    ring = ring_of(new_key(), _KEY)
    envelope = seal(data, address=address, key=_KEY, algorithm=algorithm)
    opened = []
    for bit in range(len(envelope) * 8):
        changed = bytearray(envelope)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            unseal(bytes(changed), address=address, ring=ring)
        except (VaultDamagedError, VaultKeyError):
            continue
        opened.append(bit)
    assert opened == []


def test_the_id_of_another_key_on_the_ring_is_refused(algorithm: Algorithm) -> None:
    other = new_key()
    envelope = bytearray(_sealed(algorithm))
    envelope[5:9] = bytes.fromhex(other.id)
    with pytest.raises(VaultDamagedError):
        unseal(bytes(envelope), address=_ADDRESS, ring=ring_of(other, _KEY))


def test_no_cut_and_no_addition_opens(algorithm: Algorithm) -> None:
    envelope = _sealed(algorithm)
    cuts = [envelope[:at] for at in range(len(envelope))]
    for changed in (*cuts, envelope + b"\0", envelope[:9] + b"\0" + envelope[9:]):
        with pytest.raises(VaultDamagedError):
            unseal(changed, address=_ADDRESS, ring=_RING)


def test_it_does_not_open_at_another_address(algorithm: Algorithm) -> None:
    other = digests.of_bytes(b"other")
    with pytest.raises(VaultDamagedError):
        unseal(_sealed(algorithm), address=other, ring=_RING)


def test_contents_and_keys_of_two_envelopes_do_not_mix(algorithm: Algorithm) -> None:
    """Every mixture of two envelopes of the same contents is refused."""
    one, two = _sealed(algorithm), _sealed(algorithm)
    wrapped = {"AES-256-GCM": 48, "SM4-GCM": 32}[algorithm]
    edges = list(itertools.accumulate((0, 9, 12, wrapped, 12), initial=0))[1:]
    parts = [
        (one[start:end], two[start:end])
        for start, end in itertools.pairwise((*edges, len(one)))
    ]
    pure = {one, two}
    mixtures = {b"".join(each) for each in itertools.product(*parts)} - pure
    assert mixtures
    for mixture in mixtures:
        with pytest.raises(VaultDamagedError):
            unseal(mixture, address=_ADDRESS, ring=_RING)


def test_contents_do_not_move_though_their_key_is_wrapped_for_there(
    algorithm: Algorithm,
) -> None:
    """Who holds the master key may wrap anew, but not move what is sealed."""
    other = digests.of_bytes(b"other")
    parts = envelopes._parsed(_sealed(algorithm))
    data_key = envelopes._data_key(parts, _ADDRESS, _RING)
    contents = (parts.nonce, parts.sealed)
    moved = envelopes._wrapped(data_key, parts.suite, _KEY, other, contents).packed()
    require_key(moved, address=other, ring=_RING)
    with pytest.raises(VaultDamagedError):
        unseal(moved, address=other, ring=_RING)


def test_another_key_is_asked_for_by_its_id(algorithm: Algorithm) -> None:
    ring = ring_of(new_key(), source="密钥文件 /etc/vault.key ")
    with pytest.raises(VaultKeyError, match=_KEY.id) as caught:
        unseal(_sealed(algorithm), address=_ADDRESS, ring=ring)
    assert "/etc/vault.key" in caught.value.message


def test_each_envelope_has_its_own_key_and_nonces(algorithm: Algorithm) -> None:
    one, two = _sealed(algorithm), _sealed(algorithm)
    assert one[9:] != two[9:]
    assert one[-len(_DATA) - 16 :] != two[-len(_DATA) - 16 :]
    assert _DATA not in one


def test_rewrapping_changes_the_head_alone(algorithm: Algorithm) -> None:
    new = new_key()
    ring = ring_of(_KEY, new)
    envelope = _sealed(algorithm)
    anew = rewrap(envelope, address=_ADDRESS, ring=ring)
    assert anew is not None
    tail = len(_DATA) + 16 + 12
    assert anew[-tail:] == envelope[-tail:]
    assert unseal(anew, address=_ADDRESS, ring=ring_of(new)) == _DATA
    assert rewrap(anew, address=_ADDRESS, ring=ring) is None
    with pytest.raises(VaultKeyError):
        unseal(anew, address=_ADDRESS, ring=_RING)


def test_a_changed_head_is_not_rewrapped(algorithm: Algorithm) -> None:
    envelope = bytearray(_sealed(algorithm))
    envelope[25] ^= 1
    with pytest.raises(VaultDamagedError):
        rewrap(bytes(envelope), address=_ADDRESS, ring=ring_of(_KEY, new_key()))


def test_the_key_is_checked_without_the_contents(algorithm: Algorithm) -> None:
    envelope = _sealed(algorithm)
    require_key(envelope[:-1] + b"\0", address=_ADDRESS, ring=_RING)
    with pytest.raises(VaultKeyError):
        require_key(envelope, address=_ADDRESS, ring=ring_of(new_key()))


def test_an_address_is_needed(algorithm: Algorithm) -> None:
    with pytest.raises(UsageError):
        seal(_DATA, address="../etc", key=_KEY, algorithm=algorithm)


def test_no_error_tells_the_contents(algorithm: Algorithm) -> None:
    envelope = bytearray(_sealed(algorithm))
    envelope[-1] ^= 1
    with pytest.raises(VaultDamagedError) as caught:
        unseal(bytes(envelope), address=_ADDRESS, ring=_RING)
    assert caught.value.__suppress_context__
    assert "试卷" not in repr(caught.value)
