"""The forms of one case, filled from the record (审查表, 事件报告表, 请示与征求意见函)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from review import clock
from review.case.case import Case, Round
from review.case.values import (
    Endorsement,
    FindingNote,
    FirstPass,
    Item,
    LeaderDecision,
    Referral,
    SignOff,
)
from review.case.words import (
    CHANNELS,
    CONCLUSIONS,
    EVIDENCE,
    GROUNDS,
    OPINIONS,
    OUTCOMES,
    POSTS,
    SOURCES,
    STAGES,
)
from review.errors import NotFoundError
from review.paper import interface as paper
from review.report.words import LEVELS, SEVERITIES, TIERS, VERDICTS
from review.service.cases import look
from review.service.desk import Desk
from review.spans import PART_WORDS

_SHORT: Final = 12
_GAP_WORDS: Final = {
    "encrypted": "文件加密，无法读取",
    "corrupt": "文件损坏，无法读取",
    "too_large": "超过大小限制",
    "timeout": "超过时间限制",
    "unsupported": "格式不支持",
    "bomb": "压缩比异常",
    "image_without_text": "图片里的文字",
}


def form_number(number: str) -> str:
    """Return a case number as papers write it: 审〔2026〕000123号."""
    year, _, running = number.partition("-")
    return f"审〔{year}〕{running}号"


def review_form(desk: Desk, number: str, *, person: str) -> paper.ReviewForm:
    """Return the review form of the case's last round (信息公开保密审查表)."""
    case = look.permit_contents(desk, number, person=person)
    last, item = case.round, case.item
    full = {} if case.purged else _findings_in_full(desk, case, person)
    return paper.ReviewForm(
        office=desk.office.name,
        number=form_number(number),
        title=case.open_title,
        department=item.department,
        drafted_by=item.drafted_by,
        submitted_by=last.by.name,
        submitted_at=last.at,
        source=SOURCES[item.source.kind],
        source_number=item.source.origin or "",
        channels=tuple(CHANNELS[one] for one in item.channels),
        planned=item.planned_on,
        round=last.number,
        files=files_of(item),
        scan=_scan(last),
        findings=tuple(
            _finding(place, one, last, full)
            for place, one in enumerate(last.findings, start=1)
        ),
        first_pass=_first_pass(last),
        head=_agreement(last.endorsement, back="退回初审"),
        secrecy_office=_office(last.sign_off),
        referral=_referral(case),
        leader=_agreement(last.leader, back="退回保密办"),
        result=_result(case),
        earlier=tuple(_earlier(one) for one in case.rounds[:-1]),
        proof=_proof(desk),
        printed_at=desk.now(),
    )


def incident_report(desk: Desk, number: str, *, person: str) -> paper.IncidentReport:
    """Return the incident report as far as the record can fill it (001:74, 75).

    Raises:
        NotFoundError: There is no incident in this case.
    """
    case = look.permit_contents(desk, number, person=person)
    incident = case.incident
    if incident is None:
        raise NotFoundError("这一件没有涉密事件。")
    found = [one for one in _noted(case.round) if one.id in incident.findings]
    kept = "已从系统清除" if case.purged else "已封存，仅保密办可以查看"
    files = [one for one in case.item.files if one.role != "title"]
    return paper.IncidentReport(
        kind="泄密隐患",
        number=form_number(number),
        office=desk.office.name,
        addressee="上级保密行政管理部门",
        discovered_at=incident.opened_at,
        discovered_place="信息公开保密审查系统（送审时机检发现）",
        deadline=incident.report_due,
        course=_course(case, len(found), kept),
        responsible=(
            paper.Responsible(
                name=case.round.by.name,
                post=POSTS[case.round.by.post],
                department=case.item.department,
            ),
        ),
        matters=tuple(_matter(one) for one in found),
        facts=(
            *(f"文件 {one.name}，SHA-256 {one.digest}" for one in files),
            f"处置：稿件内容{kept}",
        ),
        reported_at=incident.closed_at,
        printed_at=desk.now(),
    )


