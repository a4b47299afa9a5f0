"""Lays out the review form (信息公开保密审查表), whatever file it becomes."""

from collections.abc import Iterable, Iterator
from typing import Final

from review.paper.file_table import file_table
from review.paper.interface import (
    FIRST_PASS,
    GROUNDS,
    OUTCOMES,
    FinalResult,
    FindingLine,
    LedgerProof,
    MachineScan,
    Opinion,
    Referral,
    ReviewForm,
)
from review.paper.layout import (
    Block,
    Cell,
    Heading,
    Line,
    Row,
    Sheet,
    Table,
    field,
    head,
    label,
    pair,
    value,
    whole,
)
from review.paper.text import BLANK, boxes, clean, cut, day, listed, moment, ordinal

TITLE: Final = "信息公开保密审查表"
_GAPS: Final = (("序号", 2), ("位置", 5), ("原因", 7), ("确认人", 3), ("确认方式", 7))
_FINDINGS: Final = (
    ("序号", 2),
    ("位置", 3),
    ("依据条款", 4),
    ("类别、密级", 3),
    ("标出理由", 5),
    ("处置", 2),
    ("理由、证据、处置人", 5),
)
_EARLIER: Final = (
    ("轮次", 2),
    ("送审日期", 5),
    ("结果", 5),
    ("办结日期", 5),
    ("说明", 7),
)
_CODE_PART: Final = 128
_NOTES: Final = (
    "填表说明：",
    "1. 一事一审：本表只对所列文件的本轮内容有效，内容有任何改动应重新送审。",
    "2. 未经保密审查的信息不得公开；不能确定能否公开的，报保密办审查。",
    "3. 机检只作提示，不代替人工审查；“机检未发现疑点”不等于可以公开。",
    "4. 空白处由相应人员手写补填，签名并注明日期；保密办加盖公章后归档，长期保存。",
)


def review_form_sheet(form: ReviewForm) -> Sheet:
    """Lay the form out: what was handed in, found, said, decided, recorded."""
    return Sheet(
        title=TITLE,
        above=(f"单位：{form.office}", f"编号：{form.number}"),
        blocks=tuple(_numbered(_parts(form))),
        notes=_NOTES,
        foot=f"{form.number}　第{form.round}轮",
        printed_at=form.printed_at,
    )


def _parts(form: ReviewForm) -> Iterator[tuple[str, Table]]:
    yield "送审信息", Table(tuple(_submission(form)))
    yield "送审文件", file_table(form.files)
    yield "机器检查", _scan(form.scan)
    if form.scan is not None and form.scan.gaps:
        yield "未能检查的部分", _gaps(form.scan)
    yield "疑点及处置", _findings(form)
    yield "审查意见", Table(tuple(_opinions(form)))
    yield "审查结果", Table(tuple(_result(form.result)))
    if form.earlier:
        yield "以前各轮", _earlier(form)
    if form.proof is not None:
        yield "审查记录核验", _proof(form, form.proof)


def _numbered(parts: Iterable[tuple[str, Table]]) -> Iterator[Block]:
    for number, (name, table) in enumerate(parts, start=1):
        yield Heading(f"{ordinal(number)}、{name}")
        yield table


def _submission(form: ReviewForm) -> Iterator[Row]:
    yield field("标题", form.title)
    yield pair("送审部门", form.department, "拟稿人", form.drafted_by)
    yield pair("送审人", form.submitted_by, "送审时间", moment(form.submitted_at))
    yield pair("信息来源", form.source, "原文号", form.source_number or "无")
    yield field("公开渠道", listed(form.channels))
    yield pair("拟公开日期", day(form.planned), "审查轮次", f"第{form.round}轮")


def _scan(scan: MachineScan | None) -> Table:
    if scan is None:
        return Table((whole("尚未检查。未经机检和人工审查，不得公开。", "centre"),))
    gaps = f"{len(scan.gaps)}处，见下表" if scan.gaps else "无"
    return Table(
        (
            pair("检查时间", moment(scan.at), "机检结论", scan.verdict),
            pair("疑点数", str(scan.findings), "未能检查项", gaps),
            field(
                "检查版本",
                f"先审 {scan.xianshen}；词库 {scan.lexicons}；模型 {scan.model}",
            ),
        )
    )


def _gaps(scan: MachineScan) -> Table:
    rows = (
        Row(
            (
                value(str(number), 2, "centre"),
                value(one.place, 5),
                value(one.what, 7),
                value(one.acknowledged_by, 3, "centre"),
                value(one.how or "尚未确认", 7),
            )
        )
        for number, one in enumerate(scan.gaps, start=1)
    )
    return Table((head(_GAPS), *rows), 1, small=True)


