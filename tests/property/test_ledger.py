"""Laws of the ledger, under an attacker who owns the database but no key."""

import base64
import hashlib
import io
import itertools
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import LedgerError, TamperError
from review.ledger import standalone_verifier as alone
from review.ledger.chain import Verified, Verifier, seal, sign_head, verify
from review.ledger.entry import (
    GENESIS,
    LONGEST_STATEMENT,
    Algorithm,
    Entry,
    canonical,
    decode,
    digest_of,
    entry_message,
    is_canonical,
)
from review.ledger.export import ExportReader, export, read_export
from review.ledger.keys import SigningKey

_AT = "2026-11-22T09:15:00.123+08:00"


def _key(seed: int) -> SigningKey:
    """Return a key that is the same in each run, so that examples are."""
    head = bytes.fromhex("302e020100300506032b657004220420")  # PKCS #8, Ed25519
    body = base64.b64encode(head + bytes([seed]) * 32).decode("ascii")
    pem = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
    return SigningKey.load(pem.encode())


_KEY, _NEXT, _THIEF = (_key(seed) for seed in (1, 2, 3))
_ALGORITHMS: tuple[Algorithm, ...] = ("sha256", "sm3")


def _opened(key: SigningKey) -> str:
    return canonical({"kind": "ledger.opened", "data": {"key": key.public_hex}})


def _chain(key: SigningKey, following: SigningKey) -> tuple[Entry, ...]:
    """Return eight entries, of both algorithms, the fifth of which changes the key."""
    changed = {"kind": "ledger.key_changed", "data": {"key": following.public_hex}}
    entries: list[Entry] = []
    for number in range(8):
        said: object = {"kind": "a", "at": _AT, "data": {"意见": f"同意 {number}"}}
        text = canonical(changed if number == 4 else said) if number else _opened(key)
        last = entries[-1] if entries else None
        turn = key if number <= 4 else following
        algorithm = _ALGORITHMS[number % 2]
        entries.append(seal(text, after=last, key=turn, algorithm=algorithm))
    return tuple(entries)


_CHAIN = _chain(_KEY, _NEXT)
_STRANGE = _chain(_THIEF, _THIEF)
_HEAD = sign_head(_CHAIN[-1], at=_AT, key=_NEXT)
_PROVEN = verify(_CHAIN, witnessed=(_HEAD,))
_EXPORT = b"".join(export(_CHAIN, verified=_PROVEN, at=_AT, key=_NEXT))

_places = st.integers(0, len(_CHAIN) - 1)
_texts = st.text(max_size=70)
_hexadecimal = st.text("0123456789abcdef", min_size=64, max_size=64)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | _texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3)
    ),
    max_leaves=8,
)


def _resealed(entries: list[Entry], start: int) -> list[Entry]:
    """Mend numbers, links and digests from `start` on: all that needs no key."""
    mended = entries[:start]
    for entry in entries[start:]:
        index = len(mended)
        previous = mended[-1].digest if mended else GENESIS
        digest = digest_of(
            entry.statement,
            index=index,
            previous=previous,
            algorithm=entry.algorithm,
            key=entry.key,
        )
        mended.append(replace(entry, index=index, previous=previous, digest=digest))
    return mended


@st.composite
def _altered(draw: st.DrawFn) -> list[Entry]:
    at = draw(_places)
    values: dict[str, st.SearchStrategy[Any]] = {
        "index": st.integers(),
        "previous": _texts | _hexadecimal,
        "algorithm": _texts | st.sampled_from(_ALGORITHMS),
        "statement": _texts | st.just(canonical({"kind": "a", "data": "不同意"})),
        "key": _texts | st.sampled_from([_KEY.id, _NEXT.id, _THIEF.id]),
        "digest": _texts | _hexadecimal,
        "signature": _texts | st.sampled_from([one.signature for one in _CHAIN]),
    }
    name = draw(st.sampled_from(sorted(values)))
    entries = list(_CHAIN)
    entries[at] = replace(entries[at], **{name: draw(values[name])})
    return entries


