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
    verify_along,
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


_ADVICE = "请立即停用本系统，保留现场，并用备份和纸质审查表核对。"


def _tampered(index: int, what: str) -> str:
    return f"记录链在序号 {index} 处有问题：这一条{what}。{_ADVICE}"


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
    with pytest.raises(LedgerError) as refused:
        seal(_said(3), after=change, key=_KEY, algorithm="sha256")
    assert refused.value.message == (
        f"记录链现在应由密钥 {_NEXT.id} 签署，而设置里的密钥是 {_KEY.id}；"
        "请换回正确的密钥文件，或先做密钥更换。"
    )
    late = _forge(_said(3), after=change, key=_KEY)
    with pytest.raises(TamperError) as caught:
        verify((*chain, change, late))
    assert caught.value.message == _tampered(3, "不是由当时启用的密钥签署的")


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
    with pytest.raises(TamperError) as caught:
        verify((_forge(_said(0), after=None),))
    said = "不是开链记录，开头的记录被删去了"
    assert caught.value.message == _tampered(0, said)
    with pytest.raises(TamperError, match="当时启用的密钥"):
        verify((_forge(_opened(_NEXT), after=None),))
    first = _chain(1)[0]
    with pytest.raises(TamperError) as caught:
        verify((first, _forge(_opened(), after=first)))
    said = "又是开链记录，后面的记录来自另一条链"
    assert caught.value.message == _tampered(1, said)


@pytest.mark.parametrize("data", [None, {}, [], {"key": 1}, {"key": "ab"}, "key"])
@pytest.mark.parametrize("kind", ["ledger.opened", "ledger.key_changed"])
def test_a_key_that_is_none_is_refused(kind: str, data: object) -> None:
    text = canonical({"kind": kind, "data": data})
    first = None if kind == "ledger.opened" else _chain(1)[0]
    with pytest.raises(LedgerError) as refused:
        seal(text, after=first, key=_KEY, algorithm="sha256")
    none = "记录内容里没有公钥（data.key）；请检查写入记录的程序。"
    no_key = "公钥应是 64 位小写十六进制数字；请重新抄写或导出公钥。"
    assert refused.value.message == (no_key if data == {"key": "ab"} else none)
    before = () if first is None else (first,)
    with pytest.raises(TamperError) as caught:
        verify((*before, _forge(text, after=first)))
    said = _tampered(len(before), "没有可用的公钥（data.key）")
    assert caught.value.message == said


@pytest.mark.parametrize("text", ['{"kind": "a"}', '{"kind":1.5}', "[]", '{"a":1}'])
def test_a_statement_that_is_not_canonical_is_refused(text: str) -> None:
    first = _chain(1)[0]
    with pytest.raises(LedgerError):
        seal(text, after=first, key=_KEY, algorithm="sha256")
    with pytest.raises(TamperError) as caught:
        verify((first, _forge(text, after=first)))
    assert caught.value.message == _tampered(1, "内容不是规范写法，已被改动")


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
        ("previous", "0" * 64, "与上一条断开，有记录被改动、插入或调换"),
        ("algorithm", "md5", "摘要算法不是 sha256 或 sm3"),
        ("algorithm", "sm3", "内容与摘要不符，已被改动"),
        ("statement", _said(99), "内容与摘要不符，已被改动"),
        ("key", _NEXT.id, "内容与摘要不符，已被改动"),
        ("digest", "0" * 64, "内容与摘要不符，已被改动"),
        ("signature", "0" * 128, "签名不符，不是持有密钥的系统签署的"),
        ("signature", "", "签名不符，不是持有密钥的系统签署的"),
    ],
)
def test_a_changed_field_is_named(field: str, value: object, says: str) -> None:
    chain = list(_chain(4))
    chain[2] = replace(chain[2], **{field: value})
    with pytest.raises(TamperError) as caught:
        verify(chain)
    assert caught.value.code == "tampered"
    assert caught.value.message == _tampered(2, says)


@pytest.mark.parametrize("index", [7, True, -1])
def test_a_changed_number_is_named(index: int) -> None:
    chain = list(_chain(4))
    chain[2] = replace(chain[2], index=index)
    with pytest.raises(TamperError) as caught:
        verify(chain)
    assert caught.value.message == (
        f"记录链的序号不连：此处应为序号 2，实为 {index}，"
        f"有记录被删去、插入或调换。{_ADVICE}"
    )


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
    with pytest.raises(TamperError) as caught:
        verify((*chain[:3], last), witnessed=(head,))
    said = "与系统外见证的摘要不同，已被改写"
    assert caught.value.message == _tampered(3, said)


