"""Whatever happened can be written into the record and read back the same."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.ledger import statement
from review.ledger.entry import is_canonical
from review.ledger.statement import KINDS, Context

# The record keeps text that UTF-8 can write, moments of a millisecond, years of four digits.
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_moments = st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 31)).map(  # noqa: DTZ001 - made aware below
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
)
_days = st.dates(date(1, 1, 1), date(9999, 12, 31))
st.register_type_strategy(str, _texts)
st.register_type_strategy(datetime, _moments)
st.register_type_strategy(date, _days)
st.register_type_strategy(int, st.integers(0, 2**53 - 1))
_contexts = st.builds(Context)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100)
@given(data=st.data())
def test_every_event_comes_back_from_the_record(kind: str, data: Any) -> None:
    event = data.draw(st.builds(KINDS[kind]))
    context = data.draw(_contexts)
    text = statement.write(event, context)
    assert is_canonical(text)
    back = statement.read(text)
    assert back.event == event
    assert type(back.event) is KINDS[kind]
    assert back.context == context
    assert (back.kind, back.at) == (kind, event.at)
    assert statement.kind_of(event) == kind
    assert statement.write(back.event, back.context) == text


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20)
@given(data=st.data())
def test_the_record_is_read_without_this_program(kind: str, data: Any) -> None:
    """Who, when, what and under which policy stand at the top of plain JSON."""
    event = data.draw(st.builds(KINDS[kind]))
    value = json.loads(statement.write(event, Context(via="cli", policy="p")))
    assert value["kind"] == kind
    assert value["by"]["id"] == event.by.id
    assert value["at"].endswith("+08:00")
    moment = datetime.fromisoformat(value["at"])
    assert moment == event.at
    assert moment.utcoffset() == timedelta(hours=8)
    assert {"via", "policy", "case", "version", "contents", "data"} <= value.keys()
    assert not {"at", "by"} & value["data"].keys()


def test_no_two_kinds_share_a_name_or_an_event() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
