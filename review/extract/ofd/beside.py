"""What an OFD file carries beside its pages: properties, bookmarks, files, signatures."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Embedded, Gap, Picture
from review.extract.ofd.parts import (
    Finds,
    child,
    children,
    folder_of,
    text_of,
)
from review.extract.ofd.seal import seal_of
from review.extract.ooxml.ooxml import local
from review.extract.sniff import is_image
from review.spans import Location

_LABELS: Final = {
    "Title": "标题",
    "Author": "作者",
    "Subject": "主题",
    "Abstract": "摘要",
    "Keyword": "关键词",
    "Creator": "创建软件",
    "CreatorVersion": "软件版本",
    "DocUsage": "用途",
    "CreationDate": "创建日期",
    "ModDate": "修改日期",
}
_MOST: Final = 5000
# Numbers and path data say nothing.
_COORDINATES: Final = r"[-+.,#\dMSLQBCAg\s]+"
_PERMISSIONS: Final = {
    "Edit": "编辑",
    "Annot": "批注",
    "Export": "导出",
    "Signature": "签章",
    "Watermark": "水印",
    "PrintScreen": "截屏",
    "CopyText": "复制文字",
}


def properties(info: etree._Element | None, finds: Finds) -> None:
    """Add the document information and the writer's own data."""
    if info is None:
        return
    for element in info.iter("{*}*"):
        kind = local(element)
        if kind in _LABELS and (text := text_of(element)):
            finds.note(f"{_LABELS[kind]}：{text}", "文件属性")
        elif kind == "CustomData" and (text := text_of(element)):
            name = element.get("Name") or "自定义数据"
            finds.note(f"{name}：{text}", "自定义数据")
    cover = finds.parts.find(text_of(child(info, "Cover")))
    if cover is not None:
        picture(finds, cover, Location(part="image"), "封面图片")


def outlines(document: etree._Element, finds: Finds) -> None:
    """Add the titles of the outline and the names of bookmarks, each once."""
    titles: dict[str, None] = {}
    for element in document.iter("{*}OutlineElem", "{*}Bookmark"):
        raw = element.get("Title") or element.get("Name") or ""
        if text := " ".join(raw.split()):
            titles[text] = None
        if len(titles) >= _MOST:
            break
    for title in titles:
        finds.note(title, "书签")


def actions(root: etree._Element, finds: Finds, page: int | None = None) -> None:
    """Add the addresses that links open."""
    where = Location(part="annotation" if page else "metadata", page=page)
    addresses: dict[str, None] = {}
    for element in root.iter("{*}URI"):
        raw = (element.get("Base") or "") + (element.get("URI") or text_of(element))
        addresses[raw] = None
    for address in list(addresses)[:_MOST]:
        finds.note(address, "链接地址", where)


def permissions(document: etree._Element, finds: Finds) -> None:
    """Add what the file forbids and until when it holds."""
    element = child(document, "Permissions")
    if element is None:
        return
    forbidden = [
        label
        for name, label in _PERMISSIONS.items()
        if text_of(child(element, name)).lower() in {"false", "0"}
    ]
    if forbidden:
        finds.note(f"权限设置：不允许{'、'.join(forbidden)}", "权限设置")
    period = child(element, "ValidPeriod")
    if period is not None:
        start, end = period.get("StartDate") or "", period.get("EndDate") or ""
        finds.note(f"有效期：{start} 至 {end}", "权限设置")


def attachments(reference: str, folder: str, finds: Finds) -> None:
    """Hand on the attached files; one that is missing is a gap."""
    opened = finds.root(reference, "附件清单", folder)
    if opened is None:
        return
    name, root = opened
    for element in list(root.iter("{*}Attachment"))[:_MOST]:
        title = (element.get("Name") or "附件").strip()
        ending = (element.get("Format") or "").strip().lstrip(".")
        if ending and not title.lower().endswith(f".{ending.lower()}"):
            title = f"{title}.{ending}"
        if usage := element.get("Usage"):
            finds.note(f"附件“{title}”用途：{usage}", "附件说明")
        raw = text_of(child(element, "FileLoc"))
        part = finds.parts.find(raw, folder_of(name), folder)
        where = Location(part="attachment")
        if part is None:
            message = f"附件“{title}”不在文件里，未能读取。"
            finds.gaps.append(Gap(where, "unreadable_part", message))
            continue
        try:
            finds.embedded.append(Embedded(title, finds.parts.data(part), where))
        except UnreadableError as error:
            finds.gaps.append(Gap(where, "unreadable_part", error.message))


