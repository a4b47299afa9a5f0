"""The lexicons to be read; the office's own proposed, previewed, put into force."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from pydantic import BaseModel

from api.deps import New, SignedIn
from api.downloads import disposition, file_of
from api.paths import described
from api.schemas.lexicons import (
    ActivationIn,
    LexiconsOut,
    PreviewOut,
    ProposalIn,
    ProposedRuleIn,
    RejectionIn,
    RuleFile,
    RuleIn,
    RuleOut,
    RulePage,
    TrialOut,
    VersionOut,
    lexicons_out,
    preview_out,
    rule_out,
    version_out,
)
from api.state import WithDesk
from review import digests
from review.detect.interface import Category
from review.detect.lexicon_sheet import Spreadsheet
from review.service.lexicons import book as lexicon_book
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons import versions as lexicons
from review.service.lexicons import writing
from review.service.lexicons.book import Origin, Rule
from review.service.lexicons.proposal import Wanted
from review.service.papers.exports import XLSX

router: Final = APIRouter(prefix="/lexicons", tags=["词库"])

_MOST: Final = 200

Change = Annotated[
    str,
    Path(pattern=r"^词\d{4,8}$", description="词库改动编号", examples=["词0001"]),
]
Folder = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", description="制度目录")]
Name = Annotated[str, Path(min_length=1, max_length=120, description="规则名")]
Reason = Annotated[str, Form(min_length=1, max_length=200, description="理由")]


class Ordered(BaseModel):
    """Work that was handed to the background."""

    task: int
    state: str


@router.get("", summary="启用中的词库", responses=described(403))
def read(signed: SignedIn, desk: WithDesk) -> LexiconsOut:
    """各项制度的条款，以及每个条款由哪些规则负责。"""
    return lexicons_out(lexicon_book.read(desk, person=signed.person))


@router.get("/rules", summary="规则", responses=described(403))
def rules(
    request: Request,
    signed: SignedIn,
    desk: WithDesk,
    clause: Annotated[str | None, Query(max_length=50)] = None,
    category: Annotated[Category | None, Query()] = None,
    origin: Annotated[Origin | None, Query()] = None,
    after: Annotated[str, Query(max_length=200, description="从这条规则之后")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> RulePage:
    """规则的词语、例文和说明，按规则名一次一页。"""
    book = lexicon_book.read(desk, person=signed.person)
    fitting = [
        one
        for one in book.rules
        if one.id > after and _fits(one, clause, category, origin)
    ]
    shown = tuple(rule_out(one) for one in fitting[:limit])
    following = None
    if len(fitting) > limit:
        url = request.url.include_query_params(after=shown[-1].id)
        following = f"{url.path}?{url.query}"
    return RulePage(items=shown, next=following)


def _fits(
    one: Rule, clause: str | None, category: Category | None, origin: Origin | None
) -> bool:
    return (
        (clause is None or clause in one.clauses)
        and category in {None, one.file.category}
        and origin in {None, one.origin}
    )


@router.get("/rules/{folder}/{name}", summary="一条规则", responses=described(403, 404))
def rule(folder: Folder, name: Name, signed: SignedIn, desk: WithDesk) -> RuleOut:
    """一条规则的全部词语和例文。"""
    found = lexicon_book.rule(desk, f"{folder}/{name}", person=signed.person)
    return rule_out(found)


@router.get(
    "/template",
    summary="规则表模板",
    response_class=Response,
    responses={**described(403), **file_of()},
)
def template(signed: SignedIn, desk: WithDesk) -> Response:
    """空白的规则表，一行一条规则，填好后由表格提出改动。"""
    made = writing.template(desk, person=signed.person)
    headers = {"Content-Disposition": disposition("规则表.xlsx")}
    return Response(made, media_type=XLSX, headers=headers)


@router.post("/trial", summary="试一条规则", responses=described(403))
def trial(said: RuleIn, signed: SignedIn, desk: WithDesk) -> TrialOut:
    """按启用中的词库检查写法、运行例文；什么也不提出。"""
    tried = writing.trial(desk, said.texts(), person=signed.person)
    return TrialOut(rule=tried.rule, examples=tried.examples, failed=tried.failed)


@router.get("/changes", summary="本单位词库的各版", responses=described(403))
def versions(signed: SignedIn, desk: WithDesk) -> tuple[VersionOut, ...]:
    """谁在什么时候提出、启用、退回，从新到旧。"""
    found = lexicons.versions(desk, person=signed.person)
    return tuple(version_out(one) for one in found)


@router.post(
    "/changes", status_code=201, summary="提出改动", responses=described(403, 404, 412)
)
def propose(
    said: ProposalIn, asked: New, response: Response, desk: WithDesk
) -> VersionOut:
    """提出规则文件、加减词语或停用规则；启用之前，机检不变。"""
    once = asked.once(digests.of_json(said.model_dump(mode="json")))
    made = lexicons.propose(
        desk, said.wanted(), reason=said.reason, person=asked.person, once=once
    )
    response.headers["Location"] = _address(made.change)
    return version_out(made)


@router.post(
    "/changes/rule",
    status_code=201,
    summary="提出一条规则",
    responses=described(403, 412),
)
def propose_rule(
    said: ProposedRuleIn, asked: New, response: Response, desk: WithDesk
) -> VersionOut:
    """各项的写法与规则表一样；有写得不对的，逐项说明，什么也不提出。"""
    wanted = Wanted(form=writing.typed(desk, said.texts()))
    once = asked.once(said.model_dump(mode="json"))
    made = lexicons.propose(
        desk, wanted, reason=said.reason, person=asked.person, once=once
    )
    response.headers["Location"] = _address(made.change)
    return version_out(made)


@router.post(
    "/changes/import",
    status_code=201,
    summary="由表格提出改动",
    responses=described(403, 412, 413),
)
def propose_sheet(
    reason: Reason,
    sheet: Annotated[UploadFile, File(description="填好的 .xlsx，只读第一张工作表")],
    asked: New,
    response: Response,
    desk: WithDesk,
) -> VersionOut:
    """每行一条规则；有一处不对，就一条也不提出，并逐处说明。"""
    data = sheet.file.read()
    wanted = Wanted(sheet=Spreadsheet(sheet.filename or "规则.xlsx", data))
    once = asked.once([reason, digests.of_bytes(data)])
    made = lexicons.propose(desk, wanted, reason=reason, person=asked.person, once=once)
    response.headers["Location"] = _address(made.change)
    return version_out(made)


@router.get("/changes/{change}", summary="一次改动", responses=described(403, 404))
def version(change: Change, signed: SignedIn, desk: WithDesk) -> VersionOut:
    """这一版由谁提出、现在怎样。"""
    return version_out(lexicons.version(desk, change, person=signed.person))


@router.get(
    "/changes/{change}/files", summary="一版的规则文件", responses=described(403, 404)
)
def files(change: Change, signed: SignedIn, desk: WithDesk) -> tuple[RuleFile, ...]:
    """这一版的全部规则文件原文。"""
    found = lexicons.files(desk, change, person=signed.person)
    return tuple(RuleFile(name=name, text=data.decode()) for name, data in found)


@router.post(
    "/changes/{change}/preview",
    status_code=202,
    summary="预演",
    responses=described(403, 404, 409),
)
def order_preview(change: Change, signed: SignedIn, desk: WithDesk) -> Ordered:
    """在后台检查格式、运行例文，并比较近期稿件的机检结果会有什么不同。"""
    task = lexicon_preview.order(desk, change, person=signed.person)
    return Ordered(task=task.id, state=task.state)


@router.get(
    "/changes/{change}/preview",
    summary="最近一次预演",
    responses=described(403, 404),
)
def last_preview(change: Change, signed: SignedIn, desk: WithDesk) -> PreviewOut:
    """启用时要带上这次预演的 digest，说明看过。"""
    kept = lexicon_preview.last_preview(desk, change, person=signed.person)
    return preview_out(kept)


@router.post(
    "/changes/{change}/activation",
    summary="启用",
    responses=described(403, 404, 409, 412),
)
def activate(
    change: Change, said: ActivationIn, asked: New, desk: WithDesk
) -> VersionOut:
    """由提出人以外的保密办审查员启用；之后的机检都用这一版。"""
    made = lexicons.activate(
        desk,
        change,
        preview=said.preview,
        person=asked.person,
        once=asked.once(said.model_dump(mode="json")),
    )
    return version_out(made)


@router.post(
    "/changes/{change}/rejection", summary="退回", responses=described(403, 404, 409)
)
def reject(change: Change, said: RejectionIn, asked: New, desk: WithDesk) -> VersionOut:
    """退回一次改动；提出人也可以这样收回。"""
    made = lexicons.reject(
        desk,
        change,
        reason=said.reason,
        person=asked.person,
        once=asked.once(said.model_dump(mode="json")),
    )
    return version_out(made)


def _address(change: str) -> str:
    return f"/api/v1/lexicons/changes/{quote(change)}"
