"""The gate: hand in, ask, say what was published; called by sites with their keys."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.deps import address_of
from api.deps_site import AsSite, SiteKeyGiven
from api.metrics import WithMeters
from api.paths import described
from api.schemas.gate import (
    AllowedOut,
    CheckIn,
    GatePublicationIn,
    NotAllowedOut,
    ServedIn,
    SubmissionIn,
    SubmissionOut,
    answer_out,
    submission_out,
)
from api.state import WithDesk, WithKeeper, WithServed
from review.service.gate import calls as gate
from review.service.gate.served import may_serve

router: Final = APIRouter(prefix="/gate", tags=["发布闸口"])

ExternalId = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$",
        description="发布系统自己的编号",
        examples=["news-20261122-01"],
    ),
]


@router.post(
    "/submissions",
    status_code=201,
    summary="送审",
    responses=described(403, 409, 412, 413, 422),
)
def submit(
    said: SubmissionIn, asked: AsSite, response: Response, desk: WithDesk
) -> SubmissionOut:
    """把一件稿件送来审查。同一 external_id 改了内容再送是新的一轮，内容没变就还是原来那一件。"""
    case = gate.submit(
        desk,
        said.submission(asked.site),
        site=asked.site,
        once=asked.once(said.model_dump(mode="json")),
    )
    response.headers["Location"] = f"/api/v1/gate/submissions/{said.external_id}"
    return submission_out(case, said.external_id)


@router.get(
    "/submissions/{external_id}",
    summary="查询送审的进展",
    responses=described(403, 404, 422),
)
def submission(external_id: ExternalId, asked: AsSite, desk: WithDesk) -> SubmissionOut:
    """这个站点自己送审的一件办到哪里了。"""
    case = gate.case_of(desk, site=asked.site, external_id=external_id)
    return submission_out(case, external_id)


@router.post(
    "/check",
    summary="能不能发布",
    response_model=AllowedOut | NotAllowedOut,
    responses=described(403, 413, 422),
)
async def check(
    said: CheckIn,
    key: SiteKeyGiven,
    request: Request,
    desk: WithDesk,
    keeper: WithKeeper,
    meters: WithMeters,
) -> Response:
    """现在能不能在这个渠道发布一字不差的这些内容。答不上来（出错、超时）就是不能发布。"""
    # One thread and back; the framework by itself would take two for the same.
    ask = partial(
        gate.check, desk, keeper, key, said.question(), address=address_of(request)
    )
    answer = await run_in_threadpool(ask)
    meters.count_gate_answer(answer.code or "allowed")
    # Written out here: it is one of the two models already, and need not be read again.
    return Response(answer_out(answer).model_dump_json(), media_type="application/json")


@router.post(
    "/served",
    summary="能不能送出",
    response_model=AllowedOut | NotAllowedOut,
    responses=described(403, 413, 422),
)
async def served(
    said: ServedIn,
    key: SiteKeyGiven,
    request: Request,
    parts: WithServed,
    meters: WithMeters,
) -> Response:
    """发布代理问：这个网址上的这些内容现在能不能送给读者。网页要已登记发布，文件要在许可的稿件里。答不上来就是不能。"""
    ask = partial(
        may_serve,
        parts.installation.desk,
        parts.keeper,
        key,
        said.to_serve(),
        address=address_of(request),
    )
    answer = await run_in_threadpool(ask)
    meters.count_gate_answer(answer.code or "allowed")
    return Response(answer_out(answer).model_dump_json(), media_type="application/json")


@router.post(
    "/publications",
    summary="登记已经发布",
    responses=described(403, 404, 409, 412, 422),
)
def publication(
    said: GatePublicationIn, asked: AsSite, desk: WithDesk
) -> SubmissionOut:
    """发布之后告诉审查系统网址和时间，记入台账。"""
    found = gate.case_of(
        desk, site=asked.site, external_id=said.external_id, number=said.case
    )
    case = gate.publications(
        desk,
        found.number,
        site=asked.site,
        channel=said.channel,
        address=said.address,
        published_at=said.published_at,
        once=asked.once(said.model_dump(mode="json")),
    )
    return submission_out(case, said.external_id)
