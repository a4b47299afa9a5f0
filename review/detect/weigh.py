"""Weighs what speaks for and against each rule in one passage.

Points: the heaviest object word, status words (not yet public) and verbatim
content, less the words of a mere mention. Two points make a finding; the
object words alone never do, unless a word by itself discloses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from review.detect.compiled_rules import CompiledPattern, CompiledRule, Scope
    from review.spans import Span

ENOUGH: Final = 2.0
MOST_STATUS: Final = 2.0
_MOST_CONTENT: Final = 3.0
MOST_MENTION: Final = 3.0
_DENIALS: Final = ("不", "别", "勿", "未", "莫", "没", "严禁")
_YET_TO_COME: Final = ("前", "之前", "以前")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one rule in one passage."""

    rule: Scope
    object_points: float
    status_points: float
    content_points: float
    mention_points: float
    spans: tuple[Span, ...]
    words: tuple[str, ...]
    whys: tuple[str, ...]

    @property
    def points(self) -> float:
        """Return what is left when the mention is taken off."""
        return (
            self.object_points
            + self.status_points
            + self.content_points
            - self.mention_points
        )

    @property
    def discloses(self) -> bool:
        """Tell whether the passage discloses the scope by this rule."""
        return self.points >= ENOUGH and (
            self.status_points > 0
            or self.content_points > 0
            or self.object_points >= ENOUGH
        )


@dataclass(frozen=True, slots=True)
class RuleInUse:
    """A rule with the words of the shared lists it uses beside its own."""

    rule: CompiledRule
    status: Mapping[str, float]
    mention: Mapping[str, float]


def in_use(rule: CompiledRule, shared: Mapping[str, Mapping[str, float]]) -> RuleInUse:
    """Join a rule's own words with those of its shared lists; its own win."""
    status: dict[str, float] = {}
    for name in rule.disclosure_uses:
        status |= shared[name]
    mention: dict[str, float] = {}
    for name in rule.mention_uses:
        mention |= shared[name]
    return RuleInUse(rule, {**status, **rule.status}, {**mention, **rule.mention})


@dataclass(slots=True)
class Reading:
    """A passage as the rules read it: its words and where they stand.

    `around` are the words of title and heading. A pattern that several rules
    share runs once.
    """

    text: str
    words: Mapping[str, list[Span]]
    around: AbstractSet[str]
    _found: dict[CompiledPattern, Span | None] = field(default_factory=dict)

    def search(self, pattern: CompiledPattern) -> Span | None:
        """Return where `pattern` matches first, or None.

        Raises:
            TimeoutError: It took too long.
        """
        if pattern not in self._found:
            self._found[pattern] = pattern.search(self.text)
        return self._found[pattern]


class Touch:
    """What of one rule's own words occurs in a passage, and what that calls for.

    A plain class: several are made for every passage.
    """

    __slots__ = ("called", "heaviest", "mention", "objects", "status")

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.objects: list[str] = []
        self.called: list[CompiledPattern] = []
        self.heaviest = 0.0
        self.status = 0.0
        self.mention = 0.0


def weigh(used: RuleInUse, touch: Touch, reading: Reading) -> Evidence | None:
    """Return the evidence for a rule, or None where it can't make a finding.

    Raises:
        TimeoutError: A pattern took too long.
    """
    rule, words = used.rule, reading.words
    if not rule.shields.isdisjoint(words):
        words = _outside_shields(rule, words)
    objects = [word for word in touch.objects if word in words]
    status = _status(used, objects, words)
    status_points = min(MOST_STATUS, sum(used.status[word] for word in status))
    object_points = _object_points(rule, objects, reading.around)
    weight = sum(one.weight for one in touch.called)
    if object_points + status_points + weight < ENOUGH:
        return None
    found = [(one, reading.search(one)) for one in touch.called]
    content = [(one, span) for one, span in found if span is not None]
    content_points = min(_MOST_CONTENT, sum(one.weight for one, _ in content))
    points = object_points + status_points + content_points
    if points < ENOUGH or not (objects or content):
        return None
    return Evidence(
        rule=rule.scope,
        object_points=object_points,
        status_points=status_points,
        content_points=content_points,
        mention_points=_mention_points(used, words, reading),
        spans=(
            *(span for _, span in content),
            *(words[word][0] for word in (*objects, *status)),
        ),
        words=(*objects, *status),
        whys=tuple(one.why for one, _ in content if one.why),
    )


def _object_points(
    rule: CompiledRule, objects: Sequence[str], around: AbstractSet[str]
) -> float:
    """Return the heaviest object's weight; in the title it counts at most one."""
    heaviest = max((rule.terms[word] for word in objects), default=0.0)
    if around and heaviest < 1:
        beside = [rule.terms[word] for word in around if word in rule.terms]
        heaviest = max(heaviest, min(1.0, max(beside, default=0.0)))
    return heaviest


def _outside_shields(
    rule: CompiledRule, words: Mapping[str, list[Span]]
) -> Mapping[str, list[Span]]:
    """Return the words without those inside the rule's own longer words."""
    shields = [span for word in rule.shields if word in words for span in words[word]]
    outside = {
        word: [span for span in spans if not _is_inside(span, shields)]
        for word, spans in words.items()
    }
    return {word: spans for word, spans in outside.items() if spans}


def _is_inside(span: Span, others: Iterable[Span]) -> bool:
    return any(one.start <= span.start and span.end <= one.end for one in others)


def _status(
    used: RuleInUse, objects: Sequence[str], words: Mapping[str, list[Span]]
) -> list[str]:
    """Return the status words that are not part of an object word themselves.

    Without this, 未公开数据 would count as an object and as 未公开 beside it.
    """
    status = [word for word in words if word in used.status]
    if not status or not objects:
        return status
    spans = [span for word in objects for span in words[word]]
    return [
        word
        for word in status
        if not all(_is_inside(span, spans) for span in words[word])
    ]


def _mention_points(
    used: RuleInUse, words: Mapping[str, list[Span]], reading: Reading
) -> float:
    weights = used.mention
    points = sum(weights[word] for word in reading.around if word in weights)
    points += sum(
        weights[word]
        for word, spans in words.items()
        if word in weights
        and word not in reading.around
        and not all(is_negated(span, reading.text) for span in spans)
    )
    points += sum(
        one.weight
        for one in used.rule.mention_patterns
        if (not one.anchors or not one.anchors.isdisjoint(words))
        and one.may_match(reading.text)
        and reading.search(one) is not None
    )
    return min(MOST_MENTION, points)


def is_negated(span: Span, text: str) -> bool:
    """Tell whether a word is denied (别报道, 严禁公开) or still to come (公布前)."""
    before = text[max(0, span.start - 2) : span.start]
    after = text[span.end : span.end + 2]
    return any(one in before for one in _DENIALS) or after.startswith(_YET_TO_COME)
