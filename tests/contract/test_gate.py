"""What the gate keeps, held to the same promises on every database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from review.errors import TamperError
from review.ledger.entry import GENESIS
from review.ports.gate import Delivery, Refusal, SiteItem
from review.store.store import SqlStore
from review.store.writing import SqlWriting
from tests.contract import material
from tests.contract.material import MORNING
from tests.databases import unguarded

DAY = date(2026, 11, 22)
ITEM = SiteItem(site="site-news", external_id="news-1", case="2026-000001")


@pytest.fixture
def work(store: SqlStore) -> Iterator[SqlWriting]:
    with store.writing() as work:
        yield work


def delivery(sequence: int = 1, case: int = 1, **changes: object) -> Delivery:
    made = Delivery(
        id=f"2026-{case:06d}-v{sequence}",
        site="site-news",
        case=f"2026-{case:06d}",
        sequence=sequence,
        event="case.cleared",
        url="https://cms.example.edu.cn/",
        body="{}",
        created_at=MORNING,
        due_at=MORNING,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # - a test names fields


def test_an_item_is_found_by_name_and_by_case(work: SqlWriting) -> None:
    assert work.gate.item("site-news", "news-1") is None
    work.gate.put_item(ITEM)
    assert work.gate.item("site-news", "news-1") == ITEM
    assert work.gate.item("site-other", "news-1") is None
    assert work.gate.item_of("2026-000001") == ITEM
    moved = replace(ITEM, case="2026-000002", callback_url="https://a.example/")
    work.gate.put_item(moved)
    assert work.gate.item_of("2026-000001") is None
    assert work.gate.item_of("2026-000002") == moved


def test_where_an_item_stands_is_said_with_the_ledgers_end(store: SqlStore) -> None:
    with store.writing() as work:
        index, digest = work.gate.end()
        unknown = work.gate.standing_of_item("site-news", "news-1")
        assert (unknown.case, unknown.token) == (None, None)
        assert (unknown.last_index, unknown.last_digest) == (index, digest)
        shown = material.row(clearance="许0001", stage="cleared")
        work.show(material.case_of(shown), shown)
        work.add_clearance(material.clearance())
        work.gate.put_item(ITEM)
        sealed = work.seal(material.adopted(), material.office())
    with store.reading() as records:
        found = records.gate.standing_of_item("site-news", "news-1")
        assert found == records.gate.standing_of_case("2026-000001")
    assert (found.case, found.stage) == ("2026-000001", "cleared")
    assert (found.department, found.token) == ("教务处", "token")
    assert (found.last_index, found.last_digest) == (sealed.index, sealed.digest)


def test_secrets_and_days_of_use_are_replaced(work: SqlWriting) -> None:
    assert work.gate.secret("site-news") is None
    work.gate.put_secret("site-news", b"one")
    work.gate.put_secret("site-news", b"two")
    assert work.gate.secret("site-news") == b"two"
    work.gate.note_use("site-news", "a1", DAY)
    work.gate.note_use("site-news", "a1", DAY + timedelta(days=1))
    assert work.gate.last_used("site-news") == {"a1": DAY + timedelta(days=1)}
    assert work.gate.believed() is None
    work.gate.put_believed(b"x")
    work.gate.put_believed(b"y")
    assert work.gate.believed() == b"y"


def test_a_refusal_is_new_once_a_day(work: SqlWriting) -> None:
    one = Refusal(
        site="site-news", external_id="n", code="changed", contents="c" * 64, day=DAY
    )
    assert work.gate.note_refusal(one)
    assert not work.gate.note_refusal(one)
    assert work.gate.note_refusal(replace(one, code="pending"))
    assert work.gate.note_refusal(replace(one, day=DAY + timedelta(days=1)))
    assert work.gate.drop_refusals_before(DAY + timedelta(days=1)) == 2
    assert work.gate.note_refusal(one)


def test_of_each_case_the_first_that_waits_is_due(work: SqlWriting) -> None:
    for one in (
        delivery(2),
        delivery(5),
        delivery(3, case=2, due_at=MORNING - timedelta(hours=1)),
        delivery(3, case=3, due_at=MORNING + timedelta(hours=1)),
    ):
        work.gate.add_delivery(one)
    assert work.gate.due_deliveries(MORNING) == ("2026-000002-v3", "2026-000001-v2")
    assert work.gate.due_deliveries(MORNING, limit=1) == ("2026-000002-v3",)
    assert not work.gate.is_next(delivery(5))
    assert work.gate.is_next(delivery(2))
    done = delivery(2, state="delivered", ended_at=MORNING, attempts=1)
    work.gate.save_delivery(done)
    assert work.gate.delivery(done.id) == done
    assert "2026-000001-v5" in work.gate.due_deliveries(MORNING)
    assert work.gate.is_next(delivery(5))


def test_deliveries_are_listed_by_state_and_forgotten_when_old(
    work: SqlWriting,
) -> None:
    work.gate.add_delivery(delivery(1))
    work.gate.add_delivery(delivery(2, state="failed", error="x", ended_at=MORNING))
    work.gate.add_delivery(delivery(3, state="delivered", ended_at=MORNING))
    every = [one.sequence for one in work.gate.deliveries(None)]
    assert every == [1, 2, 3]
    assert [one.sequence for one in work.gate.deliveries("failed")] == [2]
    after = work.gate.deliveries(None, after="2026-000001-v1", limit=1)
    assert [one.sequence for one in after] == [2]
    assert work.gate.drop_delivered_before(MORNING) == 0
    assert work.gate.drop_delivered_before(MORNING + timedelta(days=1)) == 1
    assert [one.sequence for one in work.gate.deliveries(None)] == [1, 2]


def test_the_chain_is_walked_link_by_link(store: SqlStore) -> None:
    with store.writing() as work:
        for number in range(3):
            work.seal(material.adopted(str(number)), material.office())
    with store.reading() as records:
        every = list(records.continued(-1, GENESIS))
        assert [one.index for one in every] == [0, 1, 2, 3]
        assert list(records.continued(3, every[3].digest)) == []
        assert list(records.continued(1, every[1].digest)) == every[2:]
        with pytest.raises(TamperError):
            list(records.continued(1, every[0].digest))


def test_what_was_handed_in_comes_with_the_entry_asked_for(store: SqlStore) -> None:
    number = "2026-000001"
    with store.writing() as work:
        first = work.seal(material.submitted(number), material.of_case(number, 1))
        second = work.seal(material.withdrawn(), material.of_case(number, 2))
        work.seal(material.submitted("2026-000002"), material.of_case("2026-000002", 1))
    with store.reading() as records:
        assert records.round_entries(number, second.index) == (first, second)
        assert records.round_entries(number, first.index) == (first,)
        assert records.round_entries("2026-000003", 1) == ()


def test_a_changed_word_breaks_the_chain(store: SqlStore, engine: Engine) -> None:
    with store.writing() as work:
        for number in range(3):
            work.seal(material.adopted(str(number)), material.office())
    changed = "UPDATE entries SET statement = replace(statement, :old, :new)"
    with engine.begin() as connection, unguarded(connection):
        words = {"old": '"via":"test"', "new": '"via":"tset"'}
        connection.execute(text(f'{changed} WHERE "index" = 2'), words)
    with store.reading() as records, pytest.raises(TamperError):
        list(records.continued(-1, GENESIS))
