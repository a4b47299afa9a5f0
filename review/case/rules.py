"""What is forbidden on a case as it stands, one function a rule.

A rule returns nothing when it is kept and raises when it is broken; the
message says in Chinese what to do instead. Who may act is in `separation`.

The numbers are those of the rules that always hold (contract, 1–9); the
clauses are of the regulations (001 is the college's secrecy regulation,
chapter 9 the review before publication).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from review.case.case import Case, Round
from review.case.people import By
from review.case.policy import Policy
from review.case.request import Addition, Passage
from review.case.values import (
    Channel,
    Conclusion,
    File,
    FindingNote,
    Ground,
    Item,
    Opinion,
    Outcome,
    Published,
)
from review.case.words import CHANNELS
from review.errors import (
    IncompleteError,
    NotPermittedError,
    RefusedError,
    StaleError,
)

_MIN_REASON: Final = 2


def forbid_stale(case: Case, seen: int | None) -> None:
    """Refuse a decision on something that changed meanwhile (rule 7)."""
    if case.version != seen:
        raise StaleError("这一件刚刚有人办理过，请刷新后再决定；您填的内容没有保存。")


def forbid_empty_item(item: Item) -> None:
    """Let every item have a title, a department, a channel, a drafter and a body (001:52)."""
    missing = [
        word
        for word, given in (
            ("标题", item.title.strip()),
            ("部门", item.department.strip()),
            ("拟稿人", item.drafted_by.strip()),
            ("公开方式", item.channels),
            ("正文", [one for one in item.files if one.role == "body"]),
        )
        if not given
    ]
    if missing:
        raise IncompleteError(f"请补齐：{'、'.join(missing)}。")


def forbid_several_bodies(files: Sequence[File]) -> None:
    """Let a case hold one item only (rule 2; 001:49 一事一审)."""
    if sum(one.role == "body" for one in files) > 1:
        raise RefusedError(
            "一件只能有一个正文（一事一审）；其他文件请作为附件或另报一件。"
        )


def forbid_moving_item(case: Case, item: Item) -> None:
    """Keep a new round with the department whose item it is (rule 2)."""
    if item.department != case.item.department:
        raise RefusedError("新一轮送审不能更换部门；属于其他部门的事项请另报一件。")


def forbid_unscanned(case: Case) -> None:
    """Let nobody conclude on a round that the machine has not finished (rule 1)."""
    if case.round.report is None:
        raise IncompleteError("机检还没有完成，请稍候。")


def forbid_second_scan(case: Case, contents: str) -> None:
    """Take one report a round, and only on the contents handed in for it (rules 1 and 7)."""
    if case.stage != "scanning" or case.item.contents != contents:
        raise StaleError("这一轮已有机检报告，或稿件已更新。")


def forbid_unknown_place(found: object | None, word: str) -> None:
    """Refuse words about a finding or gap that this round's report does not have (rule 2)."""
    if found is None:
        raise RefusedError(
            f"本轮机检报告里没有这一{word}，请重新查看这一件，按列出的编号处置。"
        )


def forbid_marking_nothing(addition: Addition, passage: Passage) -> None:
    """Mark as a finding only words that stand in the draft (rules 2 and 6)."""
    inside = 0 <= addition.start < addition.end <= len(passage.text)
    if not inside or not passage.text[addition.start : addition.end].strip():
        raise RefusedError("没有选中稿件里的文字，请刷新后重新选择要标出的文字。")


def forbid_marking_twice(case: Case, addition: Addition, passage: Passage) -> None:
    """Mark the same words for the same matter once (rule 3: each finding its disposition)."""
    wanted = (addition.start, addition.end, addition.category)
    added = (
        (one.start, one.end, one.note.category)
        for one in case.round.added
        if (one.file, one.passage) == (addition.file, addition.passage)
    )
    if wanted in {*passage.found, *added}:
        raise RefusedError("这一处已经标为同类疑点，请直接处置，不必重复补充。")


def forbid_adding_marking(addition: Addition) -> None:
    """Keep a genuine marking an incident and not one finding among others (rule 8; 001:74)."""
    if addition.category == "marking":
        raise RefusedError(
            "密级标志不能作为疑点补充：稿件上的标志如果是真的，请停止办理并立即报告保密办。"
        )


def forbid_unacknowledged_gaps(case: Case) -> None:
    """Let no gap pass that nobody has looked at (rule 1)."""
    if case.round.open_gaps:
        count = len(case.round.open_gaps)
        raise IncompleteError(
            f"还有 {count} 处未能检查，请人工查看后逐处确认，再下结论。"
        )


