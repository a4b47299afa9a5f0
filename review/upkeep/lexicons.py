"""The versions of the office's own lexicon, as the record tells of them.

A version is a whole set of rule files, laid over the shipped lexicons. One is in
force at most; nothing but the events says which.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from review.case.people import By
from review.upkeep.events import (
    LexiconActivated,
    LexiconProposed,
    LexiconRejected,
    UpkeepEvent,
)

VersionState: TypeAlias = Literal["proposed", "active", "rejected", "retired"]

STATES: Final[dict[VersionState, str]] = {
    "proposed": "待启用",
    "active": "启用中",
    "rejected": "已退回",
    "retired": "已停用",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconVersion:
    """One version: what it is (by digest), who wants it and why, what became of it.

    `base` is the version that it was made from, `preview` the digest of the
    preview that whoever put it into force had seen.
    """

    change: str
    digest: str
    base: str | None
    reason: str
    proposed_by: By
    proposed_at: datetime
    state: VersionState = "proposed"
    decided_by: By | None = None
    decided_at: datetime | None = None
    rejected_because: str | None = None
    preview: str | None = None
    lexicons: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What is kept of a preview to hold a request against; `digest` is its own.

    `version` and `lexicons` are the digests of the version and of all lexicons
    with it; `sound` tells whether they load and every example came out right.
    """

    change: str
    digest: str
    version: str
    lexicons: str
    sound: bool


def versions_after(happened: Iterable[UpkeepEvent]) -> tuple[LexiconVersion, ...]:
    """Fold what happened, oldest first, into the versions, oldest first."""
    known: dict[str, LexiconVersion] = {}
    for event in happened:
        if isinstance(event, LexiconProposed):
            known[event.change] = _proposed(event)
        elif isinstance(event, LexiconActivated):
            known = {name: _retired(one) for name, one in known.items()}
            known[event.change] = _activated(known[event.change], event)
        elif isinstance(event, LexiconRejected):
            known[event.change] = _rejected(known[event.change], event)
    return tuple(known.values())


def in_force(versions: Iterable[LexiconVersion]) -> LexiconVersion | None:
    """Return the version that the machine goes by, None while there is none."""
    return next((one for one in versions if one.state == "active"), None)


def _proposed(event: LexiconProposed) -> LexiconVersion:
    return LexiconVersion(
        change=event.change,
        digest=event.digest,
        base=event.base,
        reason=event.reason,
        proposed_by=event.by,
        proposed_at=event.at,
    )


def _retired(one: LexiconVersion) -> LexiconVersion:
    return replace(one, state="retired") if one.state == "active" else one


def _activated(one: LexiconVersion, event: LexiconActivated) -> LexiconVersion:
    return replace(
        one,
        state="active",
        decided_by=event.by,
        decided_at=event.at,
        preview=event.preview,
        lexicons=event.lexicons,
    )


def _rejected(one: LexiconVersion, event: LexiconRejected) -> LexiconVersion:
    return replace(
        one,
        state="rejected",
        decided_by=event.by,
        decided_at=event.at,
        rejected_because=event.reason,
    )
