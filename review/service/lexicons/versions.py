"""The office's own lexicon: proposed, put into force by another person, turned down."""

from dataclasses import dataclass
from typing import Final

from review.access.permissions import OfficeVerb
from review.detect.lexicon_files import HeldFolder, layered_digest
from review.errors import StaleError
from review.ledger.statement import Context
from review.ports.records import Reading, Writing
from review.service.acting import looking, noting_refusals, permit, permitted
from review.service.desk import Desk, Once
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons.layers import (
    NONE,
    folder_of,
    layers,
    sealed_folder,
    versions_of,
)
from review.service.lexicons.proposal import Wanted, made
from review.service.once import carried_out, remember
from review.service.siteaudit import published
from review.upkeep import deciding
from review.upkeep.deciding import version_of
from review.upkeep.events import UpkeepEvent
from review.upkeep.lexicons import LexiconVersion, in_force

_SEE: Final[OfficeVerb] = "see_lexicon_changes"


@dataclass(frozen=True, slots=True)
class _Start:
    """What a proposal starts from: the version in force then, and the files taken."""

    active: str | None
    folder: HeldFolder


def propose(
    desk: Desk, wanted: Wanted, *, reason: str, person: str, once: Once | None = None
) -> LexiconVersion:
    """Propose a new version of the office's own lexicon; nothing is in force yet.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
        LexiconError: The change does not load; file and line are named.
        NotFoundError: A version, file, rule or word that it names is not there.
        IncompleteError: No reason is given, or nothing would change.
        StaleError: Another version came into force meanwhile.
    """
    with noting_refusals(desk, person, "propose_lexicon"):
        with desk.store.reading() as records:
            permit(desk, records, "propose_lexicon", person)
            if before := carried_out(records, person, once):
                return version_of(versions_of(records), before)
            start = _start(desk, records, wanted)
        folder = made(desk, start.folder, wanted)
        with desk.store.writing() as work:
            by = permit(desk, work, "propose_lexicon", person)
            if before := carried_out(work, person, once):
                return version_of(versions_of(work), before)
            known = versions_of(work)
            _forbid_other_start(start, in_force(known))
            at, digest = desk.now(), layered_digest(folder)
            event = deciding.propose(known, digest=digest, reason=reason, by=by, at=at)
            sealed = sealed_folder(desk.secrets, event.change, folder)
            work.lexicons.put_files(event.change, sealed)
            _seal(desk, work, event)
            remember(work, person, once, case=event.change, at=at)
            return version_of(versions_of(work), event.change)


def may_propose(desk: Desk, *, person: str) -> None:
    """Ask whether somebody may propose a change at all.

    Raises:
        NotPermittedError: He does not belong to the secrecy office.
    """
    permitted(desk, "propose_lexicon", person)


def activate(
    desk: Desk, change: str, *, preview: str, person: str, once: Once | None = None
) -> LexiconVersion:
    """Put a proposed version into force; `preview` is the digest of what he saw.

    Raises:
        NotFoundError: There is no such version.
        NotPermittedError: He does not belong to the office, or proposed it himself.
        WrongStageError: It was decided on before.
        StaleError: Another version came into force meanwhile, or the preview is
            not the last.
        IncompleteError: There is no preview, or it came out wrong.
    """
    with noting_refusals(desk, person, "activate_lexicon"):
        with desk.store.reading() as records:
            permit(desk, records, "activate_lexicon", person)
            version = version_of(versions_of(records), change)
            folder = folder_of(records, desk.secrets, version)
        # Reading all files takes a while: before the turn, and held against it then.
        lexicons = layered_digest(*layers(desk, folder))
        with desk.store.writing() as work:
            by = permit(desk, work, "activate_lexicon", person)
            known = versions_of(work)
            if carried_out(work, person, once):
                return version_of(known, change)
            event = deciding.activate(
                known,
                change,
                preview=lexicon_preview.noted(desk, work, change),
                seen=preview,
                lexicons=lexicons,
                by=by,
                at=desk.now(),
            )
            _seal(desk, work, event)
            published.order(desk, work, f"lexicon:{change}")
            work.sign_head(event.at)
            remember(work, person, once, case=change, at=event.at)
            return version_of(versions_of(work), change)


def reject(
    desk: Desk, change: str, *, reason: str, person: str, once: Once | None = None
) -> LexiconVersion:
    """Turn a proposed version down; whoever proposed it may take it back so.

    Raises:
        NotFoundError: There is no such version.
        NotPermittedError: He does not belong to the office.
        WrongStageError: It was decided on before.
        IncompleteError: No reason is given.
    """
    with (
        noting_refusals(desk, person, "activate_lexicon"),
        desk.store.writing() as work,
    ):
        by = permit(desk, work, "activate_lexicon", person)
        known, at = versions_of(work), desk.now()
        if carried_out(work, person, once):
            return version_of(known, change)
        event = deciding.reject(known, change, reason=reason, by=by, at=at)
        _seal(desk, work, event)
        remember(work, person, once, case=change, at=at)
        return version_of(versions_of(work), change)


def versions(desk: Desk, *, person: str) -> tuple[LexiconVersion, ...]:
    """Return every version, newest first."""
    with looking(desk, _SEE, person) as records:
        return tuple(reversed(versions_of(records)))


def version(desk: Desk, change: str, *, person: str) -> LexiconVersion:
    """Return one version.

    Raises:
        NotFoundError: There is no such version.
    """
    with looking(desk, _SEE, person) as records:
        return version_of(versions_of(records), change)


def files(desk: Desk, change: str, *, person: str) -> tuple[tuple[str, bytes], ...]:
    """Return the rule files of one version, by name.

    Raises:
        NotFoundError: There is no such version.
    """
    with looking(desk, _SEE, person) as records:
        found = version_of(versions_of(records), change)
        return folder_of(records, desk.secrets, found).files


def _start(desk: Desk, records: Reading, wanted: Wanted) -> _Start:
    known = versions_of(records)
    active = in_force(known)
    taken = active
    if wanted.from_version is not None:
        taken = version_of(known, wanted.from_version)
    folder = NONE if taken is None else folder_of(records, desk.secrets, taken)
    return _Start(None if active is None else active.change, folder)


def _forbid_other_start(start: _Start, active: LexiconVersion | None) -> None:
    if start.active != (None if active is None else active.change):
        raise StaleError(
            "您提出改动时，另一版本刚刚启用；请在现行版本上核对后重新提出。"
        )


def _seal(desk: Desk, work: Writing, event: UpkeepEvent) -> None:
    work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
