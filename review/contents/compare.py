"""Say in passages what differs between what was cleared and what is offered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias

from review.contents.align import Step, differences
from review.contents.interface import Attachment, Contents
from review.contents.passages import Passage, passages_of

ChangeKind: TypeAlias = Literal["added", "removed", "changed"]
StrokeKind: TypeAlias = Literal["same", "removed", "added"]

_CONTEXT: Final = 24
_LONGEST_QUOTE: Final = 120
_FINE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """One place where the visible contents differ.

    `before` and `after` are passages written out for a person; `start` and
    `end` are the half-open range of `before` in `written_out(cleared)`.
    `place` says in Chinese where it is.
    """

    kind: ChangeKind
    before: str
    after: str
    place: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """One attachment that was added, left out or replaced under its name."""

    kind: ChangeKind
    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs; `same` is that the digests are equal.

    `hidden_added` tells that the offered version carries hidden text that
    the cleared one did not have; losing hidden text is no difference.
    """

    same: bool
    changes: tuple[Change, ...] = ()
    attachments: tuple[AttachmentChange, ...] = ()
    hidden_added: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch of characters that stayed, went or came."""

    kind: StrokeKind
    text: str


def compare(cleared: Contents, offered: Contents) -> Comparison:
    """Return what differs; nothing visible exactly where the digests are equal."""
    before, after = passages_of(cleared), passages_of(offered)
    steps = differences([one.pieces for one in before], [one.pieces for one in after])
    return Comparison(
        same=cleared.digest == offered.digest,
        changes=tuple(
            change for step in steps for change in _changes(before, after, step)
        ),
        attachments=_attachment_changes(cleared.attachments, offered.attachments),
        hidden_added=not set(offered.hidden) <= set(cleared.hidden),
    )


def written_out(contents: Contents) -> str:
    """Return the whole body as `compare` writes its passages."""
    return "".join(one.text for one in passages_of(contents))


def describe(change: Change) -> str:
    """Say a change in one Chinese sentence, around what differs."""
    if change.kind == "added":
        return f"{change.place}：新增“{_clip(change.after)}”。"
    if change.kind == "removed":
        return f"{change.place}：删去“{_clip(change.before)}”。"
    if change.before == change.after:
        quoted = _clip(change.before)
        return f"{change.place}：“{quoted}”看起来相同，但图片、文件或格式不同。"
    before, after = _around(change.before, change.after)
    return f"{change.place}：原文“{before}”，现文“{after}”。"


def strokes(change: Change) -> tuple[Stroke, ...]:
    """Return a change character by character, for marking it in colours."""
    before, after = change.before, change.after
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    found = [Stroke("same", before[:head])]
    found += _fine(before[head : len(before) - tail], after[head : len(after) - tail])
    found.append(Stroke("same", before[len(before) - tail :]))
    return tuple(stroke for stroke in found if stroke.text)


def _changes(
    before: tuple[Passage, ...], after: tuple[Passage, ...], step: Step
) -> Iterator[Change]:
    """Yield the changes of one stretch, passage by passage where they pair up."""
    old, new = before[step.i1 : step.i2], after[step.j1 : step.j2]
    start = old[0].start if old else _end(before, step.i1)
    place = _place((old or new)[0], start)
    if len(old) != len(new):
        yield _change(old, new, place, start)
        return
    for left, right in zip(old, new, strict=True):
        if left.pieces != right.pieces:
            at = left.start
            yield _change((left,), (right,), _place(left, at), at)


def _change(
    old: tuple[Passage, ...], new: tuple[Passage, ...], place: str, start: int
) -> Change:
    before, after = "".join(p.text for p in old), "".join(p.text for p in new)
    end = start + len(before)
    if not old or not new:
        kind: ChangeKind = "removed" if old else "added"
        return Change(kind, before, after, place, start, end)
    return Change("changed", before, after, place, start, end)


def _end(passages: tuple[Passage, ...], number: int) -> int:
    """Return where the passage before this number ends."""
    if not number:
        return 0
    last = passages[number - 1]
    return last.start + len(last.text)


def _place(passage: Passage, start: int) -> str:
    if passage.where:
        return passage.where
    return f"正文第 {start + 1} 字起"


def _attachment_changes(
    cleared: tuple[Attachment, ...], offered: tuple[Attachment, ...]
) -> tuple[AttachmentChange, ...]:
    """Return the attachments whose bytes differ; a new name alone is none."""
    left, right = Counter(cleared), Counter(offered)
    left, right = left - right, right - left
    renamed = _digests(left) & _digests(right)
    old, new = _names(left, renamed), _names(right, renamed)
    found = []
    for name in sorted({*old, *new}):
        both = min(old[name], new[name])
        found += [AttachmentChange("changed", name)] * both
        found += [AttachmentChange("removed", name)] * (old[name] - both)
        found += [AttachmentChange("added", name)] * (new[name] - both)
    return tuple(found)


def _digests(files: Counter[Attachment]) -> Counter[str]:
    return Counter(one.digest for one in files.elements())


def _names(files: Counter[Attachment], renamed: Counter[str]) -> Counter[str]:
    """Return the names of the files that were not merely renamed."""
    left = Counter(renamed)
    found: Counter[str] = Counter()
    for one in files.elements():
        if left[one.digest] > 0:
            left[one.digest] -= 1
        else:
            found[one.name] += 1
    return found


def _fine(before: str, after: str) -> list[Stroke]:
    """Compare what differs in the middle, coarsely where it is very long."""
    if len(before) * len(after) > _FINE * _FINE:
        return [Stroke("removed", before), Stroke("added", after)]
    found: list[Stroke] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            found.append(Stroke("same", before[i1:i2]))
            continue
        found.append(Stroke("removed", before[i1:i2]))
        found.append(Stroke("added", after[j1:j2]))
    return found


def _around(before: str, after: str) -> tuple[str, str]:
    """Return both texts cut down to what differs, with a little before and after."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    low, cut = max(head - _CONTEXT, 0), max(tail - _CONTEXT, 0)
    left = "…" if low else ""
    right = "…" if cut else ""
    shown = [text[low : len(text) - cut].strip() for text in (before, after)]
    return f"{left}{_clip(shown[0])}{right}", f"{left}{_clip(shown[1])}{right}"


def _clip(text: str) -> str:
    """Return a quotation of bearable length."""
    plain = " ".join(text.split("\n")).strip()
    if len(plain) <= _LONGEST_QUOTE:
        return plain
    half = _LONGEST_QUOTE // 2
    return f"{plain[:half]}…（略 {len(plain) - 2 * half} 字）…{plain[-half:]}"


def _common(before: str, after: str) -> int:
    """Return how many characters two texts share at the start."""
    length = 0
    for left, right in zip(before, after, strict=False):
        if left != right:
            break
        length += 1
    return length
