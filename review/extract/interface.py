"""What extraction yields, and what every extractor promises.

Every part of a file becomes either a block of text with its place or a gap
that says what was not read. An extractor never guesses and never hides.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from review.extract.limits import Limits
from review.spans import Location

Role: TypeAlias = Literal["title", "heading", "paragraph", "item", "row", "note"]

GapCode: TypeAlias = Literal[
    "encrypted",
    "image_without_text",
    "garbled_text",
    "too_large",
    "too_deep",
    "timeout",
    "unsupported_part",
    "unreadable_part",
    "macro",
    "external",
]


_BODY: Final = Location()
_ATTACHMENT: Final = Location(part="attachment")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that stands in one place.

    `hidden` means that a reader who opens the file does not see it on the
    page: deletions, comments, hidden runs, metadata, hidden sheets.
    A table row carries its `cells`; its text is the cells joined by tabs.
    `detail` says in Chinese what is special (作者, 日期, 颜色 …).
    """

    text: str
    where: Location = _BODY
    hidden: bool = False
    role: Role = "paragraph"
    cells: tuple[str, ...] = ()
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that was not examined, with a Chinese sentence about it."""

    where: Location
    code: GapCode
    message: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file inside the file, to be read as a document of its own."""

    name: str
    data: bytes
    where: Location = _ATTACHMENT


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one extractor read from one file."""

    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()
    embedded: tuple[Embedded, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole draft file as text: blocks in reading order, and gaps."""

    name: str
    format: str
    sha256: str
    size: int
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()


class Extractor(Protocol):
    """One file format."""

    @property
    def format(self) -> str:
        """Return the short name that reports use, such as `docx`."""
        ...

    def recognizes(self, data: bytes) -> bool:
        """Tell from the contents alone whether this is the format."""
        ...

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read everything, hidden content too.

        Raises:
            UnreadableError: The file is encrypted, damaged or too large.
        """
        ...
