import enum
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from review.errors import LedgerError
from review.ledger.entry import (
    LONGEST_STATEMENT,
    Algorithm,
    Entry,
    canonical,
    decode,
    digest_of,
    entry_message,
    is_canonical,
    is_hex,
    is_stamp,
    is_whole,
    read_statement,
)


class _Colour(enum.StrEnum):
    RED = "red"


def _nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"结论": "同意公开"}, '{"结论":"同意公开"}'),
        ('"\\\n\x01\u2028/é', '"\\"\\\\\\n\\u0001\u2028/é"'),
        (-(2**53) + 1, "-9007199254740991"),
        ({}, "{}"),
    ],
)
def test_one_value_has_one_text(value: object, text: str) -> None:
    assert canonical(value) == text
    assert is_canonical(text)
    assert decode(text) == value


_NO_KEY = "记录内容的键必须是文字；请检查写入记录的程序。"
_HALF = "记录内容里有不成对的代理字符，无法写成 UTF-8；请改正来源文字后重试。"
_NO_FRACTION = (
    "记录内容里不能有 float 类型的值（小数等没有唯一写法）；"
    "只能用文字、整数、真假、空值、列表和对象。"
)
_TOO_LARGE = "记录内容里的整数超出 2⁵³-1，别的程序会读错；请改记为文字。"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({1: "a"}, _NO_KEY),
        ("\ud800", _HALF),
        (2**53, _TOO_LARGE),
        (_nested(65), "记录内容嵌套超过 64 层；请改用平铺的写法。"),
        (1.5, _NO_FRACTION),
    ],
    ids=lambda one: type(one).__name__,
)
def test_why_it_has_no_canonical_text_is_said(value: object, says: str) -> None:
    with pytest.raises(LedgerError) as caught:
        canonical(value)
    assert caught.value.message == says


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.0, "float"),
        (float("nan"), "float"),
        ({"a": [2.5]}, "float"),
        ({1: "a"}, "键必须是文字"),
        ({"a": ("b",)}, "tuple"),
        (_Colour.RED, "_Colour"),
        (b"a", "bytes"),
        ("\ud800", "代理字符"),
        ({"\udfff": 1}, "代理字符"),
        (2**53, "2⁵³-1"),
        (-(2**53), "2⁵³-1"),
        (_nested(65), "64 层"),
    ],
)
def test_what_has_no_canonical_text_is_refused(value: object, says: str) -> None:
    with pytest.raises(LedgerError, match=says):
        canonical(value)


def test_the_deepest_value_is_written_and_read() -> None:
    value = _nested(64)
    assert decode(canonical(value)) == value
    beside = [_nested(63), [], {}]
    assert decode(canonical(beside)) == beside
    for open_, close in (("[", "]"), ('{"a":', "}")):
        with pytest.raises(ValueError, match="64"):
            decode(open_ * 65 + "1" + close * 65)
    with pytest.raises(ValueError, match=r"^nested too deeply$"):
        decode("[" * 100_000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1.5", "not a whole number"),
        ("NaN", "not a whole number"),
        ("9007199254740992", "number too large"),
        ("1" * 5000, "number too large"),
    ],
)
def test_a_number_that_is_not_read_is_explained(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"^{says}$"):
        decode(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        '{"a":1}\n',
        '\ufeff{"a":1}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":-0}',
        '{"a":01}',
        '{"a":NaN}',
        '{"a":-Infinity}',
        '{"a":9007199254740992}',
        '{"a":' + "1" * 5000 + "}",
        '{"a":"\\u4e00"}',
        '{"a":"\\/"}',
        '{"a":"\\ud800"}',
        '"\ud800"',
        "",
        "{",
    ],
)
def test_another_spelling_is_not_canonical(text: str) -> None:
    assert not is_canonical(text)
    with pytest.raises(LedgerError) as caught:
        read_statement(text)
    said = "记录内容不是规范写法；请先用规范的 JSON 文本再入链。"
    assert caught.value.message == said


@pytest.mark.parametrize(
    "text", ["1", "[]", '"a"', "{}", '{"kind":1}', '{"kind":null}']
)
def test_a_statement_is_an_object_with_a_kind(text: str) -> None:
    assert is_canonical(text)
    with pytest.raises(LedgerError) as caught:
        read_statement(text)
    said = "记录内容应是带 kind 的对象；请检查写入记录的程序。"
    assert caught.value.message == said


def test_a_statement_has_a_longest() -> None:
    frame = len('{"kind":""}')
    longest = canonical({"kind": "k" * (LONGEST_STATEMENT - frame)})
    assert read_statement(longest)
    with pytest.raises(LedgerError, match="4 MiB"):
        read_statement(longest.replace("k", "kk", 1))


def test_the_digest_is_over_what_is_written_down() -> None:
    text = '{"kind":"甲"}'
    place = f"xianshen-ledger/1\nsha256\n7\n{'a' * 64}\n0123456789abcdef\n"
    expected = hashlib.sha256((place + text).encode()).hexdigest()
    at = {"index": 7, "previous": "a" * 64, "key": "0123456789abcdef"}
    assert digest_of(text, algorithm="sha256", **at) == expected  # type: ignore[arg-type] - one dict, two types
    assert digest_of(text, algorithm="sm3", **at) != expected  # type: ignore[arg-type] - one dict, two types
    assert entry_message(expected) == f"xianshen-ledger/1 entry {expected}".encode()


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_an_entry_is_whole_as_it_was_sealed_and_no_other_way(
    algorithm: Algorithm,
) -> None:
    text, key, previous = '{"kind":"甲"}', "0123456789abcdef", "a" * 64
    digest = digest_of(text, index=7, previous=previous, algorithm=algorithm, key=key)
    entry = Entry(7, previous, algorithm, text, key, digest, "0" * 128)
    assert is_whole(entry)
    changes: list[dict[str, Any]] = [
        {"index": 8},
        {"previous": "b" * 64},
        {"algorithm": "sm3" if algorithm == "sha256" else "sha256"},
        {"statement": '{"kind":"乙"}'},
        {"key": "0123456789abcdee"},
        {"digest": "0" * 64},
    ]
    for change in changes:
        assert not is_whole(replace(entry, **change))


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("0af9", True),
        ("0AF9", False),
        ("0af", False),
        ("0af9\n", False),
        ("\uff10af9", False),
        (1234, False),
        (None, False),
    ],
)
def test_hexadecimal_is_lower_and_exact(text: object, sound: bool) -> None:  # noqa: FBT001 - a table
    assert is_hex(text, 4) is sound


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("2026-11-22T09:15:00.123+08:00", True),
        ("2026-11-22T09:15:00.123Z", False),
        ("2026-11-22 09:15:00.123+08:00", False),
        ("2026-11-22T09:15:00+08:00", False),
        ("2026-11-22T09:15:00.123+08:00\n", False),
        (20261122, False),
    ],
)
def test_a_stamp_has_one_form(text: object, sound: bool) -> None:  # noqa: FBT001 - a table
    assert is_stamp(text) is sound
