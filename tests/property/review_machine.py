"""The hypothesis machine that plays the review; a kind of desk is all that it needs.

A test gives it one by overriding `open_desk`, and takes its `TestCase`.
"""

from collections import Counter
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.property.review_desk import Desk, Opening
from tests.property.review_play import Play
from tests.property.review_requests import VERBS

_seeds = st.integers(0, 2**32 - 1)


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - a test's dice


class ReviewMachine(RuleBasedStateMachine):
    """Random requests by random people, in an order that hypothesis chooses and shrinks."""

    a_while: ClassVar = 6  # requests
    counts: ClassVar[Counter[str] | None] = None  # of what was reached, in all stories
    story: Play

    def open_desk(self, opening: Opening) -> Desk:
        """Return the desk that is played at."""
        raise NotImplementedError

    @initialize(seed=_seeds)
    def the_school_opens(self, seed: int) -> None:
        self.story = Play(self.open_desk, _dice(seed), counts=self.counts)

    @rule(seed=_seeds)
    def somebody_does_what_comes_next(self, seed: int) -> None:
        self.story.natural(_dice(seed))

    @rule(seed=_seeds)
    def the_review_goes_on(self, seed: int) -> None:
        dice = _dice(seed)
        for _ in range(self.a_while):
            self.story.request(dice)

    @rule(seed=_seeds)
    def somebody_does_it_wrong(self, seed: int) -> None:
        self.story.spoiled(_dice(seed))

    @rule(seed=_seeds, verb=st.sampled_from(VERBS))
    def somebody_asks_for_anything(self, seed: int, verb: str) -> None:
        self.story.wild(_dice(seed), verb)

    def teardown(self) -> None:
        if hasattr(self, "story"):
            self.story.close()
