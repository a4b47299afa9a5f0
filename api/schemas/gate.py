"""What a content management system sends to the gate, and what it is answered."""

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from api.schemas.cases import In, Line
from api.schemas.gate_findings import FindingsOut, findings_out
from review import digests
from review.access.events import GateAnswer
from review.access.sites import Site
from review.case.case import Case, Stage
from review.case.values import Channel
from review.case.words import STAGES
from review.service.cases.submit import Draft, Upload
from review.service.gate.calls import Submission
from review.service.gate.question import Answer, Offered, OfferedFile, Question
from review.service.gate.served import ToServe

_PAGE: Final = "正文.html"
_LONGEST_PAGE: Final = 5_000_000
_LONGEST_FILE: Final = 140_000_000  # base64 of some 100 MB
_MOST_ATTACHMENTS: Final = 50

ExternalId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$",
        description="发布系统自己的编号",
        examples=["news-20261122-01"],
    ),
]
Title = Annotated[str, Field(min_length=1, max_length=500)]
Html = Annotated[str, Field(max_length=_LONGEST_PAGE)]
FileName = Annotated[str, Field(min_length=1, max_length=255)]
Encoded = Annotated[str, Field(max_length=_LONGEST_FILE, description="Base64")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256")]
CaseNumber = Annotated[str, Field(pattern=r"^\d{4}-\d{6,7}$", examples=["2026-000123"])]


class FileIn(In):
    """A file by its name, as Base64."""

    name: FileName
    data: Encoded

    @model_validator(mode="after")
    def _is_base64(self) -> Self:
        _decoded(self.data)
        return self

    @property
    def content(self) -> bytes:
        """Return the bytes."""
        return _decoded(self.data)


class AttachmentIn(In):
    """An attachment: the bytes as Base64, or only their SHA-256."""

    name: FileName
    data: Encoded | None = None
    sha256: Digest | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.data is None) == (self.sha256 is None):
            raise ValueError("附件请给出 data 或 sha256，二者选一")
        if self.data is not None:
            _decoded(self.data)
        return self

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes."""
        if self.sha256 is not None:
            return self.sha256
        return digests.of_bytes(_decoded(self.data or ""))


Attached = Annotated[tuple[AttachmentIn, ...], Field(max_length=_MOST_ATTACHMENTS)]


class _PageIn(In):
    """Title and body: a web page's HTML, or a file."""

    title: Title
    html: Html | None = None
    file: FileIn | None = None

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if (self.html is None) == (self.file is None):
            raise ValueError("正文请给出 html 或 file，二者选一")
        return self

    @property
    def body(self) -> tuple[str, bytes]:
        """Return the body's name and bytes."""
        if self.file is not None:
            return self.file.name, self.file.content
        return _PAGE, (self.html or "").encode("utf-8", "surrogatepass")


class SubmissionIn(_PageIn):
    """An item that is handed in for review."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "example": {
                "external_id": "news-20261122-01",
                "title": "学院举行秋季运动会",
                "department": "宣传部",
                "channels": ["website"],
                "drafted_by": "张示例",
                "html": "<p>学院秋季运动会昨日在田径场举行。</p>",
                "callback_url": "https://cms.example.edu.cn/hooks/review",
            }
        },
    )

    external_id: ExternalId
    department: Annotated[str, Field(min_length=1, max_length=100)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=6)]
    drafted_by: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    planned_on: date | None = None
    attachments: Annotated[tuple[FileIn, ...], Field(max_length=_MOST_ATTACHMENTS)] = ()
    callback_url: Annotated[str, Field(max_length=1000)] | None = None

    def submission(self, site: Site) -> Submission:
        """Return what the use case takes; without a drafter the site stands for him."""
        name, data = self.body
        return Submission(
            draft=Draft(
                title=self.title,
                department=self.department,
                channels=tuple(dict.fromkeys(self.channels)),
                drafted_by=self.drafted_by or site.name,
                uploads=(
                    Upload(name=name, data=data),
                    *(
                        Upload(name=one.name, data=one.content, role="attachment")
                        for one in self.attachments
                    ),
                ),
                planned_on=self.planned_on,
            ),
            external_id=self.external_id,
            callback_url=self.callback_url,
        )


class _OfItem(In):
    """Of which item: by the site's own name for it, or by the case's number."""

    external_id: ExternalId | None = None
    case: CaseNumber | None = None

    @model_validator(mode="after")
    def _is_of_one(self) -> Self:
        if (self.external_id is None) == (self.case is None):
            raise ValueError("请给出 external_id 或 case，二者选一")
        return self


class CheckIn(_PageIn, _OfItem):
    """Exactly what is about to be published, and where."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "example": {
                "external_id": "news-20261122-01",
                "channel": "website",
                "title": "学院举行秋季运动会",
                "html": "<p>学院秋季运动会昨日在田径场举行。</p>",
            }
        },
    )

    channel: Channel
    attachments: Attached = ()

    def question(self) -> Question:
        """Return what the use case takes."""
        name, data = self.body
        attached = tuple((one.name, one.digest) for one in self.attachments)
        return Question(
            external_id=self.external_id,
            case=self.case,
            channel=self.channel,
            offered=Offered(self.title, name, data, attached),
        )


