"""Places in a draft: half-open spans of characters and where a block stands.

The floor of every room: a finding's place reaches later rooms through these
values, so that none of them needs to know a whole document.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Part: TypeAlias = Literal[
    "body",
    "table",
    "header",
    "footer",
    "footnote",
    "comment",
    "insertion",
    "deletion",
    "textbox",
    "notes",
    "metadata",
    "annotation",
    "layer",
    "attachment",
    "image",
    "sheet",
    "hidden",
]


class Span(NamedTuple):
    """A half-open range of characters, `start` <= i < `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where a block stands in its file; numbers count from 1."""

    part: Part = "body"
    page: int | None = None
    paragraph: int | None = None
    sheet: str | None = None
    path: str | None = None
    table: int | None = None
    row: int | None = None
    cell: str | None = None
