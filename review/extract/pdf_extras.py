"""What a PDF carries beside its pages' text: notes, forms, metadata, files."""

import ctypes
import re
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Embedded, Gap
from review.extract.ooxml import local, note
from review.extract.package import parse_xml
from review.spans import Location

_LABELS: Final = {
    "Title": "标题",
    "Author": "作者",
    "Subject": "主题",
    "Keywords": "关键词",
    "Creator": "创建软件",
    "Producer": "生成软件",
}
_XMP_START: Final = b"<x:xmpmeta"
_XMP_END: Final = b"</x:xmpmeta>"
_XMP_DULL: Final = frozenset(
    [
        "CreateDate",
        "ModifyDate",
        "MetadataDate",
        "DocumentID",
        "InstanceID",
        "format",
        "RenditionClass",
        "OriginalDocumentID",
        "PDFVersion",
        "Trapped",
        "VersionID",
        "instanceID",
        "documentID",
        "when",
        "action",
        "changed",
        "part",
        "conformance",
        "softwareAgent",
    ]
)
_MAX_ANNOTATIONS: Final = 2000


def metadata(document: pdfium2.PdfDocument, data: bytes) -> tuple[Block, ...]:
    """Return the document information and the XMP values, each once."""
    where = Location(part="metadata")
    found: dict[str, str] = {}
    for key, value in document.get_metadata_dict(skip_empty=True).items():
        text = " ".join(value.replace("\x00", "").split())
        if text and key in _LABELS:
            found.setdefault(text, _LABELS[key])
    for key, text in _xmp(data):
        found.setdefault(text, key)
    return tuple(
        note(f"{label}：{text}", where, "文件属性") for text, label in found.items()
    )


def outline(document: pdfium2.PdfDocument) -> tuple[Block, ...]:
    """Return the bookmarks' titles."""
    where = Location(part="metadata")
    titles = []
    for entry in document.get_toc(max_depth=6):
        titles.append(" ".join(entry.get_title().split()))
        if len(titles) > _MAX_ANNOTATIONS:
            break
    return tuple(note(title, where, "书签") for title in dict.fromkeys(titles) if title)


def attachments(document: pdfium2.PdfDocument) -> tuple[Embedded, ...]:
    """Return the files that are embedded in the document as a whole."""
    return tuple(
        _embedded(document.get_attachment(index).raw, Location(part="attachment"))
        for index in range(min(document.count_attachments(), _MAX_ANNOTATIONS))
    )


def scripts(document: pdfium2.PdfDocument) -> tuple[Gap, ...]:
    """Return a gap where the document runs scripts."""
    count = pdfium.FPDFDoc_GetJavaScriptActionCount(document)
    if count <= 0:
        return ()
    message = f"文件含有 {count} 段 JavaScript 脚本，脚本未经检查。"
    return (Gap(Location(), "macro", message),)


def annotations(
    document: pdfium2.PdfDocument, page: pdfium2.PdfPage, number: int
) -> tuple[tuple[Block, ...], tuple[Embedded, ...]]:
    """Return notes, link addresses, form values and attached files of a page."""
    blocks: list[Block] = []
    embedded: list[Embedded] = []
    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)
    for index in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            blocks.extend(_annotation(document, annotation, number))
            attached = pdfium.FPDFAnnot_GetFileAttachment(annotation)
            if attached:
                where = Location(part="attachment", page=number)
                embedded.append(_embedded(attached, where))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return tuple(blocks), tuple(embedded)


def _annotation(
    document: pdfium2.PdfDocument, annotation: object, number: int
) -> Iterator[Block]:
    where = Location(part="annotation", page=number)
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    author = _string(annotation, b"T")
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        value = _string(annotation, b"V") or _form_value(document, annotation)
        if value:
            yield Block(value, where, detail=f"表单项 {author}".strip())
        if tip := _string(annotation, b"TU"):
            yield note(tip, where, "表单提示")
        return
    if contents := _string(annotation, b"Contents"):
        yield note(contents, where, f"批注 {author}".strip())
    if kind == pdfium.FPDF_ANNOT_LINK:
        link = pdfium.FPDFAnnot_GetLink(annotation)
        action = pdfium.FPDFLink_GetAction(link) if link else None
        if action and (address := _address(document, action)):
            yield note(address, where, "链接地址")


def _address(document: pdfium2.PdfDocument, action: object) -> str:
    length = pdfium.FPDFAction_GetURIPath(document, action, None, 0)
    if length <= 1:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAction_GetURIPath(document, action, buffer, length)
    raw = buffer.raw[: length - 1]
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")


def _string(annotation: object, key: bytes) -> str:
    length = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:  # noqa: PLR2004 - only the final NUL
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return _decoded(buffer, length)


def _form_value(document: pdfium2.PdfDocument, annotation: object) -> str:
    form = document.formenv
    if form is None:
        return ""
    length = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    if length <= 2:  # noqa: PLR2004 - only the final NUL
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, length)
    return _decoded(buffer, length)


def _embedded(attachment: object, where: Location) -> Embedded:
    length = pdfium.FPDFAttachment_GetName(attachment, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFAttachment_GetName(attachment, buffer, length)
    name = _decoded(buffer, length) or "附件"
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(attachment, None, 0, size)
    content = ctypes.create_string_buffer(size.value or 1)
    good = pdfium.FPDFAttachment_GetFile(attachment, content, size.value, size)
    data = content.raw[: size.value] if good else b""
    return Embedded(name, data, where)


def _decoded(buffer: object, length: int) -> str:
    raw = bytes(memoryview(buffer))[:length]  # type: ignore[arg-type]  # a ctypes array
    return raw.decode("utf-16-le", "replace").strip("\x00").strip()


def _xmp(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the values of every XMP packet that stands uncompressed in the file."""
    start = data.find(_XMP_START)
    while start >= 0:
        end = data.find(_XMP_END, start)
        if end < 0:
            return
        packet = data[start : end + len(_XMP_END)]
        try:
            yield from _values(parse_xml(packet, "XMP"))
        except UnreadableError:
            text = re.sub(r"<[^>]*>", " ", packet.decode("utf-8", "replace"))
            if text.strip():
                yield "元数据", " ".join(text.split())
        start = data.find(_XMP_START, end)


def _values(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        name = local(element)
        if name in {"li", "Alt", "Bag", "Seq"}:
            above = [local(a) for a in element.iterancestors()]
            name = next(
                (a for a in above if a not in {"li", "Alt", "Bag", "Seq"}), name
            )
        text = " ".join((element.text or "").split())
        if text and name not in _XMP_DULL:
            yield name, text
        for key, value in element.items():
            key_name = str(key).rpartition("}")[2]
            shown = " ".join(str(value).split())
            if (
                shown
                and local(element) == "Description"
                and (key_name not in _XMP_DULL and key_name != "about")
            ):
                yield key_name, shown
