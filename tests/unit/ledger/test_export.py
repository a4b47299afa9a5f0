"""The exported file: what stands in it, and what is not taken for one."""

import hashlib
import json
from collections.abc import Callable, Iterator

import pytest

from review.errors import LedgerError, TamperError
from review.ledger.chain import Verified, seal, sign_head, verify
from review.ledger.entry import Algorithm, Entry, canonical
from review.ledger.export import LONGEST_LINE, ExportReader, export, read_export
from review.ledger.keys import SigningKey

_AT = "2026-11-22T09:15:00.123+08:00"
_KEY = SigningKey.generate()
_NEXT = SigningKey.generate()


def _texts() -> Iterator[tuple[str, SigningKey, Algorithm]]:
    opened = {"kind": "ledger.opened", "data": {"key": _KEY.public_hex}}
    changed = {"kind": "ledger.key_changed", "data": {"key": _NEXT.public_hex}}
    yield canonical(opened), _KEY, "sha256"
    yield canonical({"kind": "a", "data": {"意见": '同意\n"}{'}}), _KEY, "sm3"
    yield canonical(changed), _KEY, "sha256"
    yield canonical({"kind": "b", "data": [1, None, True]}), _NEXT, "sha256"


def _chain() -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for text, key, algorithm in _texts():
        last = entries[-1] if entries else None
        entries.append(seal(text, after=last, key=key, algorithm=algorithm))
    return tuple(entries)


_CHAIN = _chain()
_VERIFIED = verify(_CHAIN)
_LINES = tuple(export(_CHAIN, verified=_VERIFIED, at=_AT, key=_NEXT))


def test_an_export_is_read_back() -> None:
    head = sign_head(_CHAIN[2], at=_AT, key=_KEY)
    assert read_export(_LINES, witnessed=(head,)) == _VERIFIED
    assert _VERIFIED.keys == (_KEY.public, _NEXT.public)


def test_people_can_read_it() -> None:
    header, *entries, trailer = (json.loads(line) for line in _LINES)
    assert header == {
        "type": "header",
        "format": "xianshen-ledger/1",
        "at": _AT,
        "entries": 4,
        "keys": [
            {"id": _KEY.id, "public": _KEY.public_hex},
            {"id": _NEXT.id, "public": _NEXT.public_hex},
        ],
    }
    assert entries[1]["statement"] == {"kind": "a", "data": {"意见": '同意\n"}{'}}
    assert [one["type"] for one in entries] == ["entry"] * 4
    before = b"".join(_LINES[:-1])
    assert trailer["sha256"] == hashlib.sha256(before).hexdigest()
    assert (trailer["head"], trailer["entries"]) == (_CHAIN[-1].digest, 4)
    signature = trailer.pop("signature")
    message = f"xianshen-ledger/1 export {canonical(trailer)}".encode()
    assert _NEXT.public.signed(message, signature)


def test_every_line_is_canonical() -> None:
    for line in _LINES:
        assert canonical(json.loads(line)).encode() + b"\n" == line


def test_what_cannot_be_exported_is_refused_at_once() -> None:
    with pytest.raises(LedgerError) as caught:
        export((), verified=verify(()), at=_AT, key=_KEY)
    assert caught.value.message == "记录链还没有任何记录，没有可导出的内容。"
    before = _CHAIN[:2]
    for entries, key, other in ((_CHAIN, _NEXT, _KEY), (before, _KEY, _NEXT)):
        with pytest.raises(LedgerError) as caught:
            export(entries, verified=verify(entries), at=_AT, key=other)
        assert caught.value.message == (
            f"记录链现在的密钥是 {key.id}，而设置里的密钥是 {other.id}；"
            "请换回正确的密钥文件后再导出。"
        )
    with pytest.raises(LedgerError) as caught:
        export(_CHAIN, verified=_VERIFIED, at="heute", key=_NEXT)
    said = "导出时间的写法不对；应如 2026-11-22T09:15:00.123+08:00。"
    assert caught.value.message == said


def test_a_chain_that_changed_meanwhile_gets_no_trailer() -> None:
    longer = seal(
        canonical({"kind": "c"}), after=_CHAIN[-1], key=_NEXT, algorithm="sha256"
    )
    for entries in (_CHAIN[:-1], (*_CHAIN, longer), (*_CHAIN[:1], *_CHAIN[2:])):
        lines = export(entries, verified=_VERIFIED, at=_AT, key=_NEXT)
        written = []
        with pytest.raises(TamperError):
            written.extend(lines)
        assert not any(b"trailer" in line for line in written)
    with pytest.raises(TamperError) as caught:
        list(export(_CHAIN[:-1], verified=_VERIFIED, at=_AT, key=_NEXT))
    said = "导出时记录链与刚才核验的不一致，导出作废；请重新核验后再导出。"
    assert caught.value.message == said


