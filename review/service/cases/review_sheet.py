"""All that a reviewer has before him: the draft, the findings, what was said, what he may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.case import reviewing, signing
from review.case.authority import Permission
from review.case.authority_table import Verb
from review.case.case import Case
from review.case.values import Conclusion, Opinion
from review.contents.compare import Comparison, compare
from review.contents.interface import Contents, from_json
from review.errors import MissingContentsError
from review.service.cases import look
from review.service.cases.draft_shapes import DraftFile
from review.service.cases.draft_view import file_view
from review.service.cases.review_cards import Card, GapCard, cards_of, gaps_of
from review.service.desk import Desk

_ENDS: Final[tuple[Conclusion, ...]] = ("agree", "must_change", "uncertain", "refuse")
_OPINIONS: Final[tuple[Opinion, ...]] = ("not_sensitive", "must_change", "uncertain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The round under review.

    `steps` says of every step whether the asker may take it now. `files` is empty
    where there is nothing to show: `sealed` from him, purged, or not yet scanned.
    """

    case: Case
    steps: Mapping[Verb, Permission]
    files: tuple[DraftFile, ...] = ()
    cards: tuple[Card, ...] = ()
    gaps: tuple[GapCard, ...] = ()
    sealed: bool = False

    @property
    def needed(self) -> int:
        """Return how many findings and gaps want a word."""
        return len(self.gaps) + sum(one.note.needs_disposition for one in self.cards)

    @property
    def left(self) -> int:
        """Return how many of them still want it."""
        return len(self.open_gaps) + len(self.open_cards)

    @property
    def open_cards(self) -> tuple[Card, ...]:
        """Return the findings without a disposition."""
        return tuple(one for one in self.cards if one.is_open)

    @property
    def open_gaps(self) -> tuple[GapCard, ...]:
        """Return the gaps that nobody has acknowledged."""
        return tuple(one for one in self.gaps if one.said is None)

    @property
    def standing(self) -> tuple[Card, ...]:
        """Return the findings that stand against 同意公开 as things are."""
        return tuple(one for one in self.cards if one.stands)

    @property
    def said(self) -> tuple[tuple[Opinion, tuple[Card, ...]], ...]:
        """Return the findings by what was last said of them."""
        return tuple(
            (
                opinion,
                tuple(
                    one
                    for one in self.cards
                    if one.last is not None and one.last.opinion == opinion
                ),
            )
            for opinion in _OPINIONS
        )

    @property
    def against(self) -> Mapping[Conclusion, str]:
        """Return which first-pass conclusions are closed now, and why."""
        asked = {one: reviewing.against_concluding(self.case, one) for one in _ENDS}
        return {one: why for one, why in asked.items() if why is not None}

    @property
    def against_clearing(self) -> str | None:
        """Return why the item cannot be cleared as things are."""
        return signing.against_clearing(self.case, self.case.item.channels)

    def permits(self, verb: Verb) -> bool:
        """Tell whether the asker may take that step now."""
        return self.steps[verb].allowed


def sheet_of(desk: Desk, number: str, *, person: str) -> Sheet:
    """Return the round under review with its draft; a sealed one to the office alone.

    Raises:
        NotFoundError: There is no such case.
        NotPermittedError: It is another department's, or the person sees no drafts.
    """
    case = look.see(desk, number, person=person)
    steps = look.steps(desk, case, person=person)
    if case.sealed and not steps["look_at_contents"].allowed:
        return Sheet(case=case, steps=steps, sealed=True)
    look.permit_contents(desk, number, person=person)
    full = _full(desk, case, person)
    files = tuple(file_view(one) for one in full["files"]) if full else ()
    earlier = (
        look.earlier_dispositions(desk, number, person=person)
        if full is not None and len(case.rounds) > 1
        else {}
    )
    return Sheet(
        case=case,
        steps=steps,
        files=files,
        cards=cards_of(case, files, full, earlier),
        gaps=gaps_of(case.round, files),
    )


def changes_since_cleared(desk: Desk, number: str, *, person: str) -> Comparison | None:
    """Return what changed since the version that was last cleared; None without one.

    None, too, where that is the version under review, or one could not be read.
    """
    case = look.permit_contents(desk, number, person=person)
    if case.grant is None or case.grant.round == case.round.number:
        return None
    before = _contents(desk, case, case.grant.round, person)
    after = _contents(desk, case, case.round.number, person)
    return None if before is None or after is None else compare(before, after)


def _contents(desk: Desk, case: Case, wanted: int, person: str) -> Contents | None:
    """Return what a round would publish; None where it cannot be had (any more)."""
    report = case.rounds[wanted - 1].report
    if report is None or report.canonical is None:
        return None
    try:
        full = look.report_of(desk, case.number, person=person, round_number=wanted)
    except MissingContentsError:
        return None
    return from_json(full["contents"])


def _full(desk: Desk, case: Case, person: str) -> dict[str, Any] | None:
    """Return the machine's full report; None before the scan and after the purge."""
    if case.round.report is None:
        return None
    try:
        return look.marked_report_of(desk, case.number, person=person)
    except MissingContentsError:
        return None