@st.composite
def _dropped(draw: st.DrawFn) -> list[Entry]:
    gone = draw(st.sets(_places, min_size=1))
    return [entry for entry in _CHAIN if entry.index not in gone]


@st.composite
def _reordered(draw: st.DrawFn) -> list[Entry]:
    return draw(st.permutations(_CHAIN))


@st.composite
def _added(draw: st.DrawFn) -> list[Entry]:
    new = draw(st.sampled_from((*_CHAIN, *_STRANGE)))
    entries = list(_CHAIN)
    entries.insert(draw(_places), new)
    return entries


@st.composite
def _replaced_to_the_end(draw: st.DrawFn) -> list[Entry]:
    at = draw(_places)
    return [*_CHAIN[:at], *_STRANGE[at:]]


_attacks = st.one_of(
    _altered(), _dropped(), _reordered(), _added(), _replaced_to_the_end()
)


@given(_attacks, st.booleans(), _places)
def test_every_attack_is_noticed_by_who_holds_the_witnessed_head(
    entries: list[Entry],
    mend: bool,  # noqa: FBT001 - drawn
    start: int,
) -> None:
    if mend and all(one.algorithm in _ALGORITHMS for one in entries):
        try:
            entries = _resealed(entries, start)
        except UnicodeEncodeError:
            return
    if entries == list(_CHAIN):
        assert verify(entries, witnessed=(_HEAD,)) == _PROVEN
        return
    with pytest.raises(TamperError):
        verify(entries, witnessed=(_HEAD,))


@given(st.lists(st.just(None), min_size=1, max_size=8))
def test_a_shorter_chain_is_noticed_only_by_the_witness(cut: list[None]) -> None:
    shorter = _CHAIN[: -len(cut)]
    assert verify(shorter).entries == len(shorter)
    with pytest.raises(TamperError):
        verify(shorter, witnessed=(_HEAD,))


@given(_places)
def test_a_longer_chain_still_holds_every_head(at: int) -> None:
    heads = [sign_head(one, at=_AT, key=_NEXT) for one in _CHAIN[: at + 1]]
    assert verify(_CHAIN, witnessed=heads) == _PROVEN


@given(_attacks, st.integers(1, len(_CHAIN)))
def test_a_refused_step_changes_nothing(entries: list[Entry], until: int) -> None:
    verifier = Verifier()
    for entry in _CHAIN[:until]:
        verifier.step(entry)
    proven = verifier.proven
    for entry in entries:
        if until < len(_CHAIN) and entry == _CHAIN[until]:
            continue
        with pytest.raises(TamperError):
            verifier.step(entry)
        assert verifier.proven == proven
    for entry in _CHAIN[until:]:
        verifier.step(entry)
    assert verifier.finish() == _PROVEN


@given(_json)
def test_what_is_canonical_is_read_back_as_it_was(value: object) -> None:
    try:
        text = canonical(value)
    except LedgerError:
        return
    assert is_canonical(text)
    assert decode(text) == value
    assert canonical(decode(text)) == text


@given(_texts | st.text('{}[]":,0123456789.eE-+ \n\\utrfalsen', max_size=30))
def test_canonical_text_is_what_its_value_is_written_as(text: str) -> None:
    expected = False
    with suppress(ValueError, LedgerError):
        expected = canonical(decode(text)) == text
    assert is_canonical(text) is expected


@given(st.binary(max_size=300))
def test_sm3_is_the_librarys_sm3(data: bytes) -> None:
    total = Hash(SM3())
    total.update(data)
    assert alone.sm3(data) == total.finalize().hex()


_alone_key = alone.Key(_KEY.public_hex)


