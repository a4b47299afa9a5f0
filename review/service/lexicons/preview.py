"""What a proposed version of the office's own lexicon would change, before it does.

Three looks: does it load, do its rules' own examples come out right, and what
would the machine say otherwise of recent drafts. The result is kept sealed, and
its digest is what whoever puts the version into force must have seen. It has
case numbers and counts, and no word of a draft.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from review import digests
from review.access.permissions import OfficeVerb
from review.case.people import By
from review.detect.classifier import Classifier
from review.detect.lexicon import CONTEXT_FOLDER, Lexicon, load_lexicon
from review.detect.lexicon_diff import LexiconDiff, LexiconFile, read_layers
from review.detect.lexicon_diff import compare as compare_lexicons
from review.detect.lexicon_files import Layer, layered_digest
from review.detect.rule_tests import FailedExample, run_examples
from review.errors import LexiconError, NotFoundError
from review.normalize.segment import segmenter_for
from review.pipeline import Scanner
from review.ports.records import Reading
from review.ports.tasks import Task, TaskState
from review.report.lexicon_diff import change_lines
from review.service.acting import looking, noting_refusals, permit
from review.service.desk import Desk
from review.service.lexicons.effect import (
    DraftLine,
    Drafts,
    Scanners,
    Told,
    effect_on_drafts,
)
from review.service.lexicons.layers import (
    folder_in_force,
    folder_of,
    layers,
    preview_purpose,
    versions_of,
)
from review.service.models.versions import classifier_in_force
from review.upkeep import rules
from review.upkeep.deciding import version_of
from review.upkeep.lexicons import LexiconVersion, Previewed

MOST_DRAFTS: Final = 500
_USUAL_DRAFTS: Final = 50
_VERB: Final[OfficeVerb] = "propose_lexicon"

How: TypeAlias = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One rule file that comes, goes or changes, and how, a line in Chinese each."""

    name: str
    group: str
    label: str
    how: How
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedLine:
    """One of a rule's examples that comes out otherwise than its file says."""

    rule: str
    expected: Literal["flagged", "passing"]
    text: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a version would change against the one in force.

    `version` is its digest, `lexicons` that of all lexicons with it, `against` that
    of those in force. `problem` says why it does not load. Of the newest drafts,
    `examined` were compared; `left_out` could not be read, were too large, or went
    meanwhile.
    """

    change: str
    version: str
    lexicons: str
    against: str
    problem: str | None = None
    files: tuple[FileLine, ...] = ()
    failed: tuple[FailedLine, ...] = ()
    drafts: tuple[DraftLine, ...] = ()
    examined: int = 0
    left_out: int = 0

    @property
    def sound(self) -> bool:
        """Tell whether the version may come into force."""
        return self.problem is None and not self.failed

    @property
    def digest(self) -> str:
        """Return the digest that stands for this result."""
        return digests.of_json(_adapter(Preview).dump_python(self, mode="json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A preview with who asked for it, and when."""

    preview: Preview
    by: By
    at: datetime


@dataclass(frozen=True, slots=True)
class _Compared:
    """Both lexicons as the preview sees them, under the model in force."""

    version: LexiconVersion
    before: tuple[Layer, ...]
    after: tuple[Layer, ...]
    classifier: Classifier


def preview(
    desk: Desk,
    change: str,
    *,
    person: str,
    drafts: int = _USUAL_DRAFTS,
    told: Told | None = None,
) -> Kept:
    """Work out what a proposed version would change, and keep the result.

    Takes some seconds, and as long as the machine takes twice for each draft.

    Raises:
        NotFoundError: There is no such version.
        NotPermittedError: The person does not belong to the secrecy office.
        WrongStageError: It was decided on before.
    """
    with noting_refusals(desk, person, _VERB):
        with desk.store.reading() as records:
            permit(desk, records, _VERB, person)
            compared = _compared(desk, records, change)
        asked = Drafts(person, min(drafts, MOST_DRAFTS), told)
        worked_out = _worked_out(desk, compared, asked)
        with desk.store.writing() as work:
            by = permit(desk, work, _VERB, person)
            rules.forbid_decided(version_of(versions_of(work), change))
            kept = Kept(preview=worked_out, by=by, at=desk.now())
            work.lexicons.put_preview(change, _sealed(desk, kept))
    return kept


def order(desk: Desk, change: str, *, person: str) -> Task:
    """Let a worker work a preview out; asked twice, it is worked out once.

    Raises:
        NotFoundError: There is no such version.
        NotPermittedError: The person does not belong to the secrecy office.
        WrongStageError: It was decided on before.
    """
    with noting_refusals(desk, person, _VERB), desk.store.writing() as work:
        permit(desk, work, _VERB, person)
        rules.forbid_decided(version_of(versions_of(work), change))
        subject = f"{change}:{person}"
        return work.tasks.add("preview", subject, queue="bulk", at=desk.now())


