"""The words of the pages that the review's own catalogues do not hold."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from review.case.case import Stage
from review.case.words import (
    CHANNELS,
    CONCLUSIONS,
    GROUNDS,
    OPINIONS,
    OUTCOMES,
    POSTS,
    REVOCATION_CAUSES,
    SOURCES,
    STAGES,
)
from review.report.words import (
    DISCLAIMER,
    LEVELS,
    PARTS,
    SEVERITIES,
    TIERS,
    VERDICTS,
    place,
)

__all__ = [
    "CHANNELS",
    "CONCLUSIONS",
    "DISCLAIMER",
    "GROUNDS",
    "LEVELS",
    "OPINIONS",
    "OUTCOMES",
    "PARTS",
    "POSTS",
    "REVOCATION_CAUSES",
    "SEVERITIES",
    "SOURCES",
    "STAGES",
    "TIERS",
    "TONES",
    "VERDICTS",
    "day",
    "place",
    "size",
]

# How a stage looks: what waits, what is good, what is not, what is over.
TONES: Final[Mapping[Stage, str]] = {
    "scanning": "quiet",
    "first_pass": "waiting",
    "endorsing": "waiting",
    "signing": "waiting",
    "referred": "waiting",
    "leading": "waiting",
    "clearing": "quiet",
    "rework": "back",
    "cleared": "good",
    "published": "good",
    "expired": "over",
    "revoked": "bad",
    "refused": "bad",
    "withdrawn": "over",
    "incident": "bad",
    "incident_confirmed": "bad",
    "incident_closed": "over",
}
_KIBI: Final = 1024


def day(value: date | None) -> str:
    """Return a day as forms write it, or a dash."""
    return value.isoformat() if value else "—"


def size(count: int) -> str:
    """Return a file's size for people."""
    if count < _KIBI:
        return f"{count} 字节"
    if count < _KIBI * _KIBI:
        return f"{count / _KIBI:.0f} KB"
    return f"{count / _KIBI / _KIBI:.1f} MB"
