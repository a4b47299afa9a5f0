"""What the recognizer's steps hand on to one another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that were read in one place of an upright page; pixels from the upper left."""

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.bottom - self.top

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Return how far down its middle is."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """An upright line of a page, in pixels from the upper left."""

    x: float
    top: float
    bottom: float

    def parts(self, left: float, right: float, middle: float) -> bool:
        """Tell whether it stands between two places of a row."""
        return left <= self.x <= right and self.top <= middle <= self.bottom
