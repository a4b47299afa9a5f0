"""HTML pages and fragments: what a reader sees, and what the markup hides."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from review.errors import CorruptError, TooLargeError
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.package import MOST_MARKS, is_overloaded
from review.extract.plain.encodings import Decoded, decode
from review.extract.plain.text import mended
from review.extract.web.beside import Beside
from review.extract.web.charset import declared
from review.extract.web.styles import sheet_styles
from review.extract.web.walk import Walk
from review.spans import Location

_SNIFF: Final = 8192
_START: Final = (
    r"(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!doctype\s+(?!html)[^>]*>\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|base|link|style|script|p|div|table"
    r"|h[1-6]|ul|ol|dl|span|br|hr|a|img|section|article|main|header|footer|nav|font|b"
    r"|strong|em|i|u|center|blockquote|pre|form|iframe|tr|td|li|tbody)\b[^>]*>"
)
_TAGS: Final = r"</(?:p|div|td|tr|table|span|li|h[1-6]|strong|a|section|font)\s*>"
_ENOUGH_TAGS: Final = 3
_META_NAMES: Final = {
    "description": "描述",
    "keywords": "关键词",
    "author": "作者",
    "generator": "生成软件",
    "copyright": "版权",
    "subject": "主题",
    "abstract": "摘要",
}


_TAG: Final = r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})"
# Elements that have no end, or whose end is often left out.
_UNCLOSED: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "html",
        "head",
        "body",
    ]
)
_DEEPEST: Final = 10_000


class Html:
    """Web pages and the HTML that a publishing system hands over."""

    format = "html"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the contents begin like HTML or are full of its tags."""
        decoded = _decode(data[:_SNIFF], lenient=True)
        if decoded is None:
            return False
        start = decoded.text.lstrip("\ufeff \t\r\n\u3000")
        if re.match(_START, start, re.IGNORECASE | re.DOTALL):
            return True
        if start.startswith(("<?xml", "{\\rtf", "MIME-Version:", "From ")):
            return False
        tags = re.findall(_TAGS, start, re.IGNORECASE)
        return len(tags) >= _ENOUGH_TAGS

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read the page in order; hidden elements become hidden blocks.

        Raises:
            CorruptError: The bytes decode in no known encoding.
            TooLargeError: There are more characters than allowed.
        """
        return read_html(data, limits)


def read_html(
    data: bytes,
    limits: Limits,
    *,
    charset: str | None = None,
    sheets: str = "",
    present: frozenset[str] = frozenset(),
) -> Extraction:
    """Read one page; `charset` and style `sheets` may come from outside of it.

    `present` are the addresses of pictures that are at hand: they are no gap.

    Raises:
        CorruptError: The bytes decode in no known encoding.
        TooLargeError: There are more characters than allowed.
    """
    decoded = _decode(data, lenient=False, charset=charset)
    if decoded is None:
        raise CorruptError("网页编码无法识别，请另存为 UTF-8 编码后再提交。")
    if len(decoded.text) > limits.characters:
        raise TooLargeError("网页过长，请拆分后再提交。")
    if decoded.text.count("<") > MOST_MARKS or is_overloaded(decoded.text):
        raise TooLargeError("网页的元素或属性过多，请拆分后再提交。")
    decoded, gaps = mended(decoded)
    if _depth(decoded.text) > _DEEPEST:
        raise TooLargeError("网页的元素嵌套过深，无法读取，请另存为 docx 后再提交。")
    tree = LexborHTMLParser(decoded.text.replace("\x00", ""))
    styles, whole = sheet_styles(tree, sheets)
    if not whole:
        message = "网页的样式表过于复杂，未能判断哪些文字被隐藏，请人工查看。"
        gaps = (*gaps, Gap(Location(), "too_large", message))
    walk = Walk(styles, Beside(present))
    walk.beside.sheet(sheets)
    if tree.root is not None:
        walk.run(tree.root)
    beside = walk.beside
    return Extraction(
        (*_metadata(tree), *walk.blocks, *beside.links()),
        (*gaps, *_gaps(beside.images, beside.external)),
        tuple(beside.embedded),
        tuple(beside.pictures),
    )


def _depth(text: str) -> int:
    """Return how deep elements can nest at most, without building the tree.

    The parser needs time as the square of the depth.
    """
    depth = deepest = 0
    for closing, name in re.findall(_TAG, text):
        if closing:
            depth = max(0, depth - 1)
        elif name.lower() not in _UNCLOSED:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _decode(
    data: bytes, *, lenient: bool, charset: str | None = None
) -> Decoded | None:
    named = charset or declared(data)
    decoded = decode(data, named)
    if decoded is None and lenient and len(data) >= _SNIFF:
        # The sample may end inside a character.
        for cut in range(1, 4):
            decoded = decoded or decode(data[:-cut], named)
    if decoded is None and lenient and b"\x00" not in data[:512]:
        decoded = Decoded(data.decode("latin-1"), "latin-1")
    return decoded


def _metadata(tree: LexborHTMLParser) -> tuple[Block, ...]:
    where = Location(part="metadata")
    titles = (" ".join(node.text().split()) for node in tree.css("head > title"))
    blocks = [Block(t, where, role="title", detail="网页标题") for t in titles if t]
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        named = (attributes.get(key) for key in ("name", "property", "itemprop"))
        name = next(filter(None, named), "").lower()
        label = _META_NAMES.get(name.rpartition(":")[2])
        content = " ".join((attributes.get("content") or "").split())
        wanted = label or (name and re.search(r"[\u3400-\u9fff]", content))
        if content and wanted:
            text, detail = f"{label or name}：{content}", f"网页头部的 {name} 项"
            blocks.append(Block(text, where, hidden=True, role="note", detail=detail))
    return tuple(blocks)


def _gaps(images: int, external: int) -> tuple[Gap, ...]:
    gaps = []
    if images:
        message = f"网页中有 {images} 张图片，图片里的文字未经机器检查，请人工查看。"
        gaps.append(Gap(Location(part="image"), "image_without_text", message))
    if external:
        message = f"网页引用了 {external} 处外部页面，不在文件里，未经检查。"
        gaps.append(Gap(Location(), "external", message))
    return tuple(gaps)
