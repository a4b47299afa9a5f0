"""The record as the auditor reads it, and nobody else."""

import io
import json

import pytest
from sqlalchemy import select, update

from review.errors import NotPermittedError, TamperError
from review.ledger.export import read_export
from review.service.record import ledger
from review.store.tables import entries
from tests.databases import unguarded
from tests.service.site import PHONE, Site


def test_the_auditor_turns_the_pages_from_the_newest_down(site: Site) -> None:
    number = site.cleared().number
    first = ledger.page(site.desk, person="audit", limit=3)
    seen = list(first.entries)
    before = first.before
    while before is not None:
        following = ledger.page(site.desk, person="audit", before=before, limit=3)
        seen += following.entries
        before = following.before
    numbers = [one.entry.index for one in seen]
    assert numbers == list(range(first.total - 1, -1, -1))
    assert seen[-1].said["kind"] == "ledger.opened"
    mine = ledger.of_case(site.desk, number, person="audit")
    assert [one.said["version"] for one in mine] == list(range(1, len(mine) + 1))
    assert {one.said["case"] for one in mine} == {number}
    assert ledger.of_case(site.desk, "2026-999999", person="audit") == ()


def test_signed_heads_come_newest_first(site: Site) -> None:
    site.cleared()
    site.cleared("学院举行冬季长跑，共有十二支队伍参加。\n")
    heads = ledger.heads(site.desk, person="audit", limit=10)
    assert [one.index for one in heads] == sorted(
        (one.index for one in heads), reverse=True
    )
    assert ledger.heads(site.desk, person="audit", limit=1) == heads[:1]


def test_a_whole_ledger_is_proven(site: Site) -> None:
    site.submit(PHONE)
    found = ledger.verify(site.desk, person="audit", witnessed=site.witness.heads())
    assert found.proven is not None
    assert found.problem is None


def test_a_ledger_that_was_changed_is_told_as_an_answer(site: Site) -> None:
    site.submit(PHONE)
    here = entries.c.index == 1
    with site.engine.begin() as connection:
        kept = connection.scalar(select(entries.c.digest).where(here))
    _overwrite(site, "f" * 64)
    found = ledger.verify(site.desk, person="audit")
    assert found.proven is None
    assert found.problem
    with pytest.raises(TamperError):
        ledger.write_export(site.desk, io.BytesIO(), key=site.key, person="audit")
    # The audit that ends every test would find it, too.
    _overwrite(site, str(kept))


def _overwrite(site: Site, digest: str) -> None:
    changed = update(entries).where(entries.c.index == 1).values(digest=digest)
    with site.engine.begin() as connection, unguarded(connection):
        connection.execute(changed)


def test_the_export_verifies_elsewhere(site: Site) -> None:
    site.cleared()
    file = io.BytesIO()
    name = ledger.write_export(site.desk, file, key=site.key, person="audit")
    assert name == "审查记录-2026-11-23.jsonl"
    lines = file.getvalue().splitlines(keepends=True)
    assert read_export(lines).entries == json.loads(lines[0])["entries"]


@pytest.mark.parametrize("person", ["zhang", "li", "sun", "security"])
def test_nobody_else_reads_the_record(site: Site, person: str) -> None:
    asked = (
        lambda: ledger.page(site.desk, person=person, limit=1),
        lambda: ledger.of_case(site.desk, "2026-000001", person=person),
        lambda: ledger.heads(site.desk, person=person, limit=1),
        lambda: ledger.write_export(
            site.desk, io.BytesIO(), key=site.key, person=person
        ),
    )
    for one in asked:
        with pytest.raises(NotPermittedError):
            one()
    assert [one.verb for one in site.refusals()] == [
        "read_ledger",
        "read_ledger",
        "read_ledger",
        "export_ledger",
    ]


def test_the_office_may_let_the_record_be_verified(site: Site) -> None:
    assert ledger.verify(site.desk, person="li").proven is not None
    with pytest.raises(NotPermittedError):
        ledger.verify(site.desk, person="zhang")
