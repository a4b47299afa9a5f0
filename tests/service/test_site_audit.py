"""The site audit as the people of an office use it: on record, counted, opened as cases."""

from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from review.contents.survey import survey
from review.errors import NotPermittedError
from review.extract.limits import Limits
from review.extract.read import read
from review.fetching.folder_site import FolderSite
from review.ledger import statement
from review.pipeline import Scanner
from review.ports.tasks import Task, TaskState
from review.service.cases import publish, submit
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons import versions as lexicons
from review.service.machine.lazy_machine import LazyMachine
from review.service.papers import sheets
from review.service.siteaudit import opening as opens
from review.service.siteaudit import openings, published
from review.service.siteaudit.auditing import Tools, audit_site
from review.service.siteaudit.opening import Opened, Opening
from review.service.siteaudit.walking import WalkBounds, again
from review.siteaudit.events import SiteAudited
from review.siteaudit.interface import AuditReport
from tests.service.lexicon_material import DRAFT, RULE, wanted
from tests.service.site import CLEAN, PRESS, TEACHING, TITLE, Site, page
from tests.service.test_lexicons import noticing
from tests.websites.make import picture

__all__ = ["noticing"]

pytestmark = pytest.mark.slow

_HOME = "https://www.example.edu.cn/"
_LINES = "\n".join(CLEAN.splitlines()[1:])


def _framed(text: str, title: str = TITLE) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>".encode()


def _published(site: Site, text: str = _LINES, path: str = "a.html") -> str:
    number = site.submit(page(text), name="正文.html").number
    site.conclude(number)
    site.sign(number)
    publish.record_publication(
        site.desk,
        number,
        channel="website",
        address=f"{_HOME}{path}",
        published_at=site.clock.at,
        asker=site.by("zhang", number),
    )
    return number


def _folder(tmp_path: Path, **files: bytes) -> FolderSite:
    folder = tmp_path / "public"
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return FolderSite(folder, home=_HOME, largest=1_000_000)


def _audit(
    site: Site, place: FolderSite, scanner: Scanner, person: str = "li", **bounds: int
) -> AuditReport:
    tools = Tools(surveyor=survey, scanner=scanner, bounds=WalkBounds(**bounds))
    return audit_site(site.desk, place, tools=tools, person=person, mode="folder")


def _events(site: Site) -> list[SiteAudited]:
    with site.desk.store.reading() as records:
        found = [
            statement.read(one.statement).event
            for one in records.entries_of_kind("site.audited")
        ]
    return [one for one in found if isinstance(one, SiteAudited)]


def _open(
    site: Site, report: AuditReport, place: FolderSite | None, **said: Any
) -> list[Opened]:
    opening = Opening(**{"person": "zhang", "department": PRESS, **said})
    return [
        opens.open_case(
            site.desk,
            report,
            one,
            opening=opening,
            fetch=lambda one: again(place, one.address, one.digest) if place else None,
        )
        for one in report.found
    ]


