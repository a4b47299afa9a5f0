"""Figures of detection with their 95 % intervals, drafts being drawn anew with replacement.

A draft is drawn whole: its paragraphs are about one thing and no independent witnesses. A
passage that stands alone is a draft of one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from review.evaluation.drafts import Judged
from review.evaluation.judge import Judgement, Method
from review.evaluation.ranking import average_precision
from review.evaluation.shares import share_of

SAMPLES: Final = 2_000
SEED: Final = 20261123

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sample:
    """Passages as columns: the label, what the methods say, and whose draft it is."""

    labels: Flags
    covert: Flags
    right: Flags
    category: Flags
    flags: dict[Method, Flags]
    scores: dict[Method, npt.NDArray[np.float64]]
    draft: npt.NDArray[np.intp]

    def take(self, rows: Rows, draft: npt.NDArray[np.intp]) -> "Sample":
        """Return these rows, as paragraphs of these drafts."""
        return Sample(
            self.labels[rows],
            self.covert[rows],
            self.right[rows],
            self.category[rows],
            {name: one[rows] for name, one in self.flags.items()},
            {name: one[rows] for name, one in self.scores.items()},
            draft,
        )


Figure = Callable[[Sample], float | None]


def sample_of(judged: Sequence[Judged], methods: Sequence[Method]) -> Sample:
    """Return what was judged as columns."""
    every = [one for _, each in judged for one in each]
    owners = [at for at, (_, each) in enumerate(judged) for _ in each]

    def flags(of: Callable[[Judgement], bool]) -> Flags:
        return np.asarray([of(one) for one in every], dtype=bool)

    return Sample(
        labels=flags(lambda one: one.passage.sensitive),
        covert=flags(lambda one: not one.passage.overt),
        right=flags(lambda one: one.category == one.passage.category),
        category=flags(lambda one: bool(one.category)),
        flags={
            name: flags(lambda one, n=name: one.outcomes[n].flag) for name in methods
        },  # type: ignore[misc]  # - bound early
        scores={
            name: np.asarray([one.outcomes[name].score for one in every])
            for name in methods
        },
        draft=np.asarray(owners, dtype=np.intp),
    )


def with_interval(sample: Sample, figure: Figure) -> tuple[float | None, str]:
    """Return the figure, and its interval in words ('' where there is none)."""
    chance = np.random.default_rng(SEED)
    drafts = int(sample.draft.max()) + 1
    rows = [np.flatnonzero(sample.draft == at) for at in range(drafts)]
    drawn: list[float] = []
    for _ in range(SAMPLES):
        chosen = chance.integers(0, drafts, drafts)
        taken = [rows[at] for at in chosen]
        owners = np.repeat(np.arange(drafts), [len(one) for one in taken])
        value = figure(sample.take(np.concatenate(taken), owners))
        if value is not None:
            drawn.append(value)
    found = figure(sample)
    if found is None or not drawn:
        return found, ""
    low, high = np.percentile(drawn, [2.5, 97.5])
    if low == high and isinstance(figure, Share):
        # All or nothing, however it is drawn: what so few can tell (Wilson).
        low, high = share_of(*figure.counts(sample))["interval"]
    return found, f"{low:.3f}–{high:.3f}"


# --- the figures ---


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some are some others."""

    part: Callable[[Sample], Flags]
    whole: Callable[[Sample], Flags]

    def counts(self, sample: Sample) -> tuple[int, int]:
        """Return how many of how many."""
        whole = self.whole(sample)
        return int((self.part(sample) & whole).sum()), int(whole.sum())

    def __call__(self, sample: Sample) -> float | None:
        """Return the share; None of nothing."""
        part, whole = self.counts(sample)
        return part / whole if whole else None


def precision(method: Method = "both") -> Share:
    """Return how much of what is flagged discloses."""
    return Share(lambda one: one.labels, lambda one: one.flags[method])


def recall(method: Method = "both") -> Share:
    """Return how much of what discloses is flagged."""
    return Share(lambda one: one.flags[method], lambda one: one.labels)


def covert_recall(method: Method = "both") -> Share:
    """Return the same of what discloses without a word of the lists."""
    return Share(lambda one: one.flags[method], lambda one: one.labels & one.covert)


def false_flags(method: Method = "both") -> Share:
    """Return how much of what is public is flagged."""
    return Share(lambda one: one.flags[method], lambda one: ~one.labels)


def f1(method: Method = "both") -> Figure:
    """Return the harmonic mean of precision and recall."""

    def of(one: Sample) -> float | None:
        whole = one.flags[method].sum() + one.labels.sum()
        return (
            float(2 * (one.flags[method] & one.labels).sum() / whole) if whole else None
        )

    return of


def f1_gain(method: Method = "both", over: Method = "keywords") -> Figure:
    """Return how much larger the harmonic mean is than another method's."""

    def of(one: Sample) -> float | None:
        own, other = f1(method)(one), f1(over)(one)
        return None if own is None or other is None else own - other

    return of


def average(method: Method = "both") -> Figure:
    """Return the average precision."""

    def of(one: Sample) -> float | None:
        if one.labels.all() or not one.labels.any():
            return None
        return average_precision(one.labels, one.scores[method])

    return of


def category_accuracy() -> Share:
    """Return how many true findings carry the labelled category."""
    return Share(lambda one: one.right, lambda one: one.labels & one.category)


def drafts_flagged(*, leaking: bool) -> Share:
    """Return how many of the leaking, or of the clean, drafts are flagged anywhere."""

    def whole(one: Sample) -> Flags:
        leaks = _anywhere(one, one.labels)
        return leaks if leaking else ~leaks

    return Share(lambda one: _anywhere(one, one.flags["both"]), whole)


def _anywhere(one: Sample, flags: Flags) -> Flags:
    """Tell of each draft whether one of its paragraphs is flagged."""
    found = np.zeros(int(one.draft.max()) + 1, dtype=bool)
    np.logical_or.at(found, one.draft, flags)
    return found