def carry_out(desk: Desk, subject: str, *, told: Told | None = None) -> None:
    """Work out the preview that a task names."""
    change, person = subject.split(":", 1)
    preview(desk, change, person=person, told=told)


def last_preview(desk: Desk, change: str, *, person: str) -> Kept:
    """Return a version's last preview.

    Raises:
        NotFoundError: There is no such version, or no preview of it yet.
    """
    with looking(desk, "see_lexicon_changes", person) as records:
        version_of(versions_of(records), change)
        kept = _kept(desk, records, change)
    if kept is None:
        raise NotFoundError("这一改动还没有预演，请先预演。")
    return kept


def under_way(desk: Desk, change: str, *, person: str) -> TaskState | None:
    """Return how a preview that the person ordered is doing, None if he ordered none.

    Raises:
        NotPermittedError: The person does not belong to the secrecy office.
    """
    with looking(desk, _VERB, person) as records:
        task = records.tasks.last("preview", f"{change}:{person}")
    return None if task is None else task.state


def as_json(kept: Kept) -> dict[str, Any]:
    """Return a preview with its digest, ready for `json.dumps`."""
    shown: dict[str, Any] = _adapter(Kept).dump_python(kept, mode="json")
    return {**shown, "digest": kept.preview.digest, "sound": kept.preview.sound}


def noted(desk: Desk, records: Reading, change: str) -> Previewed | None:
    """Return what a request to put the version into force is held against."""
    kept = _kept(desk, records, change)
    if kept is None:
        return None
    found = kept.preview
    return Previewed(
        change=change,
        digest=found.digest,
        version=found.version,
        lexicons=found.lexicons,
        sound=found.sound,
    )


def _compared(desk: Desk, records: Reading, change: str) -> _Compared:
    version = version_of(versions_of(records), change)
    rules.forbid_decided(version)
    active = folder_in_force(records, desk.secrets)
    wanted = folder_of(records, desk.secrets, version)
    classifier = classifier_in_force(records, desk.models_dir)
    return _Compared(version, layers(desk, active), layers(desk, wanted), classifier)


def _worked_out(desk: Desk, both: _Compared, asked: Drafts) -> Preview:
    result = Preview(
        change=both.version.change,
        version=both.version.digest,
        lexicons=layered_digest(*both.after),
        against=layered_digest(*both.before),
    )
    try:
        loaded = load_lexicon(*both.after)
        after = Scanner(*both.after[1:], classifier=both.classifier, reader=desk.reader)
        diff = compare_lexicons(read_layers(*both.before), read_layers(*both.after))
    except LexiconError as error:
        return replace(result, problem=error.message)
    result = replace(result, files=lines_of(diff), failed=_failed(loaded, diff))
    before = Scanner(*both.before[1:], classifier=both.classifier, reader=desk.reader)
    scanners = Scanners(before, after)
    effect = effect_on_drafts(desk, scanners, asked)
    return replace(
        result,
        drafts=effect.changed,
        examined=effect.examined,
        left_out=effect.left_out,
    )


def lines_of(diff: LexiconDiff) -> tuple[FileLine, ...]:
    """Return a comparison as people read it: what came, what went, what changed."""
    return (
        *(_line(one, "added") for one in diff.added),
        *(_line(one, "removed") for one in diff.removed),
        *(
            _line(one.file, "changed", tuple(change_lines(one.changes)))
            for one in diff.changed
        ),
    )


def _line(file: LexiconFile, how: How, changes: tuple[str, ...] = ()) -> FileLine:
    return FileLine(
        name=file.name, group=file.group, label=file.label, how=how, changes=changes
    )


def _failed(loaded: Lexicon, diff: LexiconDiff) -> tuple[FailedLine, ...]:
    """Run the examples of every rule that the change could touch."""
    touched = {one.name for one in (*diff.added, *diff.removed)}
    touched |= {one.file.name for one in diff.changed}
    # A shared list may be used by any rule.
    shared = any(one.startswith(f"{CONTEXT_FOLDER}/") for one in touched)
    scopes = tuple(
        one for one in loaded.scopes if shared or f"{one.id}.yaml" in touched
    )
    return failed_lines(run_examples(replace(loaded, scopes=scopes), segmenter_for()))


def failed_lines(failed: Iterable[FailedExample]) -> tuple[FailedLine, ...]:
    """Return the examples that come out otherwise than their files say."""
    return tuple(
        FailedLine(
            rule=one.rule, expected=one.expected, text=one.text, points=one.points
        )
        for one in failed
    )


def _sealed(desk: Desk, kept: Kept) -> bytes:
    data: Any = _adapter(Kept).dump_python(kept, mode="json")
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return desk.secrets.seal(
        text.encode(), purpose=preview_purpose(kept.preview.change)
    )


def _kept(desk: Desk, records: Reading, change: str) -> Kept | None:
    sealed = records.lexicons.preview(change)
    if sealed is None:
        return None
    data = desk.secrets.open(sealed, purpose=preview_purpose(change))
    kept: Kept = _adapter(Kept).validate_json(data)
    return kept


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
