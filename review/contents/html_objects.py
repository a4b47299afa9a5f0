"""What stands on a page beside its text: pictures, films, forms, and what runs."""

from collections.abc import Iterator
from typing import Final

import regex
from selectolax.lexbor import LexborNode

from review import digests
from review.contents import address, css, fold
from review.contents.html_state import Element
from review.contents.interface import Kind, Piece
from review.contents.resources import Resources

_SOURCES: Final = ("src", "data-src", "data-original", "poster", "background")
_SOURCE_SETS: Final = ("srcset", "data-srcset")
_MEDIA: Final = frozenset({"video", "audio", "track"})
_LOADING: Final = frozenset(
    {"iframe", "frame", "embed", "object", "applet", "portal", "fencedframe"}
)
_OPAQUE: Final = _LOADING | {"script", "style", "svg", "math", "template", "title"}
_LOADING_ATTRIBUTES: Final = frozenset(
    {"src", "srcdoc", "data", "data-src", "href", "code", "codebase", "archive"}
) | {"type", "name", "value", "http-equiv", "content", "rel", "shadowrootmode"}
_VALUES: Final = {
    "input": ("value", "placeholder"),
    "textarea": ("placeholder",),
    "option": ("label",),
    "optgroup": ("label",),
    "meter": ("value",),
    "progress": ("value",),
}
_STATES: Final = ("checked", "selected")
_TOOLTIPS: Final = frozenset({"title", "aria-label", "aria-description", "summary"})
# Attributes that may carry Chinese words without telling a reader anything.
_NAMING: Final = (
    frozenset(
        {
            "class",
            "id",
            "style",
            "face",
            "name",
            "for",
            "headers",
            "lang",
            "href",
            "src",
        }
    )
    | {"alt", "value", "placeholder", "label", "srcset", "action", "data-src"}
    | {"data-original", "data-srcset", "poster", "background", "content"}
)
_METADATA: Final = frozenset(
    {"description", "keywords", "author", "copyright", "subject"}
) | {"abstract"}
_HAN: Final = regex.compile(r"\p{Han}")
_EVENT: Final = regex.compile(r"on[a-z]+")


def is_opaque(tag: str) -> bool:
    """Tell an element whose inside is no part of the page's own text."""
    return tag in _OPAQUE


def opaque_piece(element: Element) -> Piece | None:
    """Return what an opaque element adds to the page, if anything."""
    node, tag = element.node, element.tag
    if tag == "style":
        sheet = css.risky_sheet(node.text())
        return Piece("style", sheet) if sheet else None
    if tag in {"svg", "math"}:
        return _drawing(node, tag)
    if tag in _LOADING or tag == "script":
        return Piece("active", "".join(_outline(node, _LOADING_ATTRIBUTES)))
    if "shadowrootmode" in element.attributes:
        return Piece("active", " ".join((node.html or "").split()))
    return None


def _drawing(node: LexborNode, tag: str) -> Piece:
    """Return a formula by its structure, or a drawing by the digest of its own."""
    drawn = "".join(_outline(node, None))
    if tag == "math":
        return Piece("math", drawn)
    return Piece("image", f"sha256:{digests.of_bytes(drawn.encode())}")


def head_piece(element: Element, base: str) -> Piece | None:
    """Return what an element of the head loads or sends the reader to."""
    if element.tag == "link" and "stylesheet" in element.get("rel").lower():
        return Piece(
            "active", f"stylesheet {address.canonical(element.get('href'), base)}"
        )
    if element.tag == "meta" and element.get("http-equiv").lower() == "refresh":
        return Piece("active", f"refresh {element.get('content').strip()}")
    return None


def pieces_of(element: Element, resources: Resources) -> Iterator[Piece]:
    """Yield the objects that an element's attributes put on the page."""
    yield from _handlers(element)
    kind: Kind = "media" if element.tag in _MEDIA else "image"
    for source in dict.fromkeys(_sources(element)):
        yield Piece(kind, resources.resolve(source))
    if alt := fold.plain(element.get("alt")):
        yield Piece("alt", alt)
    for target in _targets(element):
        yield Piece("link", address.canonical(target, resources.base))
    if generated := element.styles.get("content"):
        yield Piece("style", f"content: {generated}")
    if writing := css.writing_style(element.attributes.get("style")):
        yield Piece("style", writing)
    for state in _STATES:
        if state in element.attributes:
            yield Piece("form", state)


def form_text(element: Element) -> str:
    """Return the words that a form field shows."""
    if _is_hidden_input(element):
        return ""
    texts = (element.get(name) for name in _VALUES.get(element.tag, ()))
    return " ".join(text for text in texts if text)


def hidden_texts(element: Element) -> Iterator[str]:
    """Yield the texts that an element's attributes carry unseen."""
    for name, value in element.attributes.items():
        if value and _is_told(name, value):
            yield value
    if _is_hidden_input(element):
        yield element.get("value")
    if element.tag == "meta":
        name = (element.get("name") or element.get("property")).lower()
        content = element.get("content")
        if name.rpartition(":")[2] in _METADATA or _HAN.search(content):
            yield content
    if element.tag == "title":
        yield element.node.text()
    if element.tag == "template":
        yield regex.sub(r"<[^>]*>", " ", element.node.html or "")


def _is_hidden_input(element: Element) -> bool:
    return element.tag == "input" and element.get("type").strip().lower() == "hidden"


def _is_told(name: str, value: str) -> bool:
    """Tell whether an attribute carries words that no reader sees at once."""
    return name in _TOOLTIPS or (name not in _NAMING and _HAN.search(value) is not None)


def _targets(element: Element) -> Iterator[str]:
    """Yield where a form or a picture map leads."""
    names = ("action", "formaction", "href" if element.tag == "area" else "")
    yield from filter(str.strip, map(element.get, names))


def _handlers(element: Element) -> Iterator[Piece]:
    for name in sorted(element.attributes):
        if _EVENT.fullmatch(name):
            yield Piece("active", f"{name}={element.get(name).strip()}")


def _sources(element: Element) -> Iterator[str]:
    for name in _SOURCES:
        if source := element.get(name).strip():
            yield source
    for name in _SOURCE_SETS:
        yield from _candidates(element.get(name))
    yield from css.addresses(element.get("style"))


def _candidates(source_set: str) -> Iterator[str]:
    """Yield the addresses of a srcset; a comma ends one only before a space."""
    if not source_set:
        return
    for candidate in regex.split(r",\s+|(?<=\s[\d.]+[wxh]),", source_set.strip()):
        if parts := candidate.split():
            yield parts[0]


def _outline(node: LexborNode, kept: frozenset[str] | None) -> Iterator[str]:
    """Spell out an element and all below it; `kept` names the attributes that count."""
    stack: list[LexborNode | str] = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, str):
            yield at
        elif at.is_text_node:
            yield fold.folded(at.text_content or "").strip(" ")
        elif at.is_element_node:
            tag = at.tag or ""
            attributes = sorted(
                (name, (value or "").strip())
                for name, value in at.attributes.items()
                if (name in kept if kept is not None else name not in {"class", "id"})
            )
            yield f"<{tag}{''.join(f' {n}={v!r}' for n, v in attributes)}>"
            stack.append(f"</{tag}>")
            children = []
            child = at.first_child
            while child is not None:
                children.append(child)
                child = child.next
            stack.extend(reversed(children))
