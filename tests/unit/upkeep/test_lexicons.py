"""The versions of the office's own lexicon: who may do what with them, one row a rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from review.case.people import By
from review.errors import (
    IncompleteError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
    StaleError,
    WrongStageError,
)
from review.upkeep import deciding
from review.upkeep.events import LexiconActivated, LexiconProposed
from review.upkeep.lexicons import (
    LexiconVersion,
    Previewed,
    in_force,
    versions_after,
)

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
LI = By("li", "李样本", "office", None, "任0001")
QIAN = By("qian", "钱例子", "office", None, "任0002")
ONE, TWO = "1" * 64, "2" * 64
ALL, SEEN = "a" * 64, "5" * 64


def proposed(known: tuple[LexiconVersion, ...] = (), digest: str = ONE) -> Any:
    return deciding.propose(known, digest=digest, reason="赛事将近", by=LI, at=AT)


def previewed(**changes: Any) -> Previewed:
    values = {
        "change": "词0001",
        "digest": SEEN,
        "version": ONE,
        "lexicons": ALL,
        "sound": True,
    }
    return Previewed(**{**values, **changes})


def activated(
    known: tuple[LexiconVersion, ...],
    preview: Previewed | None,
    *,
    change: str = "词0001",
    seen: str = SEEN,
    by: By = QIAN,
) -> LexiconActivated:
    return deciding.activate(
        known,
        change,
        preview=preview,
        seen=seen,
        lexicons=ALL,
        by=by,
        at=AT + timedelta(hours=1),
    )


def test_a_version_is_proposed_then_in_force_then_replaced() -> None:
    first = proposed()
    known = versions_after([first])
    assert known[0].state == "proposed"
    assert in_force(known) is None
    second = activated(known, previewed())
    known = versions_after([first, second])
    assert (known[0].state, known[0].decided_by) == ("active", QIAN)
    assert (known[0].preview, known[0].lexicons) == (SEEN, ALL)
    third = proposed(known, TWO)
    assert (third.change, third.base) == ("词0002", "词0001")
    known = versions_after([first, second, third])
    preview = previewed(change="词0002", version=TWO)
    fourth = activated(known, preview, change="词0002")
    known = versions_after([first, second, third, fourth])
    assert [one.state for one in known] == ["retired", "active"]
    assert in_force(known) == known[1]


def test_a_rejected_version_says_why_and_changes_nothing() -> None:
    first = proposed()
    known = versions_after([first])
    said = deciding.reject(known, "词0001", reason="词太宽", by=QIAN, at=AT)
    (rejected,) = versions_after([first, said])
    assert (rejected.state, rejected.rejected_because) == ("rejected", "词太宽")
    assert in_force((rejected,)) is None


def test_whoever_proposed_may_take_it_back() -> None:
    known = versions_after([proposed()])
    said = deciding.reject(known, "词0001", reason="写错了", by=LI, at=AT)
    assert said.by == LI


_NOTHING: tuple[tuple[Previewed | None, str, type[RefusedError]], ...] = (
    (None, SEEN, IncompleteError),
    (previewed(version=TWO), SEEN, IncompleteError),
    (previewed(), "6" * 64, StaleError),
    (previewed(lexicons="b" * 64), SEEN, StaleError),
    (previewed(sound=False), SEEN, IncompleteError),
)


@pytest.mark.parametrize(("preview", "seen", "error"), _NOTHING)
def test_only_what_was_previewed_and_seen_comes_into_force(
    preview: Previewed | None, seen: str, error: type[RefusedError]
) -> None:
    known = versions_after([proposed()])
    with pytest.raises(error):
        activated(known, preview, seen=seen)


def test_nobody_activates_what_he_proposed() -> None:
    known = versions_after([proposed()])
    with pytest.raises(NotPermittedError, match="另一位审查员"):
        activated(known, previewed(), by=LI)


def test_a_version_is_decided_on_once() -> None:
    first = proposed()
    second = activated(versions_after([first]), previewed())
    known = versions_after([first, second])
    with pytest.raises(WrongStageError, match="启用中"):
        activated(known, previewed())
    with pytest.raises(WrongStageError):
        deciding.reject(known, "词0001", reason="不要了", by=QIAN, at=AT)


def test_a_version_undoes_no_other_that_came_meanwhile() -> None:
    first = proposed()
    rival = proposed(versions_after([first]), TWO)
    second = activated(versions_after([first, rival]), previewed())
    known = versions_after([first, rival, second])
    preview = previewed(change="词0002", version=TWO)
    with pytest.raises(StaleError, match="另一版本"):
        activated(known, preview, change="词0002")


def test_a_proposal_needs_a_reason_and_a_difference() -> None:
    with pytest.raises(IncompleteError, match="理由"):
        deciding.propose((), digest=ONE, reason="  ", by=LI, at=AT)
    with pytest.raises(IncompleteError, match="500"):
        deciding.propose((), digest=ONE, reason="长" * 501, by=LI, at=AT)
    first = proposed()
    known = versions_after([first, activated(versions_after([first]), previewed())])
    with pytest.raises(IncompleteError, match="完全相同"):
        proposed(known, ONE)
    event = proposed(known, TWO)
    assert isinstance(event, LexiconProposed)
    assert event.base == "词0001"


def test_an_unknown_version_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        deciding.reject((), "词0009", reason="不要了", by=QIAN, at=AT)
