"""Figures for whole drafts: is a leak noticed, is the rest left in peace."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from review.evaluation.data import LabelledDraft
from review.evaluation.judge import Judgement
from review.evaluation.shares import share_of

Judged: TypeAlias = tuple[LabelledDraft, Sequence[Judgement]]


def measure_drafts(judged: Sequence[Judged]) -> dict[str, Any] | None:
    """Return the figures of the whole drafts among `judged`, None without any.

    A draft leaks if a paragraph does; it is flagged if a paragraph is, be it
    another one. `unnoticed` names the leaking drafts that were not flagged.
    """
    whole = [one for one in judged if not one[0].alone]
    if not whole:
        return None
    leaking = [one for one in whole if _leaks(one)]
    clean = [one for one in whole if not _leaks(one)]
    paragraphs = [one for _, each in whole for one in each]
    leaks = [one for one in paragraphs if one.passage.sensitive]
    public = [one for one in paragraphs if not one.passage.sensitive]
    return {
        "drafts": len(whole),
        "leaking_flagged": share_of(sum(map(_flagged, leaking)), len(leaking)),
        "clean_flagged": share_of(sum(map(_flagged, clean)), len(clean)),
        "leaking_paragraphs_found": share_of(
            sum(one.flagged for one in leaks), len(leaks)
        ),
        "public_paragraphs_flagged": share_of(
            sum(one.flagged for one in public), len(public)
        ),
        "unnoticed": [
            draft.id for draft, each in leaking if not any(one.flagged for one in each)
        ],
    }


def _leaks(judged: Judged) -> bool:
    return any(one.passage.sensitive for one in judged[1])


def _flagged(judged: Judged) -> bool:
    return any(one.flagged for one in judged[1])
