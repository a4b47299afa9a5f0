"""Take a page of a template apart: the reviewed body, its title, and what is around.

Whatever is around the body is published as well. It has to be, character by
character as a reader sees it, what is around the body of a page that was agreed on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.contents import css, fold
from review.contents.canonical import contents_with
from review.errors import UnreadableError
from review.proxy.interface import StopError
from review.proxy.rules import Template

_DATE: Final = regex.compile(
    r"(?:[0-9\s:：/／.\-年月日时分秒次]|点击|浏览|阅读|次数|发布|更新|时间|日期)*"
)
_MOMENT: Final = regex.compile(r"[0-9TZ:.+\s-]{1,40}")
_LONGEST_DATE: Final = 60
_NOTHING_BUT_TEXT: Final = frozenset(
    {"span", "time", "em", "i", "b", "strong", "p", "br"}
)
# A reader whose browser runs scripts sees other contents in these than we do.
_TWO_FACED: Final = "base, noscript, plaintext, xmp, noembed, noframes, template"
_TELLING: Final = regex.compile(r"(?:og:|twitter:)?(?:description|keywords|title)")
_SOURCES: Final = ("src", "data-src", "data-original", "poster", "background")
_SOURCE_SETS: Final = ("srcset", "data-srcset")
_LINKS: Final = "a[href], area[href]"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a reader sees of a page without its body, and what he does not see."""

    digest: str
    hidden: frozenset[str]

    def fits(self, other: "Frame") -> bool:
        """Tell whether the other has this one's contents and hides nothing more."""
        return self.digest == other.digest and other.hidden <= self.hidden


@dataclass(frozen=True, slots=True)
class Parts:
    """A page taken apart; `shown` and `linked` are addresses as the body writes them."""

    title: str
    body: str
    frame: Frame | None
    shown: tuple[str, ...]
    linked: tuple[str, ...]


def take_apart(text: str, template: Template | None) -> Parts:
    """Return the parts of a page; without a template all of it is the body.

    Raises:
        StopError: It is no page of that template.
    """
    tree = LexborHTMLParser(text.replace("\x00", ""))
    if tree.css_first(_TWO_FACED) is not None:
        raise StopError("template", "an element that browsers read in two ways")
    if template is None:
        return _whole(tree, text)
    title, body = _only(tree, template.title), _only(tree, template.body)
    if not _only_text(title):
        raise StopError("template", "more than words in the title")
    words = fold.plain(title.text())
    if not words:
        raise StopError("template", "an empty title")
    title.inner_html = ""
    inner = body.inner_html or ""
    _forbid_other_reading(inner)
    shown, linked = _addresses(body)
    seen = f"{words}{fold.plain(body.text())}"
    body.inner_html = ""
    _clear_head(tree, words, seen)
    for selector in template.dates:
        for node in tree.css(selector):
            _clear_date(node)
    return Parts(words, inner, frame_of(tree), shown, linked)


def frame_of(tree: LexborHTMLParser) -> Frame:
    """Return the contents of what is left of a page."""
    try:
        left = contents_with((tree.html or "").encode(), "模板.html", attached=())
    except UnreadableError:
        raise StopError("template", "what is around the body can't be read") from None
    return Frame(left.digest, frozenset(left.hidden))


def _whole(tree: LexborHTMLParser, text: str) -> Parts:
    head = tree.css_first("title")
    words = fold.plain(head.text()) if head is not None else ""
    if not words or tree.body is None:
        raise StopError("template", "no title")
    shown, linked = _addresses(tree.body)
    return Parts(words, text, None, shown, linked)


def _only(tree: LexborHTMLParser, selector: str) -> LexborNode:
    """Return the one element that is meant."""
    found = tree.css(selector)
    if len(found) != 1:
        raise StopError("template", f"{len(found)} elements for {selector}")
    return found[0]


def _only_text(node: LexborNode, *, moments: bool = False) -> bool:
    """Tell whether words are all that stands in an element, not even a comment."""
    inside = (one for one in node.traverse(include_text=True) if one != node)
    return all(
        one.tag == "-text"
        or (one.tag in _NOTHING_BUT_TEXT and _is_bare(one, moments=moments))
        for one in inside
    )


def _is_bare(node: LexborNode, *, moments: bool) -> bool:
    known = node.attributes
    more = set(known) - {"class", "id"}
    if moments and node.tag == "time" and more == {"datetime"}:
        return _MOMENT.fullmatch(known["datetime"] or "") is not None
    return not more


def _forbid_other_reading(inner: str) -> None:
    """Refuse a body that reads otherwise where it is taken apart by itself."""
    again = LexborHTMLParser(f"<div>{inner}</div>").css_first("body > div")
    if again is None or again.inner_html != inner:
        raise StopError("template", "a body that does not read the same twice")


def _addresses(body: LexborNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses that a body shows, and those that it links to."""
    shown = dict.fromkeys(_sources(body))
    linked = (one.attributes.get("href") or "" for one in body.css(_LINKS))
    return tuple(shown), tuple(dict.fromkeys(one for one in linked if one.strip()))


def _sources(body: LexborNode) -> Iterator[str]:
    for node in body.css("*"):
        known = node.attributes
        yield from (known[name] or "" for name in _SOURCES if known.get(name))
        for name in _SOURCE_SETS:
            for one in (known.get(name) or "").split(","):
                yield from one.split()[:1]
        if style := known.get("style"):
            yield from css.addresses(style)


def _clear_head(tree: LexborHTMLParser, title: str, seen: str) -> None:
    """Leave out of the head what only repeats the title and the body."""
    for node in tree.css("head > title"):
        node.inner_html = fold.plain(node.text()).replace(title, "", 1)
    for node in tree.css("head > meta[content]"):
        if _repeats(node, seen):
            node.decompose()


def _repeats(node: LexborNode, seen: str) -> bool:
    """Tell whether a tag says what the page says, and nothing by its attributes."""
    known = node.attributes
    named = [known[one] or "" for one in ("name", "property") if one in known]
    if len(named) != 1 or set(known) - {"name", "property", "content", "class", "id"}:
        return False
    said = fold.plain(known.get("content") or "").rstrip("….")
    return bool(said and said in seen and _TELLING.fullmatch(named[0].lower()))


def _clear_date(node: LexborNode) -> None:
    """Empty an element of a date or a counter, if nothing else stands in it."""
    plain = _only_text(node, moments=True)
    said = node.text()
    if not plain or len(said) > _LONGEST_DATE or not _DATE.fullmatch(said):
        raise StopError("template", "more than a date where only a date may stand")
    node.inner_html = ""
