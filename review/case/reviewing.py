"""The department's review of a round: gaps, findings, conclusion, the head's word."""

from review.case import authority, rules
from review.case.case import Case
from review.case.events import (
    Endorsed,
    FindingDisposed,
    FirstPassConcluded,
    GapAcknowledged,
)
from review.case.request import Judgment, Request
from review.case.values import Conclusion, Ground
from review.errors import RefusedError


def acknowledge_gap(
    case: Case,
    request: Request,
    gap: str,
    *,
    note: str,
) -> GapAcknowledged:
    """Say that a person looked at what the machine could not examine, and how."""
    by = authority.require("acknowledge", request, case)
    rules.forbid_unscanned(case)
    report = case.round.report
    rules.forbid_unknown_place(report.gap(gap) if report else None, "未能检查项")
    rules.forbid_blank(note, "怎样人工查看、看到了什么")
    return GapAcknowledged(
        at=request.at, by=by, round=case.round.number, gap=gap, note=note
    )


def dispose(case: Case, request: Request, judgment: Judgment) -> FindingDisposed:
    """Say of one finding what becomes of it, and why (处置意见)."""
    by = authority.require("dispose", request, case)
    rules.forbid_unscanned(case)
    note = case.round.finding(judgment.finding)
    rules.forbid_unknown_place(note, "疑点")
    rules.forbid_blank(judgment.reason, "处置的理由")
    rules.forbid_unproven_publication(judgment.published)
    if note is not None:
        rules.forbid_release_without_condition(note, judgment.published)
        rules.forbid_dismissing_state_marking(note, judgment.opinion, by)
    return FindingDisposed(
        at=request.at,
        by=by,
        round=case.round.number,
        finding=judgment.finding,
        opinion=judgment.opinion,
        reason=judgment.reason,
        published=judgment.published,
    )


def conclude(
    case: Case,
    request: Request,
    *,
    conclusion: Conclusion,
    opinion: str,
    ground: Ground | None = None,
) -> FirstPassConcluded:
    """Conclude the first pass: 拟同意, 须修改, 存疑报保密办 or 不予公开."""
    by = authority.require("conclude", request, case)
    _forbid_concluding(case, conclusion)
    rules.forbid_groundless_refusal(conclusion, ground)
    rules.forbid_blank(opinion, "初审意见")
    return FirstPassConcluded(
        at=request.at,
        by=by,
        round=case.round.number,
        conclusion=conclusion,
        opinion=opinion,
        ground=ground,
        to_head=request.policy.head_must_endorse
        or (conclusion == "agree" and request.policy.fast_lane.enabled),
    )


def against_concluding(case: Case, conclusion: Conclusion) -> str | None:
    """Return in Chinese what stands against that conclusion now; None if nothing does."""
    try:
        _forbid_concluding(case, conclusion)
    except RefusedError as refusal:
        return refusal.message
    return None


def endorse(
    case: Case,
    request: Request,
    *,
    agreed: bool,
    opinion: str,
) -> Endorsed:
    """Give the department head's word: on to the office, or back to the first pass."""
    by = authority.require("endorse", request, case)
    rules.forbid_blank(opinion, "部门负责人意见")
    return Endorsed(
        at=request.at, by=by, round=case.round.number, agreed=agreed, opinion=opinion
    )


def _forbid_concluding(case: Case, conclusion: Conclusion) -> None:
    rules.forbid_unscanned(case)
    rules.forbid_unacknowledged_gaps(case)
    rules.forbid_undisposed_findings(case)
    rules.forbid_agreeing_over_findings(case, conclusion)
    rules.forbid_agreeing_to_unreadable(case, conclusion)
