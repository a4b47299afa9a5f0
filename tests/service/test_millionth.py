"""A year's millionth item has a digit more, and comes after the one before it."""

from sqlalchemy import text

from review.ports.records import RegisterQuery
from review.service.papers import register
from review.service.projection import sequence_of
from tests.service.site import CLEAN, Site, on_both


@on_both
def test_the_millionth_item_of_a_year_follows_the_one_before(site: Site) -> None:
    first = site.submit(CLEAN).number
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE case_numbers SET last = 999998"))
    numbers = [first, *(site.submit(CLEAN).number for _ in range(2))]
    assert numbers == ["2026-000001", "2026-999999", "2026-1000000"]
    rows = register.page(site.desk, RegisterQuery(), person="li")
    assert [one.number for one in rows] == numbers[::-1]
    before = RegisterQuery(before=rows[0].sequence)
    rest = register.page(site.desk, before, person="li")
    assert [one.number for one in rest] == numbers[1::-1]
    found = register.page(site.desk, RegisterQuery(words="2026-1000000"), person="li")
    assert [one.number for one in found] == ["2026-1000000"]
    assert sequence_of("2026-9999999") < sequence_of("2027-000001")
    with site.desk.store.reading() as records:
        title = site.case(first).item.files[0].digest
        assert records.gate.cases_with(title, limit=2) == tuple(numbers[:0:-1])
