"""What a Word file remembers of its making: who changed what, and which saves it saw."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local, note
from review.extract.word.runs import signed
from review.extract.word.styles import W, is_on, value
from review.spans import Location, Part

_FORMATS: Final = {
    "rPrChange": "文字格式修订",
    "pPrChange": "段落格式修订",
    "sectPrChange": "页面设置修订",
    "tblPrChange": "表格格式修订",
    "tblPrExChange": "表格格式修订",
    "tblGridChange": "表格格式修订",
    "trPrChange": "表格行格式修订",
    "tcPrChange": "单元格格式修订",
    "numberingChange": "编号修订",
    "cellMerge": "单元格合并修订",
}
_MARKS: Final[dict[str, tuple[str, Part]]] = {
    "ins": ("段落标记插入修订", "insertion"),
    "moveTo": ("段落标记移入修订", "insertion"),
    "del": ("段落标记删除修订", "deletion"),
    "moveFrom": ("段落标记移走修订", "deletion"),
}
_METADATA: Final = Location(part="metadata")
_IDENTITY: Final = {"docId": "文档标识", "rsidRoot": "首次保存的修订标识"}
_MERGE: Final = {
    "connectString": "邮件合并的连接",
    "query": "邮件合并的查询",
    "mailSubject": "邮件合并的主题",
    "addressFieldName": "邮件合并的地址字段",
}


def revisions(root: etree._Element, part: Part) -> Iterator[Block]:
    """Yield the changes that have no text of their own, and all who changed something.

    One block for each kind, author and day, with how many there are.
    """
    counts: Counter[tuple[Part, str]] = Counter()
    tags = [f"{W}{name}" for name in (*_FORMATS, *_MARKS)]
    for element in root.iter(*tags):
        name = local(element)
        if name in _FORMATS:
            counts["hidden", signed(_FORMATS[name], element)] += 1
        elif _is_mark(element):
            counts[_MARKS[name][1], signed(_MARKS[name][0], element)] += 1
    for (kind, what), count in counts.items():
        where = Location(part="comment" if part == "comment" else kind)
        yield note(f"{what}：{count} 处", where, "修订记录")
    authors = root.xpath("//@w:author", namespaces={"w": W[1:-1]})
    for author in dict.fromkeys(map(str, authors if isinstance(authors, list) else ())):
        if author.strip():
            yield note(f"修订者：{author.strip()}", _METADATA, "修订者名单")


def _is_mark(element: etree._Element) -> bool:
    """Tell a change of a paragraph's end from one of its text."""
    holder = element.getparent()
    above = None if holder is None else holder.getparent()
    if holder is None or above is None:
        return False
    return local(holder) == "rPr" and local(above) == "pPr"


def bookmarks(root: etree._Element) -> Iterator[Block]:
    """Yield the names that people gave to places; Word's own begin with a stroke."""
    names = (one.get(f"{W}name") or "" for one in root.iter(f"{W}bookmarkStart"))
    own = dict.fromkeys(one for one in names if one and not one.startswith("_"))
    if own:
        yield note("、".join(own), _METADATA, "书签名称")


def settings(root: etree._Element) -> Iterator[Block]:
    """Yield what the settings remember: variables, saves, sources of letters."""
    for element in root.iter(f"{W}docVar"):
        name = element.get(f"{W}name") or ""
        if text := (element.get(f"{W}val") or "").strip():
            yield note(f"{name}：{text}", _METADATA, "文档变量")
    rsids = {value(one) for one in root.iter(f"{W}rsid")}
    if rsids:
        text = f"修订标识（rsid）{len(rsids)} 个，可据此认出同一来源的文件"
        yield note(text, _METADATA, "修订标识")
    for element in root.iter():
        name = local(element)
        said = _value_of(element).strip()
        if name in _IDENTITY and said:
            yield note(f"{_IDENTITY[name]}：{said}", _METADATA, "文档标识")
        elif name in _MERGE and said:
            yield note(said, _METADATA, _MERGE[name])
        elif name == "trackRevisions" and is_on(element):
            yield note("修订功能已打开，以后的改动会留在文件里", _METADATA, "文档设置")


def _value_of(element: etree._Element) -> str:
    return next((str(v) for k, v in element.items() if str(k).endswith("}val")), "")
