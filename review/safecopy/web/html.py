"""Safe copies of web pages: what is seen, without markup that hides something."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.errors import CorruptError, UnreadableError, UnsupportedError
from review.extract.limits import Limits
from review.extract.plain.encodings import decode
from review.extract.web.charset import declared
from review.extract.web.styles import Look, look_of, sheet_styles
from review.safecopy.characters import visible
from review.safecopy.images.bare import stripped
from review.safecopy.images.image import upright
from review.safecopy.interface import Cleaned, Tally
from review.safecopy.links import is_public

_WHOLE: Final = r"<(?:html|body|head)\b"
_GONE: Final = {
    "script": "脚本",
    "template": "网页模板",
    "noscript": "隐藏的元素",
    "datalist": "候选值",
    "noembed": "隐藏的元素",
    "noframes": "隐藏的元素",
    "metadata": "图形的说明",
    "base": "基准地址",
}
_SVG_WORDS: Final = frozenset({"title", "desc"})
_PLAIN_META: Final = frozenset({"viewport"})
_TELLING: Final = frozenset(
    ["alt", "title", "summary", "placeholder", "label", "longdesc", "cite"]
)
_ADDRESSES: Final = frozenset(
    ["href", "src", "xlink:href", "background", "poster", "data", "action"]
)
_SHEETS: Final = frozenset({"stylesheet", "icon", "shortcut icon"})
_HAN: Final = regex.compile(r"\p{Han}")
_SCHEME: Final = regex.compile(r"\s*(?:[a-z][a-z0-9+.-]{1,20}:|//|\\\\)", regex.I)
_CSS_COMMENT: Final = r"/\*.*?\*/"
_CSS_FONT: Final = regex.compile(r"\s*(?:font(?:-family)?|mso-[a-z-]*font[a-z-]*)\s*:")
_CSS_SAYS: Final = regex.compile(r"\bcontent\s*:[^;}]*\p{Han}", regex.I)
_SHEET_KEPT: Final = frozenset({"style", "src", "href", "value"})


class HtmlCleaner:
    """Web pages and fragments; what comes out is UTF-8."""

    reads: Final = frozenset({"html"})

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the page as it is seen.

        Raises:
            UnreadableError: Its encoding cannot be told, or it cannot be cleaned.
        """
        del limits
        decoded = decode(data, declared(data))
        if decoded is None or decoded.broken:
            raise CorruptError("网页编码无法识别，请另存为 UTF-8 编码后再试。")
        tree = LexborHTMLParser(decoded.text.replace("\x00", ""))
        styles, whole = sheet_styles(tree)
        if not whole:
            raise UnsupportedError("网页的样式表过于复杂，不能可靠清除；请简化后再试。")
        cleaning = _Cleaning(styles)
        if tree.root is not None:
            cleaning.run(tree.root)
        text = _text(
            tree, whole=re.search(_WHOLE, decoded.text, re.IGNORECASE) is not None
        )
        return Cleaned(
            data=text.encode("utf-8", "replace"),
            format="html",
            removed=cleaning.tally.traces(),
            kept=cleaning.kept.traces(),
            seen=frozenset(cleaning.seen),
        )


