"""Each finding and each gap as one card: what the machine explained, what people said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from review.case import rules
from review.case.case import Case, Round
from review.case.values import Acknowledgment, Disposition, FindingNote, GapNote
from review.service.cases.draft_shapes import DraftFile, DraftFinding
from review.service.cases.look import Earlier

_AROUND: Final = 24  # characters shown before and after an excerpt
_GRAVEST: Final = ("block", "review", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A finding of the round under review.

    `number` counts as the printed form does, `file` is the place of its file in the
    round. `finding` is None once the contents were purged: then only the note is
    left. `before` and `after` are the words around the excerpt. `said` is this
    round's, oldest first; `earlier` what was said of the same words in rounds before.
    `stands` tells that it is in the way of 同意公开 as things are.
    """

    number: int
    note: FindingNote
    file: int
    finding: DraftFinding | None = None
    before: str = ""
    after: str = ""
    weighed: tuple[str, ...] = ()
    said: tuple[Disposition, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    stands: bool = False

    @property
    def last(self) -> Disposition | None:
        """Return what holds now."""
        return self.said[-1] if self.said else None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody must still say what becomes of it."""
        return self.note.needs_disposition and not self.said

    @property
    def grave(self) -> int:
        """Return its place among the severities, the gravest first."""
        return _GRAVEST.index(self.note.severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCard:
    """A part that was not examined; `message` is the machine's sentence, if still there."""

    note: GapNote
    file: int
    message: str = ""
    place: str = ""
    said: Acknowledgment | None = None


def cards_of(
    case: Case,
    files: Sequence[DraftFile],
    full: Mapping[str, Any] | None,
    earlier: Mapping[str, tuple[Earlier, ...]],
) -> tuple[Card, ...]:
    """Return the round's findings, the gravest first, then as they stand in the draft.

    `full` is the machine's report, None once it was purged.
    """
    last, standing = case.round, frozenset(rules.standing(case))
    drawn = {one.id: one for file in files for one in file.findings}
    told = {one["id"]: one for file in _files(full) for one in file["findings"]}
    around = _around(full, told)
    cards = [
        Card(
            number=number,
            note=note,
            file=_file_of(note.id),
            finding=drawn.get(note.id),
            before=around.get(note.id, ("", ""))[0],
            after=around.get(note.id, ("", ""))[1],
            weighed=tuple(told[note.id]["weighed"]) if note.id in told else (),
            said=tuple(one for one in last.dispositions if one.finding == note.id),
            earlier=earlier.get(note.id, ()),
            stands=note.id in standing,
        )
        for number, note in enumerate(last.findings, start=1)
    ]
    return tuple(sorted(cards, key=lambda one: (one.grave, one.number)))


def gaps_of(one: Round, files: Sequence[DraftFile]) -> tuple[GapCard, ...]:
    """Return what could not be examined in the round, in the report's order."""
    drawn = {gap.id: gap for file in files for gap in file.gaps}
    unread = {at: file.error for at, file in enumerate(files) if file.error}
    said = {each.gap: each for each in one.acknowledgments}
    return tuple(
        GapCard(
            note=note,
            file=_file_of(note.id),
            message=drawn[note.id].message
            if note.id in drawn
            else unread.get(_file_of(note.id), ""),
            place=drawn[note.id].place if note.id in drawn else "",
            said=said.get(note.id),
        )
        for note in (one.report.gaps if one.report else ())
    )


def _files(full: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    return full["files"] if full is not None else ()


def _file_of(name: str) -> int:
    """Return the place of the file that an id begins with: 1.f3 is in the second."""
    return int(name.partition(".")[0])


def _around(
    full: Mapping[str, Any] | None, told: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, tuple[str, str]]:
    """Return the words before and after each excerpt, from its own passage."""
    texts = {
        (at, one["passage"]): str(one["text"])
        for at, file in enumerate(_files(full))
        for one in file.get("text", ())
    }
    found = {}
    for name, one in told.items():
        text = texts.get((_file_of(name), one["passage"]))
        if text is not None:
            start, end = one["start"], one["end"]
            before, after = text[max(0, start - _AROUND) : start], text[end:]
            found[name] = (before, after[:_AROUND])
    return found