def tags(reference: str, folder: str, finds: Finds) -> None:
    """Add what custom tags say."""
    opened = finds.root(reference, "自定义标引清单", folder)
    if opened is None:
        return
    name, root = opened
    for element in children(root, "CustomTag"):
        if space := element.get("TypeID") or element.get("NameSpace"):
            finds.note(space, "自定义标引")
        raw = text_of(child(element, "FileLoc"))
        found = finds.root(raw, "自定义标引", folder_of(name), folder)
        if found is not None:
            for text in texts_of(found[1]):
                finds.note(text, "自定义标引")


def extensions(reference: str, folder: str, finds: Finds) -> None:
    """Add what extensions of the writing program hold."""
    opened = finds.root(reference, "扩展信息", folder)
    if opened is None:
        return
    name, root = opened
    for element in children(root, "Extension"):
        owner = " ".join(filter(None, (element.get("Company"), element.get("AppName"))))
        if owner:
            finds.note(owner, "扩展信息的软件")
        for inner in element.iter("{*}*"):
            _extension(inner, finds, folder_of(name), folder)


def _extension(element: etree._Element, finds: Finds, *folders: str) -> None:
    if local(element) == "ExtendData":
        found = finds.root(text_of(element), "扩展数据", *folders)
        for text in texts_of(found[1]) if found else ():
            finds.note(text, "扩展信息")
    elif local(element) in {"Property", "Data"} and (text := text_of(element)):
        label = element.get("Name")
        finds.note(f"{label}：{text}" if label else text, "扩展信息")


def signatures(reference: str, pages: dict[str, int], finds: Finds) -> None:
    """Add who signed with which program and seal, and the pictures of the seals."""
    opened = finds.root(reference, "签名清单")
    if opened is None:
        return
    name, root = opened
    for element in list(root.iter("{*}Signature"))[:_MOST]:
        found = finds.root(element.get("BaseLoc"), "签名", folder_of(name))
        if found is not None:
            _signature(*found, pages, finds)


def _signature(
    name: str, root: etree._Element, pages: dict[str, int], finds: Finds
) -> None:
    said = []
    for kind, label in (
        ("ProviderName", "签名软件"),
        ("Company", "软件厂商"),
        ("SignatureDateTime", "签名时间"),
    ):
        element = next(root.iter(f"{{*}}{kind}"), None)
        if text := text_of(element):
            said.append(f"{label}：{text}")
    provider = next(root.iter("{*}Provider"), None)
    if provider is not None and provider.get("ProviderName"):
        said.insert(0, f"签名软件：{provider.get('ProviderName')}")
    finds.note("；".join(said), "电子签名")
    stamp = next(root.iter("{*}StampAnnot"), None)
    page = pages.get(stamp.get("PageRef") or "") if stamp is not None else None
    value = finds.parts.find(text_of(child(root, "SignedValue")), folder_of(name))
    seal = next(root.iter("{*}Seal"), None)
    raw = "" if seal is None else text_of(seal)
    for part in (finds.parts.find(raw, folder_of(name)), value):
        if part is not None and _seal(part, page, finds):
            break
    if value is not None:
        finds.parts.used.add(value)


def _seal(part: str, page: int | None, finds: Finds) -> bool:
    """Add a seal's name and its picture; tell whether there was one."""
    where = Location(part="image", page=page)
    try:
        data = finds.parts.data(part)
    except UnreadableError as error:
        finds.gaps.append(Gap(where, "unreadable_part", error.message))
        return False
    names, stamp = seal_of(data)
    if stamp is None:
        return False
    for text in names:
        if any("\u3400" <= character <= "\u9fff" for character in text):
            finds.note(f"印章：{text}", "电子印章")
    if is_image(stamp):
        finds.pictures.append(Picture(stamp, where))
    else:
        finds.embedded.append(Embedded("印章.ofd", stamp, Location(part="attachment")))
    return True


def picture(finds: Finds, name: str, where: Location, what: str) -> None:
    """Hand on a picture that stands on no page."""
    try:
        data = finds.parts.data(name)
    except UnreadableError as error:
        finds.gaps.append(Gap(where, "unreadable_part", error.message))
        return
    if is_image(data):
        finds.pictures.append(Picture(data, where))
    else:
        message = f"{what}的格式无法识别，请人工查看。"
        finds.gaps.append(Gap(where, "image_without_text", message))


def texts_of(root: etree._Element) -> Iterator[str]:
    """Yield the texts and the telling attributes of a part that is no page, each once."""
    seen: set[str] = set()
    for element in root.iter("{*}*"):
        raw = [element.text or "", element.tail or ""]
        raw += [str(v) for v in element.values() if not str(v).isascii()]
        for one in raw:
            text = " ".join(one.split())
            if text and text not in seen and not re.fullmatch(_COORDINATES, text):
                seen.add(text)
                yield text
