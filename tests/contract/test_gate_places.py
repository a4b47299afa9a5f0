"""Where the gate looks: publications in order, and the cases that keep a file."""

from review.store.store import SqlStore
from tests.contract import material


def test_the_cases_that_keep_a_file_are_found_newest_first(store: SqlStore) -> None:
    with store.writing() as work:
        for case in (1, 2, 3):
            shown = material.row(case)
            work.show(material.case_of(shown), shown)
            work.keep(f"2026-{case:06d}", 1, ["a" * 64])
        work.keep("2026-000002", 2, ["a" * 64, "b" * 64])
    with store.reading() as records:
        found = records.gate.cases_with("a" * 64, limit=2)
        assert found == ("2026-000003", "2026-000002")
        assert records.gate.cases_with("b" * 64, limit=9) == ("2026-000002",)
        assert records.gate.cases_with("c" * 64, limit=9) == ()


def test_the_cases_that_are_cleared_come_first(store: SqlStore) -> None:
    stages = {1: "cleared", 2: "published", 3: "withdrawn", 4: "scanning"}
    with store.writing() as work:
        for case, stage in stages.items():
            shown = material.row(case, stage=stage)
            work.show(material.case_of(shown), shown)
        for case in range(1, 5):
            work.keep(f"2026-{case:06d}", 1, ["a" * 64])
    with store.reading() as records:
        found = records.gate.cases_with("a" * 64, limit=3)
    assert found == ("2026-000002", "2026-000001", "2026-000004")


def test_only_publications_after_an_entry_are_returned(store: SqlStore) -> None:
    with store.writing() as work:
        work.seal(material.adopted(), material.office())
    with store.reading() as records:
        assert records.gate.publications(after=-1) == ()
