"""What normalization yields: passages of folded text that know their place."""

from dataclasses import dataclass

from review.extract.interface import Block, Gap, Role
from review.normalize.offsets import Folded
from review.spans import Location, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """What detectors judge: a sentence group, an item, a row, a line.

    `source` is the text as it stands in the draft; `folded` is what detectors
    read. A passage knows where it stands and under which heading and title;
    its neighbours are the passages before and after it in the text.
    """

    index: int
    source: str
    folded: Folded
    where: Location = Location()
    hidden: bool = False
    role: Role = "paragraph"
    cells: tuple[str, ...] = ()
    heading: str = ""
    detail: str | None = None

    @property
    def text(self) -> str:
        """Return the folded text."""
        return self.folded.text

    def to_source(self, span: Span) -> Span:
        """Lead a span of the folded text back to `source`."""
        return self.folded.to_source(span)


@dataclass(frozen=True, slots=True)
class CutBlock:
    """A block of the document and what it was cut into.

    A piece is a passage's index, or blank text that no passage took: joined in
    order they are the block's text.
    """

    block: Block
    pieces: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A whole draft, folded: passages in reading order, title and gaps.

    `layout` leads each passage back to its block; a passage that came by itself has none.
    `piece` says that it is part of an item whose rest is scanned beside it, as its title is.
    """

    name: str
    title: str
    passages: tuple[Passage, ...]
    gaps: tuple[Gap, ...] = ()
    channel: str = ""
    layout: tuple[CutBlock, ...] = ()
    piece: bool = False

    @property
    def is_alone(self) -> bool:
        """Tell whether a single passage is all that there is."""
        return len(self.passages) <= 1 and not self.piece
