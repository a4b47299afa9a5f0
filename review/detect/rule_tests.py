"""Runs the examples of the rule files, and counts what covers which clause."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from review.detect.compile_lexicon import compile_lexicon
from review.detect.lexicon import Lexicon, ScopeRule
from review.detect.scopes import ScopeDetector
from review.normalize.passages import single_passage
from review.normalize.segment import Segmenter


@dataclass(frozen=True, slots=True)
class FailedExample:
    """An example that the rule judged otherwise than its file says."""

    rule: str
    expected: Literal["flagged", "passing"]
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What the lexicons hold for one listed clause or item."""

    clause: str
    item: int | None
    about: str
    rules: tuple[str, ...]
    terms: int
    patterns: int
    examples: int

    @property
    def empty(self) -> bool:
        """Tell whether nothing covers the row, or something is missing in it."""
        return not self.rules or self.terms == 0 or self.examples == 0


def run_examples(
    lexicon: Lexicon, segmenter: Segmenter, only: str = ""
) -> list[FailedExample]:
    """Run every example of every rule; a passing one counts for its own rule."""
    detector = ScopeDetector(compile_lexicon(lexicon), segmenter)
    failed: list[FailedExample] = []
    for scope in lexicon.scopes:
        if only and only not in scope.id:
            continue
        failed += _run(scope, detector)
    return failed


def _run(scope: ScopeRule, detector: ScopeDetector) -> list[FailedExample]:
    failed: list[FailedExample] = []
    for text in scope.file.examples.flagged:
        discloses, points = _judge(scope, detector, text)
        if not discloses:
            failed.append(FailedExample(scope.id, "flagged", text, points))
    for text in scope.file.examples.passing:
        discloses, points = _judge(scope, detector, text)
        if discloses:
            failed.append(FailedExample(scope.id, "passing", text, points))
    return failed


def _judge(scope: ScopeRule, detector: ScopeDetector, text: str) -> tuple[bool, float]:
    passage = single_passage(text).passages[0]
    mine = [one for one in detector.evidence(passage) if one.rule.id == scope.id]
    points = max((one.points for one in mine), default=0.0)
    return any(one.discloses for one in mine), points


def coverage(lexicon: Lexicon) -> list[CoverageRow]:
    """Return a row for every clause and item that the regulations list."""
    rows: list[CoverageRow] = []
    for regulation in lexicon.regulations:
        for entry in regulation.clauses:
            if not entry.items:
                rules = [one for one in lexicon.scopes if entry.clause in one.clauses]
                rows.append(_row(entry.clause, None, entry.about, rules))
            for number, about in enumerate(entry.items, start=1):
                rules = [
                    one
                    for one in lexicon.scopes
                    if one.file.clause == entry.clause and one.file.item == number
                ]
                rows.append(_row(entry.clause, number, about, rules))
    return rows


def _row(
    clause: str, item: int | None, about: str, rules: Iterable[ScopeRule]
) -> CoverageRow:
    rules = tuple(rules)
    return CoverageRow(
        clause=clause,
        item=item,
        about=about,
        rules=tuple(rule.id for rule in rules),
        terms=sum(len(rule.file.terms) for rule in rules),
        patterns=sum(len(rule.file.disclosure.content) for rule in rules),
        examples=sum(
            len(rule.file.examples.flagged) + len(rule.file.examples.passing)
            for rule in rules
        ),
    )
