"""Entries found by kind, case, words and day, on every database alike."""

from dataclasses import replace
from datetime import timedelta

from review import clock
from review.case.events import RequestRefused
from review.case.people import MACHINE
from review.ports.ledger import EntryQuery
from review.store.store import SqlStore
from tests.contract.material import (
    MORNING,
    adopted,
    appointed,
    of_case,
    office,
    submitted,
    withdrawn,
)

_NUMBER = "2026-000001"
_OTHER = "2026-000002"


def _filled(store: SqlStore) -> None:
    with store.writing() as work:
        work.seal(adopted("policy %"), office())
        work.seal(appointed(), office())
        work.seal(submitted(_NUMBER), of_case(_NUMBER, 1))
        work.seal(submitted(_OTHER), of_case(_OTHER, 1))


def _found(store: SqlStore, query: EntryQuery) -> list[int]:
    with store.reading() as records:
        return [one.index for one in records.find_entries(query)]


def test_entries_come_newest_first_and_a_page_at_a_time(store: SqlStore) -> None:
    _filled(store)
    assert _found(store, EntryQuery()) == [4, 3, 2, 1, 0]
    assert _found(store, EntryQuery(limit=2)) == [4, 3]
    assert _found(store, EntryQuery(limit=2, before=3)) == [2, 1]


def test_entries_are_found_by_kind_and_case(store: SqlStore) -> None:
    _filled(store)
    kinds = ("case.submitted", "people.appointed")
    assert _found(store, EntryQuery(kinds=kinds)) == [4, 3, 2]
    assert _found(store, EntryQuery(case=_NUMBER)) == [3]
    assert _found(store, EntryQuery(case=_OTHER, kinds=("people.appointed",))) == []


def test_a_case_is_found_in_what_is_said_of_it_by_others(store: SqlStore) -> None:
    _filled(store)
    with store.writing() as work:
        refused = RequestRefused(
            at=MORNING, by=MACHINE, case=_NUMBER, verb="look", code="not_permitted"
        )
        work.seal(refused, office())
        work.seal(withdrawn(), of_case(_NUMBER, 2))
    assert _found(store, EntryQuery(case=_NUMBER)) == [6, 5, 3]
    assert _found(store, EntryQuery(case=_NUMBER, limit=2)) == [6, 5]
    assert _found(store, EntryQuery(case=_NUMBER, before=6)) == [5, 3]
    assert _found(store, EntryQuery(case=_OTHER)) == [4]


def test_words_are_looked_for_as_they_stand(store: SqlStore) -> None:
    _filled(store)
    assert _found(store, EntryQuery(words="policy %")) == [1]
    assert _found(store, EntryQuery(words="poli%")) == []
    assert _found(store, EntryQuery(words="p_licy")) == []


def test_entries_are_found_by_their_day(store: SqlStore) -> None:
    _filled(store)
    today = clock.china_date(MORNING)
    day = EntryQuery(since=clock.midnight(today), until=clock.midnight(today, days=1))
    assert _found(store, day) == [4, 3, 2, 1, 0]
    late = EntryQuery(since=MORNING + timedelta(days=1))
    assert _found(store, late) == []
    with store.writing() as work:
        # A clock that was wrong: by its own time it is found, wherever it stands.
        yesterday = replace(adopted(), at=MORNING - timedelta(days=1))
        work.seal(yesterday, office())
        work.seal(adopted(), office())
    assert _found(store, day) == [6, 4, 3, 2, 1, 0]
    assert _found(store, EntryQuery(until=MORNING)) == [5]
    words = replace(day, words="policy %")
    assert _found(store, words) == [1]


def test_the_walk_ends_where_it_is_told(store: SqlStore) -> None:
    _filled(store)
    assert _found(store, EntryQuery(over=1)) == [4, 3, 2]
    assert _found(store, EntryQuery(over=1, before=3)) == [2]
    assert _found(store, EntryQuery(over=4)) == []


def test_the_newest_task_of_a_kind_is_found_whoever_asked(store: SqlStore) -> None:
    with store.writing() as work:
        work.tasks.add("verify", "audit", queue="bulk", at=MORNING)
        last = work.tasks.add("verify", "li", queue="bulk", at=MORNING)
        work.tasks.add("scan", _NUMBER, queue="quick", at=MORNING)
        assert work.tasks.newest("verify") == last
        assert work.tasks.newest("export") is None
