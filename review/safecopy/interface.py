"""What a cleaner makes of a draft, and what every cleaner promises.

A cleaner takes hidden content out and leaves what is seen as it is. What it
cannot take out for certain it refuses; it never leaves it and says nothing.
"""

from dataclasses import dataclass, field
from typing import Protocol

from review.extract.limits import Limits


@dataclass(frozen=True, slots=True)
class Trace:
    """A kind of hidden content at one place, in Chinese, and how often.

    Neither names nor texts of the draft stand in it.
    """

    kind: str
    place: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What one cleaner made, before anything was checked.

    `format` names the kind of file that came out. `kept` is what stays although
    no page shows it (the addresses of links). `seen` holds texts that reading calls
    hidden and that may stay. `unseen` holds texts that reading takes for shown and
    that no page shows, so that they are gone. `scanned` are pages that are pictures
    and lost the invisible text behind them: their look alone was compared.
    """

    data: bytes
    format: str
    removed: tuple[Trace, ...]
    kept: tuple[Trace, ...] = ()
    seen: frozenset[str] = frozenset()
    unseen: tuple[str, ...] = ()
    scanned: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeCopy:
    """A copy that was read again: nothing hidden is left, all that is seen is there.

    `characters` counts the visible ones that were compared; `pictures` tells that
    there are pictures whose contents nobody read.
    """

    data: bytes
    format: str
    removed: tuple[Trace, ...]
    kept: tuple[Trace, ...]
    characters: int
    pictures: bool


@dataclass(slots=True)
class Tally:
    """Counts what a cleaner takes out, in the order in which it is met."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, kind: str, place: str, count: int = 1) -> None:
        """Count one kind of hidden content at a place; none, or nothing, is not."""
        if kind and count > 0:
            key = (kind, place)
            self.counts[key] = self.counts.get(key, 0) + count

    def traces(self) -> tuple[Trace, ...]:
        """Return the counts."""
        return tuple(
            Trace(kind, place, count) for (kind, place), count in self.counts.items()
        )


class Cleaner(Protocol):
    """One family of formats."""

    @property
    def reads(self) -> frozenset[str]:
        """Return the names of the formats, as reading gives them."""
        ...

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the draft without its hidden content.

        Raises:
            UnreadableError: It is damaged, or holds what cannot be taken out.
        """
        ...
