"""What S/MIME wraps: signed contents can be read, encrypted ones cannot."""

from dataclasses import dataclass
from typing import Final

_SIGNED: Final = bytes.fromhex("2a864886f70d010702")
_SEQUENCE: Final = 0x30
_OCTETS: Final = (0x04, 0x24)
_OID: Final = 0x06
_EXPLICIT: Final = 0xA0
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of the encoding: its tag, and where its contents begin and end."""

    tag: int
    start: int
    end: int
    behind: int


def is_signed(data: bytes) -> bool:
    """Tell whether a wrapped message is only signed, by the mark near its start."""
    return _SIGNED in data[:64]


def signed_contents(data: bytes) -> bytes | None:
    """Return what was signed; `None` where it cannot be found."""
    try:
        outer = _inside(data, _value(data, 0))
        signed = _inside(data, _inside(data, outer[1])[0])
        wrapped = next(one for one in signed if one.tag == _SEQUENCE)
        parts = _inside(data, wrapped)
        if [one.tag for one in parts[:2]] != [_OID, _EXPLICIT]:
            return None
        return _octets(data, _inside(data, parts[1])[0], 0)
    except (IndexError, StopIteration):
        return None


def _octets(data: bytes, value: _Value, depth: int) -> bytes:
    """Return a string of bytes, which may be laid out in pieces."""
    if value.tag not in _OCTETS or depth > _DEEPEST:
        raise IndexError
    if value.tag == _OCTETS[0]:
        return data[value.start : value.end]
    pieces = (_octets(data, one, depth + 1) for one in _inside(data, value))
    return b"".join(pieces)


def _inside(data: bytes, value: _Value) -> list[_Value]:
    found = []
    at = value.start
    while at < value.end:
        found.append(_value(data, at))
        at = found[-1].behind
    return found


def _value(data: bytes, at: int, depth: int = 0) -> _Value:
    """Read one value; one of open length ends at its mark.

    Raises:
        IndexError: There is none.
    """
    tag, size = data[at], data[at + 1]
    start = at + 2
    if size == 0x80:  # noqa: PLR2004 - the mark of an open length
        end = start
        while data[end : end + 2] != b"\0\0":
            if depth > _DEEPEST:
                raise IndexError
            end = _value(data, end, depth + 1).behind
        return _Value(tag, start, end, end + 2)
    if size > 0x80:  # noqa: PLR2004 - so many bytes of length follow
        count = size & 0x7F
        size = int.from_bytes(data[start : start + count], "big")
        start += count
    end = start + size
    if end > len(data):
        raise IndexError
    return _Value(tag, start, end, end)
