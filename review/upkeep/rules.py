"""What is forbidden in the upkeep of the office's own lexicon, one function a rule.

A rule returns nothing when it is kept and raises when it is broken; the message
says in Chinese what to do instead.
"""

from typing import Final

from review.case.people import By
from review.errors import (
    IncompleteError,
    NotPermittedError,
    StaleError,
    WrongStageError,
)
from review.upkeep.lexicons import STATES, LexiconVersion, Previewed

_LONGEST_REASON: Final = 500


def forbid_no_reason(reason: str) -> None:
    """Ask everybody who changes what the machine goes by to say why."""
    if not reason.strip():
        raise IncompleteError("请写明理由。")
    if len(reason) > _LONGEST_REASON:
        raise IncompleteError(f"理由太长，请缩短到 {_LONGEST_REASON} 个字以内。")


def forbid_no_change(digest: str, active: LexiconVersion | None) -> None:
    """Let nobody propose what is in force already."""
    if active is not None and active.digest == digest:
        raise IncompleteError("这些改动与启用中的词库完全相同，没有需要提出的改动。")


def forbid_decided(version: LexiconVersion) -> None:
    """Decide on each version once."""
    if version.state != "proposed":
        raise WrongStageError(
            f"词库改动 {version.change} 已是“{STATES[version.state]}”，不能再办理；"
            "要用回旧版本，请用它重新提出一次改动。"
        )


def forbid_activating_own_proposal(version: LexiconVersion, by: By) -> None:
    """Let another person of the office put a version into force than proposed it."""
    if version.proposed_by.id == by.id:
        raise NotPermittedError(
            "提出词库改动的人不能自己启用，请由保密办另一位审查员启用。"
        )


def forbid_activating_over_another(
    version: LexiconVersion, active: LexiconVersion | None
) -> None:
    """Let no version undo another that came into force meanwhile."""
    now = None if active is None else active.change
    if version.base != now:
        raise StaleError(
            f"词库改动 {version.change} 提出之后，已启用了另一版本；"
            "请在现行版本上重新提出。"
        )


def forbid_activating_unseen(
    version: LexiconVersion, preview: Previewed | None, *, seen: str, lexicons: str
) -> None:
    """Let a version come into force only as it was previewed, and as somebody saw it.

    `seen` is the preview that he saw, `lexicons` the digest of all lexicons as
    they would be now: the shipped ones, too, may have changed since.
    """
    if preview is None or preview.version != version.digest:
        raise IncompleteError("这一改动还没有预演，请先预演，看过结果再启用。")
    if preview.digest != seen:
        raise StaleError("您看到的预演已不是最新的一次，请重新查看预演结果再启用。")
    if preview.lexicons != lexicons:
        raise StaleError("预演之后随附词库已有变化，请重新预演，看过结果再启用。")


def forbid_activating_unsound(preview: Previewed) -> None:
    """Keep out a version that does not load, or whose examples come out wrong."""
    if not preview.sound:
        raise IncompleteError(
            "预演没有通过（格式有误或例文不符），不能启用；请改正后重新提出。"
        )