def _course(case: Case, found: int, kept: str) -> str:
    at = clock.stamp(case.round.at)[:16].replace("T", " ")
    return (
        f"{at}，{case.item.department}上传拟公开稿件，机检发现国家秘密标志 {found} 处，"
        f"系统随即停止审查；稿件内容{kept}，没有对外公开。"
    )


def _matter(note: FindingNote) -> paper.SecretMatter:
    return paper.SecretMatter(
        name="（由保密办填写）",
        contents=f"{note.file} 的{_word(PART_WORDS, note.part)}",
        level=_level(note),
        quantity="1 处",
    )


def referral_letter(desk: Desk, number: str, *, person: str) -> paper.ReferralLetter:
    """Return the letter that puts the case's last question.

    Raises:
        NotFoundError: Nothing was asked.
    """
    case = look.permit_contents(desk, number, person=person)
    if not case.referrals:
        raise NotFoundError("这一件没有报请或征求意见。")
    asked = case.referrals[-1]
    upward = asked.kind == "refer_upward"
    sent = clock.china_date(asked.at)
    return paper.ReferralLetter(
        kind="请示" if upward else "征求意见函",
        number="",
        office=desk.office.name,
        addressee=asked.to,
        case=form_number(number),
        title=case.open_title,
        question=asked.question,
        day=sent,
        answer_by=desk.days.add(sent, desk.policy.deadlines.answer),
        printed_at=desk.now(),
    )


def files_of(item: Item) -> tuple[paper.FileLine, ...]:
    """Return the files of an item as papers list them."""
    return tuple(
        paper.FileLine(
            name=one.name,
            size=one.size,
            sha256=one.digest,
            role="正文" if one.role == "body" else "附件",
        )
        for one in item.files
        if one.role != "title"
    )


def _noted(one: Round) -> tuple[FindingNote, ...]:
    return one.report.findings if one.report else ()


def _findings_in_full(
    desk: Desk, case: Case, person: str
) -> Mapping[str, dict[str, Any]]:
    if case.round.report is None:
        return {}
    full = look.marked_report_of(desk, case.number, person=person)
    return {one["id"]: one for file in full["files"] for one in file["findings"]}


def _scan(one: Round) -> paper.MachineScan | None:
    report, at = one.report, one.scanned_at
    if report is None or at is None:
        return None
    seen = {each.gap: each for each in one.acknowledgments}
    return paper.MachineScan(
        at=at,
        verdict=_word(VERDICTS, report.verdict),
        findings=len(report.findings),
        xianshen=report.xianshen,
        lexicons=report.lexicons[:_SHORT],
        model=report.model[:_SHORT],
        gaps=tuple(
            paper.GapLine(
                place=f"{gap.file} {_word(PART_WORDS, gap.part)}",
                what=_GAP_WORDS.get(gap.code, "没有检查"),
                acknowledged_by=seen[gap.id].by.name if gap.id in seen else "",
                how=seen[gap.id].note if gap.id in seen else "",
            )
            for gap in report.gaps
        ),
    )


def _finding(
    place: int, note: FindingNote, one: Round, full: Mapping[str, dict[str, Any]]
) -> paper.FindingLine:
    said = one.disposition_of(note.id)
    page = f" 第 {note.page} 页" if note.page else ""
    evidence = ""
    if said is not None and said.published is not None:
        evidence = f"{EVIDENCE[said.published.kind]}：{said.published.value}"
    return paper.FindingLine(
        number=place,
        place=f"{note.file} {_word(PART_WORDS, note.part)}{page}",
        clauses=tuple(full[note.id]["clause_names"])
        if note.id in full
        else note.clauses,
        tier=_word(TIERS, note.tier),
        severity=_word(SEVERITIES, note.severity),
        level=_level(note),
        reason=_reason(note, one, full),
        disposition=OPINIONS[said.opinion] if said else "",
        disposer=f"{said.by.name}（{POSTS[said.by.post]}）" if said else "",
        because=said.reason if said else "",
        evidence=evidence,
    )


