"""Every single-bit change of an exported ledger of 1,000 entries is detected.

About seven million changed files; reading each whole would take weeks. Why
the tests below are exhaustive all the same:

1.  Reading is a fold over lines. `read_export` feeds one line after the other
    to an `ExportReader`, stops at the first that is refused, and asks
    `finish()`. A changed file that begins with the same n lines brings the
    reader to the same state after them: the state depends on nothing else.
2.  A bit lies in exactly one line. If neither the old nor the new byte is a
    line feed, the file has the same lines but for that one, so the file is
    refused if `feed` refuses the changed line in the state before it.
3.  If the new byte is a line feed, the line falls into two; the reader sees
    the first part as its next line. If the old byte was the line feed that
    ends the line, the line runs on into the next one; the reader sees both as
    one. (Iterating over a file yields just these.) Either is fed as well.
4.  So, with the reader in the state before line n, each of the line's bits is
    flipped, what the reader would then see is fed, and must be refused. A
    refusal leaves the state as it was, which is not taken on trust: after all
    bits of a line the true line must be taken, and after the last line
    `finish()` must give what the ledger was verified to.
5.  A changed header may be in order by itself (another time, another count).
    Then the true lines follow it, and the trailer must be refused. What the
    entries come to does not depend on the header, so they are verified once
    for all such headers; each gets its own digest over all the bytes. For every
    twentieth the whole file is read without that.

One short cut, for time: bits of S, the second half of an entry's signature,
whose flip leaves lower hexadecimal digits and an S' below the group order L.
By RFC 8032, 5.1.7, a signature holds if and only if [S]B = R + [k]A, with B of
the prime order L. It holds for the true S; so it cannot hold for S' unless L
divides S' - S. That is worked out for each such bit, and of the entries of
every `_S_STRIDE`th line they are fed as well. Everything else is fed: all bits
of R, and all of S that are no such digits afterwards or reach L.

The lines are dealt out to `_PARTS` tests, for workers side by side. The ledger is
the same in every process: its key is fixed, and Ed25519 draws nothing by lot.
"""

import io
import itertools
import random
from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from review.errors import TamperError
from review.ledger import standalone_verifier as alone
from review.ledger.chain import Verified, Verifier, seal, verify
from review.ledger.entry import Entry, canonical
from review.ledger.export import ExportReader, export, read_export
from review.ledger.keys import SigningKey

pytestmark = pytest.mark.slow

_ENTRIES = 1000
_PARTS = 10
_S_STRIDE = 8
_ORDER = 2**252 + 27742317777372353535851937790883648493
_AT = "2026-11-22T09:15:00.123+08:00"
_LINE_FEED = ord("\n")
_BITS = tuple(1 << bit for bit in range(8))
_S_DIGITS = 64  # of the 128 digits of a signature, the second half


def _statement(number: int) -> str:
    """Return a statement as the ledger has them, of about 500 bytes."""
    return canonical(
        {
            "at": _AT,
            "by": {"name": "张示例", "post": "保密办终审", "unit": "云山职业学院"},
            "case": f"2026-{number:06}",
            "contents": f"{number:064x}",
            "data": {
                "channels": ["website", "wechat"],
                "ground": "国家秘密、工作秘密均不涉及",
                "opinion": f"第 {number} 件已核对全部疑点，同意公开。",
                "outcome": "clear",
                "report": f"{number * 7919:016x}",
            },
            "kind": "case.signed_off",
            "policy": f"{number % 3:016x}",
            "version": number % 9,
            "via": "site",
        }
    )


class _Ledger:
    """A thousand entries, and their export in lines."""

    def __init__(self) -> None:
        key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
        opened = {"kind": "ledger.opened", "data": {"key": key.public_hex}}
        entries: list[Entry] = []
        for number in range(_ENTRIES):
            text = _statement(number) if number else canonical(opened)
            last = entries[-1] if entries else None
            entries.append(seal(text, after=last, key=key, algorithm="sha256"))
        self.proven: Verified = verify(entries)
        self.lines = tuple(export(entries, verified=self.proven, at=_AT, key=key))
        self.signatures = [b"", *(one.signature.encode() for one in entries), b""]


@pytest.fixture(scope="module")
def ledger() -> _Ledger:
    made = _Ledger()
    sizes = [len(_statement(number).encode()) for number in range(_ENTRIES)]
    assert 480 < min(sizes) <= max(sizes) < 530
    return made


def _taken(
    reader: ExportReader,
    line: bytes,
    following: bytes,
    places: Iterable[int],
    *,
    bits: tuple[int, ...] = _BITS,
) -> list[tuple[int, int]]:
    """Return the flips after which the reader would take what it sees."""
    taken = []
    feed = reader.feed
    changed = bytearray(line)
    for at in places:
        for bit in bits:
            changed[at] ^= bit
            if line[at] == _LINE_FEED:  # it stands only at the end
                seen = bytes(changed) + following
            elif changed[at] == _LINE_FEED:
                seen = bytes(changed[: at + 1])
            else:
                seen = bytes(changed)
            try:
                feed(seen)
            except TamperError:
                pass
            else:
                taken.append((at, bit))
            changed[at] ^= bit
    return taken


