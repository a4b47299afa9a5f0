"""Judgements made by hand, for the tests of the figures."""

from review.detect.interface import Finding, Severity
from review.evaluation.data import Labelled, LabelledDraft
from review.evaluation.drafts import Judged
from review.evaluation.judge import METHODS, Judgement, Outcome


def judgement(  # noqa: PLR0913 - what a test says of its passage
    score: float = 0.5,
    *,
    leak: bool,
    flag: bool | None = None,
    clauses: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    overt: bool = False,
    severity: Severity = "review",
    name: str = "P1",
) -> Judgement:
    """Return a judgement; without `flag`, flagged from a score of one half."""
    flagged = score >= 0.5 if flag is None else flag
    found = Finding("lexicon", "r/1", "exam", "work", severity, score, "理由", named)
    return Judgement(
        passage=Labelled(
            id=name,
            text=f"《{name}》的原文",
            sensitive=leak,
            category="exam" if leak else None,
            tier="work" if leak else None,
            clauses=clauses,
            overt=overt,
            variant="plain",
            note=f"{name} 的理由",
        ),
        outcomes=dict.fromkeys(METHODS, Outcome(flag=flagged, score=score)),
        category="exam" if flagged else None,
        tier="work" if flagged else None,
        clauses=named if flagged else (),
        findings=(found,) if flagged else (),
    )


def draft(name: str, *judgements: Judgement, alone: bool = False) -> Judged:
    paragraphs = tuple(one.passage for one in judgements)
    return LabelledDraft(name, f"{name} 的题目", "网站", paragraphs, alone), judgements