def _upper(lines: list[bytes]) -> list[bytes]:
    old = _CHAIN[1].digest.encode()
    return [line.replace(old, old.upper()) for line in lines]


_SPELLINGS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "no line feed at the end": lambda lines: [*lines[:-1], lines[-1][:-1]],
    "carriage returns": lambda lines: [one[:-1] + b"\r\n" for one in lines],
    "a mark at the beginning": lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]],
    "UTF-16": lambda lines: [one.decode().encode("utf-16-le") for one in lines],
    "something after the end": lambda lines: [*lines, b"\n"],
    "the trailer twice": lambda lines: [*lines, lines[-1]],
    "the header twice": lambda lines: [lines[0], *lines],
    "the entries again": lambda lines: [*lines, *lines],
    "an empty line": lambda lines: [*lines[:2], b"\n", *lines[2:]],
    "no header": lambda lines: lines[1:],
    "no trailer": lambda lines: lines[:-1],
    "no entries": lambda lines: [lines[0], lines[-1]],
    "nothing": lambda _: [],
    "only a header": lambda lines: lines[:1],
    "upper case": _upper,
    "spaces": lambda lines: [one.replace(b'":', b'": ', 1) for one in lines],
    "a space in a statement": lambda lines: [
        one.replace(b'"kind":"b"', b'"kind": "b"') for one in lines
    ],
    "an escape": lambda lines: [one.replace(b'"b"', b'"\\u0062"') for one in lines],
    "a key twice": lambda lines: [
        one.replace(b'"kind":"b"', b'"kind":"b","kind":"b"') for one in lines
    ],
    "another key": lambda lines: [
        one.replace(b',"type":"entry"', b',"note":1,"type":"entry"') for one in lines
    ],
    "another order": lambda lines: [
        one.replace(b',"type":"entry"}', b"}").replace(b"{", b'{"type":"entry",', 1)
        if b'"entry"' in one
        else one
        for one in lines
    ],
    "a zero before the index": lambda lines: [
        one.replace(b'"index":1', b'"index":01') for one in lines
    ],
    "a fraction": lambda lines: [
        one.replace(b'"index":1', b'"index":1.0') for one in lines
    ],
    "a truth for a number": lambda lines: [
        one.replace(b'"entries":4', b'"entries":true') for one in lines
    ],
    "one line too long": lambda lines: [
        lines[0].replace(b"xianshen", b"x" * LONGEST_LINE),
        *lines[1:],
    ],
    "two lines as one": lambda lines: [lines[0] + lines[1], *lines[2:]],
    "a strange header": lambda lines: [
        lines[0].replace(b"ledger/1", b"ledger/2"),
        *lines[1:],
    ],
    "a time of its own": lambda lines: [
        lines[0].replace(_AT.encode(), b"heute"),
        *lines[1:],
    ],
    "keys that are no list": lambda lines: [
        lines[0].replace(b'"keys":[', b'"keys":{"a":[').replace(b"}],", b"}]},"),
        *lines[1:],
    ],
    "a key under another's name": lambda lines: [
        lines[0].replace(_KEY.id.encode(), _NEXT.id.encode()),
        *lines[1:],
    ],
    "a key that is none": lambda lines: [
        lines[0].replace(_KEY.public_hex.encode(), b"0" * 64),
        *lines[1:],
    ],
    "one key too few": lambda lines: [
        lines[0].replace(
            f'{{"id":"{_KEY.id}","public":"{_KEY.public_hex}"}},'.encode(), b""
        ),
        *lines[1:],
    ],
    "another count": lambda lines: [
        lines[0].replace(b'"entries":4', b'"entries":5'),
        *lines[1:],
    ],
    "another time in the header": lambda lines: [
        lines[0].replace(b"09:15", b"09:16"),
        *lines[1:],
    ],
    "a trailer without signature": lambda lines: [
        *lines[:-1],
        lines[-1].replace(b'"signature":"', b'"signatur":"'),
    ],
    "a signature that is none": lambda lines: [
        *lines[:-1],
        canonical(json.loads(lines[-1]) | {"signature": None}).encode() + b"\n",
    ],
    "a signature of another": lambda lines: [
        *lines[:-1],
        canonical(json.loads(lines[-1]) | {"signature": _CHAIN[-1].signature}).encode()
        + b"\n",
    ],
    "no trailer but a list": lambda lines: [*lines[:-1], b"[]\n"],
}


@pytest.mark.parametrize("name", _SPELLINGS)
def test_another_spelling_is_refused(name: str) -> None:
    lines = _SPELLINGS[name](list(_LINES))
    assert lines != list(_LINES)
    with pytest.raises(TamperError) as caught:
        read_export(lines)
    assert "同意" not in caught.value.message


