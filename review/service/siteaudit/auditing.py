"""Go through one's own published site, and put on record what was found (001:53)."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from review import clock, digests
from review.case.people import By
from review.contents import address
from review.contents.survey import Surveyor
from review.ledger.statement import Context
from review.pipeline import Scanner
from review.ports.websites import Website
from review.service import acting
from review.service.desk import Desk
from review.service.recording import load
from review.service.siteaudit import looking
from review.service.siteaudit.openings import by_finding, key_of
from review.service.siteaudit.record import library_of
from review.service.siteaudit.walking import Told, WalkBounds, Walked, again, walk
from review.siteaudit import addresses, telling
from review.siteaudit.common import common_of
from review.siteaudit.events import MOST_NAMED, Found, SiteAudited
from review.siteaudit.files import Shelf, judge_file, told_by_files
from review.siteaudit.interface import (
    AuditMode,
    AuditReport,
    Deviation,
    Unexamined,
)
from review.siteaudit.judging import Bench, Judged, judge
from review.siteaudit.library import Library

_ID_BYTES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What an audit works with: what opens pages, today's machine, and its bounds."""

    surveyor: Surveyor
    scanner: Scanner
    bounds: WalkBounds = WalkBounds()  # noqa: RUF009 - a frozen value
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was judged of a walk."""

    walked: Walked
    library: Library
    judged: tuple[Judged, ...]
    found: tuple[Deviation, ...]


def audit_site(
    desk: Desk, site: Website, *, tools: Tools, person: str, mode: AuditMode
) -> AuditReport:
    """Visit a whole site, hold it against the record, and seal what was found.

    Raises:
        NotPermittedError: The person does not belong to the secrecy office.
    """
    by, began = permitted(desk, person), desk.now()
    library = library_of(desk, home=site.home)
    seeds = [each for one in library.items for each in one.addresses]
    walked = walk(
        site, seeds, surveyor=tools.surveyor, bounds=tools.bounds, told=tools.told
    )
    seen = _judged(walked, library)
    found, unread = _looked_at(desk, site, seen, tools.scanner)
    versions = tools.scanner.versions
    report = AuditReport(
        audit=new_id(began),
        mode=mode,
        place=site.home,
        at=began,
        ended_at=desk.now(),
        office=desk.office.name,
        lexicons=versions.lexicons,
        model=versions.model,
        xianshen=versions.xianshen,
        pages=len(walked.pages),
        files=len(walked.files),
        assets=walked.assets,
        cases=len(library.items),
        found=tuple(_known_before(desk, found)),
        unexamined=tuple(dict.fromkeys((*walked.unexamined, *unread))),
        notes=tuple(_notes(walked, library, seen.judged)),
    )
    seal(desk, report, by=by)
    return report


def _known_before(desk: Desk, found: Iterable[Deviation]) -> Iterator[Deviation]:
    """Yield the findings in order, each with the case that it became before."""
    every = tuple(found)
    with desk.store.reading() as records:
        known = by_finding(records, {key_of(one) for one in every})
    for one in sorted(every, key=lambda one: (one.kind, one.address)):
        yield replace(one, opened=known.get(key_of(one)))


def permitted(desk: Desk, person: str) -> By:
    """Return as whom the person may audit today.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
    """
    return acting.permitted(desk, "audit_site", person)


def new_id(at: datetime) -> str:
    """Return a new audit's name: the day, and what tells it from others."""
    return f"{clock.china_date(at):%Y%m%d}-{secrets.token_hex(_ID_BYTES)}"


def seal(desk: Desk, report: AuditReport, *, by: By) -> None:
    """Put an audit on record: codes, addresses and digests, and no word of a page."""
    found = tuple(_noted(one) for one in report.found)
    event = SiteAudited(
        at=desk.now(),
        by=by,
        audit=report.audit,
        mode=report.mode,
        place=report.place,
        report=digests.of_json(telling.as_json(report)),
        lexicons=report.lexicons,
        model=report.model,
        xianshen=report.xianshen,
        run=report.run,
        ends=report.ends,
        pages=report.pages,
        files=report.files,
        unexamined=len(report.unexamined),
        total=len(found),
        found=found[:MOST_NAMED],
    )
    with desk.store.writing() as work:
        work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
        work.sign_head(event.at)


