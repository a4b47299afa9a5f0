"""Whoever owns the database and edits its rows is never told that he may publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from review import digests
from review.case.case import Case
from review.case.values import files_digest
from review.errors import SiteRefusedError, TamperError
from review.service.cases import publish
from review.service.gate import sealed_facts, sites
from review.service.gate.gatekeeper import Gatekeeper
from tests.databases import unguarded
from tests.service.cms import ID, PAGE, Cms, join
from tests.service.site import TITLE, Site, on_both

CHANGED = PAGE.replace("十二个".encode(), "十三个".encode())


@pytest.fixture
def cms(site: Site) -> Cms:
    return join(site)


@contextmanager
def owner(cms: Cms) -> Iterator[Connection]:
    """Lend the database to its owner, whom no guard holds."""
    with cms.college.engine.begin() as connection, unguarded(connection):
        yield connection


def revoke(cms: Cms, number: str) -> Case:
    return publish.revoke(
        cms.college.desk,
        number,
        cause="disclosure",
        reason="发现不该公开的内容",
        asker=cms.college.by("li", number),
    )


def says_no(cms: Cms, body: bytes = PAGE) -> bool:
    """Tell whether the gate does not say yes: with a code, or by refusing to answer."""
    for keeper in (cms.keeper, Gatekeeper()):  # a running process and a new one
        cms.keeper = keeper
        try:
            if cms.check(body).allowed:
                return False
        except (TamperError, SiteRefusedError):
            continue
    return True


@on_both
def test_rows_that_say_cleared_again_do_not_undo_a_revocation(cms: Cms) -> None:
    number = cms.cleared().number
    assert cms.check().allowed
    revoke(cms, number)
    with owner(cms) as connection:
        connection.execute(text("UPDATE cases SET stage = 'cleared'"))
        connection.execute(text("UPDATE clearances SET ended = NULL, ended_at = NULL"))
    assert cms.check().code == "revoked"
    assert says_no(cms)
    mend(cms)


def mend(cms: Cms) -> None:
    """Put the register right again, for the audit that ends every test."""
    with owner(cms) as connection:
        connection.execute(text("UPDATE cases SET stage = 'revoked'"))
        connection.execute(
            text("UPDATE clearances SET ended = 'revoked', ended_at = :at"),
            {"at": "2026-11-23T01:00:00.000Z"},
        )


@on_both
def test_a_revocation_under_another_kind_is_found_all_the_same(cms: Cms) -> None:
    number = cms.cleared().number
    revoke(cms, number)
    hidden = "UPDATE entries SET kind = '{}' WHERE kind = '{}'"
    with owner(cms) as connection:
        connection.execute(text("UPDATE cases SET stage = 'cleared'"))
        connection.execute(text(hidden.format("case.expired", "case.revoked")))
    assert says_no(cms)
    with owner(cms) as connection:
        connection.execute(text(hidden.format("case.revoked", "case.expired")))
    mend(cms)


def test_a_revocation_that_was_cut_off_is_missed(cms: Cms) -> None:
    number = cms.cleared().number
    cms.check()
    with cms.college.desk.store.reading() as records:
        before, _ = records.gate.end()
    revoke(cms, number)
    assert cms.check().code == "revoked"
    kept = 'SELECT * FROM entries WHERE "index" > :last'
    with owner(cms) as connection:
        rows = connection.execute(text(kept), {"last": before}).mappings().all()
        cut = text('DELETE FROM entries WHERE "index" > :last')
        connection.execute(cut, {"last": before})
        connection.execute(text("UPDATE cases SET stage = 'cleared'"))
    with pytest.raises(TamperError):
        cms.check()
    put_back(cms, rows)
    mend(cms)


def put_back(cms: Cms, rows: object) -> None:
    with owner(cms) as connection:
        for row in rows:  # type: ignore[attr-defined]  # - rows as they came
            names = ", ".join(f'"{one}"' for one in row)
            values = ", ".join(f":{one}" for one in row)
            insert = f"INSERT INTO entries ({names}) VALUES ({values})"  # noqa: S608 - our own columns
            connection.execute(text(insert), dict(row))


def test_another_cases_clearance_opens_nothing(cms: Cms) -> None:
    cms.cleared()
    other = cms.submit(CHANGED, external_id="news-2", title="另一件")
    with owner(cms) as connection:
        genuine = connection.execute(text("SELECT token FROM clearances")).scalar_one()
        connection.execute(
            text(
                'INSERT INTO clearances (id, "case", round, token, canonical, valid_until)'
                " VALUES ('x', :number, 1, :token, 'x', '2030-01-01T00:00:00.000Z')"
            ),
            {"number": other.number, "token": genuine},
        )
        connection.execute(
            text(
                "UPDATE cases SET stage = 'cleared', clearance = 'x' WHERE number = :n"
            ),
            {"n": other.number},
        )
    with pytest.raises(TamperError):
        cms.check(CHANGED, external_id="news-2", title="另一件")
    with owner(cms) as connection:
        connection.execute(text("DELETE FROM clearances WHERE id = 'x'"))
        connection.execute(
            text(
                "UPDATE cases SET stage = 'first_pass', clearance = NULL WHERE number = :n"
            ),
            {"n": other.number},
        )


def test_an_altered_clearance_opens_nothing(cms: Cms) -> None:
    cms.cleared()
    with owner(cms) as connection:
        genuine = connection.execute(text("SELECT token FROM clearances")).scalar_one()
    head, payload, signature = genuine.split(".")
    for forged in (
        f"{head}.{payload}.{'A' * len(signature)}",
        f"{head}.{payload[:-4]}AAAA.{signature}",
        f"eyJhbGciOiJub25lIn0.{payload}.",
        "",
    ):
        write_token(cms, forged)
        assert says_no(cms)
    write_token(cms, genuine)
    assert cms.check().allowed


def write_token(cms: Cms, token: str) -> None:
    with owner(cms) as connection:
        connection.execute(
            text("UPDATE clearances SET token = :token"), {"token": token}
        )


def test_an_item_put_under_another_entry_opens_nothing_else(cms: Cms) -> None:
    cms.cleared()
    other = cms.submit(CHANGED, external_id="news-2")
    move = "UPDATE site_items SET case_number = :number WHERE external_id = :name"
    with owner(cms) as connection:
        first = connection.execute(
            text("SELECT case_number FROM site_items WHERE external_id = 'news-1'")
        ).scalar_one()
        connection.execute(text(move), {"number": None, "name": "news-1"})
        connection.execute(text(move), {"number": first, "name": "news-2"})
    answer = cms.check(CHANGED, external_id="news-2")
    assert (answer.allowed, answer.code) == (False, "changed")
    with owner(cms) as connection:
        connection.execute(text(move), {"number": other.number, "name": "news-2"})
        connection.execute(text(move), {"number": first, "name": "news-1"})


def test_the_words_of_an_entry_cannot_be_exchanged(cms: Cms) -> None:
    cms.cleared()
    fits = "UPDATE entries SET statement = replace(statement, :old, :new)"
    old, new = "学院举行秋季运动会", "学院举行冬季运动会"
    with owner(cms) as connection:
        connection.execute(text(fits), {"old": old, "new": new})
    cms.keeper = Gatekeeper()
    with pytest.raises(TamperError):
        cms.check(title=new)
    with owner(cms) as connection:
        connection.execute(text(fits), {"old": new, "new": old})


def test_a_revoked_key_stays_revoked_whatever_is_hidden(cms: Cms) -> None:
    cms.cleared()
    sites.revoke_key(cms.college.desk, ID, cms.key.id, person="system")
    hidden = 'UPDATE entries SET kind = :kind WHERE "index" = (SELECT max("index") FROM entries)'
    with owner(cms) as connection:
        connection.execute(text(hidden), {"kind": "gate.refused"})
    assert says_no(cms)
    with owner(cms) as connection:
        last = "SELECT max(\"index\") FROM entries WHERE kind = 'gate.refused'"
        index = connection.execute(text(last)).scalar_one()
        connection.execute(
            text('UPDATE entries SET kind = :kind WHERE "index" = :index'),
            {"kind": "site.changed", "index": index},
        )


def test_what_was_written_down_is_sealed_and_only_a_beginning(cms: Cms) -> None:
    number = cms.cleared().number
    facts = sealed_facts.write_down(cms.college.desk)
    revoke(cms, number)
    cms.keeper = Gatekeeper()
    assert cms.check().code == "revoked"
    again = sealed_facts.write_down(cms.college.desk)
    assert again.index > facts.index
    assert set(again.revoked) == {f"{number}-r1-c1"}
    with owner(cms) as connection:
        connection.execute(text("UPDATE believed SET sealed = :x"), {"x": b"forged"})
    cms.keeper = Gatekeeper()
    assert cms.check().code == "revoked"


def replace_in_entries(cms: Cms, **words: str) -> None:
    """Exchange words in every statement, leaving all columns beside as they are."""
    fits = "UPDATE entries SET statement = replace(statement, :old, :new)"
    with owner(cms) as connection:
        connection.execute(text(fits), words)


def test_a_running_process_takes_no_other_files_for_those_cleared(cms: Cms) -> None:
    cms.submit(external_id="news-0", title="另一件")
    case = cms.cleared()
    cms.check(external_id="news-0")  # the ledger is walked; this clearance is not met
    body = next(one for one in case.item.files if one.role == "body")
    forged = digests.of_bytes(CHANGED)
    files = [
        replace(one, digest=forged) if one == body else one for one in case.item.files
    ]
    words = (body.digest, forged), (case.item.contents, files_digest(files))
    for old, new in words:
        replace_in_entries(cms, old=old, new=new)
    with pytest.raises(TamperError):
        cms.check(CHANGED)
    for old, new in words:
        replace_in_entries(cms, old=new, new=old)


def test_a_running_process_takes_no_other_title_for_the_one_cleared(cms: Cms) -> None:
    cms.submit(external_id="news-0", title="另一件")
    cms.cleared()
    cms.check(external_id="news-0")
    old, new = TITLE, "学院举行冬季运动会"
    words = (old, new), (digests.of_bytes(old.encode()), digests.of_bytes(new.encode()))
    for one, other in words:
        replace_in_entries(cms, old=one, new=other)
    with pytest.raises(TamperError):
        cms.check(title=new)
    for one, other in words:
        replace_in_entries(cms, old=other, new=one)


def test_another_entry_in_the_last_ones_place_is_seen(cms: Cms) -> None:
    cms.cleared()
    assert cms.check().allowed
    put = 'UPDATE entries SET digest = :new WHERE "index" = :last'
    with cms.college.desk.store.reading() as records:
        last, digest = records.gate.end()
    with owner(cms) as connection:
        connection.execute(text(put), {"new": "f" * 64, "last": last})
    with pytest.raises(TamperError):
        cms.check()
    with owner(cms) as connection:
        connection.execute(text(put), {"new": digest, "last": last})


def test_a_look_that_another_thread_overtook_is_asked_to_look_again(cms: Cms) -> None:
    desk, beliefs = cms.college.desk, sealed_facts.Beliefs()
    with desk.store.reading() as early:
        then = early.gate.end()
        known = beliefs.up_to(desk, early, then)
        assert known is not None
        sites.issue_key(desk, ID, person="system")
        with desk.store.reading() as late:
            later = beliefs.up_to(desk, late, late.gate.end())
        assert later is not None
        assert len(later.keys) == len(known.keys) + 1
        assert beliefs.up_to(desk, early, then) is None
