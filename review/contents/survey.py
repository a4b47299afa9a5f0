"""A web page as a visitor of its site finds it: what it shows, and where it leads."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

import regex
from selectolax.lexbor import LexborHTMLParser

from review.contents import fold
from review.contents.canonical import contents_with
from review.contents.interface import Contents, from_json, to_json
from review.errors import CorruptError
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.plain.encodings import decode
from review.extract.read import format_of, read
from review.extract.web.charset import declared

_LEADING: Final = (("a", "href"), ("area", "href"), ("iframe", "src"), ("frame", "src"))
_SHOWING: Final = (
    *((tag, "src") for tag in ("img", "video", "audio", "source", "embed")),
    ("img", "data-src"),
    ("img", "data-original"),
    ("video", "poster"),
    ("object", "data"),
)
_REFRESH: Final = regex.compile(r"url\s*=\s*['\"]?([^'\">\s]+)", regex.I)
# Of one page no more links, and no more pictures, are taken.
MOST_ADDRESSES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of the page: its text, and whether a reader sees it.

    `paragraph` counts those that are seen; `part` is as places have it.
    """

    text: str
    part: str = "body"
    paragraph: int | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found on a page; addresses are as they are written there.

    `contents` are without the files beside the page: a picture counts by its address.
    """

    title: str
    base: str
    links: tuple[str, ...]
    pictures: tuple[str, ...]
    shown: tuple[Shown, ...]
    contents: Contents


# Surveys a page's bytes, given its name; None for what is no page.
Surveyor: TypeAlias = Callable[[bytes, str], Survey | None]


def survey(data: bytes, name: str, limits: Limits = Limits()) -> Survey | None:
    """Return what a page shows and where it leads; None for what is no page.

    Raises:
        UnreadableError: It can't be read, or not within the limits.
    """
    if not data or format_of(data, limits) != "html":
        return None
    named = name if name.lower().endswith((".html", ".htm")) else f"{name}.html"
    document = read(data, named, limits)
    decoded = decode(data, declared(data))
    if decoded is None:
        raise CorruptError("网页编码无法识别，请另存为 UTF-8 编码后再提交。")
    tree = LexborHTMLParser(decoded.text.replace("\x00", ""))
    base = tree.css_first("base[href]")
    title = tree.css_first("title")
    return Survey(
        title=" ".join(title.text().split()) if title is not None else "",
        base=(base.attributes.get("href") or "").strip() if base is not None else "",
        links=_distinct(_addresses(tree, _LEADING), _refreshes(tree)),
        pictures=_distinct(_addresses(tree, _SHOWING)),
        shown=tuple(_shown(document)),
        contents=contents_with(data, named, attached=(), limits=limits),
    )


def to_text(found: Survey) -> str:
    """Return the survey as JSON for `from_text`."""
    value = {
        "title": found.title,
        "base": found.base,
        "links": found.links,
        "pictures": found.pictures,
        "shown": [asdict(one) for one in found.shown],
        "contents": to_json(found.contents),
    }
    return json.dumps(value, ensure_ascii=False)


def from_text(text: str) -> Survey:
    """Read what `to_text` wrote.

    Raises:
        CorruptError: It is nothing of the kind.
    """
    try:
        value = json.loads(text)
        return Survey(
            title=str(value["title"]),
            base=str(value["base"]),
            links=tuple(map(str, value["links"])),
            pictures=tuple(map(str, value["pictures"])),
            shown=tuple(Shown(**one) for one in value["shown"]),
            contents=from_json(value["contents"]),
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise CorruptError("网页读取的结果已损坏，请重试。") from fault


def _shown(document: Document) -> Iterator[Shown]:
    for block in document.blocks:
        where = block.where
        # What stands in the head is read by nobody who looks at the page.
        hidden = block.hidden or where.part == "metadata"
        text = "".join(block.cells) if block.cells else block.text
        if fold.says_something(text):
            yield Shown(text, where.part, where.paragraph, hidden)


def _addresses(
    tree: LexborHTMLParser, kinds: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    for tag, attribute in kinds:
        for node in tree.css(f"{tag}[{attribute}]"):
            yield (node.attributes.get(attribute) or "").strip()


def _refreshes(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            yield from _REFRESH.findall(node.attributes.get("content") or "")


def _distinct(*found: Iterator[str]) -> tuple[str, ...]:
    every = dict.fromkeys(one for each in found for one in each if one)
    return tuple(every)[:MOST_ADDRESSES]