def _findings(form: ReviewForm) -> Table:
    nothing = "机检未发现疑点" if form.scan is not None else "尚未机检"
    rows = [_finding(one) for one in form.findings] or [whole(nothing, "centre")]
    return Table((head(_FINDINGS), *rows), 1, small=True)


def _finding(one: FindingLine) -> Row:
    weight = (one.tier, one.level, one.severity)
    why = [Line(one.reason)]
    if one.excerpt:
        why.append(Line(f"摘录：{one.excerpt}"))
    return Row(
        (
            value(str(one.number), 2, "centre"),
            value(one.place, 3),
            Cell(tuple(Line(clause) for clause in one.clauses), 4),
            Cell(tuple(Line(text, "centre") for text in weight if text), 3),
            Cell(tuple(why), 5),
            value(one.disposition, 2, "centre"),
            Cell(tuple(_answer(one)), 5),
        )
    )


def _answer(one: FindingLine) -> Iterator[Line]:
    yield Line(one.because)
    if one.evidence:
        yield Line(f"证据：{one.evidence}")
    if one.disposer:
        yield Line(f"处置人：{one.disposer}", "right")


def _opinions(form: ReviewForm) -> Iterator[Row]:
    yield _opinion("部门初审意见", form.first_pass, FIRST_PASS, "初审员签字")
    if form.head is not None:
        yield _opinion("部门负责人意见", form.head, (), "签字")
    yield _opinion("保密办审查意见", form.secrecy_office, OUTCOMES, "签批人签字")
    if form.referral is not None:
        yield _referral(form.referral)
    if form.leader is not None:
        yield _opinion("分管领导意见", form.leader, (), "签字")


def _opinion(
    name: str, opinion: Opinion, options: tuple[str, ...], signature: str
) -> Row:
    """Return who concluded what, with room for the pen where nothing stands."""
    lines = []
    if options or opinion.conclusion:
        lines.append(Line(boxes(options, opinion.conclusion)))
    if options is OUTCOMES or opinion.ground:
        lines.append(Line(f"依据：{boxes(GROUNDS, opinion.ground)}"))
    lines.append(Line(opinion.opinion))
    lines.append(
        Line(f"{signature}：{opinion.name or BLANK * 2}　　{day(opinion.day)}", "right")
    )
    room = 0 if opinion.opinion else 2
    return Row((label(name, 4), Cell(tuple(lines), 20, height=len(lines) + room)))


def _referral(referral: Referral) -> Row:
    number = f"（{referral.number}）" if referral.number else ""
    reply = f"（{referral.answer_number}）" if referral.answer_number else ""
    answered = f"{referral.answered_by or BLANK}　　{day(referral.answered)}"
    return Row(
        (
            label("报请及答复", 4),
            Cell(
                (
                    Line(f"致：{referral.addressee}{number}　{day(referral.sent)}"),
                    Line(f"所问：{referral.question}"),
                    Line(f"答复{reply}：{referral.answer or '尚未答复'}"),
                    Line(f"答复单位：{answered}", "right"),
                ),
                20,
            ),
        )
    )


def _result(result: FinalResult | None) -> Iterator[Row]:
    if result is None:
        yield whole("尚未办结，不得公开。", "centre")
        return
    yield field("审查结果", result.result)
    if result.clearance:
        yield field("公开许可编号", result.clearance)
        span = f"{day(result.valid_from)}至{day(result.valid_until)}"
        yield field("许可有效期", span)
        yield field("准予渠道", listed(result.channels))


def _earlier(form: ReviewForm) -> Table:
    rows = (
        Row(
            (
                value(f"第{one.number}轮", 2, "centre"),
                value(day(one.submitted), 5, "centre"),
                value(one.result, 5, "centre"),
                value(day(one.ended), 5, "centre"),
                value(one.summary, 7),
            )
        )
        for one in form.earlier
    )
    return Table((head(_EARLIER), *rows), 1, small=True)


def _proof(form: ReviewForm, proof: LedgerProof) -> Table:
    lines = (
        Line(f"记录序号：{proof.index}"),
        Line(f"记录链末端摘要：{proof.digest}"),
        Line(f"签名公钥指纹：{proof.key}"),
        Line(proof.verification),
    )
    code = Cell((), 6, code=proof_code(form, proof))
    return Table((Row((Cell(lines, 18), code)),), small=True)


def proof_code(form: ReviewForm, proof: LedgerProof) -> str:
    """Return what the form's QR code says: the same as the lines beside it."""
    parts = (f"{form.number} R{form.round}", str(proof.index), proof.digest, proof.key)
    # A code holds some 2,000 bytes; what these fields mean needs far less.
    return "\n".join(("XIANSHEN/1", *(cut(clean(one), _CODE_PART) for one in parts)))
