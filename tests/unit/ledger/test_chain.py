"""The law of the chain, one attack a test."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from review.errors import LedgerError, TamperError
from review.ledger.chain import (
    Head,
    Verified,
    Verifier,
    check_entry,
    check_head,
    seal,
    sign_head,
    verify,
)
from review.ledger.entry import (
    GENESIS,
    Algorithm,
    Entry,
    canonical,
    digest_of,
    entry_message,
)
from review.ledger.keys import SigningKey

_AT = "2026-11-22T09:15:00.123+08:00"
# Fixed, since they stand in the names of tests, which must not change.
_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
_NEXT = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64))))


def _opened(key: SigningKey = _KEY) -> str:
    return canonical({"kind": "ledger.opened", "data": {"key": key.public_hex}})


def _changed(key: SigningKey = _NEXT) -> str:
    return canonical({"kind": "ledger.key_changed", "data": {"key": key.public_hex}})


def _said(number: int) -> str:
    return canonical({"kind": "case.signed_off", "data": {"opinion": f"同意 {number}"}})


def _chain(length: int, *, algorithm: Algorithm = "sha256") -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for number in range(length):
        text = _said(number) if entries else _opened()
        last = entries[-1] if entries else None
        entries.append(seal(text, after=last, key=_KEY, algorithm=algorithm))
    return tuple(entries)


def _forge(  # what a thief of the key could write: sealed rightly, whatever it says
    statement: str, *, after: Entry | None, key: SigningKey = _KEY
) -> Entry:
    index = 0 if after is None else after.index + 1
    previous = GENESIS if after is None else after.digest
    digest = digest_of(
        statement, index=index, previous=previous, algorithm="sha256", key=key.id
    )
    signature = key.sign(entry_message(digest))
    return Entry(index, previous, "sha256", statement, key.id, digest, signature)


def test_a_whole_chain_is_proven() -> None:
    for algorithm in ("sha256", "sm3"):
        chain = _chain(4, algorithm=algorithm)  # type: ignore[arg-type] - a literal in a loop
        assert verify(chain) == Verified(chain[-1].digest, 4, (_KEY.public,))
    assert verify(()) == Verified(GENESIS, 0, ())


def test_the_two_algorithms_may_follow_each_other() -> None:
    first = seal(_opened(), after=None, key=_KEY, algorithm="sm3")
    second = seal(_said(1), after=first, key=_KEY, algorithm="sha256")
    assert verify((first, second)).entries == 2


def test_a_key_hands_over_to_the_next() -> None:
    chain = _chain(2)
    change = seal(_changed(), after=chain[-1], key=_KEY, algorithm="sha256")
    last = seal(_said(3), after=change, key=_NEXT, algorithm="sha256")
    proven = verify((*chain, change, last))
    assert proven.keys == (_KEY.public, _NEXT.public)
    with pytest.raises(LedgerError, match=_NEXT.id):
        seal(_said(3), after=change, key=_KEY, algorithm="sha256")
    late = _forge(_said(3), after=change, key=_KEY)
    with pytest.raises(TamperError, match=r"序号 3 .*当时启用的密钥"):
        verify((*chain, change, late))


def test_a_key_cannot_bring_itself_in() -> None:
    chain = _chain(2)
    with pytest.raises(LedgerError, match=_KEY.id):
        seal(_changed(), after=chain[-1], key=_NEXT, algorithm="sha256")
    with pytest.raises(TamperError, match="当时启用的密钥"):
        verify((*chain, _forge(_changed(), after=chain[-1], key=_NEXT)))


def test_the_first_entry_names_the_key_that_signs_it() -> None:
    with pytest.raises(LedgerError, match="第一条"):
        seal(_said(0), after=None, key=_KEY, algorithm="sha256")
    with pytest.raises(LedgerError, match="第一条"):
        seal(_opened(), after=_chain(1)[0], key=_KEY, algorithm="sha256")
    with pytest.raises(LedgerError, match=_NEXT.id):
        seal(_opened(_NEXT), after=None, key=_KEY, algorithm="sha256")
    with pytest.raises(TamperError, match="开链记录"):
        verify((_forge(_said(0), after=None),))
    with pytest.raises(TamperError, match="当时启用的密钥"):
        verify((_forge(_opened(_NEXT), after=None),))
    first = _chain(1)[0]
    with pytest.raises(TamperError, match="又是开链记录"):
        verify((first, _forge(_opened(), after=first)))


@pytest.mark.parametrize("data", [None, {}, [], {"key": 1}, {"key": "ab"}, "key"])
@pytest.mark.parametrize("kind", ["ledger.opened", "ledger.key_changed"])
def test_a_key_that_is_none_is_refused(kind: str, data: object) -> None:
    text = canonical({"kind": kind, "data": data})
    first = None if kind == "ledger.opened" else _chain(1)[0]
    with pytest.raises(LedgerError, match="公钥"):
        seal(text, after=first, key=_KEY, algorithm="sha256")
    before = () if first is None else (first,)
    with pytest.raises(TamperError, match="公钥"):
        verify((*before, _forge(text, after=first)))


@pytest.mark.parametrize("text", ['{"kind": "a"}', '{"kind":1.5}', "[]", '{"a":1}'])
def test_a_statement_that_is_not_canonical_is_refused(text: str) -> None:
    first = _chain(1)[0]
    with pytest.raises(LedgerError):
        seal(text, after=first, key=_KEY, algorithm="sha256")
    with pytest.raises(TamperError, match="序号 1 "):
        verify((first, _forge(text, after=first)))


def test_half_a_surrogate_pair_was_never_sealed() -> None:
    first, second = _chain(2)
    broken = replace(second, statement='{"kind":"\ud800"}')
    with pytest.raises(LedgerError, match="规范写法"):
        seal(broken.statement, after=first, key=_KEY, algorithm="sha256")
    with pytest.raises(TamperError, match="内容与摘要不符"):
        verify((first, broken))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("index", 7, "序号不连：此处应为序号 2，实为 7"),
        ("index", True, "序号不连"),
        ("previous", "0" * 64, "断开"),
        ("algorithm", "md5", "摘要算法"),
        ("algorithm", "sm3", "内容与摘要不符"),
        ("statement", _said(99), "内容与摘要不符"),
        ("key", _NEXT.id, "内容与摘要不符"),
        ("digest", "0" * 64, "内容与摘要不符"),
        ("signature", "0" * 128, "签名不符"),
        ("signature", "", "签名不符"),
    ],
)
def test_a_changed_field_is_named(field: str, value: object, says: str) -> None:
    chain = list(_chain(4))
    chain[2] = replace(chain[2], **{field: value})
    with pytest.raises(TamperError, match=says) as caught:
        verify(chain)
    assert caught.value.code == "tampered"
    assert "同意" not in caught.value.message


def test_a_dropped_a_swapped_and_a_doubled_entry_are_named() -> None:
    a, b, c, d = _chain(4)
    for broken in ((a, c, d), (b, c, d), (a, c, b, d), (a, b, b, c, d)):
        with pytest.raises(TamperError, match="序号"):
            verify(broken)


def test_only_a_witness_misses_the_end() -> None:
    chain = _chain(4)
    head = sign_head(chain[3], at=_AT, key=_KEY)
    assert verify(chain, witnessed=(head, head)).entries == 4
    assert verify(chain[:3]).entries == 3
    with pytest.raises(TamperError, match="只有 3 条，而序号 3 已经见证过：末尾"):
        verify(chain[:3], witnessed=(head,))
    with pytest.raises(TamperError, match="只有 0 条"):
        verify((), witnessed=(head,))
    last = seal(_said(77), after=chain[2], key=_KEY, algorithm="sha256")
    with pytest.raises(TamperError, match=r"序号 3 .*见证的摘要不同"):
        verify((*chain[:3], last), witnessed=(head,))


def test_a_chain_rebuilt_under_another_key_does_not_meet_the_witness() -> None:
    head = sign_head(_chain(1)[0], at=_AT, key=_KEY)
    rebuilt = seal(_opened(_NEXT), after=None, key=_NEXT, algorithm="sha256")
    assert verify((rebuilt,)).keys == (_NEXT.public,)  # why `keys` must be compared
    with pytest.raises(TamperError, match="见证"):
        verify((rebuilt,), witnessed=(head,))


def test_a_head_of_a_strange_key_is_no_witness() -> None:
    chain = _chain(2)
    strange = sign_head(chain[1], at=_AT, key=_NEXT)
    with pytest.raises(TamperError, match="不属于同一个系统"):
        verify(chain, witnessed=(strange,))


def test_two_heads_may_not_contradict_each_other() -> None:
    chain = _chain(2)
    other = _forge(_said(5), after=chain[0])
    heads = [sign_head(one, at=_AT, key=_KEY) for one in (chain[1], other)]
    with pytest.raises(TamperError, match="自相矛盾"):
        verify(chain, witnessed=heads)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("index", 0),
        ("index", -1),
        ("index", True),
        ("digest", "0" * 64),
        ("digest", "A" * 64),
        ("at", "2026-11-22T09:15:00.124+08:00"),
        ("at", "gestern"),
        ("key", _NEXT.public_hex),
        ("key", "ab"),
        ("signature", "0" * 128),
    ],
)
def test_a_changed_head_is_refused(field: str, value: object) -> None:
    head = sign_head(_chain(2)[1], at=_AT, key=_KEY)
    check_head(head)
    with pytest.raises(TamperError, match="已被改动"):
        check_head(replace(head, **{field: value}))
    with pytest.raises(TamperError):
        Verifier(witnessed=(replace(head, **{field: value}),))


def test_a_head_wants_a_stamp() -> None:
    with pytest.raises(LedgerError, match="见证时间"):
        sign_head(_chain(1)[0], at="2026-11-22", key=_KEY)


def test_a_refused_step_leaves_what_is_proven() -> None:
    chain = _chain(3)
    verifier = Verifier()
    for entry in chain[:2]:
        verifier.step(entry)
    proven = verifier.proven
    for broken in (
        chain[1],
        replace(chain[2], signature="0" * 128),
        _forge(_opened(), after=chain[1]),
        _forge(canonical({"kind": "ledger.key_changed"}), after=chain[1]),
    ):
        with pytest.raises(TamperError):
            verifier.step(broken)
        assert verifier.proven == proven
    verifier.step(chain[2])
    assert verifier.finish().entries == 3


def test_heads_compare_by_value() -> None:
    entry = _chain(1)[0]
    assert sign_head(entry, at=_AT, key=_KEY) == Head(
        index=0,
        digest=entry.digest,
        at=_AT,
        key=_KEY.public_hex,
        signature=sign_head(entry, at=_AT, key=_KEY).signature,
    )


def test_an_entry_alone_tells_who_sealed_it() -> None:
    entry = _chain(3)[1]
    check_entry(entry, _KEY.public)
    with pytest.raises(TamperError, match="密钥"):
        check_entry(entry, _NEXT.public)
    with pytest.raises(TamperError, match="签名"):
        check_entry(replace(entry, signature=_chain(3)[2].signature), _KEY.public)
    with pytest.raises(TamperError, match="摘要"):
        check_entry(replace(entry, statement=_said(7)), _KEY.public)
