"""What a site's editors may see of the findings on their own item: counts, and a line each.

Never the draft's words, nobody's opinion or name, and no lexicon's rule: the draft lies
in the editor's own system, opinions are read by whoever is signed in to this one.
"""

from collections import Counter
from typing import Final, cast, get_args

from pydantic import BaseModel, Field

from review.case.case import Case, Round
from review.case.values import FindingNote, Opinion
from review.case.words import OPINIONS
from review.detect.category_names import CATEGORY_NAMES
from review.detect.interface import Category, Severity, Tier
from review.report import words
from review.spans import Location, Part

MOST_LINES: Final = 20
_GRAVEST: Final[tuple[Severity, ...]] = get_args(Severity)


class FindingLineOut(BaseModel):
    """One finding: how grave, of what kind, where, and what became of it."""

    severity: Severity
    category: str = Field(examples=["personnel"])
    place: str = Field(examples=["正文第3段"])
    opinion: Opinion | None = Field(description="处置意见；还没有处置的为 null")
    line: str = Field(examples=["正文第3段：干部人事（工作秘密），需处置；须删改"])


class FindingsOut(BaseModel):
    """A round's findings in numbers, and the gravest of them a line each."""

    block: int = Field(description="不得公开的疑点数")
    review: int = Field(description="需处置的疑点数")
    notice: int = Field(description="提示数")
    open: int = Field(description="还没有人处置的疑点数")
    gaps: int = Field(description="未能检查的部分数")
    lines: tuple[FindingLineOut, ...] = Field(
        description="从重到轻，最多 20 条；不含稿件原文"
    )


def findings_out(case: Case) -> FindingsOut | None:
    """Return the last round's findings; None before the machine has reported.

    A refusal says nothing of them either: else an incident, which looks like one,
    could be told from it (rule 8).
    """
    last = case.round
    if last.report is None or case.sealed or case.stage == "refused":
        return None
    counts = Counter(one.severity for one in last.findings)
    gravest = sorted(last.findings, key=_grave)[:MOST_LINES]
    return FindingsOut(
        block=counts["block"],
        review=counts["review"],
        notice=counts["notice"],
        open=len(last.open_findings),
        gaps=len(last.report.gaps),
        lines=tuple(_line(last, one) for one in gravest),
    )


def _grave(note: FindingNote) -> int:
    return _GRAVEST.index(cast("Severity", note.severity))


def _line(last: Round, note: FindingNote) -> FindingLineOut:
    said = last.disposition_of(note.id)
    severity = cast("Severity", note.severity)
    what = CATEGORY_NAMES.get(cast("Category", note.category), note.category)
    tier = words.TIERS.get(cast("Tier", note.tier), note.tier)
    place = _place(last, note)
    after = f"；{OPINIONS[said.opinion]}" if said else ""
    return FindingLineOut(
        severity=severity,
        category=note.category,
        place=place,
        opinion=said.opinion if said else None,
        line=f"{place}：{what}（{tier}），{words.SEVERITIES[severity]}{after}",
    )


def _place(last: Round, note: FindingNote) -> str:
    """Return where it stands; an attachment by the name the site gave it."""
    roles = {one.name: one.role for one in last.item.files}
    role = roles.get(note.file)
    if role == "title":
        return "标题"
    where = words.place(
        Location(part=cast("Part", note.part), page=note.page, paragraph=note.paragraph)
    )
    return where if role == "body" else f"附件《{note.file}》{where}"
