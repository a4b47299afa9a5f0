"""What people added to a round's report: put in its place, and given its words again.

The record keeps where an added finding stands and no word of the draft; the words
come from the machine's full report, which lies encrypted beside the draft.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.case.request import Passage
from review.case.values import AddedFinding
from review.case.words import POSTS
from review.report.as_json import location_as_json, location_from_json
from review.spans import Location


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a round's draft: file, passage, and half-open offsets in its text."""

    file: int
    passage: int
    start: int
    end: int


def with_added(
    full: Mapping[str, Any], added: Sequence[AddedFinding]
) -> dict[str, Any]:
    """Return a round's full report with what people added after each file's findings.

    An added finding looks like the machine's, and names in `marked_by` who marked it.
    """
    files = list(full["files"])
    for one in added:
        file = files[one.file]
        findings = [*file["findings"], _finding(one, file)]
        files[one.file] = {**file, "findings": findings}
    return {**full, "files": files}


def passage_of(full: Mapping[str, Any], file: int, number: int) -> Passage | None:
    """Return a passage of a file of the round; None if there is none of that number."""
    if not 0 <= file < len(full["files"]):
        return None
    return _passage(full["files"][file], number)


def spots_of(full: Mapping[str, Any], words: str) -> Iterator[Spot]:
    """Yield where exactly these words stand in one passage, in reading order."""
    for at, file in enumerate(full["files"]):
        for one in file.get("text", ()) if words else ():
            start = one["text"].find(words)
            while start >= 0:
                yield Spot(at, one["passage"], start, start + len(words))
                start = one["text"].find(words, start + len(words))


def _passage(file: Mapping[str, Any], number: int) -> Passage | None:
    for one in file.get("text", ()):
        if one["passage"] == number:
            found = (each for each in file["findings"] if each["passage"] == number)
            return Passage(
                text=one["text"],
                where=_where(file, number),
                hidden=one["hidden"],
                found=tuple((e["start"], e["end"], e["category"]) for e in found),
            )
    return None


def _where(file: Mapping[str, Any], number: int) -> Location:
    """Return where a passage stands; older reports kept no layout and do not tell."""
    for block in file.get("layout", ()):
        if number in block["pieces"]:
            return location_from_json(block["where"])
    return Location()


def _finding(one: AddedFinding, file: Mapping[str, Any]) -> dict[str, Any]:
    note = one.note
    passage = _passage(file, one.passage) or Passage(text="")
    return {
        "id": note.id,
        "detector": note.detector,
        "rule": note.rule,
        "category": note.category,
        "tier": note.tier,
        "level": note.level,
        "clauses": list(note.clauses),
        "clause_names": list(note.clauses),
        "severity": note.severity,
        "score": 1.0,
        "text": passage.text[one.start : one.end],
        "where": location_as_json(passage.where),
        "passage": one.passage,
        "start": one.start,
        "end": one.end,
        "hidden": note.hidden,
        "reason": one.reason,
        "weighed": [],
        "releasable_when": None,
        "suggestion": None,
        "marked_by": f"{one.by.name}（{POSTS[one.by.post]}）",
    }
