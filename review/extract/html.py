"""HTML pages and fragments: what a reader sees, and what the markup hides."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from review.errors import CorruptError, TooLargeError
from review.extract.encodings import Decoded, decode
from review.extract.html_walk import Walk
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.text import broken_gap
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
_CHARSET: Final = rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
_XML_CHARSET: Final = rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})"
_META_NAMES: Final = {
    "description": "描述",
    "keywords": "关键词",
    "author": "作者",
    "generator": "生成软件",
    "copyright": "版权",
    "subject": "主题",
    "abstract": "摘要",
}
_HIDING: Final = (
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|!|$)|opacity\s*:\s*0\s*(?:;|!|$)"
)
_MAX_RULES: Final = 500


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
        decoded = _decode(data, lenient=False)
        if decoded is None:
            raise CorruptError("网页编码无法识别，请另存为 UTF-8 编码后再提交。")
        if len(decoded.text) > limits.characters:
            raise TooLargeError("网页过长，请拆分后再提交。")
        tree = LexborHTMLParser(decoded.text.replace("\x00", ""))
        walk = Walk(_hidden_nodes(tree))
        if tree.root is not None:
            walk.run(tree.root)
        blocks = (*_metadata(tree), *walk.blocks)
        return Extraction(blocks, (*broken_gap(decoded), *_image_gap(walk.images)))


def _decode(data: bytes, *, lenient: bool) -> Decoded | None:
    head = data[:4096]
    found = re.search(_CHARSET, head, re.IGNORECASE) or re.search(_XML_CHARSET, head)
    declared = found[1].decode("ascii", "replace") if found else None
    decoded = decode(data, declared)
    if decoded is None and lenient and len(data) >= _SNIFF:
        # The sample may end inside a character.
        for cut in range(1, 4):
            decoded = decoded or decode(data[:-cut], declared)
    if decoded is None and lenient and b"\x00" not in data[:512]:
        decoded = Decoded(data.decode("latin-1"), "latin-1")
    return decoded


def _metadata(tree: LexborHTMLParser) -> tuple[Block, ...]:
    where = Location(part="metadata")
    titles = (" ".join(node.text().split()) for node in tree.css("head > title"))
    blocks = [Block(t, where, role="title", detail="网页标题") for t in titles if t]
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        label = _META_NAMES.get(name.rpartition(":")[2])
        content = " ".join((attributes.get("content") or "").split())
        wanted = label or (name and re.search(r"[\u3400-\u9fff]", content))
        if content and wanted:
            text = f"{label or name}：{content}"
            blocks.append(Block(text, where, hidden=True, role="note", detail=name))
    return tuple(blocks)


def _hidden_nodes(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the nodes that the page's own style sheets hide."""
    found: set[int] = set()
    sheets = "\n".join(node.text() for node in tree.css("style"))
    sheets = re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)
    rules = re.findall(r"([^{}]{1,300})\{([^{}]{1,2000})\}", sheets)[:_MAX_RULES]
    for selector, body in rules:
        if not re.search(_HIDING, body, re.IGNORECASE):
            continue
        try:
            found.update(node.mem_id for node in tree.css(selector.strip()))
        except SelectolaxError:
            # An unknown selector hides nothing: its text is then read as shown.
            continue
    return frozenset(found)


def _image_gap(images: int) -> tuple[Gap, ...]:
    if not images:
        return ()
    message = f"网页中有 {images} 张图片，图片里的文字未经机器检查，请人工查看。"
    return (Gap(Location(part="image"), "image_without_text", message),)
