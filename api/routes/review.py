"""The steps of a review: gaps, findings, conclusions, decisions; one case a call."""

from typing import Final

from fastapi import APIRouter, Response

from api.deps import Signature, Step
from api.paths import Finding, Gap, Number, described
from api.routes.cases import shown
from api.schemas.cases import (
    AcknowledgmentIn,
    AdditionIn,
    AgreementIn,
    AnswerIn,
    CaseOut,
    DepartmentDecisionIn,
    DispositionIn,
    FirstPassIn,
    IncidentJudgmentIn,
    IncidentReportIn,
    PublicationIn,
    ReferralIn,
    RevocationIn,
    SignOffIn,
)
from api.state import WithDesk
from review.service.cases import incidents, publish, sign_off
from review.service.cases import review as reviewing

router: Final = APIRouter(prefix="/cases/{number}", tags=["办理"])

_ANSWERS: Final = described(403, 404, 409, 412, 422, 428)


@router.put("/gaps/{gap}/acknowledgment", summary="确认未能检查项", responses=_ANSWERS)
def acknowledge(
    number: Number,
    gap: Gap,
    said: AcknowledgmentIn,
    asked: Step,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """说明人工怎样看过机器没能检查的部分。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = reviewing.acknowledge_gap(desk, number, gap, note=said.note, asker=asker)
    return shown(desk, case, response, person=asked.person)


@router.put("/findings/{finding}/disposition", summary="处置疑点", responses=_ANSWERS)
def dispose(
    number: Number,
    finding: Finding,
    said: DispositionIn,
    asked: Step,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """对一个疑点说明怎样处理和理由；每个疑点都要单独处置。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = reviewing.dispose(desk, number, said.judgment(finding), asker=asker)
    return shown(desk, case, response, person=asked.person)


@router.post("/findings", status_code=201, summary="补充疑点", responses=_ANSWERS)
def add_finding(
    number: Number, said: AdditionIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """标出机器没有发现的一处；它与其他疑点一样要单独处置。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = reviewing.add_finding(desk, number, said.addition(), asker=asker)
    return shown(desk, case, response, person=asked.person)


@router.post("/first-pass", summary="初审结论", responses=_ANSWERS)
def conclude(
    number: Number, said: FirstPassIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """部门初审员的结论。"""
    case = reviewing.conclude(
        desk,
        number,
        conclusion=said.conclusion,
        opinion=said.opinion,
        ground=said.ground,
        asker=asked.asker(said.model_dump(mode="json")),
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/endorsement", summary="部门负责人审签", responses=_ANSWERS)
def endorse(
    number: Number, said: AgreementIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """部门负责人同意报保密办，或退回。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = reviewing.endorse(
        desk, number, agreed=said.agreed, opinion=said.opinion, asker=asker
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/department-decision", summary="部门办结一般事项", responses=_ANSWERS)
def finish(
    number: Number,
    said: DepartmentDecisionIn,
    asked: Signature,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """一般事项由部门负责人办结（须政策允许）。"""
    case = sign_off.finish_in_department(
        desk,
        number,
        opinion=said.opinion,
        channels=said.channels,
        asker=asked.asker(said.model_dump(mode="json")),
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/sign-off", summary="终审", responses=_ANSWERS)
def sign(
    number: Number,
    said: SignOffIn,
    asked: Signature,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """保密办终审；同意公开即签发公开许可。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = sign_off.sign_off(desk, number, said.decision(), asker=asker)
    return shown(desk, case, response, person=asked.person)


@router.post("/referral", summary="报请确定或征求意见", responses=_ANSWERS)
def refer(
    number: Number, said: ReferralIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """报请上级或保密行政管理部门确定，或征求来源单位意见。"""
    case = sign_off.refer(
        desk,
        number,
        kind=said.kind,
        to=said.to,
        question=said.question,
        asker=asked.asker(said.model_dump(mode="json")),
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/answer", summary="登记答复", responses=_ANSWERS)
def answer(
    number: Number, said: AnswerIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """登记上级或来源单位的答复，回到终审。"""
    case = sign_off.answer(
        desk,
        number,
        text=said.text,
        document=said.document,
        answered_on=said.answered_on,
        asker=asked.asker(said.model_dump(mode="json")),
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/leader-decision", summary="分管领导审批", responses=_ANSWERS)
def lead(
    number: Number,
    said: AgreementIn,
    asked: Signature,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """分管领导同意，或退回保密办。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = sign_off.lead(
        desk, number, agreed=said.agreed, opinion=said.opinion, asker=asker
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/revocation", summary="撤销公开许可", responses=_ANSWERS)
def revoke(
    number: Number, said: RevocationIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """撤销之后，发布系统再问就是“不能发布”。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = publish.revoke(
        desk, number, cause=said.cause, reason=said.reason, asker=asker
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/publications", summary="登记发布", responses=_ANSWERS)
def publication(
    number: Number, said: PublicationIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """登记在哪里、什么时候公开的。"""
    case = publish.record_publication(
        desk,
        number,
        channel=said.channel,
        address=said.address,
        published_at=said.published_at,
        asker=asked.asker(said.model_dump(mode="json")),
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/incident/judgment", summary="核实涉密事件", responses=_ANSWERS)
def judge(
    number: Number,
    said: IncidentJudgmentIn,
    asked: Step,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """保密办核实稿件上的国家秘密标志是不是真的。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = incidents.judge_incident(
        desk, number, genuine=said.genuine, opinion=said.opinion, asker=asker
    )
    return shown(desk, case, response, person=asked.person)


@router.post("/incident/report", summary="登记涉密事件报告", responses=_ANSWERS)
def report(
    number: Number,
    said: IncidentReportIn,
    asked: Step,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """登记向谁报告、文号是什么。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = incidents.report_incident(
        desk, number, to=said.to, document=said.document, asker=asker
    )
    return shown(desk, case, response, person=asked.person)