def _noted(one: Deviation) -> Found:
    return Found(
        address=one.address,
        kind=one.kind,
        digest=one.digest,
        case=one.case,
        department=one.department,
    )


def _judged(walked: Walked, library: Library) -> _Seen:
    """Hold every page and file against the record."""
    common = common_of(walked.pages)
    by_address = {one.address: one.digest for one in walked.files}
    by_address |= {
        one: by_address[at] for one, at in walked.moved.items() if at in by_address
    }
    bytes_of = {address.canonical(one): digest for one, digest in by_address.items()}
    bench = Bench(library, common, bytes_of)
    judged = tuple(judge(one, bench) for one in walked.pages)
    template = frozenset(
        one.partition(" ")[2] for one in common.objects if one.startswith("image ")
    )
    shelf = Shelf(library, {one.page.address: one for one in judged}, template)
    files = [judge_file(one, shelf) for one in walked.files]
    wrong = [one for one in files if one is not None]
    silent = told_by_files(judged, wrong)
    pages = [
        one.deviation
        for one in judged
        if one.deviation is not None and one.page.address not in silent
    ]
    return _Seen(walked, library, judged, (*pages, *wrong))


def _looked_at(
    desk: Desk, site: Website, seen: _Seen, scanner: Scanner
) -> tuple[list[Deviation], list[Unexamined]]:
    """Let today's machine look at what is wrong, and at what was cleared earlier."""
    unread: list[Unexamined] = []
    found = []
    for one in seen.found:
        looked, gaps = _scanned(site, one, scanner)
        found.append(looked)
        unread += gaps
    for number, where in _as_cleared(seen.judged):
        suspicions, gaps_then = looking.newly_flagged(desk, number, scanner)
        unread += gaps_then
        if suspicions:
            with desk.store.reading() as records:
                case = load(records, number)
            found.append(looking.flagged(case, where, suspicions))
    common = common_of(seen.walked.pages)
    template, gaps_of_all = looking.template_flagged(
        seen.walked.pages, common, seen.library, scanner
    )
    unread += gaps_of_all
    return [*found, *([template] if template else [])], unread


def _scanned(
    site: Website, one: Deviation, scanner: Scanner
) -> tuple[Deviation, Sequence[Unexamined]]:
    data = again(site, one.address, one.digest)
    if data is None:
        changed = "机检时网站上的内容已经又变了，请重新巡查。"
        return one, (Unexamined(address=one.address, reason=changed),)
    name = addresses.file_name(one.address)
    report = scanner.scan(data, name)
    suspicions = looking.suspicions_in(report)
    return replace(one, suspicions=suspicions), looking.unread_in(report, one.address)


def _as_cleared(judged: Iterable[Judged]) -> Iterator[tuple[str, str]]:
    """Yield each case that is shown as it was cleared, with the first page that does."""
    first: dict[str, str] = {}
    for one in judged:
        if one.item is not None and one.deviation is None:
            first.setdefault(one.item.case, one.page.address)
    yield from sorted(first.items())


def _notes(walked: Walked, library: Library, judged: Sequence[Judged]) -> Iterator[str]:
    gone = {addresses.key(one) for one in walked.gone}
    for one in library.live:
        spelled = [addresses.spelled(each, library.home) for each in one.addresses]
        here = [each for each in spelled if each and addresses.key(each) in gone]
        for each in here:
            yield f"审查件 {one.case} 登记的网址 {each} 上没有内容，可能已撤下。"
    known = library.by_address
    for page in judged:
        if page.item is None or page.deviation is not None:
            continue
        if addresses.key(page.page.address) not in known:
            yield (
                f"{page.page.address} 与审查件 {page.item.case} 一致，"
                "但这一网址没有登记发布。"
            )
    if walked.assets:
        yield f"样式、脚本、字体等 {walked.assets} 个网址不是稿件，没有检查。"
