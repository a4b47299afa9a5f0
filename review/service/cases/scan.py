"""The machine's pass over a round: as often as wanted, recorded once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from review.case import incidents, submitting
from review.case.case import Case
from review.case.values import File
from review.ports.records import Writing
from review.service.consequences import purge_for_incident
from review.service.desk import Desk, Examined
from review.service.projection import show
from review.service.recording import load, seal
from review.service.retention import sweep


def scan(desk: Desk, number: str) -> Case:
    """Examine the last round if it has no report yet; return the case after it.

    May be asked again after a crash and by two workers at once: a round gets one
    report. A draft that bears a state secret's marking is sealed or purged in the
    same transaction (rule 8).
    """
    with desk.store.reading() as records:
        case = load(records, number)
    if case.stage != "scanning":
        return case
    files = [(one, desk.contents.get(one.digest)) for one in case.item.files]
    return _examine(desk, case, files)


def give_up(desk: Desk, number: str) -> Case:
    """End the machine's work on the last round, no file of which is opened any more.

    For a round that its examiners did not survive: `desk.machine` is one that
    refuses every file, so that each becomes an unreadable gap.
    """
    with desk.store.reading() as records:
        case = load(records, number)
    if case.stage != "scanning":
        return case
    return _examine(desk, case, [(one, b"") for one in case.item.files])


def _examine(desk: Desk, case: Case, files: Sequence[tuple[File, bytes]]) -> Case:
    # A look of its own for each question: an examination may take an hour.
    def refused_with(marks: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        with desk.store.reading() as records:
            return records.refused_with(marks)

    examined = desk.machine.examine(files, refused_with=refused_with)
    # What takes long is done before writers wait; `_record` makes sure of it.
    desk.contents.put(examined.report)
    with desk.store.writing() as work:
        now = load(work, case.number)
        if now.stage != "scanning" or now.item.contents != case.item.contents:
            return now
        after = _record(desk, work, now, examined)
        show(desk, work, after)
    if after.purged:
        sweep(desk)
    return after


def _record(desk: Desk, work: Writing, case: Case, examined: Examined) -> Case:
    # Kept while writers wait: a sweep can't take it before the record names it.
    digest = desk.contents.put(examined.report)
    event = submitting.record_scan(
        case,
        replace(examined.note, digest=digest),
        contents=case.item.contents,
        at=desk.now(),
    )
    after = seal(desk, work, case, event)
    work.keep(case.number, case.round.number, [digest])
    if not event.report.has_genuine_marking:
        return after
    opened = incidents.open_incident(after, at=desk.now(), policy=desk.policy)
    after = seal(desk, work, after, opened)
    work.sign_head(desk.now())
    if not opened.purged:
        return after
    work.add_fingerprints(case.number, examined.fingerprints)
    return purge_for_incident(desk, work, after)
