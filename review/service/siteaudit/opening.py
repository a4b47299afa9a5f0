"""Let findings become cases: one finding, one case, one review (一事一审).

Nothing is decided here: what is opened is handed in like any other item, waits for
the machine, and then for the people of its department.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from review import clock, digests
from review.case.case import Case
from review.case.people import By, Person
from review.case.values import Source
from review.errors import MissingContentsError, NotPermittedError
from review.ledger.statement import Context
from review.service.acting import person_of
from review.service.cases import submit as submitting
from review.service.cases.submit import Draft, Upload
from review.service.desk import Desk, Once
from review.service.recording import load
from review.service.siteaudit.openings import by_finding, key_of, openings
from review.service.siteaudit.record import round_of
from review.siteaudit import addresses
from review.siteaudit.events import Found, SiteFindingOpened
from review.siteaudit.interface import AuditReport, Deviation

_DRAFTER: Final = "网站巡查"
_LONGEST_TITLE: Final = 120
_PAGE: Final = (".html", ".htm")
_POSTS: Final = ("reviewer", "head", "site")

# Returns the bytes of a finding, None where they are no longer there.
Fetch: TypeAlias = Callable[[Deviation], bytes | None]


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one finding: a case, or the reason why none was opened."""

    finding: Deviation
    case: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who hands the findings in, for which department where the finding says none."""

    person: str
    department: str | None = None


def open_case(
    desk: Desk, report: AuditReport, one: Deviation, *, opening: Opening, fetch: Fetch
) -> Opened:
    """Hand one finding in as an item of its own, once for the same bytes at an address.

    Where the item was withdrawn it is handed in again.

    Raises:
        RefusedError: A rule of the review forbids it.
    """
    with desk.store.reading() as records:
        known = by_finding(records, {key_of(one)}).get(key_of(one))
        before = sum(key_of(each.found) == key_of(one) for each in openings(records))
        person = person_of(records, opening.person)
    if known is not None:
        return Opened(one, known, "以前的巡查已经立案。")
    department = one.department or opening.department
    if department is None:
        return Opened(one, None, "不知道是哪个部门的，请用 --department 指明。")
    by = _doer(desk, person, department)
    if by is None:
        return Opened(
            one, None, f"立案的人今天没有{department}的任命，请该部门的人立案。"
        )
    uploads = _uploads(desk, one, fetch)
    if uploads is None:
        return Opened(one, None, "发现的内容已经不在网站上了，没有立案。")
    draft = Draft(
        title=(one.title or one.address)[:_LONGEST_TITLE],
        department=department,
        channels=("website",),
        drafted_by=_DRAFTER,
        uploads=uploads,
        source=Source("own", f"{_DRAFTER} {report.audit} {one.address}"),
    )
    # Withdrawn and opened again, it is another request.
    name = digests.of_json([*key_of(one), *([before] if before else [])])
    once = Once(key=f"audit-{name[:32]}", fingerprint=name)
    case = submitting.submit(desk, draft, person=opening.person, once=once)
    _seal(desk, report, one, case, by=by)
    return Opened(one, case.number)


def _doer(desk: Desk, person: Person, department: str) -> By | None:
    day = clock.china_date(desk.now())
    for one in person.held_on(day):
        if one.post in _POSTS and one.department == department:
            return one.as_doer()
    return None


def _uploads(desk: Desk, one: Deviation, fetch: Fetch) -> tuple[Upload, ...] | None:
    """Return what is to be reviewed: the bytes as found, or the cleared files again."""
    if one.kind == "flagged" and one.case is not None:
        return _cleared_again(desk, one.case)
    data = fetch(one)
    if data is None:
        return None
    name = addresses.file_name(one.address)
    if "." not in name:
        name += _PAGE[0]
    return (Upload(name=name, data=data),)


def _cleared_again(desk: Desk, number: str) -> tuple[Upload, ...] | None:
    with desk.store.reading() as records:
        case = load(records, number)
    files = [one for one in round_of(case).item.files if one.role != "title"]
    try:
        return tuple(
            Upload(name=one.name, data=desk.contents.get(one.digest), role=one.role)
            for one in files
        )
    except MissingContentsError:
        return None


def _seal(
    desk: Desk, report: AuditReport, one: Deviation, case: Case, *, by: By
) -> None:
    found = Found(
        address=one.address,
        kind=one.kind,
        digest=one.digest,
        case=one.case,
        department=case.item.department,
    )
    event = SiteFindingOpened(
        at=desk.now(),
        by=by,
        audit=report.audit,
        found=found,
        case=case.number,
        department=case.item.department,
        about=one.case,
    )
    with desk.store.writing() as work:
        if case.number not in {each.case for each in openings(work)}:
            work.seal(event, Context(via=desk.via, policy=desk.policy.digest))


def forbid_strangers(desk: Desk, opening: Opening) -> None:
    """Refuse before the audit begins where the person may hand in for nobody.

    Raises:
        NotPermittedError: He holds no such appointment today.
    """
    with desk.store.reading() as records:
        person = person_of(records, opening.person)
    day = clock.china_date(desk.now())
    held = [one for one in person.held_on(day) if one.post in _POSTS]
    wanted = opening.department
    if not held or (wanted and wanted not in {one.department for one in held}):
        raise NotPermittedError(
            "立案的人今天没有可以送审的任命，请用 --open-as 写本部门初审员、负责人或站点的账号。"
        )
