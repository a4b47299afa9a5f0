"""One value, one spelling: the widest that each field takes, and what is said beyond."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from review.clearance import fields
from review.errors import ClearanceInvalidError

_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def _least_one(value: object) -> int:
    return fields.number(value, least=1)


@pytest.mark.parametrize(
    ("read", "value", "what"),
    [
        (fields.name, "a", "a"),
        (fields.name, "Z" * 64, "Z" * 64),
        (fields.title, "云", "云"),
        (fields.title, "云" * 200, "云" * 200),
        (fields.digest, "0f" * 32, "0f" * 32),
        (fields.items, [], []),
        (fields.distinct, ("b", "a"), ("b", "a")),
        (fields.ascending, ("a", "a", "b"), ("a", "a", "b")),
        (_least_one, 1, 1),
        (_least_one, 2**53 - 1, 2**53 - 1),
        (fields.instant, 0, datetime(1970, 1, 1, tzinfo=UTC)),
        (fields.instant, 253402300799, _LAST_MOMENT),
    ],
)
def test_the_widest_value_is_taken(
    read: Callable[[Any], object], value: object, what: object
) -> None:
    assert read(value) == what


@pytest.mark.parametrize(
    ("read", "value", "what"),
    [
        (fields.name, "", "编号"),
        (fields.name, "a" * 65, "编号"),
        (fields.name, "二号", "编号"),
        (fields.title, "", "签发单位"),
        (fields.title, "云" * 201, "签发单位"),
        (fields.title, "云 ", "签发单位"),
        (fields.digest, "0f" * 31, "摘要"),
        (fields.digest, "0F" * 32, "摘要"),
        (fields.items, (), "列表"),
        (fields.distinct, ("a", "a"), "列表"),
        (fields.ascending, ("b", "a"), "列表"),
        (_least_one, 0, "数字"),
        (_least_one, 2**53, "数字"),
        (fields.instant, -1, "时间"),
        (fields.instant, 253402300800, "时间"),
    ],
)
def test_the_next_value_is_refused_by_its_name(
    read: Callable[[Any], object], value: object, what: str
) -> None:
    with pytest.raises(ClearanceInvalidError) as caught:
        read(value)
    assert caught.value.message == f"签名文件中的{what}不合格式，不能采信。"


@pytest.mark.parametrize("given", [{}, {"a": 1}, {"a": 1, "b": 2, "c": 3}])
def test_a_field_too_few_or_too_many_is_refused(given: dict[str, object]) -> None:
    fields.forbid_other_fields({"b": 1, "a": 2}, frozenset({"a", "b"}))

    with pytest.raises(ClearanceInvalidError) as caught:
        fields.forbid_other_fields(given, frozenset({"a", "b"}))
    said = "签名文件的字段不全或有多余字段，不能采信。"
    assert caught.value.message == said