def forbid_undisposed_findings(case: Case) -> None:
    """Ask for a disposition of every finding before the conclusion (rule 3)."""
    if case.round.open_findings:
        count = len(case.round.open_findings)
        raise IncompleteError(
            f"还有 {count} 个疑点没有处置意见，请逐个处置后再下结论。"
        )


def forbid_blank(text: str, word: str) -> None:
    """Ask for a reason in words wherever something is decided (rules 3 and 6; 001:52(4))."""
    if len(text.strip()) < _MIN_REASON:
        raise IncompleteError(f"请填写{word}。")


def forbid_unproven_publication(published: Published | None) -> None:
    """Ask who says “already published” for the document number or address (rule 3)."""
    if published is not None and not published.value.strip():
        raise IncompleteError("认为内容已经公开的，请填写公开文号或网址作为依据。")


def forbid_release_without_condition(
    finding: FindingNote, published: Published | None
) -> None:
    """Take “already published” only where the clause has a release condition (rule 3)."""
    if published is not None and not finding.releasable:
        raise RefusedError(
            "这一条款没有“公开后可发”的规定，不能以已公开为由，请写明不涉密的理由。"
        )


def forbid_dismissing_state_marking(
    finding: FindingNote, opinion: Opinion, by: By
) -> None:
    """Keep the department from dismissing a state-secret marking (rule 3; 001:51(1))."""
    dismissed = opinion == "not_sensitive" and by.post != "office"
    if dismissed and finding.is_state_marking:
        raise NotPermittedError(
            "国家秘密标志只能由保密办认定，请选“须删改”或“存疑”并报保密办。"
        )


def forbid_agreeing_over_findings(case: Case, conclusion: Conclusion) -> None:
    """Let the conclusion follow from the dispositions (rules 3 and 4; 001:52(2)).

    Who calls one finding uncertain cannot agree: 不能确定的报保密办. Who wants
    something changed cannot agree to it as it stands.
    """
    opinions = _last_opinions(case)
    if conclusion == "agree" and "must_change" in opinions:
        raise RefusedError("有疑点须删改，不能拟同意；请选“须修改”，改好后再送一轮。")
    if conclusion == "agree" and "uncertain" in opinions:
        raise RefusedError("有疑点存疑，不能拟同意；不能确定的请选“存疑报保密办”。")


def forbid_agreeing_to_unreadable(case: Case, conclusion: Conclusion) -> None:
    """Keep what can't be read from being agreed to; it can only be changed or refused."""
    if conclusion in {"agree", "uncertain"} and _unreadable(case):
        raise RefusedError(
            "有文件无法读取，读不出来的不能公开；请换成可读的文件后再送一轮。"
        )


def forbid_groundless_refusal(
    outcome: Outcome | Conclusion, ground: Ground | None
) -> None:
    """Ask every refusal and every partial release for its ground (rule 4; 001:51)."""
    if outcome in {"refuse", "partial"} and ground is None:
        raise IncompleteError(
            "不予公开、部分公开的，请选依据：国家秘密、工作秘密、商业秘密、个人隐私或其他。"
        )


def forbid_clearing_without_first_pass(case: Case) -> None:
    """Clear nothing that the item's own department has not concluded on (rule 1; 001:52(1))."""
    said = case.round.first_pass
    if said is None or said.by.department != case.item.department:
        raise RefusedError("本部门还没有完成初审，不能同意公开。")


def forbid_clearing_over_findings(case: Case) -> None:
    """Clear no round in which a finding still stands (rules 3 and 4).

    What the department called uncertain, what must not go out as it stands and a
    state secret's marking count as settled only by the office's own disposition.
    """
    count = len(standing(case))
    if count:
        raise IncompleteError(
            f"还有 {count} 个疑点须保密办给出“不涉密”的处置意见和理由，才能同意公开。"
        )


def forbid_clearing_unreadable(case: Case) -> None:
    """Clear nothing that could not be read: the machine has not seen it (rule 1)."""
    report = case.round.report
    if report is None or report.canonical is None or _unreadable(case):
        raise RefusedError("有文件无法读取，不能同意公开；请退回部门换成可读的文件。")


def forbid_channels_not_asked(case: Case, channels: Sequence[Channel]) -> None:
    """Clear an item for channels that it asked for, and for one at least (rule 2)."""
    if not channels:
        raise IncompleteError("请选择同意的公开方式。")
    extra = [CHANNELS[one] for one in channels if one not in case.item.channels]
    if extra:
        raise RefusedError(f"送审时没有申请：{'、'.join(extra)}；需要的话请另送一轮。")