@given(st.binary(max_size=80), st.integers(0, 511), st.booleans())
def test_ed25519_is_the_librarys_ed25519(
    message: bytes,
    bit: int,
    change: bool,  # noqa: FBT001 - drawn
) -> None:
    signature = bytearray.fromhex(_KEY.sign(message))
    signature[bit // 8] ^= change << bit % 8
    for key in (_KEY.public, _alone_key):
        assert key.signed(message, signature.hex()) is not change


# --- the exported file -------------------------------------------------------


def _product(data: bytes) -> Verified | None:
    try:
        return read_export(io.BytesIO(data))
    except TamperError:
        return None


def _standalone(data: bytes) -> alone.Checker | None:
    try:
        return alone.verify(io.BytesIO(data))
    except alone.BrokenError:
        return None


def _agree(data: bytes) -> bool:
    """Let both verifiers judge; they must agree, and say the same if it is whole."""
    ours, theirs = _product(data), _standalone(data)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert (ours.head, ours.entries) == (theirs.head, theirs.count)
        assert [one.id for one in ours.keys] == [one.id for one in theirs.keys]
    return ours is not None


def test_the_export_is_whole() -> None:
    assert _agree(_EXPORT)


def test_every_truncation_is_found() -> None:
    # A refused line changes nothing, so one reader can be shown every beginning
    # of the next line in turn, and asked each time whether that was all.
    reader = ExportReader()
    for line in _EXPORT.splitlines(keepends=True):
        for length in range(len(line)):
            if length:
                with pytest.raises(TamperError):
                    reader.feed(line[:length])
            with pytest.raises(TamperError):
                reader.finish()
        reader.feed(line)
    assert reader.finish() == _PROVEN
    for length in range(0, len(_EXPORT), 97):
        assert not _agree(_EXPORT[:length])


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(_EXPORT)
    change = draw(st.sampled_from(("bit", "delete", "insert", "byte", "swap", "copy")))
    at = draw(st.integers(0, len(data) - 1))
    if change == "bit":
        data[at] ^= 1 << draw(st.integers(0, 7))
    elif change == "byte":
        data[at] = draw(st.integers(0, 255))
    elif change == "delete":
        del data[at : at + draw(st.integers(1, 40))]
    elif change == "insert":
        data[at:at] = draw(st.binary(min_size=1, max_size=4) | st.just(b"\r"))
    else:
        data = bytearray(draw(_shuffled_lines(copy=change == "copy")))
    return bytes(data)


def _shuffled_lines(*, copy: bool) -> st.SearchStrategy[bytes]:
    lines = _EXPORT.splitlines(keepends=True)
    order = (
        st.lists(st.sampled_from(lines), max_size=12)
        if copy
        else st.permutations(lines)
    )
    return order.map(b"".join)


@given(_mutated())
def test_both_verifiers_refuse_every_change(data: bytes) -> None:
    assert _agree(data) is (data == _EXPORT)


@dataclass(frozen=True, slots=True)
class _Forger:
    """Who has the keys and seals anything at all, properly digested and signed.

    Only so are the rules reached that stand behind digests and signatures.
    `last` stands in the last entry instead of what belongs there.
    """

    statements: tuple[str, ...]
    last: Mapping[str, Any] = field(default_factory=dict)

    def export(self, *, entries: object = None, end: int = 9) -> bytes:
        keys, lines, previous = [_KEY], [], GENESIS
        for index, text in enumerate(self.statements):
            odd = self.last if index == len(self.statements) - 1 else {}
            line, previous = self._line(text, index, previous, keys[-1], odd)
            lines.append(line)
            if '"ledger.key_changed"' in text and _NEXT.public_hex in text:
                keys.append(_NEXT)
        listed = [{"id": key.id, "public": key.public_hex} for key in keys[:end]]
        count = len(lines) if entries is None else entries
        header = {"type": "header", "format": "xianshen-ledger/1", "at": _AT}
        header_line = canonical(header | {"entries": count, "keys": listed}) + "\n"
        before = "".join((header_line, *lines)).encode()
        return before + _trailer(before, head=previous, key=keys[-1])

    def _line(
        self,
        text: str,
        index: int,
        previous: str,
        key: SigningKey,
        odd: Mapping[str, Any],
    ) -> tuple[str, str]:
        algorithm = _ALGORITHMS[index % 2]
        place: dict[str, Any] = {"index": index, "previous": previous, "key": key.id}
        place |= {name: odd[name] for name in place.keys() & odd.keys()}
        digest = digest_of(text, algorithm=algorithm, **place)
        signature = odd.get("signature", key.sign(entry_message(digest)))
        line = (
            f'{{"algorithm":"{algorithm}","digest":"{digest}",'
            f'"index":{place["index"]},"key":"{place["key"]}",'
            f'"previous":"{place["previous"]}","signature":"{signature}",'
            f'"statement":{text},"type":"entry"}}\n'
        )
        return line, digest


def _trailer(before: bytes, *, head: str, key: SigningKey) -> bytes:
    """Return the trailer that belongs to these bytes, rightly signed."""
    fields = {
        "type": "trailer",
        "entries": before.count(b"\n") - 1,
        "head": head,
        "key": key.id,
        "sha256": hashlib.sha256(before).hexdigest(),
    }
    message = f"xianshen-ledger/1 export {canonical(fields)}".encode()
    return f"{canonical(fields | {'signature': key.sign(message)})}\n".encode()


_CHANGE = '{{"data":{{"key":"{}"}},"kind":"ledger.key_changed"}}'
_odd_statements = st.one_of(
    st.just('{"kind":"a"}'),
    st.just(_opened(_KEY)),
    st.just(_CHANGE.format(_NEXT.public_hex)),
    st.just(_CHANGE.format(_KEY.public_hex)),
    st.just(_CHANGE.format("01" + "00" * 31)),
    st.just(_CHANGE.format(_NEXT.public_hex.upper())),
    st.just(_CHANGE.format("02" + "00" * 31)),
    st.just('{"data":{"key":null},"kind":"ledger.key_changed"}'),
    st.just('{"data":[],"kind":"ledger.key_changed"}'),
    st.just('{"kind":"ledger.key_changed"}'),
    st.just('{"kind":null}'),
    st.just('{"kind":"a","kind":"a"}'),
    st.just('{"kind": "a"}'),
    st.just('{"data":1.0,"kind":"a"}'),
    st.just('{"data":NaN,"kind":"a"}'),
    st.just('{"data":"\\ud800","kind":"a"}'),
    st.just('{"data":"\x7f\u2028\ufeff","kind":"a"}'),
    st.just('{"data":-0,"kind":"a"}'),
    st.just('{"data":{"b":1,"a":1},"kind":"a"}'),
    st.just('{"kind":"a"},"statement":{"kind":"a"}'),
    st.just("[]"),
    st.just('"a"'),
    st.integers(-(2**54), 2**54).map('{{"data":{},"kind":"a"}}'.format),
    st.sampled_from((2**53 - 1, 2**53, -(2**53))).map(
        '{{"data":{},"kind":"a"}}'.format
    ),
    st.integers(60, 68).map(lambda n: f'{{"data":{"[" * n}{"]" * n},"kind":"a"}}'),
    st.integers(60, 68).map(lambda n: f'{{"data":{"[" * n}1{"]" * n},"kind":"a"}}'),
    st.sampled_from((900, 5000, 100_000)).map(
        lambda n: f'{{"data":{"[" * n}{"]" * n},"kind":"a"}}'
    ),
    _json.map(
        lambda value: (
            alone._canonical({"data": value, "kind": "a"})
            .encode(errors="replace")
            .decode()
        )
    ),
)


@settings(max_examples=150)
@given(
    st.lists(_odd_statements, max_size=4),
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 6), st.just(value=True)),
    st.sampled_from((9, 9, 9, 1, 0)),
)
def test_both_verifiers_know_the_same_rules(
    odd: list[str],
    begun: bool,  # noqa: FBT001 - drawn
    entries: object,
    end: int,
) -> None:
    statements = (_opened(_KEY), *odd) if begun else tuple(odd)
    _agree(_Forger(statements).export(entries=entries, end=end))


