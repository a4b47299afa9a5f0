"""What is about to be published beside what was cleared, where no program asks the gate.

Newspapers and messengers are filled by hand: an editor pastes what stands there, or
hands in the file. Nothing of it is kept or logged. The answer lets nothing out: it
tells an editor what the gate would tell a program.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from review.case.case import CLEARED_STAGES, Case
from review.case.values import Channel
from review.contents import as_text, fold
from review.contents.as_text import Unseen
from review.contents.compare import Comparison, compare
from review.contents.interface import Contents, from_json
from review.errors import NotFoundError, UnreadableError
from review.service.cases import look
from review.service.desk import Desk

Found: TypeAlias = Literal[
    "same",  # contents, as the gate compares them
    "same_text",  # every character; what else there is was not seen
    "different",
    "unreadable",  # what was handed in, or what was cleared, has no characters to compare
]
Standing: TypeAlias = Literal["in_force", "channel", "revoked", "expired", "reworked"]

_UNREADABLE: Final = Comparison(same=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was found, whether the clearance holds there today, and what nobody saw.

    `new_links` is how many targets a file's links have that the cleared ones had not.
    """

    case: Case
    found: Found
    standing: Standing
    comparison: Comparison
    unseen: Unseen
    from_file: bool = False
    new_links: int = 0

    @property
    def may_go_out(self) -> bool:
        """Tell whether nothing speaks against publishing it there now."""
        same = self.found in {"same", "same_text"}
        more = self.comparison.hidden_added
        return same and not more and self.standing == "in_force"


def compare_text(
    desk: Desk, number: str, text: str, *, channel: Channel, person: str
) -> Compared:
    """Compare pasted text with what was cleared, character by character.

    Raises:
        NotFoundError: There is no such case, or it was never cleared.
        NotPermittedError: The person may not see the draft.
    """
    case, cleared = _cleared(desk, number, person=person)
    if not as_text.is_text(cleared):
        found: Found = "unreadable"
        comparison = _UNREADABLE
    else:
        comparison = _closest(cleared, text, case.item.title)
        found = "same_text" if comparison.same else "different"
    return _answer(desk, case, cleared, channel, found, comparison)


def compare_file(  # noqa: PLR0913 - each is a field of the form
    desk: Desk, number: str, name: str, data: bytes, *, channel: Channel, person: str
) -> Compared:
    """Compare a file with what was cleared: as the gate does, else by its characters.

    Raises:
        NotFoundError: There is no such case, or it was never cleared.
        NotPermittedError: The person may not see the draft.
    """
    case, cleared = _cleared(desk, number, person=person)
    try:
        offered = desk.contents_reader(data, name, ())
    except UnreadableError:
        return _answer(desk, case, cleared, channel, "unreadable", _UNREADABLE)
    found, comparison = _of_file(cleared, offered)
    answer = _answer(desk, case, cleared, channel, found, comparison)
    new_links = len(as_text.targets(offered) - as_text.targets(cleared))
    return replace(answer, from_file=True, new_links=new_links)


def _of_file(cleared: Contents, offered: Contents) -> tuple[Found, Comparison]:
    """Compare as the gate does, else by the characters and how much else is shown."""
    # Attachments are not handed in here.
    body = replace(cleared, attachments=())
    whole = compare(body, offered)
    if whole.same and not whole.hidden_added:
        return "same", whole
    if not (as_text.is_text(cleared) and as_text.is_text(offered)):
        return "unreadable", whole
    words = compare(as_text.bare(cleared), as_text.bare(offered))
    words = replace(words, hidden_added=whole.hidden_added)
    if words.same and as_text.shows_more(body, offered):
        return "different", whole
    return "same_text" if words.same else "different", words


def standing_of(desk: Desk, case: Case, channel: Channel) -> Standing:
    """Return whether the case's last clearance holds on a channel today, or why not."""
    grant = case.grants[-1]
    if grant.ended == "revoked":
        return "revoked"
    if grant.ended == "expired" or desk.now() >= grant.valid_until:
        return "expired"
    if case.stage not in CLEARED_STAGES:
        return "reworked"
    return "in_force" if channel in grant.channels else "channel"


def _cleared(desk: Desk, number: str, *, person: str) -> tuple[Case, Contents]:
    case = look.permit_contents(desk, number, person=person)
    if not case.grants:
        raise NotFoundError("这一件没有公开许可，不能比对；请选同意公开的审查件。")
    number_of_round = case.grants[-1].round
    full = look.report_of(desk, number, person=person, round_number=number_of_round)
    if full.get("contents") is None:
        raise NotFoundError("审查通过的内容读不出文字，不能比对；请对照原件。")
    return case, from_json(full["contents"])


def _closest(cleared: Contents, text: str, title: str) -> Comparison:
    """Compare what was pasted, with the title before it and points of lists or without."""
    with_title = _begins_with(text, title) and not _begins_with(_words(cleared), title)
    before = as_text.bare(cleared, title=title if with_title else "")
    comparison = compare(before, as_text.pasted(text))
    if comparison.same:
        return comparison
    without = compare(before, as_text.pasted(text, points=False))
    return without if without.same else comparison


def _begins_with(text: str, title: str) -> bool:
    head = fold.plain(title)
    return bool(head) and fold.plain(text[: 4 * len(title) + 100]).startswith(head)


def _words(contents: Contents) -> str:
    return "".join(one.value for one in as_text.bare(contents).body)


def _answer(  # noqa: PLR0913, PLR0917 - what was found of what
    desk: Desk,
    case: Case,
    cleared: Contents,
    channel: Channel,
    found: Found,
    comparison: Comparison,
) -> Compared:
    return Compared(
        case=case,
        found=found,
        standing=standing_of(desk, case, channel),
        comparison=comparison,
        unseen=as_text.unseen(cleared),
    )
