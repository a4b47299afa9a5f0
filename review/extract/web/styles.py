"""How elements of a web page look, as far as it decides whether anybody sees them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

Attributes: TypeAlias = Mapping[str, str | None]

_MAX_RULES: Final = 5000
_MAX_MATCHES: Final = 300_000
_TELLING: Final = (
    r"display|visibility|opacity|font|color|background|clip|indent|left|top|right"
    r"|bottom|margin|height|width|transform|mso-hide"
)
_PRINTED: Final = r"@media\s+print\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}"
_LENGTH: Final = r"(-?\d{0,9}(?:\.\d{0,9})?)\s*(px|pt|em|rem|%|vw|vh|cm|mm|in)?"
_FAR: Final = -400.0
_CLEAR: Final = 0.05
_TINY: Final = 1.0
_NEAR: Final = 18
_TO_PIXELS: Final = {
    "px": 1.0,
    "pt": 4 / 3,
    "em": 16.0,
    "rem": 16.0,
    "%": 0.16,
    "vw": 10.0,
    "vh": 8.0,
    "cm": 38.0,
    "mm": 3.8,
    "in": 96.0,
    "": 1.0,
}
_NAMED: Final = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "navy": (0, 0, 128),
    "orange": (255, 165, 0),
}
_HIDDEN_TAGS: Final = {
    "noscript": "不显示的网页元素（noscript）",
    "datalist": "候选值列表",
    "noembed": "不显示的网页元素（noembed）",
    "noframes": "不显示的网页元素（noframes）",
}
GONE: Final = "隐藏的网页元素"
CLEAR: Final = "完全透明的网页元素"
AWAY: Final = "移到页面之外的网页元素"
CLIPPED: Final = "被裁剪掉的网页元素"
FOLDED: Final = "折叠起来的内容"
TINY: Final = "小得看不出的文字"
PALE: Final = "与底色相同、看不出的文字"

Rgb: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of an element looks; `gone` holds for everything inside it.

    A colour that is not known is `None`: it may be any.
    """

    gone: str | None = None
    invisible: bool = False
    tiny: bool = False
    clear: bool = False
    colour: Rgb | None = (0, 0, 0)
    ground: Rgb | None = (255, 255, 255)
    # What held outside closed details: their summary is seen.
    outside: str | None = None
    folded: bool = False

    @property
    def why(self) -> str | None:
        """Return in Chinese why nobody sees the text; `None` where it is seen."""
        if self.gone is not None:
            return self.gone
        if self.invisible:
            return GONE
        if self.tiny:
            return TINY
        if self.clear or _alike(self.colour, self.ground):
            return PALE
        return None


def look_of(above: Look, tag: str, attributes: Attributes, style: str) -> Look:
    """Return how an element looks that stands in another."""
    if tag == "summary" and above.folded:
        above = replace(above, gone=above.outside)
    rules = _declared(style)
    folds = tag in {"details", "dialog"} and "open" not in attributes
    gone = (
        above.gone or _by_tag(tag, attributes) or (_by_style(rules) if rules else None)
    )
    own = replace(
        above, gone=gone or (FOLDED if folds else None), outside=gone, folded=folds
    )
    if rules or "bgcolor" in attributes or tag in {"font", "body"}:
        own = _coloured(own, tag, attributes, rules)
    if not rules:
        return own
    if (visibility := rules.get("visibility")) is not None:
        own = replace(own, invisible=visibility in {"hidden", "collapse"})
    size = _pixels(rules.get("font-size"))
    if size is not None:
        own = replace(own, tiny=size <= _TINY)
    elif "font-size" in rules:
        own = replace(own, tiny=False)
    return own