def test_heads_along_the_way_prove_what_they_prove_at_once() -> None:
    chain = _chain(6)
    heads = [sign_head(one, at=_AT, key=_KEY) for one in chain]
    some = (heads[0], heads[2], heads[2], heads[5])
    assert verify_along(chain, heads=some) == verify(chain, witnessed=some)
    assert verify_along(chain, heads=()) == verify(chain)
    with pytest.raises(TamperError, match="只有 5 条，而序号 5 已经见证过：末尾"):
        verify_along(chain[:5], heads=some)
    with pytest.raises(TamperError, match="次序被改动"):
        verify_along(chain, heads=(heads[2], heads[0]))
    with pytest.raises(TamperError, match="签名不符"):
        verify_along(chain, heads=(replace(heads[1], signature=heads[2].signature),))
    with pytest.raises(TamperError, match="不属于同一个系统"):
        verify_along(chain, heads=(sign_head(chain[1], at=_AT, key=_NEXT),))
    last = seal(_said(77), after=chain[2], key=_KEY, algorithm="sha256")
    with pytest.raises(TamperError, match="与系统外见证的摘要不同"):
        verify_along((*chain[:3], last), heads=(heads[1], heads[3]))


def test_a_chain_is_taken_up_where_it_was_proven() -> None:
    chain = _chain(6)
    head = sign_head(chain[5], at=_AT, key=_KEY)
    proven = (chain[2], _KEY.public)
    whole = verify(chain)
    assert verify_along(chain[3:], heads=(head,), after=proven) == whole
    assert verify_along((), heads=(), after=(chain[5], _KEY.public)) == whole
    with pytest.raises(TamperError, match="末尾的记录被删去了"):
        verify_along(chain[3:5], heads=(head,), after=proven)
    with pytest.raises(TamperError, match="序号不连"):
        verify_along(chain[4:], heads=(), after=proven)
    with pytest.raises(TamperError, match="不是由启用的密钥签署的"):
        verify_along(chain[3:], heads=(), after=(chain[2], _NEXT.public))


def test_heads_beyond_the_end_must_be_signed_to_count() -> None:
    chain = _chain(3)
    head = sign_head(chain[2], at=_AT, key=_KEY)
    with pytest.raises(TamperError, match="签名不符"):
        verify_along(chain[:2], heads=(replace(head, signature="0" * 128),))


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


_NO_HEAD = "见证记录的内容不成样子，已被改动。"
_NO_KEY = "见证记录的公钥不成样子，已被改动。"
_UNSIGNED = "序号 1 的见证记录签名不符，已被改动。"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("index", 0, "序号 0 的见证记录签名不符，已被改动。"),
        ("index", -1, _NO_HEAD),
        ("index", True, _NO_HEAD),
        ("index", "1", _NO_HEAD),
        ("digest", "0" * 64, _UNSIGNED),
        ("digest", "A" * 64, _NO_HEAD),
        ("at", "2026-11-22T09:15:00.124+08:00", _UNSIGNED),
        ("at", "gestern", _NO_HEAD),
        ("key", _NEXT.public_hex, _UNSIGNED),
        ("key", "ab", _NO_KEY),
        ("signature", "0" * 128, _UNSIGNED),
    ],
)
def test_a_changed_head_is_refused(field: str, value: object, says: str) -> None:
    head = sign_head(_chain(2)[1], at=_AT, key=_KEY)
    check_head(head)
    with pytest.raises(TamperError) as caught:
        check_head(replace(head, **{field: value}))
    assert caught.value.message == f"{says}{_ADVICE}"
    with pytest.raises(TamperError):
        Verifier(witnessed=(replace(head, **{field: value}),))


def test_a_head_wants_a_stamp() -> None:
    with pytest.raises(LedgerError) as caught:
        sign_head(_chain(1)[0], at="2026-11-22", key=_KEY)
    said = "见证时间的写法不对；应如 2026-11-22T09:15:00.123+08:00。"
    assert caught.value.message == said


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
    _, entry, after = _chain(3)
    check_entry(entry, _KEY.public)
    for changed, key, says in (
        (entry, _NEXT, "不是由启用的密钥签署的"),
        (
            replace(entry, signature=after.signature),
            _KEY,
            "签名不符，不是持有密钥的系统签署的",
        ),
        (replace(entry, statement=_said(7)), _KEY, "内容与摘要不符，已被改动"),
    ):
        with pytest.raises(TamperError) as caught:
            check_entry(changed, key.public)
        assert caught.value.message == _tampered(1, says)
