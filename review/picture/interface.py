"""What drawing yields: how many pages, where the words stand, a page as a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a finding that stand on a page; pages count from 1.

    `after` is how many letters of the page come before them, spaces not counted, as
    far as the report can tell; None where nothing is known: then every place counts.
    """

    id: str
    page: int
    text: str
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in fractions of its width and height from the upper left."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an excerpt stands: a box a line of text; none where it was not found."""

    id: str
    page: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A page's width and height: points of a document's page, pixels of an image."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Pages:
    """A file's pages in order, and the marks on them."""

    sizes: tuple[Size, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG bytes; width and height in pixels."""

    png: bytes
    width: int
    height: int
