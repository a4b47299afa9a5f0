"""Comments on slides: the old kind and the new one, with authors and answers."""

from collections.abc import Iterable, Mapping

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import Relationship, local, note
from review.extract.package import Package
from review.spans import Location


def authors_of(package: Package, links: Iterable[Relationship]) -> dict[str, str]:
    """Return the names of those who commented, by the ids that comments use.

    Raises:
        UnreadableError: The list of authors is damaged.
    """
    found: dict[str, str] = {}
    named = (x.target for x in links if x.kind in {"commentAuthors", "authors"})
    for name in dict.fromkeys(named):
        if package.has(name):
            for element in package.xml(name).iter():
                if local(element) in {"cmAuthor", "author"}:
                    found[element.get("id") or ""] = element.get("name") or ""
    return found


def comments_of(
    root: etree._Element, authors: Mapping[str, str], page: int | None
) -> list[Block]:
    """Return each comment and each answer of one slide."""
    found = []
    for element in root.iter():
        kind = local(element)
        if kind not in {"cm", "reply"}:
            continue
        if text := _text(element):
            where = Location(part="comment", page=page)
            found.append(note(text, where, _detail(element, kind, authors)))
    return found


def _text(element: etree._Element) -> str:
    """Return the words of one comment, without those of its answers."""
    lines = []
    for part in element:
        if local(part) == "text":
            lines.append(part.text or "")
        elif local(part) == "txBody":
            for paragraph in part.iterchildren("{*}p"):
                runs = (one.text or "" for one in paragraph.iter("{*}t"))
                lines.append("".join(runs))
    return "\n".join(lines).strip()


def _detail(element: etree._Element, kind: str, authors: Mapping[str, str]) -> str:
    name = authors.get(element.get("authorId") or "", "")
    day = (element.get("dt") or element.get("created") or "")[:10]
    answer = kind == "reply" or next(element.iter("{*}parentCm"), None) is not None
    said = ["回复" if answer else "批注"]
    if name:
        said.append(f"作者{name}")
    if day:
        said.append(day)
    if element.get("status") == "resolved":
        said.append("已解决")
    return "，".join(said)