def test_an_audit_is_on_record_without_a_word_of_the_site(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    number = _published(site)
    place = _folder(
        tmp_path,
        **{
            "a.html": _framed(_LINES.replace("热烈", "冷清")),
            "b.html": _framed("暗号八百", "另一件"),
        },
    )
    report = _audit(site, place, scanner)
    assert [(one.kind, one.case) for one in report.found] == [
        ("changed", number),
        ("not_reviewed", None),
    ]
    (event,) = _events(site)
    assert (event.pages, event.total, event.by.id) == (2, 2, "li")
    (line,) = sheets.register_sheet(
        site.desk, since=date(2026, 1, 1), until=date(2026, 12, 31), person="li"
    ).rows
    assert line.remark == "巡查 2026-11-23：与审查通过的不一致"
    assert [one.address for one in event.found] == [f"{_HOME}a.html", f"{_HOME}b.html"]
    with site.desk.store.reading() as records:
        (entry,) = records.entries_of_kind("site.audited")
    for word in ("冷清", "暗号", "另一件"):
        assert word not in entry.statement


def test_only_the_office_may_and_a_refusal_is_on_record(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    with pytest.raises(NotPermittedError):
        _audit(site, _folder(tmp_path), scanner, person="zhang")
    assert [one.verb for one in site.refusals()] == ["audit_site"]
    assert _events(site) == []


def test_what_cannot_be_read_is_never_fine(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    place = _folder(
        tmp_path, **{"x.docx": b"PK\x03\x04 broken", "y.html": _framed("甲")}
    )
    report = _audit(site, place, scanner, addresses=1)
    # The folder itself has no first page, and the walk may visit one address.
    assert any("上限 audit_addresses" in one.reason for one in report.unexamined)
    report = _audit(site, place, scanner)
    assert {one.address for one in report.unexamined} == {f"{_HOME}x.docx"}
    assert {one.kind for one in report.found} == {"not_reviewed"}
    assert len(report.found) == 2


def test_gaps_of_what_was_cleared_and_of_the_template_are_told(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    number = _published(site)
    garbled = "<footer>锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷</footer></body>".encode()
    page_of = _framed(_LINES).replace(b"</body>", garbled)
    files = {f"{name}.html": page_of for name in "abc"}
    report = _audit(site, _folder(tmp_path, **files), scanner)
    (told,) = report.unexamined
    assert "网页公共部分" in told.address
    # Today's machine can't read what the one of then did.
    narrow = copy(scanner)
    narrow._reader = lambda data, name: read(data, name, Limits(characters=10))
    narrow.versions = replace(scanner.versions, xianshen="9.9")
    again_told = published.audit_published(site.desk, narrow, person="li")
    assert {one.address for one in again_told.unexamined} == {
        f"审查件 {number} 正文.html"
    }


def test_one_page_under_several_addresses_is_told_once(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    first = b'<html><body><a href="index.html?x=1">a</a><a href="/">b</a></body></html>'
    report = _audit(site, _folder(tmp_path, **{"index.html": first}), scanner)
    assert [one.address for one in report.found] == [_HOME]
    assert report.pages == 1


def test_a_picture_under_another_query_is_the_same_picture(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    data = picture(7)
    body = '<p>运动会现场。</p><p><img src="/p.png" alt="现场"></p>'
    number = site.submit(
        f"<html><body>{body}</body></html>",
        name="正文.html",
        attachments=[("p.png", data)],
    ).number
    site.acknowledge(number)
    site.conclude(number)
    site.sign(number)
    shown = body.replace("/p.png", "/p.png?v=2")
    other = f'<p><a href="/p.png">{TITLE}</a></p>'
    files = {
        "a.html": f"<html><body><h1>{TITLE}</h1>{shown}</body></html>".encode(),
        "b.html": f"<html><body>{other}</body></html>".encode(),
        "p.png": data,
    }
    assert _audit(site, _folder(tmp_path, **files), scanner).found == ()
    files["p.png"] = picture(8)
    (found,) = _audit(site, _folder(tmp_path, **files), scanner).found
    assert (found.kind, found.address) == ("attachment", f"{_HOME}p.png")


def test_each_finding_becomes_one_case_and_counts_in_the_year(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    number = _published(site)
    place = _folder(
        tmp_path,
        **{
            "a.html": _framed(_LINES.replace("热烈", "冷清")),
            "b.html": _framed("没有送审", "另一件"),
        },
    )
    report = _audit(site, place, scanner)
    opened = _open(site, report, place)
    cases = [one.case for one in opened]
    assert len(set(cases)) == 2
    assert None not in cases
    again_opened = _open(site, _audit(site, place, scanner), place)
    assert [one.case for one in again_opened] == cases
    # What an audit opened is no reason to take the page for one under review.
    later = _audit(site, place, scanner)
    assert [one.kind for one in later.found] == ["changed", "not_reviewed"]
    assert [one.opened for one in later.found] == cases
    for one in cases:
        assert one is not None
        site.scan(one)
        assert site.case(one).stage == "first_pass"
    assert site.case(number).stage == "published"
    row = _year(site)
    assert (row.unreviewed, row.audit_found, row.audit_settled) == (1, 2, 0)
    second = str(cases[1])
    site.conclude(second)
    site.sign(second)
    assert _year(site).audit_settled == 1
    # Cleared, the page is as it was cleared.
    assert [one.kind for one in _audit(site, place, scanner).found] == ["changed"]


def _year(site: Site) -> Any:
    figures = sheets.yearly_figures(site.desk, year=2026, person="li")
    return next(one for one in figures.rows if one.counts.department == PRESS)


def test_a_finding_is_opened_by_its_own_department_alone(
    site: Site, scanner: Scanner, tmp_path: Path
) -> None:
    _published(site)
    place = _folder(tmp_path, **{"a.html": _framed("改得不成样子", TITLE)})
    report = _audit(site, place, scanner)
    (refused,) = _open(site, report, place, person="he", department=TEACHING)
    assert refused.case is None
    assert PRESS in refused.reason
    with pytest.raises(NotPermittedError):
        opens.forbid_strangers(site.desk, Opening(person="li"))
    (tmp_path / "public" / "a.html").write_bytes(b"<html><p>other</p></html>")
    (gone,) = _open(site, report, place)
    assert gone.case is None
    assert "不在网站上" in gone.reason


def _noticing_more(site: Site) -> Scanner:
    """Put other lexicons into force, and return the machine that goes by them."""
    desk = site.desk
    lexicons.propose(desk, wanted(), reason="赛事将近", person="li")
    kept = lexicon_preview.preview(desk, "词0001", person="li", drafts=0)
    lexicons.activate(desk, "词0001", preview=kept.preview.digest, person="qian")
    machine = desk.machine
    assert isinstance(machine, LazyMachine)
    return machine.prepare().scanner


def test_other_lexicons_have_all_that_was_cleared_looked_at_again(
    noticing: Site, scanner: Scanner
) -> None:
    number = _published(noticing, DRAFT, "c.html")
    desk = noticing.desk
    assert not published.order_if_changed(desk, scanner)
    today = _noticing_more(noticing)
    task = _task(noticing)
    assert (task.state, task.subject) == ("waiting", "lexicon:词0001")
    report = published.carry_out(desk, today, task.subject)
    (found,) = report.found
    assert (found.kind, found.case) == ("flagged", number)
    assert found.address == f"{_HOME}c.html"
    assert {one.rule for one in found.suspicions} == {RULE}
    assert _events(noticing)[-1].by.id == "machine"
    (opened,) = _open(noticing, report, None)
    assert opened.case is not None
    noticing.scan(opened.case)
    # People have it before them now: it is not told again.
    assert published.audit_published(desk, today, person="li").found == ()
    assert noticing.case(number).stage == "published"
    # Withdrawn, it was looked at by nobody to its end.
    asker = noticing.by("zhang", opened.case)
    submit.withdraw(desk, opened.case, reason="误立", asker=asker)
    later = published.audit_published(desk, today, person="li")
    (told,) = later.found
    assert told.case == number
    (reopened,) = _open(noticing, later, None)
    assert reopened.case not in {None, opened.case, number}
    assert [one.case for one in _open(noticing, later, None)] == [reopened.case]
    assert _year(noticing).audit_found == 1


def test_where_nothing_is_cleared_nothing_is_ordered(site: Site) -> None:
    desk = site.desk
    for ordered in (False, True):
        with desk.store.writing() as work:
            published.order(desk, work, "lexicon:词0001")
        with desk.store.reading() as records:
            assert (records.tasks.newest("rescan") is not None) is ordered
        _published(site)


def test_after_an_upgrade_it_is_ordered_once(noticing: Site, scanner: Scanner) -> None:
    _published(noticing)
    other = _Other(scanner)
    assert published.order_if_changed(noticing.desk, other)  # type: ignore[arg-type]  # - as much of a scanner as is asked
    assert not published.order_if_changed(noticing.desk, other)  # type: ignore[arg-type]  # - the same
    assert not published.order_if_changed(noticing.desk, scanner)


def test_a_look_in_portions_is_told_whole_and_done_when_all_are(
    noticing: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = noticing.desk
    numbers = [_published(noticing, DRAFT, f"{at}.html") for at in range(2)]
    today = _noticing_more(noticing)
    monkeypatch.setattr(published, "AT_ONCE", 1)
    first = published.carry_out(desk, today, _task(noticing).subject)
    assert (first.run, first.ends) == (None, False)
    _closed(noticing, "failed")
    # A portion failed: it is begun anew, and for the new program once more.
    assert published.order_if_changed(desk, today)
    for _ in range(3):
        task = _task(noticing)
        assert task.state == "waiting"
        _closed(noticing, "done")
        published.carry_out(desk, today, task.subject)
    assert _task(noticing).state == "done"
    events = _events(noticing)[-3:]
    assert [one.ends for one in events] == [False, False, True]
    assert {one.run for one in events[1:]} == {events[0].audit}
    with desk.store.reading() as records:
        assert set(openings.last_told(records)) == set(numbers)
    assert not published.order_if_changed(desk, today)
    upgraded = copy(today)
    upgraded.versions = replace(today.versions, xianshen="9.9")
    assert published.order_if_changed(desk, upgraded)


def _task(site: Site) -> Task:
    with site.desk.store.reading() as records:
        task = records.tasks.newest("rescan")
    assert task is not None
    return task


def _closed(site: Site, state: TaskState) -> None:
    """Close the newest task as a worker would."""
    task, at = _task(site), site.desk.now()
    with site.desk.store.writing() as work:
        assert work.tasks.claim(task.id, holder="h", at=at) is not None
        if state == "failed":
            work.tasks.give_up(task.id, at=at, code="crashed")
        else:
            work.tasks.finish(task.id, at=at)


class _Other:
    """A scanner of another version."""

    def __init__(self, scanner: Scanner) -> None:
        self.versions = replace(scanner.versions, lexicons="f" * 64)
