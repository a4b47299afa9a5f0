"""What a PDF carries beside its pages: left out by keeping only what is painted."""

from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from review.errors import UnsupportedError
from review.safecopy.images.bare import stripped
from review.safecopy.interface import Tally
from review.safecopy.links import is_public

_CATALOG: Final = frozenset({"/Type", "/Pages", "/OutputIntents"})
_PAGE: Final = frozenset(
    [
        "/Type",
        "/Parent",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/Resources",
        "/Contents",
        "/Group",
        "/UserUnit",
        "/Annots",
    ]
)
_WORDS: Final = {
    "/Metadata": "元数据（XMP）",
    "/Outlines": "书签",
    "/OpenAction": "自动动作",
    "/AA": "自动动作",
    "/StructTreeRoot": "结构树（替代文字等）",
    "/PieceInfo": "编辑软件的私有数据",
    "/PageLabels": "页码标签",
    "/Thumb": "缩略图",
    "/Dests": "命名目标",
    "/AF": "关联文件",
    "/OCProperties": "图层设置",
    "/Threads": "文章线索",
    "/SpiderInfo": "网页抓取信息",
    "/Perms": "权限与签名",
    "/DSS": "签名的验证数据",
    "/VP": "测量信息",
    "/PresSteps": "放映步骤",
    "/LastModified": "修改时间",
}
_KIND_WORDS: Final = {
    "/Widget": "表单项",
    "/Link": "指向内部的链接",
    "/FileAttachment": "附件",
}
_LINK_KEYS: Final = (
    "/Type",
    "/Subtype",
    "/Rect",
    "/Border",
    "/BS",
    "/C",
    "/QuadPoints",
)
_PRIVATE: Final = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/AF",
    "/OPI",
    "/Alternates",
)
_MOST: Final = 200_000


def forbid_unpublishable(pdf: pikepdf.Pdf) -> None:
    """Refuse what shows its contents by other means than pages.

    Raises:
        UnsupportedError: The file is a portfolio, or its form is drawn by a program.
    """
    if "/Collection" in pdf.Root:
        raise UnsupportedError(
            "这是 PDF 文件包（作品集），内容都在内嵌文件里；请逐个导出后再试。"
        )
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        raise UnsupportedError(
            "PDF 是动态表单（XFA），不能可靠清除；请打印成普通 PDF 后再试。"
        )


def clean_catalog(pdf: pikepdf.Pdf, tally: Tally) -> None:
    """Keep of the document only its pages and their colours."""
    root = pdf.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        tally.add("附件", "整个文件", "/EmbeddedFiles" in names)
        tally.add("JavaScript 脚本", "整个文件", "/JavaScript" in names)
    for key in list(root.keys()):
        if key not in _CATALOG:
            del root[key]
            if key in _WORDS:
                tally.add(_WORDS[key], "整个文件")
    # A broken trailer lacks its size, and then the new one would lack it too.
    pdf.trailer["/Size"] = 1
    root["/Type"] = pikepdf.Name.Catalog
    root.Pages["/Type"] = pikepdf.Name.Pages
    count = len(pdf.docinfo) if "/Info" in pdf.trailer else 0
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    tally.add("文件属性", "整个文件", count)


def clean_page(page: pikepdf.Page, place: str, tally: Tally) -> None:
    """Keep of a page only what paints it, and of the sheet only what is shown."""
    crop = page.cropbox
    page.obj["/MediaBox"] = pikepdf.Array([float(one) for one in crop])
    for key in list(page.obj.keys()):
        if key == "/CropBox":
            del page.obj[key]
        elif key not in _PAGE:
            del page.obj[key]
            if key in _WORDS:
                tally.add(_WORDS[key], place)


def links_of(page: pikepdf.Page, place: str, tally: Tally) -> Iterator[str]:
    """Keep of the annotations only visible links to public pages; yield addresses."""
    kept: list[pikepdf.Object] = []
    for one in _annotations(page):
        kind = str(one.get("/Subtype", ""))
        address = _address(one) if kind == "/Link" else ""
        if not address or not is_public(address):
            _tell(kind, place, tally)
            continue
        link = pikepdf.Dictionary({k: one[k] for k in _LINK_KEYS if k in one})
        link["/A"] = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(address))
        kept.append(link)
        yield address
    if kept:
        page.obj["/Annots"] = pikepdf.Array(kept)
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]


def _tell(kind: str, place: str, tally: Tally) -> None:
    """Count an annotation; the window that opens for one is none of its own."""
    tally.add(_KIND_WORDS.get(kind, "注释"), place, kind != "/Popup")


def without_remarks(pdf: pikepdf.Pdf, tally: Tally) -> None:
    """Take off every page what was laid over it, but for links and form fields."""
    for number, page in enumerate(pdf.pages, 1):
        kept: list[pikepdf.Object] = []
        for one in _annotations(page):
            kind = str(one.get("/Subtype", ""))
            if kind in {"/Link", "/Widget"}:
                kept.append(one)
            else:
                _tell(kind, f"第 {number} 页", tally)
        if "/Annots" in page.obj:
            page.obj["/Annots"] = pikepdf.Array(kept)


def clean_objects(pdf: pikepdf.Pdf, tally: Tally) -> None:
    """Take private data off every object, and what pictures carry beside pixels."""
    for count, thing in enumerate(pdf.objects):
        if count > _MOST:
            raise UnsupportedError("PDF 的对象过多，请拆分后再试。")
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key in _PRIVATE:
            if key in thing:
                del thing[key]
        is_picture = str(thing.get("/Subtype", "")) == "/Image"
        if isinstance(thing, pikepdf.Stream) and is_picture:
            _clean_picture(thing, tally)


def _clean_picture(stream: pikepdf.Stream, tally: Tally) -> None:
    for key in ("/Name", "/StructParent", "/ID", "/Measure", "/PtData", "/OC"):
        if key in stream:
            del stream[key]
    kind = stream.get("/Filter")
    if isinstance(kind, pikepdf.Array):
        kind = kind[0] if len(kind) == 1 else None
    if kind is None or str(kind) != "/DCTDecode":
        return
    data = stream.read_raw_bytes()
    made, kinds = stripped(data, "picture.jpg")
    if kinds:
        parameters = stream.get("/DecodeParms")
        if parameters is None:
            stream.write(made, filter=pikepdf.Name.DCTDecode)
        else:
            stream.write(
                made,
                filter=pikepdf.Name.DCTDecode,
                decode_parms=parameters,  # type: ignore[arg-type]  # it is what stood there
            )
        for word in kinds:
            tally.add(word, "图片")


def _annotations(page: pikepdf.Page) -> list[pikepdf.Object]:
    raw = page.obj.get("/Annots")
    entries: list[Any] = list(raw) if isinstance(raw, pikepdf.Array) else []
    return [one for one in entries if isinstance(one, pikepdf.Dictionary)]


def _address(link: pikepdf.Object) -> str:
    """Return where a link that only opens a page leads; empty for any other."""
    action = link.get("/A")
    flags = int(link.get("/F", 0)) if isinstance(link.get("/F", 0), int) else 0
    if flags & 0b100010 or not isinstance(action, pikepdf.Dictionary):
        return ""
    if str(action.get("/S", "")) != "/URI" or "/Next" in action:
        return ""
    return str(action.get("/URI", ""))
