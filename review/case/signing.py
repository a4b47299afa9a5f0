"""The decision: the office's sign-off, its questions to others, the leader's word."""

from datetime import date
from typing import Literal

from review import clock
from review.case import authority, rules
from review.case.case import Case
from review.case.events import Answered, LeaderDecided, Referred, SignedOff
from review.case.policy import Policy
from review.case.request import Decision, Request
from review.case.values import Channel
from review.errors import RefusedError


def sign_off(case: Case, request: Request, decision: Decision) -> SignedOff:
    """Decide for the secrecy office on one round of one case (终审)."""
    by = authority.require("sign_off", request, case)
    rules.forbid_unscanned(case)
    rules.forbid_blank(decision.opinion, "终审意见")
    rules.forbid_groundless_refusal(decision.outcome, decision.ground)
    cleared = decision.outcome == "clear"
    channels = decision.channels if cleared else ()
    if cleared:
        _forbid_clearing(case, channels)
    return SignedOff(
        at=request.at,
        by=by,
        round=case.round.number,
        outcome=decision.outcome,
        opinion=decision.opinion,
        ground=decision.ground,
        clauses=decision.clauses,
        channels=channels,
        needs_leader=cleared and needs_leader(case, channels, request.policy),
    )


def finish_in_department(
    case: Case,
    request: Request,
    *,
    opinion: str,
    channels: tuple[Channel, ...],
) -> SignedOff:
    """Let the department head finish a general item (001:52(1); off by default)."""
    by = authority.require("finish_in_department", request, case)
    rules.forbid_fast_lane(case, request.policy)
    rules.forbid_blank(opinion, "审签意见")
    _forbid_clearing(case, channels)
    return SignedOff(
        at=request.at,
        by=by,
        round=case.round.number,
        outcome="clear",
        opinion=opinion,
        channels=channels,
        fast_lane=True,
        needs_leader=needs_leader(case, channels, request.policy),
    )


def refer(
    case: Case,
    request: Request,
    *,
    kind: Literal["refer_upward", "ask_source"],
    to: str,
    question: str,
) -> Referred:
    """Ask a superior, the secrecy administration or the source unit (001:52(2))."""
    by = authority.require("refer", request, case)
    rules.forbid_blank(to, "报送或征求意见的单位")
    rules.forbid_blank(question, "请示或征求意见的问题")
    return Referred(
        at=request.at,
        by=by,
        round=case.round.number,
        kind=kind,
        to=to,
        question=question,
    )


def answer(
    case: Case,
    request: Request,
    *,
    text: str,
    document: str,
    answered_on: date,
) -> Answered:
    """Put the answer on record; the office decides after it."""
    by = authority.require("answer", request, case)
    rules.forbid_blank(text, "答复的内容")
    rules.forbid_blank(document, "答复的文号或经办人")
    rules.forbid_future_day(answered_on, clock.china_date(request.at))
    return Answered(
        at=request.at,
        by=by,
        round=case.round.number,
        answer=text,
        document=document,
        answered_on=answered_on,
    )


def lead(
    case: Case,
    request: Request,
    *,
    agreed: bool,
    opinion: str,
) -> LeaderDecided:
    """Give the leader's word: agreed, or back to the office."""
    by = authority.require("lead", request, case)
    rules.forbid_blank(opinion, "分管领导意见")
    return LeaderDecided(
        at=request.at, by=by, round=case.round.number, agreed=agreed, opinion=opinion
    )


def needs_leader(case: Case, channels: tuple[Channel, ...], policy: Policy) -> bool:
    """Tell whether the policy asks for the leader in charge, too."""
    wanted = policy.leader_signs
    tiers = {one.tier for one in case.round.findings if one.needs_disposition}
    return bool(
        set(channels) & set(wanted.channels)
        or tiers & set(wanted.tiers)
        or (wanted.after_answer and case.referrals)
    )


def against_clearing(case: Case, channels: tuple[Channel, ...]) -> str | None:
    """Return in Chinese what stands against 同意公开 on these channels; None if nothing does."""
    try:
        _forbid_clearing(case, channels)
    except RefusedError as refusal:
        return refusal.message
    return None


def _forbid_clearing(case: Case, channels: tuple[Channel, ...]) -> None:
    rules.forbid_clearing_without_first_pass(case)
    rules.forbid_clearing_unreadable(case)
    rules.forbid_unacknowledged_gaps(case)
    rules.forbid_clearing_over_findings(case)
    rules.forbid_channels_not_asked(case, channels)
