"""Pictures on a PDF page under boxes: what lies there cannot be told from its pixels."""

from dataclasses import dataclass, field
from typing import Final

from review.errors import UnsupportedError
from review.extract.pdf.items import Box, around

_SMALLEST: Final = 5.0  # points: less is a ruling
_SLACK: Final = 0.6
_INSIDE: Final = 0.5
_ALL: Final = 0.97
_MOST: Final = 3_000


@dataclass(slots=True)
class Covers:
    """Pictures and opaque boxes of one page, in the order of painting."""

    pictures: list[tuple[int, Box]] = field(default_factory=list)
    boxes: list[tuple[int, Box]] = field(default_factory=list)
    glyphs: list[tuple[int, float, float]] = field(default_factory=list)
    _order: int = 0
    _path: list[tuple[float, float]] = field(default_factory=list)
    _curved: bool = False

    def point(self, x: float, y: float) -> None:
        """Add a corner to the path at hand."""
        self._path.append((x, y))

    def curve(self) -> None:
        """Note that the path at hand is no box."""
        self._curved = True

    def painted(self, *, opaque: bool) -> None:
        """End the path at hand; where it is a filled box it may cover something."""
        box = None if self._curved or not opaque else _box(self._path)
        self._path.clear()
        self._curved = False
        self._order += 1
        if box is None or len(self.boxes) >= _MOST:
            return
        if min(box.width, box.height) >= _SMALLEST:
            self.boxes.append((self._order, box))

    def picture(self, box: Box) -> None:
        """Note a picture."""
        self._order += 1
        self.pictures.append((self._order, box))

    def glyph(self, x: float, y: float) -> None:
        """Note a glyph that is seen."""
        self.glyphs.append((self._order, x, y))

    def forbid(self, page: int) -> None:
        """Refuse a page where a box blacks out a piece of a picture.

        A box with words on it is a label, one over the whole picture a new ground.

        Raises:
            UnsupportedError: A picture is covered in part.
        """
        for at, picture in self.pictures[:_MOST]:
            for order, box in self.boxes:
                if order > at and self._blacks_out(order, box, picture):
                    raise UnsupportedError(
                        f"第 {page} 页的图片上盖有色块，色块下面的图像仍在文件里，"
                        "不能可靠清除；请在图片软件里涂掉后重新生成 PDF 再试。"
                    )

    def _blacks_out(self, order: int, box: Box, picture: Box) -> bool:
        middle = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
        if not picture.holds(*middle) or box.area >= picture.area * _ALL:
            return False
        labelled = any(at >= order and box.holds(x, y) for at, x, y in self.glyphs)
        repainted = any(
            at > order and box.within(later, _INSIDE) for at, later in self.pictures
        )
        return not labelled and not repainted


def _box(path: list[tuple[float, float]]) -> Box | None:
    """Return the box that a path draws; `None` for any other shape."""
    if not 4 <= len(path) <= 5:  # noqa: PLR2004 - four corners, the first one twice
        return None
    box = around(path)
    on_edges = all(
        (abs(x - box.left) < _SLACK or abs(x - box.right) < _SLACK)
        and (abs(y - box.bottom) < _SLACK or abs(y - box.top) < _SLACK)
        for x, y in path
    )
    return box if on_edges else None
