"""Where the reader of an OpenDocument file stands, and what was gathered on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.extract.interface import Block, Embedded, Gap, Role
from review.extract.ooxml.ooxml import local, note
from review.extract.opendocument.styles import WHITE, Colour, Look, Styles, attribute
from review.spans import Location, Part

# Parts that are named even where they are hidden.
_NAMED: Final[frozenset[Part]] = frozenset(
    {"comment", "deletion", "notes", "header", "footer"}
)
_WEB: Final = ("http:", "https:", "ftp:", "mailto:", "file:", "//", "/", "..", "\\")


@dataclass(frozen=True, slots=True)
class Change:
    """A tracked change: who and when, as a Chinese remark."""

    part: Part
    detail: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What holds for everything at a place; `why` tells in Chinese why nobody sees it."""

    part: Part = "body"
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    paragraph: int | None = None  # on which something hangs
    why: str | None = None
    ground: Colour | None = WHITE
    role: Role | None = None
    area: tuple[float, float] | None = None
    look: Look = field(default_factory=dict)

    def where(self, **more: int | None) -> Location:
        """Return the place as a location."""
        part = "hidden" if self.why and self.part not in _NAMED else self.part
        place = Location(part, self.page, self.paragraph, self.sheet, cell=self.cell)
        return replace(place, **more)  # type: ignore[arg-type]  # only numbers are given

    def unseen(self, why: str | None) -> "Scene":
        """Return the same scene, not seen for this reason if it was seen before."""
        return self if why is None or self.why else replace(self, why=why)


@dataclass(slots=True)
class Findings:
    """What one file gave so far, and what runs through all of it."""

    styles: Styles
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    images: list[tuple[bytes, str, Location]] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    deleted: dict[str, etree._Element] = field(default_factory=dict)
    open_changes: dict[str, Change] = field(default_factory=dict)
    tables: int = 0
    paragraphs: int = 0
    titled: bool = False
    macros: int = 0
    linked: int = 0
    cells_left: int = 0
    said: set[tuple[str, ...]] = field(default_factory=set)

    def note(self, text: str, scene: Scene, part: Part, detail: str) -> None:
        """Add something that stands beside the page."""
        if text := text.strip():
            place = replace(scene.where(), part=part)
            self.blocks.append(note(text, place, detail))

    def link(self, address: str, scene: Scene, detail: str | None = None) -> None:
        """Keep an address; one of contents outside the file is counted."""
        if not address or address.startswith("#"):
            return
        if detail is None:
            self.linked += 1
        self.note(address, scene, "hidden", detail or "外部引用")

    def register(self, root: etree._Element) -> None:
        """Keep the tracked changes, by their ids, before the text is walked."""
        for region in root.iter("{*}changed-region"):
            key = attribute(region, "id")
            for part in region:
                change = change_of(part)
                if change is not None:
                    self.changes[key] = change
                if local(part) == "deletion":
                    self.deleted[key] = part


def change_of(element: etree._Element) -> Change | None:
    """Return what a tracked change is, by whom and when; `None` for anything else."""
    kinds: Mapping[str, tuple[Part, str]] = {
        "insertion": ("insertion", "修订插入"),
        "deletion": ("deletion", "修订删除"),
        "format-change": ("insertion", "修订格式"),
        "cell-content-change": ("deletion", "修订前的内容"),
        "movement": ("deletion", "修订移动"),
    }
    found = kinds.get(local(element))
    return None if found is None else Change(found[0], signed(element, found[1]))


def signed(element: etree._Element, what: str) -> str:
    """Return a remark with author and day, of an annotation or a change."""
    author, day = "", ""
    for part in _signatures(element):
        if local(part) == "creator":
            author = author or (part.text or "").strip()
        elif local(part) == "date":
            day = day or (part.text or "").strip()[:10]
    author = f"作者{author}" if author else ""
    return "，".join(text for text in (what, author, day) if text)


def _signatures(element: etree._Element) -> Iterator[etree._Element]:
    for part in element:
        if local(part) == "change-info":
            yield from part
        else:
            yield part


def is_outside(address: str) -> bool:
    """Tell whether an address leads out of the file."""
    return address.startswith(_WEB) or "://" in address