def sheet_styles(tree: LexborHTMLParser, more: str = "") -> tuple[dict[int, str], bool]:
    """Return what the page's style sheets, and `more` of them, say of its elements.

    The second says whether all of it was gone through.
    """
    found: dict[int, list[str]] = {}
    sheets = "\n".join([more, *(node.text() for node in tree.css("style"))])
    taken = matches = 0
    for selector, body in _rules(sheets):
        taken += 1
        try:
            nodes = tree.css(selector)
        except SelectolaxError:
            # An unknown selector hides nothing: its text is then read as shown.
            continue
        matches += len(nodes)
        if taken > _MAX_RULES or matches > _MAX_MATCHES:
            break
        for node in nodes:
            found.setdefault(node.mem_id, []).append(body)
    whole = taken <= _MAX_RULES and matches <= _MAX_MATCHES
    return {node: ";".join(bodies) for node, bodies in found.items()}, whole


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and bodies of the rules that may hide something."""
    first, *others = sheets.split("/*")
    plain = first + "".join(one.partition("*/")[2] for one in others)
    plain = re.sub(_PRINTED, "", plain, flags=re.IGNORECASE)
    for chunk in plain.split("}"):
        head, brace, body = chunk.rpartition("{")
        selector = head.rpartition("{")[2].rpartition(";")[2].strip()
        if brace and selector and re.search(_TELLING, body, re.IGNORECASE):
            yield selector, body


def _declared(style: str) -> dict[str, str]:
    """Return the declarations of a style; an important one wins, then the last."""
    if not style.strip():
        return {}
    found: dict[str, str] = {}
    important: dict[str, str] = {}
    for one in style.split(";"):
        name, colon, value = one.partition(":")
        if not colon:
            continue
        plain, mark, _ = value.lower().partition("!")
        (important if mark else found)[name.strip().lower()] = plain.strip()
    return {**found, **important}


def _by_tag(tag: str, attributes: Attributes) -> str | None:
    if "hidden" in attributes:
        return GONE
    return _HIDDEN_TAGS.get(tag)


def _by_style(rules: Mapping[str, str]) -> str | None:
    """Return why nobody sees an element and all that is in it."""
    if rules.get("display") == "none" or rules.get("mso-hide") == "all":
        return GONE
    if rules.get("content-visibility") == "hidden":
        return GONE
    opacity = _pixels(rules.get("opacity"))
    if opacity is not None and opacity <= _CLEAR:
        return CLEAR
    for name in ("left", "top", "text-indent", "margin-left", "margin-top", "margin"):
        moved = _pixels(rules.get(name))
        if moved is not None and moved <= _FAR:
            return AWAY
    return _by_shape(rules)


def _by_shape(rules: Mapping[str, str]) -> str | None:
    transform = rules.get("transform", "")
    if re.search(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]", transform):
        return CLIPPED
    if re.search(r"translate\w*\([^)]*-\d{4,}px", transform):
        return AWAY
    clip = rules.get("clip", "") + rules.get("clip-path", "")
    if re.search(
        r"rect\(\s*0(?:px)?[,\s]+0(?:px)?[,\s]+0(?:px)?[,\s]+0|rect\(\s*1px[,\s]+1px[,\s]+1px"
        r"|inset\(\s*(?:50|100)%|circle\(\s*0",
        clip,
    ):
        return CLIPPED
    if rules.get("overflow", "").startswith("hidden"):
        for name in ("height", "width", "max-height", "max-width"):
            size = _pixels(rules.get(name))
            if size is not None and size <= _TINY:
                return CLIPPED
    return None


def _coloured(
    own: Look, tag: str, attributes: Attributes, rules: Mapping[str, str]
) -> Look:
    """Return a look with the colours that the element sets itself."""
    if (ground := rules.get("background-color", attributes.get("bgcolor"))) is not None:
        own = _on(own, ground)
    if (both := rules.get("background")) is not None:
        own = replace(own, ground=None) if "url(" in both or "gradient" in both else own
        for word in re.findall(r"rgba?\([^)]*\)|[#\w]+", both):
            own = _on(own, word)
    if "url(" in rules.get("background-image", ""):
        own = replace(own, ground=None)
    attribute = {"font": "color", "body": "text"}.get(tag, "")
    colour = rules.get("color", attributes.get(attribute) if attribute else None)
    if colour is None:
        return own
    if colour.strip() == "transparent" or re.search(
        r"rgba\([^)]*,\s*0?\.?0+\s*\)", colour
    ):
        return replace(own, clear=True)
    return replace(own, clear=False, colour=_rgb(colour))


def _on(own: Look, value: str) -> Look:
    colour = _rgb(value)
    if colour is not None:
        return replace(own, ground=colour)
    unknown = value.strip() not in {
        "transparent",
        "inherit",
        "none",
        "initial",
        "unset",
    }
    return replace(own, ground=None) if unknown and value.startswith("#") else own


def _rgb(value: str) -> Rgb | None:
    """Return a colour as red, green, blue; `None` where it is none or not known."""
    text = value.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    if found := re.fullmatch(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", text):
        digits = found[1]
        if len(digits) < 6:  # noqa: PLR2004 - one digit a colour, as in #fff
            digits = "".join(digit * 2 for digit in digits)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if found := re.match(r"rgba?\(\s*(\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})", text):
        return int(found[1]), int(found[2]), int(found[3])
    return None


def _alike(one: Rgb | None, other: Rgb | None) -> bool:
    if one is None or other is None:
        return False
    return all(abs(a - b) < _NEAR for a, b in zip(one, other, strict=True))


def _pixels(value: str | None) -> float | None:
    """Return a length in pixels, or a plain number; `None` where it is neither."""
    found = re.match(_LENGTH, (value or "").strip())
    if found is None or not re.search(r"\d", found[1]):
        return None
    return float(found[1]) * _TO_PIXELS[found[2] or ""]
