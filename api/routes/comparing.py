"""Paste and compare: for channels whose programs can't ask the gate."""

from typing import Annotated, Final

from fastapi import APIRouter, File, Form, UploadFile

from api.deps import SignedIn
from api.paths import Number, described
from api.problems import ProblemError
from api.schemas.comparing import ComparedOut, compared_out
from api.state import WithDesk
from review.case.values import Channel
from review.service.cases.comparing import compare_file, compare_text

router: Final = APIRouter(prefix="/cases", tags=["比对"])

Text = Annotated[str, Form(max_length=300_000, description="粘贴的文字")]
Handed = Annotated[
    UploadFile | None, File(description="将要发布的文件；与 text 二选一")
]


@router.post(
    "/{number}/comparisons",
    summary="与审查通过的比对",
    responses=described(403, 404, 410, 413, 422),
)
def compare(
    number: Number,
    signed: SignedIn,
    desk: WithDesk,
    channel: Annotated[Channel, Form(description="将在哪里发布")],
    text: Text = "",
    file: Handed = None,
) -> ComparedOut:
    """将要发布的文字或文件与审查通过的逐字比较。交来的内容不保存，也不记入日志。"""
    name = (file.filename or "").strip() if file is not None else ""
    handed = file.file.read() if file is not None and name else b""
    if bool(text.strip()) == bool(handed):
        detail = "请粘贴将要发布的文字，或选择文件，二者选一。"
        raise ProblemError(422, "text_or_file", detail)
    if handed:
        compared = compare_file(
            desk, number, name, handed, channel=channel, person=signed.person
        )
    else:
        compared = compare_text(
            desk, number, text, channel=channel, person=signed.person
        )
    return compared_out(compared, channel)