class ServedIn(In):
    """What a publishing proxy is about to send out, and at which address."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "example": {
                "address": "https://news.example.edu.cn/1.html",
                "channel": "website",
                "title": "学院举行秋季运动会",
                "html": "<p>学院秋季运动会昨日在田径场举行。</p>",
            }
        },
    )

    address: Line = Field(description="网址")
    channel: Channel
    title: Title | None = None
    html: Html | None = None
    attachments: Attached = ()
    sha256: Digest | None = None

    @model_validator(mode="after")
    def _is_page_or_file(self) -> Self:
        page = self.title is not None and self.html is not None
        file = self.title is None and self.html is None and not self.attachments
        if (not page or self.sha256 is not None) and (not file or self.sha256 is None):
            raise ValueError("网页请给出 title 和 html，文件只给出 sha256，二者选一")
        return self

    def to_serve(self) -> ToServe:
        """Return what the use case takes."""
        attached = tuple((one.name, one.digest) for one in self.attachments)
        offered: Offered | OfferedFile
        if self.sha256 is not None:
            offered = OfferedFile(self.sha256)
        else:
            body = (self.html or "").encode("utf-8", "surrogatepass")
            offered = Offered(self.title or "", _PAGE, body, attached)
        return ToServe(address=self.address, channel=self.channel, offered=offered)


class GatePublicationIn(_OfItem):
    """Where and when the item went out."""

    channel: Channel
    address: Line = Field(description="网址或版面")
    published_at: AwareDatetime


class AllowedOut(BaseModel):
    """Yes, with the clearance."""

    allowed: Literal[True] = True
    clearance: str = Field(description="公开许可（JWS），可离线核对")
    case: str
    message: str


class NotAllowedOut(BaseModel):
    """No, why not, and what differs from what was cleared."""

    allowed: Literal[False] = False
    code: GateAnswer
    message: str
    case: str | None
    changes: tuple[str, ...]


class SubmissionOut(BaseModel):
    """Where the site's item stands."""

    case: str = Field(examples=["2026-000123"])
    external_id: str | None
    stage: Stage
    stage_word: str = Field(examples=["待初审"])
    round: int
    version: int
    since: datetime
    channels: tuple[Channel, ...] = Field(description="许可的公开方式；没有许可时为空")
    valid_until: datetime | None = Field(description="公开许可有效到什么时候")
    findings: FindingsOut | None = Field(
        description="本轮机检和人工标出的疑点；机检前和不予公开的为 null"
    )


def answer_out(answer: Answer) -> AllowedOut | NotAllowedOut:
    """Return the answer as it goes out: yes only with its clearance."""
    if answer.allowed and answer.clearance and answer.case and answer.code is None:
        return AllowedOut(
            clearance=answer.clearance, case=answer.case, message=answer.message
        )
    return NotAllowedOut(
        code=answer.code or "not_reviewed",
        message=answer.message,
        case=answer.case,
        changes=answer.changes,
    )


def submission_out(case: Case, external_id: str | None = None) -> SubmissionOut:
    """Return where an item stands; an incident looks like a refusal (rule 8)."""
    stage: Stage = "refused" if case.sealed else case.stage
    holds = stage in {"cleared", "published"} and case.grant is not None
    grant = case.grant if holds else None
    return SubmissionOut(
        case=case.number,
        external_id=external_id or case.item.external_id,
        stage=stage,
        stage_word=STAGES[stage],
        round=case.round.number,
        version=case.version,
        since=case.since,
        channels=grant.channels if grant else (),
        valid_until=grant.valid_until if grant else None,
        findings=findings_out(case),
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("不是合格的 Base64") from None
