"""What today's machine says: of what was never cleared, and of what was, but earlier."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from review.case.case import Case
from review.case.values import File, RoundReport
from review.detect.interface import Finding
from review.errors import MissingContentsError
from review.pipeline import Scanner, ScanReport
from review.report import words
from review.service.desk import Desk
from review.service.recording import load
from review.service.siteaudit.openings import by_case, openings
from review.service.siteaudit.record import full_report, round_of
from review.siteaudit.bodies import parts_of, squeeze
from review.siteaudit.common import Common
from review.siteaudit.interface import (
    Deviation,
    SeenPage,
    Suspicion,
    Unexamined,
)
from review.siteaudit.library import Library

_TEMPLATE = "网页公共部分"
_MOST = 50


def suspicions_in(report: ScanReport) -> tuple[Suspicion, ...]:
    """Return what a scan marks beyond mere notices, in words."""
    examination = report.examination
    found = examination.findings if examination else ()
    return tuple(_suspicion(one) for one in found if one.severity != "notice")[:_MOST]


def unread_in(report: ScanReport, address: str) -> tuple[Unexamined, ...]:
    """Return what of a file could not be examined."""
    if report.error is not None:
        return (Unexamined(address=address, reason=report.error.message),)
    said = dict.fromkeys(gap.message for gap in report.gaps)
    return tuple(Unexamined(address=address, reason=one) for one in said)


def newly_flagged(
    desk: Desk, number: str, scanner: Scanner
) -> tuple[tuple[Suspicion, ...], tuple[Unexamined, ...]]:
    """Return what today's machine marks of a cleared round and did not mark then.

    The same machine says the same of the same bytes: it is not asked again. Contents
    that were purged can't be examined.
    """
    with desk.store.reading() as records:
        case = load(records, number)
    one = round_of(case)
    report = one.report
    if report is None or is_todays(report, scanner):
        return (), ()
    place = f"审查件 {number}"
    try:
        full = json.loads(desk.contents.get(report.digest))
        then = _known_then(full) | _seen_since(desk, number)
        unread_then = _unread_then(full)
        files = [(each, desk.contents.get(each.digest)) for each in one.item.files]
    except MissingContentsError:
        gone = "稿件内容已按期清除，不能用现行词库和模型复查。"
        return (), (Unexamined(address=place, reason=gone),)
    found: list[Suspicion] = []
    unread: list[Unexamined] = []
    for file, data in files:
        scanned = _scanned(scanner, file, data)
        found += [
            each
            for each in suspicions_in(scanned)
            if (each.rule, each.excerpt, each.severity) not in then
        ]
        unread += [
            each
            for each in unread_in(scanned, f"{place} {file.name}")
            if each.reason not in unread_then
        ]
    return tuple(found[:_MOST]), tuple(unread)


def is_todays(report: RoundReport, scanner: Scanner) -> bool:
    """Tell whether a report is of the very machine that would look today."""
    then = report.xianshen, report.lexicons, report.model
    versions = scanner.versions
    return then == (versions.xianshen, versions.lexicons, versions.model)


def _scanned(scanner: Scanner, file: File, data: bytes) -> ScanReport:
    if file.role == "title":
        return scanner.scan_words(data.decode(), f"{file.name}.txt")
    return scanner.scan(data, file.name)


def template_flagged(
    pages: Sequence[SeenPage], common: Common, library: Library, scanner: Scanner
) -> tuple[Deviation | None, tuple[Unexamined, ...]]:
    """Return what today's machine marks of the words that many pages share.

    And what of them it could not examine.
    """
    texts: dict[str, str] = {}
    for page in pages:
        for one in page.survey.shown:
            plain = squeeze(one.text)
            if plain in common.texts and plain not in library.live_text:
                texts.setdefault(plain, one.text)
        for part in parts_of(page.survey.title):
            of_all = part in common.texts or part in common.names
            if of_all and part not in library.live_titles:
                texts.setdefault(part, part)
    if not texts:
        return None, ()
    scanned = scanner.scan_words("\n".join(texts.values()), f"{_TEMPLATE}.txt")
    found = suspicions_in(scanned)
    first = pages[0]
    unread = unread_in(scanned, f"{first.address}（{_TEMPLATE}）")
    if not found:
        return None, unread
    deviation = Deviation(
        address=first.address,
        kind="flagged",
        title=_TEMPLATE,
        digest=first.digest,
        reasons=("许多网页共有的文字（页眉、页脚、栏目）有疑点。",),
        suspicions=found,
    )
    return deviation, unread


def flagged(case: Case, address: str, found: tuple[Suspicion, ...]) -> Deviation:
    """Return a cleared item of which the machine says more today."""
    one = round_of(case)
    body = next(each for each in one.item.files if each.role == "body")
    return Deviation(
        address=address,
        kind="flagged",
        title=one.item.title,
        digest=body.digest,
        case=case.number,
        department=case.item.department,
        reasons=("审查通过以后，词库或模型有了变化，现在有新的疑点，请复核。",),
        suspicions=found,
    )


def _seen_since(desk: Desk, number: str) -> set[tuple[str, str, str]]:
    """Return what people had before them in the cases that audits opened about it.

    A case that was withdrawn was looked at by nobody to its end: it settles nothing.
    """
    with desk.store.reading() as records:
        numbers = by_case(openings(records)).get(number, ())
        cases = [load(records, one) for one in numbers]
    found: set[tuple[str, str, str]] = set()
    for case in cases:
        full = full_report(desk, case.round) if case.stage != "withdrawn" else None
        found |= _known_then(full) if full else set()
    return found


def _known_then(full: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Return the rule, words and severity of what was marked, and of what is milder."""
    return {
        (str(one["rule"]), str(one["text"]), severity)
        for each in full["files"]
        for one in each["findings"]
        if one["severity"] != "notice"
        for severity in {"review", str(one["severity"])}
    }


def _unread_then(full: Mapping[str, Any]) -> set[str]:
    """Return the gaps that people were told of when they cleared it."""
    return {
        str(gap["message"])
        for each in full["files"]
        for gap in each["coverage"]["gaps"]
    }


def _suspicion(one: Finding) -> Suspicion:
    return Suspicion(
        rule=one.rule,
        severity=one.severity,
        tier=one.tier,
        place="全文" if one.passage is None else words.place(one.where),
        reason=one.reason,
        excerpt=one.text,
        clauses=one.clauses,
    )
