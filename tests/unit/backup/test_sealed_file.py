"""Under a passphrase nothing can be read, changed, moved or cut unnoticed."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.backup import sealed_file
from review.backup.sealed_file import MAGIC, SealedReader, SealedWriter
from review.errors import BackupError

_PHRASE = "correct horse 电池 staple"
_MEBI = 1 << 20
_HEAD = len(MAGIC) + 16 + 7


@pytest.fixture(autouse=True, scope="module")
def _quick() -> None:
    """Derive keys cheaply: what is tested is the stream, not the cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_file, "_COST", 1 << 4)
        yield


def _sealed(data: bytes, *, pieces: int = 1, phrase: str = _PHRASE) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, phrase)
    size = max(1, len(data) // pieces)
    for start in range(0, len(data), size):
        writer.write(data[start : start + size])
    writer.finish()
    return file.getvalue()


def _opened(sealed: bytes, *, step: int = -1, phrase: str = _PHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(sealed), phrase)
    if step < 0:
        return reader.read()
    found = b""
    while piece := reader.read(step):
        found += piece
    return found


@pytest.mark.parametrize(
    "size", [0, 1, _MEBI - 1, _MEBI, _MEBI + 1, 2 * _MEBI, 2 * _MEBI + 5]
)
def test_what_was_sealed_is_what_opens(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    sealed = _sealed(data, pieces=7)
    assert _opened(sealed) == data
    assert _opened(sealed, step=10_240) == data
    assert len(sealed) >= size + 16 + _HEAD


def test_the_same_twice_looks_different_and_shows_nothing() -> None:
    data = b"a passage of a draft " * 50
    one, other = _sealed(data), _sealed(data)
    assert one != other
    assert data[:21] not in one


@settings(max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: float, flip: int) -> None:
    sealed = bytearray(_sealed(b"some contents" * 20))
    sealed[int(place * len(sealed))] ^= flip
    with pytest.raises(BackupError):
        _opened(bytes(sealed))


def test_chunks_cannot_be_dropped_swapped_or_added() -> None:
    data = bytes(3 * _MEBI)
    sealed = _sealed(data)
    head, body = sealed[:_HEAD], sealed[_HEAD:]
    chunk = _MEBI + 16
    one, two, rest = body[:chunk], body[chunk : 2 * chunk], body[2 * chunk :]
    assert _opened(head + one + two + rest) == data
    for spoilt in (
        one + rest,
        two + one + rest,
        one + two,
        one,
        b"",
        body[:-1],
        body + rest,
        one + one + two + rest,
    ):
        with pytest.raises(BackupError):
            _opened(head + spoilt)


def test_another_passphrase_opens_nothing() -> None:
    sealed = _sealed(b"contents")
    with pytest.raises(BackupError, match="口令"):
        _opened(sealed, phrase=f"{_PHRASE} ")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BackupError, match="太短"):
        _sealed(b"", phrase="eleven char")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", MAGIC, MAGIC + bytes(22)])
def test_another_file_is_not_taken_for_one(data: bytes) -> None:
    with pytest.raises(BackupError):
        _opened(data)
