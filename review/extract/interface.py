"""What extraction yields, and what every extractor promises.

Every part of a file becomes either a block of text with its place or a gap
that says what was not read. An extractor never guesses and never hides.
"""

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from review.extract.limits import Limits
from review.spans import Location

Role: TypeAlias = Literal["title", "heading", "paragraph", "item", "row", "note"]

# What the old binary formats are turned into.
Convertible: TypeAlias = Literal["docx", "xlsx", "pptx"]

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
_IMAGE: Final = Location(part="image")


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
class Picture:
    """A picture whose text only character recognition can read.

    `data` is a picture file as it stands in the draft, or a page drawn as PNG.
    `page` tells that it is all that the page shows. `claimed` is the text layer that
    lies under it: where it says other things than the picture, the picture counts.
    `hidden` says that no page shows it: it lies under something, or on no page.
    """

    data: bytes
    where: Location = _IMAGE
    page: bool = False
    claimed: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one extractor read from one file.

    `convert` names the format whose extractor reads the rest, once a program outside
    has made it of this file: the old binary formats.
    """

    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    pictures: tuple[Picture, ...] = ()
    convert: Convertible | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole draft file as text: blocks in reading order, and gaps."""

    name: str
    format: str
    sha256: str
    size: int
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was recognized in a picture, and how sure that is, from 0 to 1."""

    text: str
    score: float


class Aids(Protocol):
    """What reading needs of programs outside; other processes do the work."""

    def converted(self, data: bytes, to: Convertible) -> bytes:
        """Return the file in another format, with nothing of its text lost.

        Raises:
            UnreadableError: It could not be made, or nobody here can make it.
        """
        ...

    def recognized(self, picture: bytes) -> tuple[Line, ...]:
        """Return the lines of a picture in reading order.

        Raises:
            UnreadableError: It could not be read, or nobody here can read it.
        """
        ...


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
