"""Let today's machine look again at everything that is cleared, when it has changed.

The contents come from the vault. Whoever puts other lexicons or another model into
force has this done in the background; it can be asked for at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from review.case.case import Case
from review.case.people import MACHINE, By
from review.case.values import Channel
from review.pipeline import Scanner
from review.ports.records import RegisterQuery, RegisterRow, Writing
from review.ports.tasks import OPEN_STATES
from review.service.desk import Desk
from review.service.recording import load
from review.service.siteaudit import looking
from review.service.siteaudit.auditing import new_id, permitted, seal
from review.service.siteaudit.openings import audited, runs
from review.service.siteaudit.record import rows_of
from review.service.siteaudit.walking import Told
from review.siteaudit.interface import AuditReport, Deviation, Unexamined

_PLACE: Final = "已同意公开的审查件"
_STAGES: Final = ("cleared", "published")
# Of so many cases a job goes through; then the next is added, so that none takes hours.
AT_ONCE: Final = 500
_BEFORE: Final = "before:"
_RUN: Final = "run:"
_WEBSITE: Final[Channel] = "website"


@dataclass(frozen=True, slots=True)
class _Portion:
    """Some cleared cases of a look, as the record has them: `run` and `ends`."""

    rows: Sequence[RegisterRow]
    run: str | None = None
    ends: bool = True


def audit_published(
    desk: Desk, scanner: Scanner, *, person: str, told: Told | None = None
) -> AuditReport:
    """Look again at everything that is cleared today, and seal what was found.

    Raises:
        NotPermittedError: The person does not belong to the secrecy office.
    """
    by = permitted(desk, person)
    rows = tuple(rows_of(desk, RegisterQuery(stages=_STAGES)))
    return _looked_at(desk, scanner, _Portion(rows), by=by, told=told)


def order(desk: Desk, work: Writing, why: str) -> None:
    """Have everything looked at again in the background, in the transaction at hand.

    `why` names what came into force; asked twice for the same, it is done once. Where
    nothing is cleared there is nothing to look at, and nothing is ordered.
    """
    if not work.register(RegisterQuery(stages=_STAGES, limit=1)):
        return
    work.tasks.add("rescan", why, queue="bulk", at=desk.now())


def order_if_changed(desk: Desk, scanner: Scanner) -> bool:
    """Have it done where the machine is another one than at the last time.

    So that an upgrade of the program, too, is followed by a look at what is public. A
    look that came to no end, since one of its portions failed, is none.
    """
    versions = scanner.versions
    now = versions.xianshen, versions.lexicons, versions.model
    with desk.store.reading() as records:
        newest = records.tasks.newest("rescan")
        done = any(
            run[-1].ends
            and {(one.xianshen, one.lexicons, one.model) for one in run} == {now}
            for run in runs(audited(records))
        )
    if done or (newest is not None and newest.state in OPEN_STATES):
        return False
    rows = rows_of(desk, RegisterQuery(stages=_STAGES))
    if not any(_is_of_another(desk, one, scanner) for one in rows):
        return False
    with desk.store.writing() as work:
        names = versions.xianshen, versions.lexicons[:24], versions.model[:24]
        order(desk, work, f"machine:{':'.join(names)}")
    return True


def carry_out(desk: Desk, scanner: Scanner, subject: str) -> AuditReport:
    """Look at a portion of the cleared cases, as a task names it; order the next."""
    why, _, rest = subject.partition(f" {_BEFORE}")
    before, _, run = rest.partition(f" {_RUN}")
    query = RegisterQuery(
        stages=_STAGES, before=int(before) if before else None, limit=AT_ONCE
    )
    with desk.store.reading() as records:
        rows = records.register(query)
    ends = len(rows) < AT_ONCE
    portion = _Portion(rows, run or None, ends)
    report = _looked_at(desk, scanner, portion, by=MACHINE)
    if not ends:
        following = f"{_BEFORE}{rows[-1].sequence} {_RUN}{run or report.audit}"
        with desk.store.writing() as work:
            order(desk, work, f"{why} {following}")
    return report


def _looked_at(
    desk: Desk,
    scanner: Scanner,
    portion: _Portion,
    *,
    by: By,
    told: Told | None = None,
) -> AuditReport:
    rows, began = portion.rows, desk.now()
    found: list[Deviation] = []
    unread: list[Unexamined] = []
    for number, row in enumerate(rows, start=1):
        suspicions, gaps = looking.newly_flagged(desk, row.number, scanner)
        unread += gaps
        if suspicions:
            with desk.store.reading() as records:
                case = load(records, row.number)
            found.append(looking.flagged(case, _address(case), suspicions))
        if told is not None:
            told(number, len(rows) - number)
    report = AuditReport(
        audit=new_id(began),
        mode="published",
        place=_PLACE,
        at=began,
        ended_at=desk.now(),
        office=desk.office.name,
        lexicons=scanner.versions.lexicons,
        model=scanner.versions.model,
        xianshen=scanner.versions.xianshen,
        run=portion.run,
        ends=portion.ends,
        cases=len(rows),
        found=tuple(found),
        unexamined=tuple(unread),
    )
    seal(desk, report, by=by)
    return report


def _address(case: Case) -> str:
    """Return where a case is published, or else its number."""
    return next(
        (one.address for one in case.publications if one.channel == _WEBSITE),
        f"审查件 {case.number}",
    )


def _is_of_another(desk: Desk, row: RegisterRow, scanner: Scanner) -> bool:
    """Tell whether another machine than today's looked at the case."""
    with desk.store.reading() as records:
        report = load(records, row.number).round.report
    return report is not None and not looking.is_todays(report, scanner)
