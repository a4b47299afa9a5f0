"""Recognizes what kind of document a draft is, from title and formulae.

Many scopes list whole kinds (会议纪要, 请示, 考察材料, 试卷). A kind is a file in
`lexicons/kinds/`: a title that fits weighs two points, each formula one;
what speaks against it takes two away. Three points make the kind. A kind
that lists clauses gives a finding on the whole draft; others only name it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import regex
from pydantic import BaseModel, ConfigDict, ValidationError

from review.detect.interface import Category, Finding, Severity, Tier
from review.errors import LexiconError
from review.normalize.interface import NormalizedText

ENOUGH: Final = 3
_TITLE_POINTS: Final = 2
_AGAINST_POINTS: Final = 2
_MOST_FORMULAE: Final = 4
_HEAD: Final = 2500
_TAIL: Final = 600
_MARKS: Final = str.maketrans(
    {"：": ":", "，": ",", "；": ";", "（": r"\(", "）": r"\)", "？": r"\?", "！": "!"}
)


class KindFile(BaseModel):
    """One kind of document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    titles: tuple[str, ...]
    formulae: tuple[str, ...]
    against: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    category: Category = "meeting"
    tier: Tier = "work"
    severity: Severity = "review"
    releasable_when: str | None = None
    because: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class KindVerdict:
    """The kind that fits best, and how well (0 to 1)."""

    kind: str
    score: float
    file: KindFile
    weighed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    file: KindFile
    titles: tuple[regex.Pattern[str], ...]
    formulae: tuple[regex.Pattern[str], ...]
    against: tuple[regex.Pattern[str], ...]


class KindDetector:
    """Kinds of document at work on a whole draft."""

    def __init__(self, kinds: Iterable[Mapping[str, Any]]) -> None:
        """Check and compile the kinds.

        Raises:
            LexiconError: A kind breaks the schema or a pattern is wrong.
        """
        self._kinds = tuple(_compile(raw) for raw in kinds)

    def recognize(self, text: NormalizedText) -> KindVerdict | None:
        """Return the best kind of a draft of several passages, or None."""
        seen = [one for one in text.passages if not one.hidden]
        if len(seen) < 2 and not text.title:  # noqa: PLR2004 - one line is no document
            return None
        body = "\n".join(one.text for one in seen)
        part = (
            body if len(body) <= _HEAD + _TAIL else f"{body[:_HEAD]}\n{body[-_TAIL:]}"
        )
        verdicts = [_judge(kind, text.title, part) for kind in self._kinds]
        fitting = [one for one in verdicts if one is not None]
        return max(fitting, key=lambda one: (one.score, one.kind), default=None)

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


def _judge(kind: _Kind, title: str, body: str) -> KindVerdict | None:
    points = 0
    weighed: list[str] = []
    for pattern in kind.titles:
        found = pattern.search(title)
        if found:
            points += _TITLE_POINTS
            weighed.append(found[0])
            break
    matches = [pattern.search(body) for pattern in kind.formulae]
    formulae = [found[0] for found in matches if found]
    points += min(_MOST_FORMULAE, len(formulae))
    points -= _AGAINST_POINTS * sum(
        bool(pattern.search(title) or pattern.search(body)) for pattern in kind.against
    )
    if points < ENOUGH:
        return None
    score = min(0.98, 0.5 + 0.1 * points)
    return KindVerdict(kind.file.kind, score, kind.file, (*weighed, *formulae[:4]))


def _compile(raw: Mapping[str, Any]) -> _Kind:
    try:
        file = KindFile.model_validate(raw)
        return _Kind(
            file,
            _patterns(file.titles),
            _patterns(file.formulae),
            _patterns(file.against),
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise LexiconError(
            f"kinds/{raw.get('kind', '?')}.yaml：{first['loc']} 不符合格式（{first['msg']}）"
        ) from error
    except regex.error as error:
        raise LexiconError(
            f"kinds/{raw.get('kind', '?')}.yaml：正则表达式写错了（{error}）"
        ) from error


def _patterns(patterns: Sequence[str]) -> tuple[regex.Pattern[str], ...]:
    return tuple(
        regex.compile(one.translate(_MARKS), regex.MULTILINE) for one in patterns
    )
