"""What the machine would say otherwise of recent drafts: counts, and no word of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from review.case import authority
from review.case.case import Case
from review.case.request import Request
from review.case.values import File
from review.detect.lexicon_diff import compare_findings
from review.errors import MissingContentsError, NotPermittedError
from review.pipeline import Scanner
from review.ports.records import RegisterQuery
from review.service.acting import person_of
from review.service.desk import Desk
from review.service.papers import register
from review.service.recording import load

_PAGE: Final = 50
_MOST_BYTES: Final = 20 * 1024 * 1024

# Told how many drafts were looked at.
Told: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Scanners:
    """The machine as it is, and as it would be."""

    before: Scanner
    after: Scanner


@dataclass(frozen=True, slots=True)
class Drafts:
    """Which drafts to look at: the newest `most` that the person may see."""

    person: str
    most: int
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A case of whose draft the machine would say something else.

    `gained` and `lost` count findings by rule, the most frequent first.
    """

    case: str
    gained: tuple[tuple[str, int], ...]
    lost: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The drafts that change, of how many; `left_out` could not be compared."""

    changed: tuple[DraftLine, ...]
    examined: int
    left_out: int


def effect_on_drafts(desk: Desk, scanners: Scanners, asked: Drafts) -> Effect:
    """Let both machines look at the newest drafts that the vault still keeps.

    Left out is what cannot be read, is very large, or was purged meanwhile.
    """
    changed: list[DraftLine] = []
    examined = left_out = 0
    for number in _newest(desk, asked):
        line = _compared(desk, number, scanners, person=asked.person)
        examined += line is not None
        left_out += line is None
        if line is not None and (line.gained or line.lost):
            changed.append(line)
        if asked.told is not None:
            asked.told(examined + left_out)
    return Effect(changed=tuple(changed), examined=examined, left_out=left_out)


def _newest(desk: Desk, asked: Drafts) -> Iterator[str]:
    query, left = RegisterQuery(limit=_PAGE), asked.most
    while left > 0:
        rows = register.page(desk, query, person=asked.person)
        kept = [one.number for one in rows if not one.purged][:left]
        yield from kept
        left -= len(kept)
        if len(rows) < _PAGE:
            return
        query = replace(query, before=rows[-1].sequence)


def _compared(
    desk: Desk, number: str, scanners: Scanners, *, person: str
) -> DraftLine | None:
    try:
        files = _files(desk, number, person)
    except (MissingContentsError, NotPermittedError):
        return None
    gained, lost = Counter[str](), Counter[str]()
    for file, data in files:
        if file.role == "title":
            before = scanners.before.scan_words(data.decode(), file.name)
        else:
            before = scanners.before.scan(data, file.name)
        if before.text is None or before.examination is None:
            return None
        after = scanners.after.examiner.examine(before.text)
        diff = compare_findings(before.examination.findings, after.findings)
        gained.update(one.rule for one in diff.gained)
        lost.update(one.rule for one in diff.lost)
    return DraftLine(case=number, gained=_ranked(gained), lost=_ranked(lost))


def _files(desk: Desk, number: str, person: str) -> list[tuple[File, bytes]]:
    with desk.store.reading() as records:
        case = load(records, number)
        request = Request(
            person=person_of(records, person),
            at=desk.now(),
            policy=desk.policy,
            seen=case.version,
        )
    authority.require("look_at_contents", request, case)
    if case.purged or not _is_comparable(case):
        raise MissingContentsError("稿件太大、读不出来或已清除，不作比较。")
    return [(one, desk.contents.get(one.digest)) for one in case.item.files]


def _is_comparable(case: Case) -> bool:
    """Tell whether the machine got through every file before, and none is very large."""
    report = case.round.report
    if report is None or any(one.unreadable for one in report.gaps):
        return False
    return sum(one.size for one in case.item.files) <= _MOST_BYTES


def _ranked(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
