"""The record as the auditor reads it, and nobody else."""

import hashlib
import io
import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select, update

from review import clock
from review.errors import NotFoundError, NotPermittedError, TamperError
from review.ledger.chain import Head, sign_head
from review.ledger.export import read_export
from review.service.record import ledger, verifications
from review.service.record.verifications import Outcome, Verification
from review.service.upkeep import background
from review.store.tables import entries
from tests.databases import unguarded
from tests.service.site import PHONE, Site, on_both


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


def test_somebodys_entries_are_looked_for_a_stretch_at_a_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = site.cleared().number
    total = ledger.page(site.desk, person="audit", limit=1).total
    wanted = ledger.Wanted(who="zhang")
    whole = ledger.find(site.desk, wanted, person="audit", limit=99)
    assert whole.entries
    assert (whole.before, whole.is_cut) == (None, False)
    monkeypatch.setattr(ledger, "FURTHEST", 2)
    seen: list[ledger.Read] = []
    looks = 0
    while True:
        some = ledger.find(site.desk, wanted, person="audit", limit=99)
        seen += some.entries
        looks += 1
        assert some.is_cut == (some.before is not None)
        if some.before is None:
            break
        assert some.before == total - 2 * looks
        wanted = replace(wanted, before=some.before)
    assert tuple(seen) == whole.entries
    assert looks == (total + 1) // 2
    # By an index all is found at once.
    for quick in (
        ledger.Wanted(case=number, who="zhang"),
        ledger.Wanted(day=clock.china_date(site.clock.at), who="zhang"),
    ):
        page = ledger.find(site.desk, quick, person="audit", limit=99)
        assert (page.before, page.is_cut) == (None, False)
        assert page.entries


def test_a_full_page_goes_on_from_its_last_entry(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.cleared()
    whole = ledger.find(
        site.desk, ledger.Wanted(who="zhang"), person="audit", limit=99
    ).entries
    monkeypatch.setattr(ledger, "FURTHEST", 1_000)
    page = ledger.find(site.desk, ledger.Wanted(who="zhang"), person="audit", limit=1)
    assert page.entries == whole[:1]
    assert (page.before, page.is_cut) == (whole[0].entry.index, False)


def test_signed_heads_come_newest_first(site: Site) -> None:
    site.cleared()
    site.cleared("学院举行冬季长跑，共有十二支队伍参加。\n")
    heads = ledger.heads(site.desk, person="audit", limit=10)
    assert [one.index for one in heads] == sorted(
        (one.index for one in heads), reverse=True
    )
    assert ledger.heads(site.desk, person="audit", limit=1) == heads[:1]


def _verified(site: Site, person: str = "audit") -> Verification:
    """Order a verification, let it be done as a worker does; return what is shown."""
    number = verifications.order(site.desk, person=person).id
    assert number is not None
    taken = background.take(site.desk, number, holder="test:1")
    assert taken is not None
    made = verifications.carry_out(
        site.desk, taken.subject, witnessed=site.witness.heads
    )
    background.finish(site.desk, taken, result=made)
    return verifications.status(site.desk, number, person=person)


@on_both
def test_a_whole_ledger_is_proven_by_a_worker(site: Site) -> None:
    site.submit(PHONE)
    ordered = verifications.order(site.desk, person="audit")
    assert (ordered.state, ordered.outcome) == ("waiting", None)
    again = verifications.order(site.desk, person="audit")
    assert again == ordered
    asked = site.clock.at
    site.clock.pass_by(minutes=1)
    found = _verified(site)
    assert (found.id, found.state, found.asked_by) == (ordered.id, "done", "audit")
    assert (found.asked_at, found.ended_at) == (asked, site.clock.at)
    newest = ledger.page(site.desk, person="audit", limit=1)
    assert found.outcome == Outcome(
        entries=newest.total,
        head=newest.entries[0].entry.digest,
        keys=(site.key.public_hex,),
    )


def test_a_ledger_that_was_changed_is_told_as_an_answer(site: Site) -> None:
    site.submit(PHONE)
    here = entries.c.index == 1
    with site.engine.begin() as connection:
        kept = connection.scalar(select(entries.c.digest).where(here))
    _overwrite(site, "f" * 64)
    found = _verified(site)
    assert (found.state, found.outcome is not None) == ("done", True)
    assert found.outcome is not None
    assert "序号 1" in (found.outcome.problem or "")
    assert (found.outcome.entries, found.outcome.head) == (None, None)
    with pytest.raises(TamperError):
        ledger.write_export(site.desk, io.BytesIO(), key=site.key, person="audit")
    # The audit that ends every test would find it, too.
    _overwrite(site, str(kept))


def test_what_only_the_witness_knows_is_told_too(site: Site) -> None:
    with site.desk.store.reading() as records:
        last = records.last_entry()
    assert last is not None
    other = replace(last, digest="f" * 64)
    head = sign_head(other, at=clock.stamp(site.clock.at), key=site.key)
    made = verifications.carry_out(site.desk, "audit", witnessed=lambda: (head,))
    assert json.loads(made)["problem"]

    def broken() -> tuple[Head, ...]:
        raise TamperError("见证文件第 1 行被改动过。")

    said = json.loads(verifications.carry_out(site.desk, "audit", witnessed=broken))
    assert said["problem"] == "见证文件第 1 行被改动过。"


def test_a_ledger_whose_end_is_gone_is_told_at_once(site: Site) -> None:
    site.submit(PHONE)
    last = entries.c.index == select(func.max(entries.c.index)).scalar_subquery()
    with site.engine.begin() as connection, unguarded(connection):
        (row,) = connection.execute(select(entries).where(last)).mappings()
        connection.execute(delete(entries).where(last))
    found = verifications.order(site.desk, person="audit")
    assert (found.id, found.state) == (None, "done")
    assert found.outcome is not None
    assert "删去" in (found.outcome.problem or "")
    with site.engine.begin() as connection, unguarded(connection):
        connection.execute(insert(entries), dict(row))


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
    (newest,) = ledger.page(site.desk, person="audit", limit=1).entries
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    assert (newest.said["kind"], newest.said["by"]["id"], newest.said["data"]) == (
        "ledger.exported",
        "audit",
        {"digest": digest},
    )


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


def test_who_may_ask_sees_what_others_asked_for(site: Site) -> None:
    number = _verified(site, "li").id
    assert number is not None
    seen = verifications.status(site.desk, number, person="audit")
    assert (seen.asked_by, seen.outcome is not None) == ("li", True)
    for ask in (
        lambda: verifications.order(site.desk, person="zhang"),
        lambda: verifications.status(site.desk, number, person="zhang"),
        lambda: verifications.carry_out(site.desk, "zhang", witnessed=tuple),
    ):
        with pytest.raises(NotPermittedError):
            ask()
    assert [one.verb for one in site.refusals()] == ["verify_ledger"] * 2
    with site.desk.store.writing() as work:
        other = work.tasks.add("export", "x", queue="bulk", at=site.desk.now())
    for missing in (other.id, 999_999):
        with pytest.raises(NotFoundError):
            verifications.status(site.desk, missing, person="audit")
