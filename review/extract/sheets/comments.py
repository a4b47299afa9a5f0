"""Comments of a sheet: the old kind, and threads with replies."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local, note
from review.extract.sheets.cells import rich_text
from review.extract.sheets.formats import whole
from review.spans import Location


@dataclass(slots=True)
class Commenters:
    """The names of those who wrote in threads, by their ids."""

    names: dict[str, str] = field(default_factory=dict)

    def take(self, root: etree._Element) -> None:
        """Keep the names of a part of persons."""
        for element in root.iter():
            if local(element) == "person":
                name = element.get("displayName") or ""
                self.names[element.get("id") or ""] = name


def comments(
    root: etree._Element, sheet: str, commenters: Commenters
) -> Iterator[Block]:
    """Yield the comments of a part, with author and day."""
    authors = [e.text or "" for e in root.iter() if local(e) == "author"]
    for element in root.iter():
        tag = local(element)
        if tag not in {"comment", "threadedComment"}:
            continue
        text = "".join(
            rich_text(e) or e.text or "" for e in element if local(e) == "text"
        ).strip()
        if tag == "comment":
            index = whole(element.get("authorId"), -1)
            author = authors[index] if 0 <= index < len(authors) else ""
            kind = "批注"
        else:
            author = commenters.names.get(element.get("personId") or "", "")
            kind = "批注的回复" if element.get("parentId") else "批注"
        if text:
            where = Location("comment", sheet=sheet, cell=element.get("ref"))
            day = (element.get("dT") or "")[:10]
            detail = "，".join(
                part for part in (kind, author and f"作者{author}", day) if part
            )
            yield note(text, where, detail)
