"""What a case holds: the machine's report, the files, changes, history, the clearance."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Path, Response, UploadFile
from pydantic import BaseModel, Field

from api.deps import SignedIn
from api.downloads import disposition, file_of
from api.paths import Number, RoundNumber, described
from api.state import WithDesk
from review import digests
from review.case.people import By
from review.contents.compare import Comparison
from review.service.cases import clearances, downloads, look
from review.service.cases.look import Earlier
from review.service.record import records
from review.service.record.records import KIND_WORDS

router: Final = APIRouter(prefix="/cases/{number}", tags=["稿件与记录"])

_BYTES: Final = "application/octet-stream"

FileName = Annotated[str, Path(min_length=1, max_length=255, description="文件名")]


class EntryOut(BaseModel):
    """One entry of the ledger on this case."""

    index: int
    at: datetime
    kind: str
    kind_word: str
    by: By
    version: int | None
    digest: str = Field(description="记录链上这一条的摘要")


class ClearanceOut(BaseModel):
    """A clearance with its token, which anyone can check offline."""

    case: str
    round: int
    token: str = Field(description="公开许可（JWS）")


@router.get(
    "/rounds/{round_number}/report",
    summary="机检报告全文",
    responses=described(403, 404, 410),
)
def report(
    number: Number, round_number: RoundNumber, signed: SignedIn, desk: WithDesk
) -> dict[str, Any]:
    """机器对一轮稿件的完整报告，含稿件原文的摘录。"""
    return look.report_of(desk, number, person=signed.person, round_number=round_number)


@router.get(
    "/rounds/{round_number}/files/{name}",
    summary="下载稿件原文件",
    response_class=Response,
    responses={
        **described(403, 404, 410),
        **file_of(_BYTES),
    },
)
def file(
    number: Number,
    round_number: RoundNumber,
    name: FileName,
    signed: SignedIn,
    desk: WithDesk,
) -> Response:
    """按送审时的样子下载，浏览器不会直接打开；谁下载了什么，写进审查记录。"""
    one, data = downloads.download(
        desk, number, name, person=signed.person, round_number=round_number
    )
    headers = {"Content-Disposition": disposition(one.name)}
    return Response(data, media_type=_BYTES, headers=headers)


@router.get(
    "/rounds/{round_number}/changes",
    summary="与上一轮相比改了什么",
    responses=described(403, 404, 410),
)
def changes(
    number: Number, round_number: RoundNumber, signed: SignedIn, desk: WithDesk
) -> Comparison | None:
    """第一轮，或有一轮读不出来、已清除时，回答 null。"""
    return look.changes_since(
        desk, number, person=signed.person, round_number=round_number
    )


@router.get(
    "/earlier-dispositions",
    summary="以前各轮对同样疑点的处置",
    responses=described(403, 404, 410),
)
def earlier(
    number: Number, signed: SignedIn, desk: WithDesk
) -> dict[str, tuple[Earlier, ...]]:
    """只供参考：新的一轮每个疑点都要重新处置。"""
    return dict(look.earlier_dispositions(desk, number, person=signed.person))


@router.get("/history", summary="这一件的全部记录", responses=described(403, 404))
def history(number: Number, signed: SignedIn, desk: WithDesk) -> tuple[EntryOut, ...]:
    """谁、什么时候、做了什么；记录只增不减。"""
    look.see(desk, number, person=signed.person)
    return tuple(
        EntryOut(
            index=one.entry.index,
            at=one.statement.at,
            kind=one.statement.kind,
            kind_word=KIND_WORDS[one.statement.kind],
            by=one.statement.event.by,
            version=one.statement.context.version,
            digest=one.entry.digest,
        )
        for one in records.history(desk, number)
    )


@router.get("/clearance", summary="公开许可", responses=described(403, 404))
def clearance(number: Number, signed: SignedIn, desk: WithDesk) -> ClearanceOut:
    """这一件最近签发的公开许可。"""
    cleared = clearances.clearance_of(desk, number, person=signed.person)
    return ClearanceOut(
        case=number, round=cleared.case.grants[-1].round, token=cleared.token
    )


@router.post(
    "/comparison",
    summary="与获准公开的内容比对",
    responses=described(403, 404, 410, 413, 422),
)
def compare(
    number: Number,
    signed: SignedIn,
    desk: WithDesk,
    body: Annotated[UploadFile, File(description="准备发布的正文")],
    attachments: Annotated[list[UploadFile] | None, File()] = None,
) -> Comparison:
    """把准备发布的文件与获准公开的内容逐字比对，只比对，不登记。"""
    attached = [
        (one.filename or "附件", digests.of_bytes(one.file.read()))
        for one in attachments or []
    ]
    offered = desk.contents_reader(body.file.read(), body.filename or "正文", attached)
    return clearances.compare_with_cleared(desk, number, offered, person=signed.person)
