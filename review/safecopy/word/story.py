"""Clean one Word story: comments, hidden runs, controls, bookmarks, revision ids."""

from typing import Final

import regex
from lxml import etree

from review.errors import UnsupportedError
from review.extract.ooxml.ooxml import R, all_text, local
from review.extract.word.styles import W, is_on
from review.safecopy.characters import visible
from review.safecopy.interface import Tally
from review.safecopy.links import is_public
from review.safecopy.ooxml.opc import Part
from review.safecopy.trees import drop, unwrap
from review.safecopy.word.wml import HiddenStyles, is_hidden

_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_COMMENTS: Final = ("commentRangeStart", "commentRangeEnd", "commentReference")
_MARKS: Final = (
    "proofErr",
    "permStart",
    "permEnd",
    "annotationRef",
    "lastRenderedPageBreak",
)
_WRAPPERS: Final = ("sdt", "smartTag", "customXml")
_GALLERIES: Final = frozenset(
    [
        "Page Numbers (Bottom of Page)",
        "Page Numbers (Top of Page)",
        "Page Numbers (Margins)",
        "Table of Contents",
    ]
)
_WRAPPER_HEADS: Final = frozenset({"sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr"})
_TABLE_OF_CONTENTS: Final = regex.compile(r"_Toc\d{1,12}")
# What a run shows, beside pictures and the marks of fields.
_SHOWS: Final = frozenset(
    ["t", "tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen", "sym", "ruby"]
)
_GRAPHICS: Final = frozenset({"drawing", "pict", "object", "AlternateContent"})


def clean_story(part: Part, styles: HiddenStyles, tally: Tally, place: str) -> None:
    """Take out of a story all that no page shows, once its changes are accepted."""
    root = part.root
    if root is None:
        return
    _comments(root, tally, place)
    _wrappers(root, tally, place)
    _hidden_runs(root, styles, tally, place)
    _links(part, root, tally, place)
    _bookmarks(root, tally, place)
    for name in _MARKS:
        for element in list(root.iter(f"{W}{name}")):
            drop(element)
    _captions(root, tally, place)
    invisible_characters(root, f"{W}t", tally, place)
    tally.add("修订标识（rsid）", place, revision_ids(root))


def revision_ids(root: etree._Element) -> int:
    """Take the ids off that link a document to other copies; return how many."""
    count = 0
    for element in root.iter():
        for key in list(element.keys()):
            name = str(key)
            if name.startswith((f"{W}rsid", f"{_W14}paraId", f"{_W14}textId")):
                del element.attrib[key]
                count += 1
    return count


def invisible_characters(
    root: etree._Element, tag: str, tally: Tally, place: str
) -> None:
    """Take zero-width characters and changes of direction out of the texts."""
    for element in root.iter(tag):
        if element.text:
            element.text, gone = visible(element.text)
            tally.add("零宽或控制字符", place, gone)


def _comments(root: etree._Element, tally: Tally, place: str) -> None:
    for name in _COMMENTS:
        for element in list(root.iter(f"{W}{name}")):
            if name == "commentReference":
                tally.add("批注", place)
            _drop_in_run(element)


def _drop_in_run(element: etree._Element) -> None:
    """Drop an element, and its run where nothing else stands in it."""
    run = element.getparent()
    drop(element)
    if run is None or run.tag != f"{W}r":
        return
    if all(local(one) == "rPr" for one in run):
        drop(run)


def _wrappers(root: etree._Element, tally: Tally, place: str) -> None:
    """Put the contents of controls and tags in their place."""
    for name in _WRAPPERS:
        for element in list(root.iter(f"{W}{name}")):
            if _is_gallery(element):
                continue
            for head in [one for one in element if local(one) in _WRAPPER_HEADS]:
                drop(head)
            content = element.find(f"{W}sdtContent")
            if content is not None:
                unwrap(content)
            unwrap(element)
            tally.add("内容控件或标记", place)


