"""Requests on the office's own lexicon: an event, or a refusal.

Knows no database and no clock. Who may ask at all stands in
`review.access.permissions`; here is what must hold beyond that.
"""

from collections.abc import Sequence
from datetime import datetime

from review.case.people import By
from review.errors import NotFoundError
from review.upkeep import rules
from review.upkeep.events import LexiconActivated, LexiconProposed, LexiconRejected
from review.upkeep.lexicons import LexiconVersion, Previewed, in_force


def propose(
    known: Sequence[LexiconVersion], *, digest: str, reason: str, by: By, at: datetime
) -> LexiconProposed:
    """Propose a version, made from the one in force.

    Raises:
        IncompleteError: No reason is given, or nothing would change.
    """
    active = in_force(known)
    rules.forbid_no_reason(reason)
    rules.forbid_no_change(digest, active)
    return LexiconProposed(
        at=at,
        by=by,
        change=f"词{len(known) + 1:04d}",
        digest=digest,
        reason=reason.strip(),
        base=None if active is None else active.change,
    )


def activate(  # noqa: PLR0913 - each is something that must be held against the others
    known: Sequence[LexiconVersion],
    change: str,
    *,
    preview: Previewed | None,
    seen: str,
    lexicons: str,
    by: By,
    at: datetime,
) -> LexiconActivated:
    """Put a proposed version into force.

    Raises:
        NotFoundError: There is no such version.
        NotPermittedError: He proposed it himself.
        WrongStageError: It was decided on before.
        StaleError: Another came into force meanwhile, or the preview that he saw
            is not the last.
        IncompleteError: There is no preview, or it came out wrong.
    """
    version = version_of(known, change)
    rules.forbid_decided(version)
    rules.forbid_activating_own_proposal(version, by)
    rules.forbid_activating_over_another(version, in_force(known))
    rules.forbid_activating_unseen(version, preview, seen=seen, lexicons=lexicons)
    if preview is not None:
        rules.forbid_activating_unsound(preview)
    return LexiconActivated(
        at=at,
        by=by,
        change=change,
        digest=version.digest,
        preview=seen,
        lexicons=lexicons,
    )


def reject(
    known: Sequence[LexiconVersion], change: str, *, reason: str, by: By, at: datetime
) -> LexiconRejected:
    """Turn a proposed version down; whoever proposed it may take it back so.

    Raises:
        NotFoundError: There is no such version.
        WrongStageError: It was decided on before.
        IncompleteError: No reason is given.
    """
    version = version_of(known, change)
    rules.forbid_decided(version)
    rules.forbid_no_reason(reason)
    return LexiconRejected(at=at, by=by, change=change, reason=reason.strip())


def version_of(known: Sequence[LexiconVersion], change: str) -> LexiconVersion:
    """Return the version of that name.

    Raises:
        NotFoundError: There is none.
    """
    for one in known:
        if one.change == change:
            return one
    raise NotFoundError("没有这一词库改动，请核对编号。")