def forbid_missing_leader(case: Case) -> None:
    """Clear nothing before the leader in charge agreed, where the policy asks it (rule 1)."""
    if case.stage != "clearing":
        raise RefusedError("签批手续还没有办完，不能发给公开许可。")


def forbid_fast_lane(case: Case, policy: Policy) -> None:
    """Let a department finish alone only general items, where the policy says so (001:52(1)).

    General means that the machine found nothing to dispose of, could examine
    everything, that nobody was ever uncertain, and that the channels are among
    those the policy names.
    """
    if not policy.fast_lane.enabled:
        raise NotPermittedError("本单位没有开通一般事项快速办理，请报保密办终审。")
    report = case.round.report
    general = (
        report is not None
        and not report.gaps
        and not _too_severe(case.round, policy)
        and set(case.item.channels) <= set(policy.fast_lane.channels)
        and case.item.source.kind == "own"
        and all(one.opinion != "uncertain" for one in case.round.dispositions)
    )
    if not general or _concluded_otherwise(case):
        raise NotPermittedError("这一件不是一般事项，请报保密办终审。")


def forbid_uncleared_publication(
    case: Case, channel: Channel, published_at: datetime
) -> None:
    """Record no publication outside the clearance's channels and days (rules 1 and 2)."""
    grant = case.grant
    if grant is None or grant.ended == "revoked" or channel not in grant.channels:
        raise RefusedError(
            "这一公开方式没有得到许可；如已发布，请立即撤下并报告保密办。"
        )
    if not grant.valid_from <= published_at < grant.valid_until:
        raise RefusedError(
            "发布时间不在公开许可的有效期内；如已发布，请立即撤下并报告保密办。"
        )


def forbid_future(at: datetime, now: datetime) -> None:
    """Record as happened only what has happened (rule 6)."""
    if at > now:
        raise RefusedError("时间不能晚于现在，请核对。")


def forbid_future_day(day: date, today: date) -> None:
    """Record as answered only what has been answered (rule 6)."""
    if day > today:
        raise RefusedError("日期不能晚于今天，请核对。")


def forbid_early_expiry(case: Case, at: datetime) -> None:
    """Let a clearance run out only at its end, and once (rule 9: nothing by itself)."""
    grant = case.grant
    if grant is None or grant.ended is not None or at < grant.valid_until:
        raise RefusedError("公开许可还没有到期。")


def forbid_double_revocation(case: Case) -> None:
    """Take back a clearance that is in force or was used, once (rule 6)."""
    if case.grant is None or case.grant.ended == "revoked":
        raise RefusedError("没有可以撤销的公开许可。")


def forbid_early_purge(case: Case, at: datetime, due: datetime | None) -> None:
    """Purge contents only by policy, after the case was closed, and once (rule 6)."""
    if case.purged or due is None or at < due:
        raise RefusedError("稿件内容还在保存期内，不能清除。")


def forbid_second_incident(case: Case) -> None:
    """Open an incident only where the round's report shows a genuine marking, once (rule 8)."""
    report = case.round.report
    if report is None or not report.has_genuine_marking:
        raise RefusedError("本轮没有发现国家秘密标志。")
    if case.incident is not None and case.incident.round == case.round.number:
        raise RefusedError("本轮的国家秘密标志已作为涉密事件记录，不必再次记录。")


def standing(case: Case) -> tuple[str, ...]:
    """Return the ids of the round's findings that still stand against clearing it."""
    return tuple(
        one.id
        for one in case.round.findings
        if one.needs_disposition and not _settled(case, one)
    )


def _last_opinions(case: Case) -> frozenset[Opinion]:
    said = (case.round.disposition_of(one.id) for one in case.round.findings)
    return frozenset(one.opinion for one in said if one is not None)


def _settled(case: Case, finding: FindingNote) -> bool:
    said = [one for one in case.round.dispositions if one.finding == finding.id]
    if not said or said[-1].opinion != "not_sensitive":
        return False
    needs_office = (
        finding.severity == "block"
        or finding.is_state_marking
        or any(one.opinion == "uncertain" for one in said)
    )
    return not needs_office or said[-1].by.post == "office"


def _unreadable(case: Case) -> bool:
    report = case.round.report
    return report is not None and any(one.unreadable for one in report.gaps)


def _too_severe(last: Round, policy: Policy) -> bool:
    if policy.fast_lane.most_severe == "none":
        return bool(last.findings)
    return any(one.needs_disposition for one in last.findings)


def _concluded_otherwise(case: Case) -> bool:
    said = case.round.first_pass
    return said is not None and said.conclusion != "agree"
