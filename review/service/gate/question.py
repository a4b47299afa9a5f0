"""What a site asks the gate, and what it is answered."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from review import digests
from review.access.events import GateAnswer
from review.case.case import Stage
from review.case.values import Channel, File, FileRole, files_digest
from review.contents.canonical import contents_with
from review.contents.interface import Contents
from review.errors import UnreadableError
from review.service.cases.submit import TITLE_FILE

MESSAGES: Final[dict[GateAnswer, str]] = {
    "not_reviewed": "这一内容没有送审或已撤回，不能公开；请先送审。",
    "pending": "审查还没有办完，不能公开；请等审查结束，退回修改的请改好再送。",
    "changed": "要发布的内容与审查通过的不一致，不能公开；请改回原样，或把改后的重新送审。",
    "refused": "审查结论是不予公开，不能公开；有疑问请联系保密办。",
    "expired": "公开许可已经到期，不能公开；请重新送审。",
    "revoked": "公开许可已经撤销，不能公开；已发布的请立即撤下，并联系保密办。",
    "channel": "这一渠道没有得到许可，不能在这里公开；需要时请就这一渠道送审。",
    "attachment": "附件与审查通过的不一致，不能公开；请改回原样，或把改后的重新送审。",
}
YES: Final = "内容与审查通过的一致，可以在这一渠道公开。"
# What a case is answered that nobody has cleared; all others are pending.
CODES: Final[dict[Stage, GateAnswer]] = {
    "refused": "refused",
    "incident": "refused",
    "incident_confirmed": "refused",
    "incident_closed": "refused",
    "withdrawn": "not_reviewed",
    "expired": "expired",
    "revoked": "revoked",
}


@dataclass(frozen=True)
class Offered:
    """What is about to be published; `attachments` are (name, SHA-256)."""

    title: str
    name: str
    body: bytes = field(repr=False)
    attachments: tuple[tuple[str, str], ...] = ()

    @cached_property
    def files(self) -> str:
        """Return the digest of the very files, as the record keeps it of a round."""
        parts = (
            _file(TITLE_FILE, "title", self.title.encode()),
            _file(self.name, "body", self.body),
            *(File(name, "attachment", 0, own) for name, own in self.attachments),
        )
        return files_digest(parts)

    @cached_property
    def seen(self) -> Contents | None:
        """Return what a reader would see of it; None if that can't be had."""
        try:
            return contents_with(self.body, self.name, attached=self.attachments)
        except UnreadableError:
            return None


@dataclass(frozen=True)
class OfferedFile:
    """A file that is about to be sent out by itself: only its SHA-256 counts."""

    digest: str
    seen: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a site asks: by its own name for the item, or by the case's number."""

    channel: Channel
    offered: Offered | OfferedFile
    external_id: str | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Yes with the clearance's token, or no with the reason and what to do next.

    `code` is None exactly if `allowed`. `changes` say what differs from what was
    cleared.
    """

    allowed: bool
    message: str
    code: GateAnswer | None = None
    clearance: str | None = None
    changes: tuple[str, ...] = ()
    case: str | None = None


def no(
    code: GateAnswer, *, case: str | None = None, changes: tuple[str, ...] = ()
) -> Answer:
    """Return the answer that it may not be published."""
    return Answer(
        allowed=False, message=MESSAGES[code], code=code, changes=changes, case=case
    )


def _file(name: str, role: FileRole, data: bytes) -> File:
    return File(name, role, len(data), digests.of_bytes(data))
