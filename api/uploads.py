"""Drafts as they come in over HTTP: a form with files, or pasted text.

Uploads stay in memory, never in a temporary file: a draft at rest is encrypted.
How large a request may be is checked before it is read.
"""

from datetime import date
from typing import Annotated, Final

from fastapi import File, Form, UploadFile

from api.problems import ProblemError
from review.case.values import Channel, FileRole, Source, SourceKind
from review.service.cases.submit import Draft, Upload

_PASTED: Final = "正文.txt"
MOST_ATTACHMENTS: Final = 50

Title = Annotated[str, Form(min_length=1, max_length=500, description="标题")]
Department = Annotated[str, Form(min_length=1, max_length=100, description="部门")]
Channels = Annotated[list[Channel], Form(min_length=1, description="公开方式，可多个")]
DraftedBy = Annotated[str, Form(min_length=1, max_length=100, description="拟稿人")]
PlannedOn = Annotated[date | None, Form(description="计划公开日期")]
SourceForm = Annotated[
    SourceKind, Form(description="来源：own 自拟、other_unit 外单位来稿、repost 转载")
]
Origin = Annotated[
    str | None, Form(max_length=500, description="来稿单位，或转载的原文号、网址")
]
Body = Annotated[UploadFile | None, File(description="正文文件；也可以改填 text")]
Pasted = Annotated[
    str | None,
    Form(
        max_length=300_000, description="粘贴的正文；与 body 二选一，更长的请上传文件"
    ),
]
Attachments = Annotated[list[UploadFile] | None, File(description="附件，可多个")]


class DraftForm:
    """The form that a draft comes with, and its files."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a field of the form
        self,
        title: Title,
        department: Department,
        channels: Channels,
        drafted_by: DraftedBy,
        planned_on: PlannedOn = None,
        source: SourceForm = "own",
        origin: Origin = None,
        body: Body = None,
        text: Pasted = None,
        attachments: Attachments = None,
    ) -> None:
        """Read every file; the form is dropped after the request."""
        uploads = [_body(body, text)]
        attached = attachments or []
        if len(attached) > MOST_ATTACHMENTS:
            detail = f"附件太多，一件最多 {MOST_ATTACHMENTS} 个。"
            raise ProblemError(422, "too_many", detail)
        uploads += [_upload(one, role="attachment") for one in attached]
        self.draft = Draft(
            title=title,
            department=department,
            channels=tuple(dict.fromkeys(channels)),
            drafted_by=drafted_by,
            uploads=tuple(uploads),
            source=Source(source, origin),
            planned_on=planned_on,
        )


def _body(body: UploadFile | None, text: str | None) -> Upload:
    if body is not None and text is None:
        return _upload(body, role="body")
    if text is not None and body is None:
        return Upload(name=_PASTED, data=text.encode())
    detail = "请上传正文文件（body），或粘贴正文（text），二者选一。"
    raise ProblemError(422, "body_needed", detail)


def _upload(file: UploadFile, *, role: FileRole) -> Upload:
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name:
        raise ProblemError(422, "name_needed", "文件没有名字，请重新选择文件。")
    return Upload(name=name, data=file.file.read(), role=role)
