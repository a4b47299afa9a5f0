"""The machine's pass when work on strange files goes wrong: a gap here, never a hole."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from review.errors import CorruptError, OutOfTimeError
from review.service.cases import review, scan, submit
from review.service.machine.passes import Known
from review.service.machine.round_machine import RoundMachine, Step, Tell, Work, here
from tests.service.site import CLEAN, PHONE, REFUSED, Site, draft

_PAGES = [("附件一.txt", CLEAN.encode()), ("附件二.txt", PHONE.encode())]


class Failing:
    """Runs works in turn, but for those that are to fail, by their order."""

    def __init__(self, *failing: int) -> None:
        self.failing = failing
        self.runs = -1

    def __call__(self, work: Work, *, known: Known, tell: Tell) -> bytes:
        self.runs += 1
        if self.runs in self.failing:
            raise OutOfTimeError("超时")
        return here(work, known=known, tell=tell)


def _examined(
    site: Site,
    apart: Callable[..., bytes],
    machine: RoundMachine,
    text: str = PHONE,
) -> tuple[dict[str, object], set[tuple[str, str, bool]], str | None]:
    """Return the full report, the gaps, and the digest of what a reader sees."""
    made = draft(text, attachments=_PAGES)
    number = submit.submit(site.desk, made, person="zhang").number
    item = site.case(number).item
    files = [(one, site.desk.contents.get(one.digest)) for one in item.files]
    examined = machine.working(apart=apart).examine(files, refused_with=lambda _: {})
    gaps = {(one.file, one.code, one.unreadable) for one in examined.note.gaps}
    scan.scan(site.desk, number)
    return json.loads(examined.report), gaps, examined.note.canonical


def test_file_by_file_gives_the_same_report_as_together(
    site: Site, machine: RoundMachine
) -> None:
    together = _examined(site, here, machine)
    apart = Failing(0)
    assert _examined(site, apart, machine) == together
    # All together, then title, body, two attachments, and what a reader sees.
    assert apart.runs + 1 == 6
    assert together[1] == set()


@pytest.mark.parametrize(
    ("at", "file"), [(1, "标题"), (2, "正文.txt"), (3, "附件一.txt"), (4, "附件二.txt")]
)
def test_a_file_that_fails_is_a_gap_and_the_others_are_examined(
    site: Site, machine: RoundMachine, at: int, file: str
) -> None:
    full, gaps, _ = _examined(site, Failing(0, at), machine)
    assert gaps == {(file, "timeout", True)}
    files = full["files"]
    assert isinstance(files, list)
    for number, one in enumerate(files, start=1):
        assert (one["error"] is not None) == (number == at)
        assert (one["verdict"] == "blocked") == (number == at)
        assert ("text" in one) == (number != at)


def test_where_only_the_comparison_fails_the_body_says_why(
    site: Site, machine: RoundMachine
) -> None:
    full, gaps, canonical = _examined(site, Failing(0, 5), machine)
    assert gaps == {("正文.txt", "timeout", True)}
    assert canonical is None
    assert full["contents"] is None
    files = full["files"]
    assert isinstance(files, list)
    assert files[1]["error"] == {"code": "timeout", "message": "超时"}
    assert files[1]["text"]


def test_what_is_not_the_files_fault_goes_on_up(
    site: Site, machine: RoundMachine
) -> None:
    def broken(work: Work, *, known: Known, tell: Tell) -> bytes:
        raise ZeroDivisionError((work, known, tell) is None)

    with pytest.raises(ZeroDivisionError):
        _examined(site, broken, machine)
    with site.desk.store.reading() as records:
        (task,) = records.tasks.due(site.desk.now())
    scan.scan(site.desk, task.subject)


def test_a_round_that_nobody_survives_has_nothing_but_gaps(
    site: Site, machine: RoundMachine
) -> None:
    def refuse(work: Work, *, known: Known, tell: Tell) -> bytes:
        del work, known, tell
        raise CorruptError("中止")

    number = submit.submit(
        site.desk, draft(PHONE, attachments=_PAGES), person="zhang"
    ).number
    desk = replace(site.desk, machine=machine.working(apart=refuse))
    case = scan.give_up(desk, number)
    report = case.round.report
    assert report is not None
    assert [one.unreadable for one in report.gaps] == [True] * 4
    assert (report.verdict, report.canonical, report.findings) == ("blocked", None, ())
    again = scan.give_up(desk, number)
    assert again.version == case.version


def test_steps_are_told_file_by_file(site: Site, machine: RoundMachine) -> None:
    told: list[Step] = []
    number = submit.submit(
        site.desk, draft(CLEAN, attachments=_PAGES), person="zhang"
    ).number
    files = [
        (one, site.desk.contents.get(one.digest))
        for one in site.case(number).item.files
    ]
    machine.working(tell=told.append).examine(files, refused_with=lambda _: {})
    assert [(one.stage, one.file, one.files) for one in told] == [
        # the first is the title: nothing has to be read for that
        *((stage, at, 4) for at in range(2, 5) for stage in ("reading", "examining")),
        ("comparing", 4, 4),
    ]
    scan.scan(site.desk, number)


def test_pages_are_counted(scanner_pages: list[tuple[str, int, int]]) -> None:
    assert scanner_pages == [
        ("reading", 0, 0),
        ("reading", 1, 2),
        ("reading", 2, 2),
        ("examining", 0, 0),
    ]


@pytest.fixture
def scanner_pages(machine: RoundMachine) -> list[tuple[str, int, int]]:
    """Return what is heard while a PDF of two pages is read."""
    target = io.BytesIO()
    canvas = Canvas(target)
    for _ in range(2):
        canvas.drawString(72, 720, "Sports day of the college")
        canvas.showPage()
    canvas.save()
    heard: list[tuple[str, int, int]] = []
    machine._scanner.scan(
        target.getvalue(), "a.pdf", watch=lambda *step: heard.append(step)
    )
    return heard


def test_repeats_are_found_whoever_asks(site: Site, machine: RoundMachine) -> None:
    """A child asks through its parent; the finding is the same."""
    first = site.submit(REFUSED)
    site.dispose(first.number, "must_change")
    review.conclude(
        site.desk,
        first.number,
        conclusion="refuse",
        opinion="考试没有举行",
        ground="work_secret",
        asker=site.by("zhang", first.number),
    )
    again = site.submit(REFUSED)
    files = [(one, site.desk.contents.get(one.digest)) for one in again.item.files]
    with site.desk.store.reading() as records:
        known = records.refused_with
        together = machine.examine(files, refused_with=known)
        apart = machine.working(apart=Failing(0)).examine(files, refused_with=known)
    assert together.note.repeats == apart.note.repeats == (first.number,)