@dataclass(slots=True)
class _Cleaning:
    """One page while it is cleaned."""

    styles: dict[int, str]
    tally: Tally = field(default_factory=Tally)
    kept: Tally = field(default_factory=Tally)
    seen: set[str] = field(default_factory=set)

    def run(self, root: LexborNode) -> None:
        """Visit every element, without recursion: pages nest deeply."""
        waiting: list[tuple[LexborNode, Look, bool]] = [(root, Look(), False)]
        while waiting:
            node, above, in_svg = waiting.pop()
            tag = (node.tag or "").lower()
            look = look_of(above, tag, node.attributes, self._style(node))
            if self._is_dropped(node, tag, in_svg=in_svg):
                node.decompose()
                continue
            self._attributes(node, tag)
            if tag == "style":
                self._sheet(node)
                continue
            for child in list(_children(node)):
                if child.is_element_node:
                    waiting.append((child, look, in_svg or tag == "svg"))
                else:
                    self._leaf(child, look, tag)

    def _style(self, node: LexborNode) -> str:
        return (
            f"{self.styles.get(node.mem_id, '')};{node.attributes.get('style') or ''}"
        )

    def _is_dropped(self, node: LexborNode, tag: str, *, in_svg: bool) -> bool:
        if tag in _GONE or (in_svg and tag in _SVG_WORDS):
            self.tally.add(_GONE.get(tag, "图形的说明"), "网页")
            return True
        if tag in {"meta", "link"}:
            return self._is_metadata(node.attributes, tag)
        kind = (node.attributes.get("type") or "").lower()
        if tag == "input" and kind == "hidden":
            self.tally.add("隐藏的表单值", "网页")
            return True
        return False

    def _is_metadata(self, attributes: Mapping[str, str | None], tag: str) -> bool:
        """Tell whether an element of the head does nothing for the look."""
        if tag == "meta":
            plain = (attributes.get("name") or "").lower() in _PLAIN_META
            told = "name" in attributes or "property" in attributes
        else:
            target = attributes.get("href") or ""
            near = _SCHEME.match(target) is None or is_public(_whole(target))
            plain = near and (attributes.get("rel") or "").lower() in _SHEETS
            told = True
        self.tally.add("网页元数据", "网页头", told and not plain)
        return not plain

    def _leaf(self, node: LexborNode, look: Look, tag: str) -> None:
        if node.is_comment_node:
            self.tally.add("网页注释", "网页")
            node.decompose()
        elif node.is_text_node:
            text = node.text_content or ""
            if look.why is not None and tag != "title":
                self.tally.add("隐藏的元素", "网页", bool(text.strip()))
                node.decompose()
                return
            plain, gone = visible(text)
            if gone:
                self.tally.add("零宽或控制字符", "网页", gone)
                node.replace_with(plain)
        elif not node.is_element_node:
            node.decompose()

    def _attributes(self, node: LexborNode, tag: str) -> None:
        for name, value in list(node.attributes.items()):
            lower = name.lower()
            if lower == "srcdoc":
                raise UnsupportedError(
                    "网页里有内嵌网页（srcdoc），不能可靠清除；请展开成普通内容后再试。"
                )
            if lower in _ADDRESSES:
                self._address(node, tag, name, value or "")
            elif lower == "style":
                self._inline_style(node, name, value or "")
            elif (word := _telling(lower, value or "")) is not None:
                del node.attrs[name]
                self.tally.add(word, "网页")
            elif value and _HAN.search(value) and lower not in _SHEET_KEPT:
                self._named(node, name, value)

    def _named(self, node: LexborNode, name: str, value: str) -> None:
        """Keep the name of a typeface; other Chinese in an attribute is not seen."""
        if name.lower() in {"face", "font-family"}:
            self.seen.add(value)
            return
        del node.attrs[name]
        self.tally.add("属性里的文字或数据", "网页")

    def _address(self, node: LexborNode, tag: str, name: str, value: str) -> None:
        plain = unquote(value).strip()
        if plain.startswith("data:"):
            self._data(node, name, plain)
            return
        far = _SCHEME.match(plain) is not None
        if far and not is_public(_whole(plain)):
            del node.attrs[name]
            self.tally.add("指向内部的链接或脚本链接", "网页")
        elif (far or _HAN.search(plain)) and tag != "link":
            self.seen.add(" ".join(plain.split()))
            self.kept.add("链接和图片的网址", "网页")

    def _data(self, node: LexborNode, name: str, value: str) -> None:
        """Clean a picture that stands inside an address; other files go."""
        head, _, body = value.removeprefix("data:").partition(",")
        try:
            raw = unquote_to_bytes(body)
            if ";base64" in head.lower():
                raw = base64.b64decode(raw)
            if "svg" in head:
                made, kinds = stripped(raw, "picture.svg")
            else:
                made, kinds = stripped(upright(raw), "picture")
        except (UnreadableError, binascii.Error):
            del node.attrs[name]
            self.tally.add("地址里的内嵌数据", "网页")
            return
        kind = head.partition(";")[0]
        encoded = base64.b64encode(made).decode("ascii")
        node.attrs[name] = f"data:{kind};base64,{encoded}"
        for word in kinds:
            self.tally.add(word, "图片")

    def _inline_style(self, node: LexborNode, name: str, value: str) -> None:
        plain = re.sub(_CSS_COMMENT, "", value, flags=re.DOTALL)
        if plain != value:
            node.attrs[name] = plain
            self.tally.add("样式里的注释", "网页")

    def _sheet(self, node: LexborNode) -> None:
        """Take the remarks out of a style sheet.

        Raises:
            UnsupportedError: It writes words on the page.
        """
        text = node.text() or ""
        plain = re.sub(_CSS_COMMENT, "", text, flags=re.DOTALL)
        plain = plain.replace("<!--", "").replace("-->", "")
        if _CSS_SAYS.search(plain):
            raise UnsupportedError(
                "网页的样式表里写有显示在页面上的文字，不能可靠核对；请改为正文后再试。"
            )
        for line in re.split(r"[{};\n]", plain):
            if _HAN.search(line) and _CSS_FONT.match(line.lower()):
                self.seen.add(line.strip(" */\t"))
        if plain != text:
            self.tally.add("样式里的注释", "网页")
            for child in list(_children(node)):
                child.replace_with(plain)
                plain = ""


def _telling(name: str, value: str) -> str | None:
    """Return what an attribute is that goes: a script, words; nothing for others."""
    if name.startswith("on"):
        return "脚本"
    if name.startswith(("data-", "aria-", "xmlns:")) or name in _TELLING:
        told = bool(value.strip()) and not name.startswith("xmlns:")
        return "属性里的文字或数据" if told else ""
    return None


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        following = child.next
        yield child
        child = following


def _whole(address: str) -> str:
    return f"https:{address}" if address.startswith("//") else address


def _text(tree: LexborHTMLParser, *, whole: bool) -> str:
    """Return the page, or only the piece of one that was given."""
    body = tree.body
    if not whole and body is not None:
        return "".join(child.html or "" for child in _children(body))
    text = tree.html or ""
    return re.sub(r"<head[^>]*>", r'\g<0><meta charset="utf-8">', text, count=1)
