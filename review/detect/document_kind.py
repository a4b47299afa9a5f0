"""Recognizes what kind of document a draft is, from title and formulae.

Many scopes list whole kinds (会议纪要, 请示, 考察材料, 试卷). A kind is a file in
`lexicons/kinds/`: a title that fits weighs two points, each formula one;
what speaks against it takes two away. Three points make the kind. A kind
that lists clauses gives a finding on the whole draft; others only name it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from review.detect.compiled_rules import (
    PATTERN_SECONDS,
    CompiledKind,
    CompiledPattern,
    compiled_regex,
)
from review.detect.interface import Finding
from review.extract.interface import Gap
from review.normalize.interface import NormalizedText
from review.spans import Location

ENOUGH: Final = 3
_TITLE_POINTS: Final = 2
_AGAINST_POINTS: Final = 2
_MOST_FORMULAE: Final = 4
_HEAD: Final = 2500
_TAIL: Final = 600


@dataclass(frozen=True, slots=True)
class KindVerdict:
    """The kind that fits best, how well (0 to 1), and what spoke for it."""

    kind: str
    score: float
    file: CompiledKind
    weighed: tuple[str, ...]
    points: int


class KindDetector:
    """Kinds of document at work on a whole draft."""

    def __init__(self, kinds: Sequence[CompiledKind]) -> None:
        """Take the kinds as they are."""
        self._kinds = tuple(kinds)

    def recognize(self, text: NormalizedText) -> KindVerdict | None:
        """Return the best kind of a draft, or None.

        Raises:
            TimeoutError: A pattern took too long.
        """
        seen = [one for one in text.passages if not one.hidden]
        if len(seen) < 2 and not text.title:  # noqa: PLR2004 - one line is no document
            return None
        body = "\n".join(one.text for one in seen)
        if len(body) > _HEAD + _TAIL:
            body = f"{body[:_HEAD]}\n{body[-_TAIL:]}"
        verdicts = [_judge(kind, text.title, body) for kind in self._kinds]
        fitting = [one for one in verdicts if one is not None]
        return max(fitting, key=_rank, default=None)

    def findings(self, verdict: KindVerdict | None) -> tuple[Finding, ...]:
        """Return the finding on the whole draft, if its kind is listed."""
        if verdict is None or not verdict.file.clauses:
            return ()
        file = verdict.file
        finding = Finding(
            detector="document_kind",
            rule=f"kinds/{file.kind}",
            category=file.category,
            tier=file.tier,
            severity=file.severity,
            score=verdict.score,
            reason=f"整篇像是“{file.kind}”：{file.because}",
            clauses=file.clauses,
            releasable_when=file.releasable_when,
            suggestion=file.suggestion,
            weighed=verdict.weighed,
        )
        return (finding,)


def kind_gap() -> Gap:
    """Return the gap that stands for a kind that could not be told in time."""
    return Gap(Location(), "timeout", "判断文种超时，请人工核对文种")


def _rank(verdict: KindVerdict) -> tuple[int, bool, str]:
    """Order verdicts: by points; where they tie, a kind that may be published."""
    return (verdict.points, not verdict.file.clauses, verdict.kind)


def _judge(kind: CompiledKind, title: str, body: str) -> KindVerdict | None:
    points = 0
    weighed: list[str] = []
    fitting = [found for one in kind.titles if (found := _find(one, title))]
    if fitting:
        points += _TITLE_POINTS
        weighed.append(fitting[0])
    formulae = [found for one in kind.formulae if (found := _find(one, body))]
    points += min(_MOST_FORMULAE, len(formulae))
    if points < ENOUGH:
        return None
    points -= _AGAINST_POINTS * sum(
        bool(_find(one, title) or _find(one, body)) for one in kind.against
    )
    if points < ENOUGH:
        return None
    score = min(0.98, 0.5 + 0.1 * points)
    words = (*weighed, *formulae[:4])
    return KindVerdict(kind.kind, score, kind, words, points)


def _find(pattern: CompiledPattern, text: str) -> str | None:
    """Return the first match in `text`; `^` and `$` are ends of lines."""
    if not pattern.may_match(text):
        return None
    compiled = compiled_regex(pattern.pattern, lines=True)
    found = compiled.search(text, timeout=PATTERN_SECONDS)
    return found[0] if found else None