_NO_HEADER = "第 1 行不是 xianshen-ledger/1 的文件头"
_NO_KEY = "第 1 行有公钥不可用，或与其编号不符"
_NOT_CANONICAL = "第 1 行不是规范写法"
_ANOTHER_COUNT = "第 6 行之前的记录条数或密钥与文件头不符，有记录被删去"
_CHANGED = "第 6 行（收尾行）与前面的内容不符，文件被改动"
_WHAT_IS_WRONG = {
    "the trailer twice": "第 7 行在收尾行之后，不应有",
    "the header twice": "第 2 行之前的记录条数或密钥与文件头不符，有记录被删去",
    "spaces": _NOT_CANONICAL,
    "a strange header": _NO_HEADER,
    "a time of its own": _NO_HEADER,
    "keys that are no list": _NO_HEADER,
    "a truth for a number": _NO_HEADER,
    "a key under another's name": _NO_KEY,
    "a key that is none": _NO_KEY,
    "one key too few": _ANOTHER_COUNT,
    "another count": _ANOTHER_COUNT,
    "another time in the header": _CHANGED,
    "a trailer without signature": _CHANGED,
    "a signature of another": "第 6 行（收尾行）签名不符，不是本系统导出的",
    "no trailer but a list": "第 6 行不是一个完整的 JSON 对象",
}


@pytest.mark.parametrize("name", _WHAT_IS_WRONG)
def test_the_line_and_what_is_wrong_with_it_are_named(name: str) -> None:
    with pytest.raises(TamperError) as caught:
        read_export(_SPELLINGS[name](list(_LINES)))
    assert caught.value.message == (
        f"导出文件{_WHAT_IS_WRONG[name]}。"
        "请勿采信此文件，重新从系统导出，或与存档的另一份核对。"
    )


@pytest.mark.parametrize(
    ("keys", "says"),
    [('["a"]', _NO_KEY), ("[[]]", _NO_KEY), ('["\\ud800"]', _NOT_CANONICAL)],
)
def test_a_header_with_no_keys_in_it_is_refused(keys: str, says: str) -> None:
    said = json.loads(_LINES[0]) | {"keys": 0}
    line = canonical(said).replace('"keys":0', f'"keys":{keys}')
    with pytest.raises(TamperError, match=says):
        ExportReader().feed(f"{line}\n".encode())


def test_a_line_that_is_no_text_is_refused() -> None:
    reader = ExportReader()
    for line in _LINES[:2]:
        reader.feed(line)
    with pytest.raises(TamperError, match="第 3 行不是 UTF-8 文字"):
        reader.feed(_LINES[2].replace(b"kind", b"\xff"))
    reader.feed(_LINES[2])


def test_an_export_of_one_entry_does_not_take_true_for_one() -> None:
    first = _CHAIN[:1]
    lines = list(export(first, verified=verify(first), at=_AT, key=_KEY))
    assert read_export(lines).entries == 1
    for number in (0, 2):
        changed = list(lines)
        changed[number] = lines[number].replace(b'"entries":1', b'"entries":true')
        with pytest.raises(TamperError):
            read_export(changed)


def test_the_witness_binds_an_export_too() -> None:
    first = _CHAIN[:2]
    lines = list(export(first, verified=verify(first), at=_AT, key=_KEY))
    head = sign_head(_CHAIN[2], at=_AT, key=_KEY)
    with pytest.raises(TamperError, match="末尾"):
        read_export(lines, witnessed=(head,))


def test_an_unfinished_reading_proves_nothing() -> None:
    reader = ExportReader()
    for line in _LINES[:-1]:
        reader.feed(line)
    with pytest.raises(TamperError, match="截断"):
        reader.finish()
    reader.feed(_LINES[-1])
    assert reader.finish() == Verified(_CHAIN[-1].digest, 4, _VERIFIED.keys)


@pytest.mark.parametrize("ending", [b',"type":"entri"}\n', b',"type":"entry"}', b"}\n"])
def test_a_line_is_refused_at_once_and_not_at_the_end(ending: bytes) -> None:
    reader = ExportReader()
    reader.feed(_LINES[0])
    with pytest.raises(TamperError, match="第 2 行不是规范写法"):
        reader.feed(_LINES[1].replace(b',"type":"entry"}\n', ending))
    with pytest.raises(TamperError, match="第 2 行太长"):
        reader.feed(b"{" * (LONGEST_LINE + 1))
    with pytest.raises(TamperError, match="第 2 行不是一个完整的 JSON 对象"):
        reader.feed(b"{" * LONGEST_LINE)
    reader.feed(_LINES[1])