def _reason(note: FindingNote, one: Round, full: Mapping[str, dict[str, Any]]) -> str:
    """Return why it was marked; what a person wrote of it stays when the draft is gone."""
    marked = next((each for each in one.added if each.note.id == note.id), None)
    if marked is not None:
        return f"人工补充（{marked.by.name}）：{marked.reason}"
    return full[note.id]["reason"] if note.id in full else "（稿件内容已清除）"


def _first_pass(one: Round) -> paper.Opinion:
    said = one.first_pass
    return _opinion(said, CONCLUSIONS[said.conclusion]) if said else paper.Opinion()


def _office(said: SignOff | None) -> paper.Opinion:
    return _opinion(said, OUTCOMES[said.outcome]) if said else paper.Opinion()


def _opinion(said: FirstPass | SignOff, conclusion: str) -> paper.Opinion:
    ground = GROUNDS[said.ground] if said.ground else ""
    return replace(_word_of(said, conclusion), ground=ground)


def _agreement(
    said: Endorsement | LeaderDecision | None, *, back: str
) -> paper.Opinion | None:
    """Return who agreed or sent the round `back`; nothing where nobody was asked."""
    return _word_of(said, "同意" if said.agreed else back) if said else None


def _word_of(
    said: FirstPass | SignOff | Endorsement | LeaderDecision, conclusion: str
) -> paper.Opinion:
    return paper.Opinion(
        conclusion=conclusion,
        opinion=said.opinion,
        name=said.by.name,
        day=clock.china_date(said.at),
    )


def _referral(case: Case) -> paper.Referral | None:
    if not case.referrals:
        return None
    asked: Referral = case.referrals[-1]
    return paper.Referral(
        addressee=asked.to,
        question=asked.question,
        sent=clock.china_date(asked.at),
        answer=asked.answer or "",
        answer_number=asked.answer_document or "",
        answered_by=asked.to if asked.answer else "",
        answered=asked.answered_on,
    )


def _result(case: Case) -> paper.FinalResult | None:
    grant = case.grant
    if grant is not None and grant.round == case.round.number:
        return paper.FinalResult(
            result=STAGES[case.stage],
            clearance=grant.id,
            valid_from=clock.china_date(grant.valid_from),
            valid_until=clock.china_date(grant.valid_until),
            channels=tuple(CHANNELS[one] for one in grant.channels),
        )
    ended = {"refused", "withdrawn", "incident_closed"}
    return paper.FinalResult(result=STAGES[case.stage]) if case.stage in ended else None


def _earlier(one: Round) -> paper.EarlierRound:
    said = one.sign_off or one.first_pass
    if one.sign_off is not None:
        word = OUTCOMES[one.sign_off.outcome]
    elif one.first_pass is not None:
        word = CONCLUSIONS[one.first_pass.conclusion]
    else:
        word = "已有新版本"
    return paper.EarlierRound(
        number=one.number,
        submitted=clock.china_date(one.at),
        result=word,
        ended=clock.china_date(said.at) if said else None,
        summary=said.opinion if said else "",
    )


def _proof(desk: Desk) -> paper.LedgerProof | None:
    with desk.store.reading() as records:
        last = records.last_heads(1)
    if not last:
        return None
    head = last[0]
    return paper.LedgerProof(
        index=head.index,
        digest=head.digest,
        key=head.key,
        verification="核验：xianshen records verify --head 后接上面的摘要",
    )


def _level(note: FindingNote) -> str:
    return _word(LEVELS, note.level) if note.level else ""


def _word(words: Mapping[Any, str], code: str) -> str:
    return words.get(code, code)
