"""Tell which text of an OFD page nobody sees: covered, off the page, in the paper's colour."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from review.extract.ofd.drawing import CLEAR, Fill, Piece
from review.extract.ofd.resources import WHITE, Colour
from review.extract.ofd.space import Box

COVERED: Final = "被色块遮住的文字"
UNDER_PICTURE: Final = "被图片遮住的文字"
OFF_PAGE: Final = "页面之外的文字"
PALE: Final = "与底色相同、看不出的文字"
TINY: Final = "小得看不出的文字"
_SMALLEST: Final = 0.6  # millimetres, 1.7 points
_BANDS: Final = 24
_MOST: Final = 0.85
_MOST_COVERS: Final = 400
_OPAQUE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Cover:
    """An opaque rectangle; without a colour it is a picture or a pattern."""

    box: Box
    order: int
    colour: Colour | None
    picture: bool = False


@dataclass(slots=True)
class Paper:
    """One page and everything that was painted on it."""

    box: Box
    # More lies in one place than was looked at.
    crowded: bool = False
    _bands: dict[tuple[int, int], list[Cover]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def cover(self, one: Cover) -> None:
        """Lay an opaque rectangle on the page."""
        columns = range(self._column(one.box.left), self._column(one.box.right) + 1)
        rows = range(self._row(one.box.top), self._row(one.box.bottom) + 1)
        for place in product(columns, rows):
            band = self._bands[place]
            if len(band) < _MOST_COVERS:
                band.append(one)
            else:
                self.crowded = True

    def fill(self, fill: Fill) -> None:
        """Lay a filled rectangle on the page, if nothing shines through."""
        if fill.colour is None or fill.colour.alpha >= _OPAQUE:
            self.cover(Cover(fill.box, fill.order, fill.colour))

    def why_unseen(self, piece: Piece) -> str | None:
        """Return in Chinese why nobody sees a text; `None` where it is seen."""
        if piece.why is not None:
            return piece.why
        box = piece.box
        area = box.area or 1e-9
        if box.shared(self.box) < area * 0.2 and box.area:
            return OFF_PAGE
        if piece.size < _SMALLEST:
            return TINY
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        near = self._bands.get((self._column(x), self._row(y)), ())
        below: Cover | None = None
        for cover in near:
            if not cover.box.holds(x, y):
                continue
            if cover.order < piece.order:
                below = cover if below is None or cover.order > below.order else below
            elif cover.order > piece.order and box.shared(cover.box) >= area * _MOST:
                return UNDER_PICTURE if cover.picture else COVERED
        return _pale(piece, below)

    def _column(self, x: float) -> int:
        return _band(x, self.box.left, self.box.right)

    def _row(self, y: float) -> int:
        return _band(y, self.box.top, self.box.bottom)


def _pale(piece: Piece, below: Cover | None) -> str | None:
    """Tell a text in the colour of what lies below it; a picture may be any colour."""
    ground = WHITE if below is None else below.colour
    if piece.colour is None or ground is None:
        return None
    if piece.colour.invisible:
        return CLEAR
    return PALE if piece.colour.near(ground) else None


def _band(value: float, start: float, end: float) -> int:
    share = (value - start) / ((end - start) or 1.0)
    return min(max(int(share * _BANDS), 0), _BANDS - 1)


def covering(boxes: Sequence[Box], page: Box) -> float:
    """Return which share of the page the largest box covers."""
    return max((box.shared(page) for box in boxes), default=0.0) / (page.area or 1.0)