def _s_cannot_hold(line: bytes, places: range, at: int, bit: int) -> bool:
    """Say whether the flip leaves an S below the order that is not S modulo it."""
    digits = line[places.start : places.stop]
    changed = bytearray(digits)
    changed[at - places.start] ^= bit
    if changed[at - places.start] not in b"0123456789abcdef":
        return False
    true = int.from_bytes(bytes.fromhex(digits.decode("ascii")), "little")
    other = int.from_bytes(bytes.fromhex(changed.decode("ascii")), "little")
    return other < _ORDER and (other - true) % _ORDER != 0


@pytest.mark.parametrize("part", range(_PARTS))
def test_every_bit_of_every_entry_and_of_the_trailer(
    ledger: _Ledger, part: int
) -> None:
    """Every `_PARTS`th line; with all parts, every line."""
    reader = ExportReader()
    reader.feed(ledger.lines[0])
    for number, line in enumerate(ledger.lines[1:], start=1):
        if number % _PARTS == part:
            assert _taken_of_line(reader, ledger, number) == []
        reader.feed(line)
    assert reader.finish() == ledger.proven


def _taken_of_line(
    reader: ExportReader, ledger: _Ledger, number: int
) -> list[tuple[int, int]]:
    """Return the flips in that line after which the reader would take what it sees."""
    line, following = (*ledger.lines, b"")[number : number + 2]
    skipped = range(0)
    if number % _S_STRIDE and ledger.signatures[number]:
        end = line.index(ledger.signatures[number]) + 128
        skipped = range(end - _S_DIGITS, end)
    fed = [at for at in range(len(line)) if at not in skipped]
    taken = _taken(reader, line, following, fed)
    for at, bit in itertools.product(skipped, _BITS):
        if not _s_cannot_hold(line, skipped, at, bit):
            taken += _taken(reader, line, following, [at], bits=(bit,))
    return taken


def test_the_trailer_must_end_the_file(ledger: _Ledger) -> None:
    """A flip of the last line feed is the one that no following line completes."""
    whole = b"".join(ledger.lines)
    for bit in _BITS:
        with pytest.raises(TamperError):
            read_export(io.BytesIO(whole[:-1] + bytes([_LINE_FEED ^ bit])))


def test_every_bit_of_the_header(ledger: _Ledger) -> None:
    header, following = ledger.lines[:2]
    in_order = [  # a header that is taken leaves its reader used up
        _flipped(header, at, bit)
        for at, bit in itertools.product(range(len(header)), _BITS)
        if _taken(ExportReader(), header, following, [at], bits=(bit,))
    ]
    assert 50 < len(in_order) < 150
    rest = b"".join(ledger.lines[1:-1])
    entries = Verifier()
    for line in ledger.lines[1:-1]:
        entries.step(ExportReader()._read_entry(line))
    for number, changed in enumerate(in_order):
        assert changed.count(b"\n") == 1  # so the lines after it are the true ones
        reader = ExportReader()
        reader.feed(changed)
        if number % 20 == 0:
            for line in ledger.lines[1:-1]:
                reader.feed(line)
        else:
            reader._verifier = entries
            reader._total.update(rest)
            reader._count = _ENTRIES + 1
        with pytest.raises(TamperError):
            reader.feed(ledger.lines[-1])
    reader = ExportReader()  # so set up, the true header's trailer is taken
    reader.feed(header)
    reader._verifier = entries
    reader._total.update(rest)
    reader.feed(ledger.lines[-1])
    assert reader.finish() == ledger.proven


def _random_bits(size: int, count: int) -> list[tuple[int, int]]:
    draw = random.Random(20261122)  # noqa: S311 - the same sample in each run
    return [(draw.randrange(size), draw.choice(_BITS)) for _ in range(count)]


def _flipped(whole: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(whole)
    changed[at] ^= bit
    return bytes(changed)


def test_random_bits_with_the_complete_reader(ledger: _Ledger) -> None:
    whole = b"".join(ledger.lines)
    assert read_export(io.BytesIO(whole)) == ledger.proven
    for at, bit in _random_bits(len(whole), 300):
        with pytest.raises(TamperError):
            read_export(io.BytesIO(_flipped(whole, at, bit)))


def test_random_bits_with_the_standalone_verifier(ledger: _Ledger) -> None:
    whole = b"".join(ledger.lines)
    assert alone.verify(io.BytesIO(whole)).head == ledger.proven.head
    for at, bit in _random_bits(len(whole), 20):
        with pytest.raises(alone.BrokenError):
            alone.verify(io.BytesIO(_flipped(whole, at, bit)))
