"""One OFD page: what it shows in reading order, and what it hides."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Gap, Picture, Role
from review.extract.ofd import lines as ofd_lines
from review.extract.ofd import pictures as ofd_pictures
from review.extract.ofd.drawing import CLEAR, Drawing, Piece, Shown
from review.extract.ofd.parts import Finds, text_of
from review.extract.ofd.resources import Resources
from review.extract.ofd.seen import PALE, UNDER_PICTURE, Cover, Paper, covering
from review.extract.ofd.space import Box
from review.extract.ofd.tables import Grid, grids
from review.extract.pdf.lines import Group, Line, group, is_page_number
from review.extract.picture_size import is_tiny
from review.extract.plain.encodings import is_nonsense
from review.extract.sniff import is_image
from review.spans import Location, Part

_TITLE_LENGTH: Final = 80
_BIG: Final = 1.2
_SHORT_TITLE: Final = 3
_SCAN: Final = 0.5
_LAYER: Final = frozenset({CLEAR, UNDER_PICTURE, PALE})
_FORGOTTEN: Final = "没有画出来的文字"


@dataclass(slots=True)
class Repeats:
    """Texts that stand many times, such as watermarks: one block each, with a count."""

    _seen: dict[tuple[str, Part, str, bool], list[int]] = field(default_factory=dict)

    def add(
        self, text: str, part: Part, detail: str, page: int, *, hidden: bool
    ) -> None:
        """Count one more."""
        if squeezed := " ".join(text.split()):
            counted = self._seen.setdefault((squeezed, part, detail, hidden), [0, page])
            counted[0] += 1

    def blocks(self) -> list[Block]:
        """Return each text once, at the page where it stood first."""
        found = []
        seen = {(text, part) for text, part, _, hidden in self._seen if not hidden}
        for (text, part, detail, hidden), (times, page) in self._seen.items():
            if hidden and (text, part) in seen:
                continue
            more = f"，全文共 {times} 处" if times > 1 else ""
            where = Location(part=part, page=page)
            found.append(
                Block(
                    text,
                    where,
                    hidden,
                    "note" if hidden else "paragraph",
                    (),
                    detail + more,
                )
            )
        return found


@dataclass(slots=True)
class PageReading:
    """The pages of one document while they are read."""

    finds: Finds
    resources: Resources
    repeats: Repeats = field(default_factory=Repeats)
    # Why a whole document is hidden: it is an earlier version.
    old: str | None = None
    _titled: bool = False
    _tables: int = 0
    _placed: set[str] = field(default_factory=set)
    _missing: set[str] = field(default_factory=set)
    _opaque: dict[str, bool] = field(default_factory=dict)

    def take(
        self,
        drawing: Drawing,
        notes: Sequence[tuple[str, int, int]],
        roots: Sequence[etree._Element],
        box: Box,
        page: int,
    ) -> None:
        """Turn what a page draws into blocks, pictures and gaps.

        `notes` are the appearances of annotations: what they are, and which pieces
        of the drawing are theirs; `roots` are the parts that were drawn.
        """
        paper = self._paper(drawing, box)
        ours = min((start for _, start, _ in notes), default=len(drawing.pieces))
        seen: list[Piece] = []
        unseen: dict[str, list[Piece]] = {}
        for piece in drawing.pieces[:ours]:
            why = paper.why_unseen(piece)
            if why is not None:
                unseen.setdefault(why, []).append(piece)
            elif piece.direction == "slanted":
                self.repeats.add(piece.text, "layer", "水印", page, hidden=False)
            else:
                seen.append(piece)
        self._shown(seen, grids(drawing.rules), page)
        for why, pieces in unseen.items():
            self._hidden(pieces, why, page)
        for what, start, end in notes:
            self._appearance(drawing.pieces[start:end], paper, what, page)
        self._forgotten(drawing, roots, page)
        if paper.crowded:
            message = f"第 {page} 页色块过多，未能逐一核对遮住的文字，请人工查看。"
            self.finds.gaps.append(Gap(Location(page=page), "too_large", message))
        self._pictures(drawing, seen, unseen, box, page)

    def _paper(self, drawing: Drawing, box: Box) -> Paper:
        paper = Paper(box)
        for fill in drawing.fills:
            paper.fill(fill)
        for shown in drawing.pictures:
            if shown.visible and shown.opaque and self._covers(shown, drawing.pieces):
                paper.cover(Cover(shown.box, shown.order, None, picture=True))
        return paper

    def _covers(self, shown: Shown, pieces: Sequence[Piece]) -> bool:
        """Tell whether a picture lies under or over text, and nothing shines through."""
        if not any(piece.box.shared(shown.box) for piece in pieces):
            return False
        if shown.resource not in self._opaque:
            data = self._data(shown.resource)
            opaque = data is not None and ofd_pictures.is_opaque(data)
            self._opaque[shown.resource] = opaque
        return self._opaque[shown.resource]

    def _data(self, resource: str) -> bytes | None:
        name, _ = self.resources.media.get(resource, ("", ""))
        if not name:
            return None
        try:
            return self.finds.parts.data(name)
        except UnreadableError:
            return None

    def _shown(self, pieces: list[Piece], tables: list[Grid], page: int) -> None:
        """Add the lines of a page from top to bottom, and its tables among them."""
        rest = pieces
        places: list[tuple[float, list[tuple[str, ...]]]] = []
        for grid in tables:
            inside = [piece for piece in rest if grid.row_of(piece) is not None]
            rows = grid.rows(inside)
            if sum(len(row) > 1 and any(row) for row in rows) > 1:
                taken = set(map(id, inside))
                rest = [piece for piece in rest if id(piece) not in taken]
                places.append((grid.box.top, rows))
        number = 0
        usual = _usual(pieces)
        for top, rows in (*places, (float("inf"), [])):
            above = [piece for piece in rest if piece.y < top]
            rest = [piece for piece in rest if piece.y >= top]
            number = self._paragraphs(above, page, number, usual)
            self._rows(rows, page)
        if is_nonsense("".join(piece.text for piece in pieces)):
            message = f"第 {page} 页的文字层是乱码，请人工查看。"
            self.finds.gaps.append(Gap(Location(page=page), "garbled_text", message))

    def _paragraphs(
        self, pieces: list[Piece], page: int, number: int, usual: float
    ) -> int:
        for found in _groups(pieces):
            big = found.first.size >= _BIG * usual
            number += 1
            where = Location(page=page, paragraph=number)
            if is_page_number(found.text):
                self._add(Block(found.text, Location(part="footer", page=page)))
            else:
                self._add(
                    Block(found.text, where, role=self._role(found, page, big=big))
                )
        return number

    def _role(self, found: Group, page: int, *, big: bool) -> Role:
        if found.marked:
            return "item"
        if not big or len(found.text) > _TITLE_LENGTH:
            return "paragraph"
        if page > 1 or self._titled or found.text.endswith("文件"):
            return "heading"
        self._titled = len(found.text) > _SHORT_TITLE
        return "title" if self._titled else "heading"

    def _rows(self, rows: list[tuple[str, ...]], page: int) -> None:
        self._tables += bool(rows)
        for index, cells in enumerate(rows, 1):
            if any(cells):
                where = Location("table", page=page, table=self._tables, row=index)
                text = "\t".join(cells)
                self._add(Block(text, where, role="row", cells=cells))

    def _add(self, block: Block) -> None:
        if self.old is None:
            self.finds.blocks.append(block)
        else:
            where = Location(part="layer", page=block.where.page)
            self.finds.notes.append(
                Block(block.text, where, True, block.role, block.cells, self.old)  # noqa: FBT003 - hidden
            )

    def _hidden(self, pieces: list[Piece], why: str, page: int) -> None:
        where = Location(part="hidden", page=page)
        for found in _groups(pieces):
            self.finds.blocks.append(
                Block(found.text, where, hidden=True, role="note", detail=why)
            )

    def _appearance(
        self, pieces: Sequence[Piece], paper: Paper, what: str, page: int
    ) -> None:
        """Add what an annotation draws, equal texts once."""
        kept: dict[str, list[Piece]] = {}
        for piece in pieces:
            why = paper.why_unseen(piece) or ""
            if piece.direction == "slanted":
                detail = f"{what}，{why}" if why else what
                self.repeats.add(
                    piece.text, "annotation", detail, page, hidden=bool(why)
                )
            else:
                kept.setdefault(why, []).append(piece)
        for why, some in kept.items():
            detail = f"{what}，{why}" if why else what
            for line in _lines(some):
                self.repeats.add(
                    line.text, "annotation", detail, page, hidden=bool(why)
                )

    def _forgotten(
        self, drawing: Drawing, roots: Sequence[etree._Element], page: int
    ) -> None:
        """Add text that stands in the page's parts and that nothing draws."""
        for root in roots:
            for code in root.iter("{*}TextCode"):
                if code not in drawing.seen and (text := text_of(code)):
                    where = Location(part="hidden", page=page)
                    self.finds.blocks.append(
                        Block(text, where, hidden=True, role="note", detail=_FORGOTTEN)
                    )
        if drawing.spent:
            self.finds.gaps.append(
                Gap(
                    Location(page=page),
                    "too_large",
                    f"第 {page} 页图元过多，只读了一部分。",
                )
            )

    def _pictures(
        self,
        drawing: Drawing,
        seen: list[Piece],
        unseen: dict[str, list[Piece]],
        box: Box,
        page: int,
    ) -> None:
        alone = not any(piece.text.strip() for piece in seen)
        if not drawing.pictures:
            if alone and not unseen and drawing.paths:
                message = f"第 {page} 页没有文字，只有图形，请人工查看。"
                where = Location(part="image", page=page)
                self.finds.gaps.append(Gap(where, "image_without_text", message))
            return
        largest = max(drawing.pictures, key=lambda one: one.box.shared(box))
        scan = alone and covering([largest.box], box) > _SCAN
        layer = [p for why in _LAYER for p in unseen.get(why, ())] if scan else []
        claimed = "\n".join(line.text for line in _lines(layer)) or None
        for one in drawing.pictures:
            main = alone and one is largest
            self._picture(one.resource, page, claimed if main else None, main=main)

    def _picture(
        self, resource: str, page: int, claimed: str | None, *, main: bool
    ) -> None:
        """Hand on a picture, once where it stands on many pages."""
        if resource in self._placed and not main:
            return
        self._placed.add(resource)
        where = Location(part="image", page=page)
        data = self._data(resource)
        if data is None:
            if resource not in self._missing:
                self._missing.add(resource)
                message = f"第 {page} 页引用的图片不在文件里，未能检查，请人工查看。"
                self.finds.gaps.append(Gap(where, "unreadable_part", message))
        elif not is_image(data):
            message = f"第 {page} 页的图片格式无法识别，请人工查看。"
            self.finds.gaps.append(Gap(where, "image_without_text", message))
        elif main or not is_tiny(data):
            self.finds.pictures.append(Picture(data, where, page=main, claimed=claimed))


def _usual(pieces: Sequence[Piece]) -> float:
    """Return the size that most characters of a page have."""
    sizes = Counter[float]()
    for piece in pieces:
        sizes[round(piece.size, 1)] += len(piece.text)
    return max(sizes, key=lambda size: (sizes[size], -size), default=1.0)


def plain_lines(drawing: Drawing) -> list[str]:
    """Return the lines of a drawing, whether they are seen or not."""
    return [found.text for found in _groups(drawing.pieces)]


def _groups(pieces: Sequence[Piece]) -> list[Group]:
    runs = ofd_lines.in_order(ofd_lines.stretches(pieces))
    return [found for run in runs for found in group(_lines_of(run))]


def _lines(pieces: Sequence[Piece]) -> list[Line]:
    runs = ofd_lines.in_order(ofd_lines.stretches(pieces))
    return [line for run in runs for line in _lines_of(run)]


def _lines_of(run: Sequence[ofd_lines.Stretch]) -> list[Line]:
    return [
        Line(one.text, one.left, one.right, -one.base, one.size)
        for one in run
        if one.text
    ]