def _is_gallery(control: etree._Element) -> bool:
    """Leave a control only its gallery, where layout follows it: page numbers."""
    properties = control.find(f"{W}sdtPr")
    part = None if properties is None else properties.find(f"{W}docPartObj")
    gallery = None if part is None else part.find(f"{W}docPartGallery")
    if gallery is None or gallery.get(f"{W}val") not in _GALLERIES:
        return False
    for holder, kept in ((properties, part), (part, gallery)):
        for one in [] if holder is None else list(holder):
            if one is not kept and local(one) != "docPartUnique":
                drop(one)
    for end in control.findall(f"{W}sdtEndPr"):
        drop(end)
    return True


def _hidden_runs(
    root: etree._Element, styles: HiddenStyles, tally: Tally, place: str
) -> None:
    for run in list(root.iter(f"{W}r")):
        if is_hidden(run, styles) and empty_run(run, graphics=True):
            tally.add("隐藏文字", place)
    for paragraph in list(root.iter(f"{W}p")):
        _drop_if_hidden(paragraph)


def empty_run(run: etree._Element, *, graphics: bool = False) -> bool:
    """Take out what a run shows; fields keep their marks."""
    gone = [
        one
        for one in run
        if local(one) in _SHOWS or (graphics and local(one) in _GRAPHICS)
    ]
    for one in gone:
        drop(one)
    if all(local(one) == "rPr" for one in run):
        drop(run)
    return bool(gone)


def _drop_if_hidden(paragraph: etree._Element) -> None:
    """Drop a paragraph that is empty now and whose end is hidden too."""
    if not is_on(paragraph.find(f"{W}pPr/{W}rPr/{W}vanish")):
        return
    if any(local(one) != "pPr" for one in paragraph):
        return
    if paragraph.find(f"{W}pPr/{W}sectPr") is not None:
        return
    following = paragraph.getnext()
    if following is not None and local(following) == "p":
        drop(paragraph)


def _links(part: Part, root: etree._Element, tally: Tally, place: str) -> None:
    """Keep visible links to public addresses; of others only the text stays."""
    for link in list(root.iter(f"{W}hyperlink")):
        for key in ("tooltip", "docLocation", "tgtFrame", "history"):
            if link.attrib.pop(f"{W}{key}", "") and key == "tooltip":
                tally.add("链接提示", place)
        rel = part.rels.get(link.get(f"{R}id") or "")
        if rel is not None:
            seen = (
                bool(all_text(link)) or next(link.iter(f"{W}drawing"), None) is not None
            )
            if not is_public(rel.target) or not seen:
                unwrap(link)
                tally.add("指向内部地址或没有文字的链接", place)
                continue
            link.attrib.pop(f"{W}anchor", "")
        elif not _TABLE_OF_CONTENTS.fullmatch(link.get(f"{W}anchor") or ""):
            unwrap(link)


def _bookmarks(root: etree._Element, tally: Tally, place: str) -> None:
    """Keep only the bookmarks of the table of contents."""
    gone: set[str | None] = set()
    for start in list(root.iter(f"{W}bookmarkStart")):
        if not _TABLE_OF_CONTENTS.fullmatch(start.get(f"{W}name") or ""):
            gone.add(start.get(f"{W}id"))
            drop(start)
            tally.add("书签", place)
    for end in list(root.iter(f"{W}bookmarkEnd")):
        if end.get(f"{W}id") in gone:
            drop(end)


def _captions(root: etree._Element, tally: Tally, place: str) -> None:
    for name in ("tblCaption", "tblDescription"):
        for element in list(root.iter(f"{W}{name}")):
            drop(element)
            tally.add("替代文字", place)


def forbid_subdocuments(part: Part) -> None:
    """Refuse a document that takes part of its text from other files.

    Raises:
        UnsupportedError: It does.
    """
    for rel in part.rels.values():
        if rel.kind in {"aFChunk", "subDocument"}:
            raise UnsupportedError(
                "文档正文引用了并入的其他文件，不能可靠分开；"
                "请用 WPS 或 Word 打开后另存为新文档再试。"
            )
