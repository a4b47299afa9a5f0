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
from review.detect.literals import required_words
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
    points: int = 0


@dataclass(frozen=True, slots=True)
class _Formula:
    """A pattern, and the sets of words of which each match holds one."""

    regex: regex.Pattern[str]
    required: tuple[frozenset[str], ...]

    def find(self, text: str) -> str | None:
        """Return the first match in `text`."""
        for words in self.required:
            if not any(word in text for word in words):
                return None
        found = self.regex.search(text)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Kind:
    file: KindFile
    titles: tuple[_Formula, ...]
    formulae: tuple[_Formula, ...]
    against: tuple[_Formula, ...]


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


def _rank(verdict: KindVerdict) -> tuple[int, bool, str]:
    """Order verdicts: by points; where they tie, a kind that may be published."""
    return (verdict.points, not verdict.file.clauses, verdict.kind)


def _judge(kind: _Kind, title: str, body: str) -> KindVerdict | None:
    points = 0
    weighed: list[str] = []
    fitting = [found for one in kind.titles if (found := one.find(title))]
    if fitting:
        points += _TITLE_POINTS
        weighed.append(fitting[0])
    formulae = [found for one in kind.formulae if (found := one.find(body))]
    points += min(_MOST_FORMULAE, len(formulae))
    if points < ENOUGH:
        return None
    points -= _AGAINST_POINTS * sum(
        bool(one.find(title) or one.find(body)) for one in kind.against
    )
    if points < ENOUGH:
        return None
    score = min(0.98, 0.5 + 0.1 * points)
    words = (*weighed, *formulae[:4])
    return KindVerdict(kind.file.kind, score, kind.file, words, points)


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


def _patterns(patterns: Sequence[str]) -> tuple[_Formula, ...]:
    return tuple(_formula(one.translate(_MARKS)) for one in patterns)


def _formula(pattern: str) -> _Formula:
    compiled = regex.compile(pattern, regex.MULTILINE)
    return _Formula(compiled, required_words(pattern))
