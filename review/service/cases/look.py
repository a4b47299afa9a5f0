"""What a person sees of a case: the record, the draft, the machine's full report.

Every look asks `authority` first; a sealed draft is shown to the office alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.case import authority
from review.case.authority import Permission
from review.case.authority_table import VERBS, Verb
from review.case.case import Case, Round
from review.case.request import Request
from review.case.values import Disposition, File
from review.contents.compare import Comparison, compare
from review.contents.interface import Contents, from_json
from review.errors import MissingContentsError, NotFoundError
from review.ports.records import Reading
from review.service.acting import noting_refusals, person_of
from review.service.cases.additions import with_added
from review.service.desk import Desk
from review.service.recording import load


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said of the same place in an earlier round; shown, never carried over."""

    round: int
    disposition: Disposition


def see(desk: Desk, number: str, *, person: str) -> Case:
    """Return the case, if the person may see it.

    Raises:
        NotFoundError: There is no such case.
        NotPermittedError: It is another department's.
    """
    with noting_refusals(desk, person, "look", number), desk.store.reading() as records:
        return _permitted(desk, records, number, person, "look")


def steps(desk: Desk, case: Case, *, person: str) -> Mapping[Verb, Permission]:
    """Return for every step whether the person may take it on this case now, or why not."""
    with desk.store.reading() as records:
        request = Request(
            person=person_of(records, person),
            at=desk.now(),
            policy=desk.policy,
            seen=case.version,
        )
    asked = (verb for verb in VERBS if verb != "submit")
    return {verb: authority.may(verb, request, case) for verb in asked}


def permit_contents(desk: Desk, number: str, *, person: str) -> Case:
    """Return the case if the person may see the draft itself.

    Raises:
        NotPermittedError: He may not; a sealed draft is for the office alone.
    """
    verb: Verb = "look_at_contents"
    with noting_refusals(desk, person, verb, number), desk.store.reading() as records:
        return _permitted(desk, records, number, person, verb)


def report_of(
    desk: Desk, number: str, *, person: str, round_number: int | None = None
) -> dict[str, Any]:
    """Return the machine's full report on a round, with the draft's own words.

    Raises:
        NotFoundError: There is no such round, no report yet, or it was purged.
    """
    case = permit_contents(desk, number, person=person)
    return _full_report(desk, _round(case, round_number))


def marked_report_of(
    desk: Desk, number: str, *, person: str, round_number: int | None = None
) -> dict[str, Any]:
    """Return the full report on a round, what people added among its findings.

    Raises:
        NotFoundError: There is no such round, no report yet, or it was purged.
    """
    case = permit_contents(desk, number, person=person)
    one = _round(case, round_number)
    return with_added(_full_report(desk, one), one.added)


def file_of(
    desk: Desk, number: str, name: str, *, person: str, round_number: int | None = None
) -> tuple[File, bytes]:
    """Return one file of a round as it was handed in."""
    case = permit_contents(desk, number, person=person)
    for one in _round(case, round_number).item.files:
        if one.name == name and one.role != "title":
            return one, desk.contents.get(one.digest)
    raise NotFoundError("这一轮没有这个文件，请核对文件名。")


def changes_since(
    desk: Desk, number: str, *, person: str, round_number: int | None = None
) -> Comparison | None:
    """Return what a round changed against the one before; None for the first.

    None, too, where one of the two could not be read or was purged.
    """
    case = permit_contents(desk, number, person=person)
    after = _round(case, round_number)
    if after.number == 1:
        return None
    old = _contents(desk, case.rounds[after.number - 2])
    new = _contents(desk, after)
    return None if old is None or new is None else compare(old, new)


def earlier_dispositions(
    desk: Desk, number: str, *, person: str
) -> Mapping[str, tuple[Earlier, ...]]:
    """Return, for each finding of the last round, what was said of it before.

    The same finding is the same rule on the same words. Shown beside the new
    finding; a new round asks for its own dispositions (rule 2).
    """
    case = permit_contents(desk, number, person=person)
    said: dict[tuple[str, str], list[Earlier]] = {}
    for one in case.rounds[:-1]:
        for name, key in _keys(desk, one).items():
            found = [each for each in one.dispositions if each.finding == name]
            said.setdefault(key, []).extend(Earlier(one.number, each) for each in found)
    keys = _keys(desk, case.round)
    return {name: tuple(said.get(key, ())) for name, key in keys.items()}


def _permitted(
    desk: Desk, records: Reading, number: str, person: str, verb: Verb
) -> Case:
    case = load(records, number)
    request = Request(
        person=person_of(records, person),
        at=desk.now(),
        policy=desk.policy,
        seen=case.version,
    )
    authority.require(verb, request, case)
    return case


def _round(case: Case, number: int | None) -> Round:
    wanted = case.round.number if number is None else number
    if not 1 <= wanted <= len(case.rounds):
        raise NotFoundError("没有这一轮，请核对轮次。")
    return case.rounds[wanted - 1]


def _full_report(desk: Desk, one: Round) -> dict[str, Any]:
    if one.report is None:
        raise NotFoundError("这一轮还没有机检报告，请稍候。")
    full: dict[str, Any] = json.loads(desk.contents.get(one.report.digest))
    return full


def _contents(desk: Desk, one: Round) -> Contents | None:
    if one.report is None or one.report.canonical is None:
        return None
    try:
        return from_json(_full_report(desk, one)["contents"])
    except MissingContentsError:
        # An earlier round's contents went with an incident that was none.
        return None


def _keys(desk: Desk, one: Round) -> dict[str, tuple[str, str]]:
    if one.report is None:
        return {}
    try:
        full = with_added(_full_report(desk, one), one.added)
    except MissingContentsError:
        return {}
    return {
        finding["id"]: (finding["rule"], finding["text"])
        for each in full["files"]
        for finding in each["findings"]
    }