def test_the_forger_can_seal_rightly_too() -> None:
    change = _CHANGE.format(_NEXT.public_hex)
    for count in range(3):
        for odd in itertools.product(('{"kind":"a"}', change), repeat=count):
            if odd.count(change) <= 1:
                assert _agree(_Forger((_opened(_KEY), *odd)).export())


@pytest.mark.parametrize(
    "last",
    [
        {"previous": GENESIS},
        {"previous": "x"},
        {"index": 2},
        {"index": 0},
        {"key": _NEXT.id},
        {"key": "x"},
        {"signature": "x"},
        {"signature": _CHAIN[0].signature},
    ],
    ids=str,
)
def test_a_rightly_signed_entry_out_of_place_is_refused(last: dict[str, Any]) -> None:
    statements = (_opened(_KEY), '{"kind":"a"}')
    assert _agree(_Forger(statements).export())
    assert not _agree(_Forger(statements, last).export())


def test_both_verifiers_know_the_longest_statement() -> None:
    before = (_opened(_KEY), '{"kind":"a"}')  # the third is digested with SHA-256
    room = LONGEST_STATEMENT - len('{"kind":""}')
    for over in (0, 1):
        long = f'{{"kind":"{"a" * (room + over)}"}}'
        assert _agree(_Forger((*before, long)).export()) is (over == 0)
        middle = f'{{"kind":"{"甲" * (room // 3 + over)}"}}'
        assert _agree(_Forger((*before, middle)).export()) is (over == 0)


