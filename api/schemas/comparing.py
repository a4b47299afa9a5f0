"""What an editor is told of what he is about to publish."""

from typing import Final

from pydantic import BaseModel, Field

from review.case.values import Channel
from review.case.words import CHANNELS
from review.contents.compare import Change, ChangeKind, StrokeKind, strokes
from review.service.cases.comparing import Compared, Found, Standing

_MOST: Final = 200
FOUND: Final[dict[Found, str]] = {
    "same": "与审查通过的一致。",
    "same_text": "文字与审查通过的一致，一个字不差。",
    "different": "与审查通过的不一致，不能发布；请改回原样，或把改后的重新送审。",
    "unreadable": "读不出可以逐字比较的文字，不能说一致；请换一种方式比对，或对照原件。",
}
# A file is one of what a case has: it has no title of its own, and no attachments.
_BESIDE: Final = "标题、附件没有比，请另行核对。"
STANDINGS: Final[dict[Standing, str]] = {
    "in_force": "许可在这一公开方式上有效。",
    "channel": "这一公开方式没有得到许可，不能在这里发布；需要时请就它送审。",
    "revoked": "公开许可已经撤销，不能发布；已发布的请立即撤下，并联系保密办。",
    "expired": "公开许可已经到期，不能发布；请重新送审。",
    "reworked": "这一件正在重新审查，不能发布；请等审查结束。",
}

# A clearance that holds must not be read as a yes where the contents are not the same.
_IN_FORCE_ALONE: Final[dict[Found, str]] = {
    "same": "许可本身有效，但多出了看不见的内容，不能发布。",
    "same_text": "许可本身有效，但多出了看不见的内容，不能发布。",
    "different": "许可本身有效，但内容不一致，不能发布。",
    "unreadable": "许可本身有效，但没有比成，不能据此发布。",
}


class StrokeOut(BaseModel):
    """A stretch of characters that stayed, went or came."""

    kind: StrokeKind
    text: str


class ChangeOut(BaseModel):
    """One passage that differs: as it was cleared, and as it is now."""

    kind: ChangeKind
    place: str = Field(examples=["正文第 120 字起"])
    before: tuple[StrokeOut, ...] = Field(description="审查通过的")
    after: tuple[StrokeOut, ...] = Field(description="将要发布的")


class UnseenOut(BaseModel):
    """What of the cleared contents a text can't show."""

    pictures: int
    links: int
    formulas: int
    attachments: int


class ComparedOut(BaseModel):
    """The answer; `may_publish` only where it is the same and the clearance holds."""

    may_publish: bool
    found: Found
    message: str
    standing: Standing
    standing_message: str
    channel: str = Field(examples=["公众号"])
    hidden_added: bool = Field(description="多出了看不见的内容")
    changes: tuple[ChangeOut, ...] = Field(description="至多 200 处")
    more: int = Field(description="没有列出的还有几处")
    unseen: UnseenOut
    new_links: int = Field(description="文件里的链接指向几个审查时没有的地址")


def compared_out(compared: Compared, channel: Channel) -> ComparedOut:
    """Return the answer as it goes out."""
    found = compared.comparison.changes
    unseen = compared.unseen
    return ComparedOut(
        may_publish=compared.may_go_out,
        found=compared.found,
        message=_message(compared),
        standing=compared.standing,
        standing_message=_standing_message(compared),
        channel=CHANNELS[channel],
        hidden_added=compared.comparison.hidden_added,
        changes=tuple(_change_out(one) for one in found[:_MOST]),
        more=max(len(found) - _MOST, 0),
        unseen=UnseenOut(
            pictures=unseen.pictures,
            links=unseen.links,
            formulas=unseen.formulas,
            attachments=unseen.attachments,
        ),
        new_links=compared.new_links,
    )


def _message(compared: Compared) -> str:
    same = compared.found in {"same", "same_text"}
    beside = _BESIDE if compared.from_file and same else ""
    return FOUND[compared.found] + beside


def _standing_message(compared: Compared) -> str:
    if compared.standing == "in_force" and not compared.may_go_out:
        return _IN_FORCE_ALONE[compared.found]
    return STANDINGS[compared.standing]


def _change_out(change: Change) -> ChangeOut:
    marked = strokes(change)
    return ChangeOut(
        kind=change.kind,
        place=change.place,
        before=tuple(
            StrokeOut(kind=one.kind, text=one.text)
            for one in marked
            if one.kind != "added"
        ),
        after=tuple(
            StrokeOut(kind=one.kind, text=one.text)
            for one in marked
            if one.kind != "removed"
        ),
    )
