import enum
import hashlib

import pytest

from review.errors import LedgerError
from review.ledger.entry import (
    LONGEST_STATEMENT,
    canonical,
    decode,
    digest_of,
    entry_message,
    is_canonical,
    is_hex,
    is_stamp,
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
    with pytest.raises(ValueError, match="64"):
        decode("[" * 65 + "]" * 65)
    with pytest.raises(ValueError, match="deep"):
        decode("[" * 100_000)


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
    with pytest.raises(LedgerError, match="规范写法"):
        read_statement(text)


@pytest.mark.parametrize("text", ["[]", '"a"', "{}", '{"kind":1}', '{"kind":null}'])
def test_a_statement_is_an_object_with_a_kind(text: str) -> None:
    assert is_canonical(text)
    with pytest.raises(LedgerError, match="kind"):
        read_statement(text)


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
