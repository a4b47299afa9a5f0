"""An office's own labelled passages, as its decided reviews teach them.

What reviewers said of findings is only as good as what became of it: a round
counts once it was decided, a passage is harmless once the office cleared it.
The lines are in the format of `models/passage/corpus/README.md`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

from review.access.permissions import OfficeVerb
from review.case.case import Case, Round
from review.case.values import Disposition, Outcome, RevocationCause
from review.case.words import OPINIONS
from review.detect.detector_names import BY_WORDS, OF_THE_DRAFT
from review.errors import MissingContentsError, NotFoundError
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Reading
from review.service.acting import noting_refusals, permit
from review.service.cases.additions import with_added
from review.service.desk import Desk
from review.service.recording import load
from review.upkeep.events import PassagesExported

Label: TypeAlias = Literal["sensitive", "public"]
_Standing: TypeAlias = Literal["cleared", "refused", "returned"]

_BY_OUTCOME: Final[Mapping[Outcome, _Standing]] = {
    "refuse": "refused",
    "return": "returned",
    "partial": "returned",
}
_VERB: Final[OfficeVerb] = "export_passages"
_DECIDING: Final = ("case.signed_off", "case.first_pass_concluded")
# A clearance taken back for one of these proves nothing of the text any more.
_DOUBTED: Final[frozenset[RevocationCause]] = frozenset(
    {"disclosure", "error", "other"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """The file, and what is in it and was left out.

    `state` counts passages that touch state secrets, `contradictory` texts that
    were judged both ways, `gone` rounds whose contents are kept no more.
    """

    data: bytes
    sensitive: int
    public: int
    cases: int
    state: int
    contradictory: int
    gone: int

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of one finding, and the finding as the full report has it."""

    finding: Mapping[str, Any]
    label: Label | None
    because: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage with its line; None where it must not be taken out."""

    case: str
    text: str
    line: Mapping[str, Any] | None


def export_labelled(desk: Desk, *, person: str) -> Labelled:
    """Return the labelled passages of every decided round; that he has them is on record.

    Left out are doubtful findings, sealed and purged cases, and everything that
    touches state secrets: such text belongs on no other carrier.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
        NotFoundError: No decided round has such a passage yet.
    """
    with noting_refusals(desk, person, _VERB):
        with desk.store.reading() as records:
            permit(desk, records, _VERB, person)
            cases = tuple(_decided(records))
        made = _gathered(desk, cases)
        if not made.cases:
            raise NotFoundError(
                "还没有可以导出的样本：办结的审查件里没有判为“须删改”的疑点，"
                "也没有判为“不涉密”并经保密办同意公开的疑点。"
            )
        with desk.store.writing() as work:
            at = desk.now()
            event = PassagesExported(
                at=at,
                by=permit(desk, work, _VERB, person),
                digest=made.digest,
                passages=made.sensitive + made.public,
                cases=made.cases,
            )
            work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
    return made


def _decided(records: Reading) -> Iterator[Case]:
    """Yield the cases of which some round was decided and nothing is sealed or purged."""
    numbers = {
        statement.read(one.statement).context.case
        for one in records.entries_of_kind(*_DECIDING)
    }
    for number in sorted(one for one in numbers if one is not None):
        case = load(records, number)
        if not case.sealed and not case.purged:
            yield case


def _gathered(desk: Desk, cases: Iterable[Case]) -> Labelled:
    found: list[_Found] = []
    gone = 0
    for case in cases:
        for one in case.rounds:
            standing = _standing(case, one)
            if standing is None:
                continue
            try:
                found += _of_round(desk, case.number, one, standing)
            except MissingContentsError:
                gone += 1
    # The same words, however they are broken into lines, are one passage.
    by_text: dict[str, list[_Found]] = {}
    for each in found:
        by_text.setdefault("".join(each.text.split()), []).append(each)
    return _file(by_text.values(), gone)


def _file(passages: Iterable[Sequence[_Found]], gone: int) -> Labelled:
    kept: list[_Found] = []
    state = contradictory = 0
    for alike in passages:
        labels = {one.line["label"] for one in alike if one.line is not None}
        if any(one.line is None for one in alike):
            state += 1
        elif len(labels) > 1:
            contradictory += 1
        else:
            kept.append(alike[0])
    lines = [one.line for one in kept if one.line is not None]
    data = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    sensitive = sum(one["label"] == "sensitive" for one in lines)
    return Labelled(
        data=data.encode("utf-8", "replace"),
        sensitive=sensitive,
        public=len(lines) - sensitive,
        cases=len({one.case for one in kept}),
        state=state,
        contradictory=contradictory,
        gone=gone,
    )


def _standing(case: Case, one: Round) -> _Standing | None:
    """Return how a round was decided; None while it is not, or where that is in doubt."""
    if "state_secret" in {
        said.ground for said in (one.first_pass, one.sign_off) if said is not None
    }:
        return None
    grant = next((each for each in case.grants if each.round == one.number), None)
    if grant is not None:
        by_office = one.sign_off is not None and one.sign_off.by.post == "office"
        return "cleared" if by_office and grant.cause not in _DOUBTED else None
    if one.sign_off is not None:
        return _BY_OUTCOME.get(one.sign_off.outcome)
    concluded = one.first_pass is not None and one.first_pass.conclusion
    return "returned" if concluded in {"must_change", "refuse"} else None


def _of_round(
    desk: Desk, number: str, one: Round, standing: _Standing
) -> Iterator[_Found]:
    if one.report is None:
        return
    full = with_added(json.loads(desk.contents.get(one.report.digest)), one.added)
    for at, file in enumerate(full["files"]):
        for each in file.get("text", ()):
            here = [
                _said(finding, one.disposition_of(finding["id"]), standing)
                for finding in file["findings"]
                if finding["passage"] == each["passage"] and _speaks(finding)
            ]
            label = _label(here)
            if label is not None:
                name = f"{number}-{one.number}-{at}-{each['passage']}"
                line = _line(label, name, number, (each["text"], here))
                yield _Found(number, each["text"], line)


def _speaks(finding: Mapping[str, Any]) -> bool:
    """Tell whether a finding asks what its passage discloses; a notice asks nothing."""
    grave = finding["severity"] != "notice"
    return grave and finding["detector"] not in OF_THE_DRAFT


def _label(said: Sequence[_Said]) -> Label | None:
    """Return what a passage is: sensitive by one place, harmless only by all of them."""
    labels = {one.label for one in said}
    if "sensitive" in labels:
        return "sensitive"
    return "public" if labels == {"public"} else None


def _said(
    finding: Mapping[str, Any], said: Disposition | None, standing: _Standing
) -> _Said:
    """Return what a finding teaches: nothing, while somebody is in doubt.

    What is public only because it stands elsewhere already teaches nothing either:
    the words alone would have disclosed it.
    """
    label: Label | None = None
    because = ""
    if said is None and standing == "refused" and finding.get("marked_by"):
        label, because = "sensitive", f"不予公开：{finding['reason']}"
    elif said is not None and said.opinion == "must_change" and standing != "cleared":
        label = "sensitive"
    elif said is not None and said.opinion == "not_sensitive":
        harmless = standing == "cleared" and said.published is None
        label = "public" if harmless else None
    if said is not None:
        because = f"{OPINIONS[said.opinion]}：{said.reason}"
    return _Said(finding, label, because)


def _line(
    label: Label, name: str, number: str, said: tuple[str, Sequence[_Said]]
) -> Mapping[str, Any] | None:
    """Return a passage's line; None where it touches state secrets."""
    text, findings = said
    spoke = [one for one in findings if one.label == label]
    if label == "sensitive" and any(one.finding["tier"] == "state" for one in spoke):
        return None
    main = max(spoke, key=lambda one: float(one.finding["score"]))
    sensitive = label == "sensitive"
    detectors = {one.finding["detector"] for one in findings}
    return {
        "id": f"own-{name}",
        "text": text,
        "label": label,
        "category": main.finding["category"],
        "tier": main.finding["tier"] if sensitive else None,
        "clauses": list(main.finding["clauses"]) if sensitive else [],
        "overt": bool(detectors & BY_WORDS),
        "variant": "identifier" if "pattern" in detectors else "plain",
        "style": "other",
        "family": f"own-{number}",
        "note": main.because,
    }
