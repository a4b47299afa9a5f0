"""No order of requests, by whomsoever, leads around the review.

A hypothesis machine and a seeded driver play the same random stories (see
`review_play`); each step is held against laws that know nothing of the code.
That the laws see anything is shown by switching off each rule in turn.
"""

import ast
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, Final, get_args

import pytest
from hypothesis import settings

from review.case import appointing, rules, separation
from review.case.case import Stage
from review.case.events import CaseEvent
from tests.property.review_desk import DomainDesk, Opening
from tests.property.review_machine import ReviewMachine
from tests.property.review_play import ViolationError, play
from tests.property.review_requests import VERBS

_REVIEW: Final = Path(rules.__file__).parents[1]
_EPISODES: Final = 3000
# How many requests a switched-off rule may take to be noticed.
_SOON_ENOUGH: Final = 20_000

# Rules that never come to speak while the one that stands before them holds: each is
# shown to keep its law alone when that one is gone.
_BEHIND: Final[dict[str, tuple[str, str]]] = {
    "rules.forbid_unscanned": (
        "separation.forbid_wrong_stage",
        "concluded_rounds_were_scanned",
    ),
    "rules.forbid_clearing_without_first_pass": (
        "separation.forbid_wrong_stage",
        "department_has_concluded",
    ),
    "rules.forbid_double_revocation": (
        "separation.forbid_wrong_stage",
        "clearances_end_once",
    ),
}


def _machine_settings(examples: int) -> settings:
    return settings(max_examples=examples, stateful_step_count=16)


class _AtTheDomain(ReviewMachine):
    def open_desk(self, opening: Opening) -> DomainDesk:
        return DomainDesk(opening)


class TestReviewQuickly(_AtTheDomain.TestCase):  # type: ignore[misc, valid-type]  # made by hypothesis
    settings = _machine_settings(100)


@pytest.mark.slow
class TestReview(_AtTheDomain.TestCase):  # type: ignore[misc, valid-type]  # made by hypothesis
    settings = _machine_settings(2000)


@pytest.mark.parametrize("seed", range(100))
def test_no_road_around_review(seed: int) -> None:
    play(DomainDesk, seed)


@pytest.mark.slow
def test_stories_reach_everything_and_break_nothing() -> None:
    """A play that never came to a clearance would prove nothing."""
    counts: Counter[str] = Counter()
    for seed in range(_EPISODES):
        play(DomainDesk, seed, counts=counts)
    kinds = [f"event {one.__name__}" for one in get_args(CaseEvent)]
    stages = [f"stage {one}" for one in get_args(Stage) if one != "clearing"]
    granted = [
        f"granted {one}" for one in VERBS if one not in {"clear", "open_incident"}
    ]
    refused = [
        f"refused {one.__name__}"
        for name, (_, one) in _all_rules().items()
        if name not in _BEHIND
    ]
    wanted = [
        *kinds,
        *stages,
        *granted,
        *refused,
        "granted look_at_contents, sealed: True",
    ]
    rare = {one: counts[one] for one in wanted if counts[one] < 20}
    assert rare == {}
    # In one step with the decision, the incident's opening with the scan.
    assert counts["stage clearing"] == 0
    assert counts["granted clear"] == counts["granted open_incident"] == 0


def _all_rules() -> dict[str, tuple[ModuleType, Callable[..., None]]]:
    """Return each `forbid_…` with the module that holds it, by its short name."""
    return {
        f"{module.__name__.rsplit('.', 1)[-1]}.{name}": (module, one)
        for module in (rules, separation, appointing)
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("forbid_") and one.__module__ == module.__name__
    }


def _switch_off(patch: pytest.MonkeyPatch, name: str) -> None:
    module, one = _all_rules()[name]
    patch.setattr(module, one.__name__, lambda *_given, **_named: None)


def _noticed(only: frozenset[str] | None = None) -> tuple[int, str] | None:
    """Play until a law is broken; return after how many requests, and which."""
    asked = 0
    for seed in count():
        if asked >= _SOON_ENOUGH:
            return None
        try:
            asked += play(DomainDesk, seed, only=only)
        except ViolationError as violation:
            return asked + len(violation.story) - 1, violation.law
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(_all_rules().keys() - _BEHIND.keys()))
def test_every_rule_matters(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _switch_off(monkeypatch, name)
    noticed = _noticed()
    assert noticed is not None, f"{name} can be switched off and nobody sees it"
    print(f"{name}: {noticed[1]} after {noticed[0]} requests")  # noqa: T201 - shown by -rP


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "other", "law"), [(k, *v) for k, v in _BEHIND.items()]
)
def test_every_rule_behind_another_holds_alone(
    name: str, other: str, law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second net is a net: the law is kept by it alone, and broken without either."""
    only = frozenset({law})
    _switch_off(monkeypatch, other)
    assert _noticed(only) is None
    _switch_off(monkeypatch, name)
    noticed = _noticed(only)
    assert noticed is not None
    print(f"{name} behind {other}: {law} after {noticed[0]} requests")  # noqa: T201 - shown by -rP


def _names() -> frozenset[str | None]:
    return frozenset(one.__name__ for _, one in _all_rules().values())


def _calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted(_REVIEW.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "forbid_" in text else ():
            if isinstance(node, ast.Call):
                name: Any = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else None
                )
                name = node.func.id if isinstance(node.func, ast.Name) else name
                if name in _names():
                    yield path, node, name


def test_every_rule_is_asked_through_its_module() -> None:
    """Else switching it off would switch off nothing, and prove nothing."""
    homes = {one.__name__: module for module, one in _all_rules().values()}
    asked = set()
    for path, node, name in _calls():
        asked.add(name)
        home = homes[name].__name__.rsplit(".", 1)[-1]
        through: Any = node.func
        if isinstance(through, ast.Attribute):
            assert ast.unparse(through.value) == home, f"{path}: {name}"
        else:
            assert path.stem == home, f"{path}: {name}"
    assert asked == set(homes)