_ODD_HEADERS = {
    "the count": ('"entries":8', '"entries":7'),
    "no number": ('"entries":8', '"entries":"8"'),
    "the time": (_AT, "2026-11-22T09:15Z"),
    "the format": ("ledger/1", "ledger/2"),
    "a key's name": (_KEY.id, _THIEF.id),
    "a key": (_KEY.public_hex, _THIEF.public_hex),
    "a key too few": (
        f'{{"id":"{_KEY.id}","public":"{_KEY.public_hex}"}},',
        "",
    ),
    "the type": ('"header"', '"heading"'),
    "one more": ('"at"', '"as":1,"at"'),
}


@pytest.mark.parametrize("name", _ODD_HEADERS)
def test_an_odd_header_is_refused_though_all_is_signed(name: str) -> None:
    old, new = _ODD_HEADERS[name]
    header, *entries, _ = _EXPORT.splitlines(keepends=True)
    text = header.decode().replace(old, new)
    before = b"".join((text.encode(), *entries))
    assert before != b"".join((header, *entries))
    assert not _agree(before + _trailer(before, head=_PROVEN.head, key=_NEXT))
    before = b"".join((header, *entries))
    assert before + _trailer(before, head=_PROVEN.head, key=_NEXT) == _EXPORT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("entries", 7),
        ("entries", "8"),
        ("head", _CHAIN[0].digest),
        ("key", _KEY.id),
        ("sha256", "0" * 64),
        ("signature", None),
        ("signature", _CHAIN[7].signature),
        ("type", "entry"),
        ("note", 1),
    ],
)
def test_an_odd_trailer_is_refused(name: str, value: object) -> None:
    *before, trailer = _EXPORT.splitlines(keepends=True)
    said = json.loads(trailer) | {name: value}
    assert not _agree(b"".join(before) + f"{canonical(said)}\n".encode())


def test_the_trailer_must_be_signed_with_the_present_key() -> None:
    before = b"".join(_EXPORT.splitlines(keepends=True)[:-1])
    for key in (_KEY, _THIEF):
        assert not _agree(before + _trailer(before, head=_PROVEN.head, key=key))


def test_true_entries_after_the_trailer_are_refused() -> None:
    older = b"".join(export(_CHAIN[:4], verified=verify(_CHAIN[:4]), at=_AT, key=_KEY))
    assert _agree(older)
    assert not _agree(older + _EXPORT.splitlines(keepends=True)[5])
