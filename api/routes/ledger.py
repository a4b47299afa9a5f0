"""The record for the auditor: entries, signed heads, verification, the whole export."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.deps import SignedIn
from api.downloads import attached, disposition, file_of
from api.paths import TaskNumber, described
from api.state import WithDesk, WithServed
from review.ports.tasks import TaskState
from review.service.papers import exports
from review.service.record import ledger, verifications
from review.service.record.ledger import MOST_AT_ONCE, Read
from review.service.record.records import word_of
from review.service.record.verifications import Outcome, Verification

router: Final = APIRouter(prefix="/ledger", tags=["审查记录"])

_NDJSON: Final = "application/x-ndjson"
_PYTHON: Final = "text/x-python"
_CHUNK: Final = 64 * 1024

CaseNumber = Annotated[
    str | None, Query(pattern=r"^\d{4}-\d{6,7}$", description="只看这一件的")
]


class EntryOut(BaseModel):
    """One entry as it was sealed."""

    index: int
    at: datetime
    kind: str
    kind_word: str
    case: str | None
    version: int | None
    by: dict[str, Any]
    data: dict[str, Any] = Field(description="封存的内容")
    via: str
    policy: str
    contents: str | None
    report: str | None
    previous: str
    digest: str
    algorithm: str
    key: str
    signature: str


class EntryPage(BaseModel):
    """Some entries; `before` asks for those that came earlier."""

    items: tuple[EntryOut, ...]
    total: int
    before: int | None


class HeadOut(BaseModel):
    """The ledger's end, signed at a moment."""

    index: int
    digest: str
    at: str
    key: str
    signature: str


class VerificationOut(BaseModel):
    """A verification of the whole ledger: who asked for it, and what it came to."""

    id: int | None = Field(description="凭它查看结果；已有结果、不必再查的没有编号")
    state: TaskState
    state_word: Literal["等待", "正在核验", "已有结果", "没有做成"]
    asked_by: str = Field(description="谁要求的（登录名）")
    asked_at: datetime
    ended_at: datetime | None
    whole: bool | None = Field(
        description="记录没有被改动、删除、调换或插入；还没有结果时为空"
    )
    problem: str | None = Field(description="第一处问题")
    entries: int | None
    head: str | None
    keys: tuple[str, ...]


_WORDS: Final[dict[TaskState, Literal["等待", "正在核验", "已有结果", "没有做成"]]] = {
    "waiting": "等待",
    "running": "正在核验",
    "done": "已有结果",
    "failed": "没有做成",
}


@router.get("", summary="审查记录", responses=described(403))
def page(
    signed: SignedIn,
    desk: WithDesk,
    case: CaseNumber = None,
    before: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 50,
) -> EntryPage:
    """从新到旧，一次一页；给出编号时，是这一件从头到尾的记录。"""
    if case is not None:
        found = ledger.of_case(desk, case, person=signed.person)
        items = tuple(_entry_out(one) for one in found)
        return EntryPage(items=items, total=len(items), before=None)
    some = ledger.page(desk, person=signed.person, before=before, limit=limit)
    return EntryPage(
        items=tuple(_entry_out(one) for one in some.entries),
        total=some.total,
        before=some.before,
    )


@router.get("/heads", summary="签署过的末端", responses=described(403))
def heads(
    signed: SignedIn,
    desk: WithDesk,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 50,
) -> tuple[HeadOut, ...]:
    """从新到旧；与审查表上印的摘要核对。"""
    return tuple(
        HeadOut(
            index=one.index,
            digest=one.digest,
            at=one.at,
            key=one.key,
            signature=one.signature,
        )
        for one in ledger.heads(desk, person=signed.person, limit=limit)
    )


@router.post(
    "/verification",
    status_code=202,
    summary="核验全部记录",
    responses=described(403),
)
def verify(signed: SignedIn, response: Response, desk: WithDesk) -> VerificationOut:
    """放到后台逐条核对签名和次序；到回答给出的地址看结果。

    记录的末尾与系统外的见证不符时，系统不再续写，也就不排队，直接回答结果。
    """
    ordered = verifications.order(desk, person=signed.person)
    if ordered.id is not None:
        response.headers["Location"] = f"/api/v1/ledger/verification/{ordered.id}"
    return _verification_out(ordered)


@router.get(
    "/verification/{task}", summary="核验的结果", responses=described(403, 404, 410)
)
def verification(task: TaskNumber, signed: SignedIn, desk: WithDesk) -> VerificationOut:
    """核验到哪里了，结果如何；谁要求的都能看，结果保存七天。"""
    return _verification_out(verifications.status(desk, task, person=signed.person))


@router.get(
    "/export",
    summary="导出全部记录",
    response_class=StreamingResponse,
    responses={**described(403), **file_of(_NDJSON)},
)
def export(signed: SignedIn, served: WithServed) -> StreamingResponse:
    """带签名的 JSON Lines，供存档和离线核验。"""
    # Whole before the first byte goes out: half an export proves nothing.
    file = TemporaryFile(dir=served.settings.data_dir)  # noqa: SIM115 - closed when sent
    try:
        name = ledger.write_export(
            served.installation.desk,
            file,
            key=served.installation.ledger_key,
            person=signed.person,
        )
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Length": str(file.tell()),
    }
    return StreamingResponse(_chunks(file), media_type=_NDJSON, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


@router.get(
    "/verifier.py",
    summary="单文件核验程序",
    response_class=Response,
    responses=file_of(_PYTHON),
)
def verifier(signed: SignedIn) -> Response:
    """只要有 Python 就能核验导出的记录，不需要本系统。"""
    del signed  # whoever is signed in
    return attached(exports.verifier())


def _entry_out(one: Read) -> EntryOut:
    said, entry = one.said, one.entry
    return EntryOut(
        index=entry.index,
        at=said["at"],
        kind=said["kind"],
        kind_word=word_of(said["kind"]),
        case=said["case"],
        version=said["version"],
        by=said["by"],
        data=said["data"],
        via=said["via"],
        policy=said["policy"],
        contents=said["contents"],
        report=said["report"],
        previous=entry.previous,
        digest=entry.digest,
        algorithm=entry.algorithm,
        key=entry.key,
        signature=entry.signature,
    )


def _verification_out(one: Verification) -> VerificationOut:
    found = one.outcome or Outcome()
    return VerificationOut(
        id=one.id,
        state=one.state,
        state_word=_WORDS[one.state],
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        ended_at=one.ended_at,
        whole=None if one.outcome is None else found.problem is None,
        problem=found.problem,
        entries=found.entries,
        head=found.head,
        keys=found.keys,
    )
