"""The pictures of a PDF: those on its pages, and whole pages drawn as one."""

import ctypes
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from review import digests
from review.extract.interface import Gap, Picture
from review.extract.limits import Limits
from review.extract.pdf.items import Box, Handle, Item, Items, matrix_of
from review.extract.pdf.sight import scale_of
from review.spans import Location

_SCALE: Final = 200 / 72
_MAX_PIXELS: Final = 12_000_000
_MAX_SIDE: Final = 20_000
_MAX_RAW: Final = 40_000_000
_SMALL: Final = 32
_MANY: Final = 12
_SHOWN: Final = 20
_BYTES: Final = 400 * 1024 * 1024
_PNG_BYTES: Final = 1_500_000
_QUALITY: Final = 90
_COLOURED: Final = 40
_FINE: Final = 200
_SPECKS: Final = 40
_LEANING: Final = 3.0
_WHOLE: Final = 0.8
_JPEG: Final = b"DCTDecode"
_PLAIN: Final = frozenset(
    [
        pdfium.FPDF_COLORSPACE_DEVICEGRAY,
        pdfium.FPDF_COLORSPACE_DEVICERGB,
        pdfium.FPDF_COLORSPACE_CALGRAY,
        pdfium.FPDF_COLORSPACE_CALRGB,
        pdfium.FPDF_COLORSPACE_ICCBASED,
    ]
)
_PLAIN_BITS: Final = frozenset([8, 24])


@dataclass(slots=True)
class Gallery:
    """The pictures of one document, equal ones once, within its limits."""

    document: pdfium2.PdfDocument
    limits: Limits
    pictures: list[Picture] = field(default_factory=list)
    painted: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)
    _bytes: int = 0
    _left_out: list[int] = field(default_factory=list)
    _broken: list[int] = field(default_factory=list)
    _spare: int = 0

    def note(self, items: Items) -> None:
        """Remember which of the file's pictures a page paints."""
        for item in items.of(pdfium.FPDF_PAGEOBJ_IMAGE):
            self.painted.add(digests.of_bytes(_raw_of(item.handle)))

    def add_spare(self, pictures: Sequence[bytes], others: int) -> None:
        """Add JPEG files that no page paints; `others` are not taken."""
        for data in pictures:
            if not self._is_full(None):
                self._add(Picture(data, Location(part="image"), hidden=True))
        self._spare += others

    def draw(
        self,
        page: pdfium2.PdfPage,
        number: int,
        *,
        claimed: str | None = None,
        whole: bool = True,
    ) -> None:
        """Add a page as it looks; `claimed` is its text layer, if that is in doubt."""
        if self._is_full(number):
            return
        try:
            bitmap = page.render(scale=scale_of(page, _SCALE, _MAX_PIXELS))
            picture = bitmap.to_pil()
        except (pdfium2.PdfiumError, ArithmeticError, ValueError):
            self._broken.append(number)
            return
        data = _file_of(picture)
        bitmap.close()
        where = Location(part="image", page=number)
        self._add(Picture(data, where, page=whole, claimed=claimed))

    def scan(
        self,
        page: pdfium2.PdfPage,
        items: Items,
        number: int,
        *,
        claimed: str | None = None,
    ) -> None:
        """Add a page that is a picture: the picture itself where it is all there is."""
        painted = [item for item in items.all if item.kind != pdfium.FPDF_PAGEOBJ_TEXT]
        if (
            len(painted) != 1
            or page.get_rotation()
            or not _is_whole(painted[0], page)
            or not _is_plain_jpeg(painted[0], page)
        ):
            self.draw(page, number, claimed=claimed)
            return
        data = _raw_of(painted[0].handle)
        if data and not self._is_full(number):
            where = Location(part="image", page=number)
            self._add(Picture(data, where, page=True, claimed=claimed))

    def take(self, page: pdfium2.PdfPage, items: Items, number: int) -> None:
        """Add the pictures that stand on a page beside its words.

        A page with a great many is drawn as a whole: some programs cut a picture
        into strips, through the middle of its words.
        """
        found = [item for item in items.of(pdfium.FPDF_PAGEOBJ_IMAGE) if _counts(item)]
        if len(found) > _MANY:
            self.draw(page, number, whole=False)
            return
        for item in found:
            self.take_one(item, page, number)

    def take_one(self, item: Item, page: pdfium2.PdfPage, number: int) -> None:
        """Add one picture as it is in the file, whatever lies over it."""
        raw = _raw_of(item.handle)
        name = digests.of_bytes(raw)
        if raw and name in self._known:
            return
        if self._is_full(number):
            return
        self._known.add(name)
        data = raw if _is_plain_jpeg(item, page) else self._drawn(item, page)
        where = Location(part="image", page=number)
        if data:
            self._add(Picture(data, where))
        else:
            self._broken.append(number)

    def gaps(self) -> tuple[Gap, ...]:
        """Say which pages' pictures were not taken."""
        gaps = []
        if self._broken:
            message = (
                f"第 {listed(self._broken)} 页有图片已损坏，未能读取，请人工查看。"
            )
            where = Location(part="image", page=self._broken[0])
            gaps.append(Gap(where, "image_without_text", message))
        if self._left_out:
            message = (
                f"图片过多，第 {listed(self._left_out)} 页的图片未经机器检查，"
                "请人工查看或拆分文件后再提交。"
            )
            where = Location(part="image", page=self._left_out[0])
            gaps.append(Gap(where, "too_large", message))
        if self._spare:
            message = (
                f"文件里有 {self._spare} 张没有放在任何页面上的图片，未经机器检查。"
            )
            where = Location(part="image")
            gaps.append(Gap(where, "image_without_text", message))
        return tuple(gaps)

    def _add(self, picture: Picture) -> None:
        self._bytes += len(picture.data)
        self.pictures.append(picture)

    def _is_full(self, number: int | None) -> bool:
        if len(self.pictures) < self.limits.pictures and self._bytes < _BYTES:
            return False
        if number is None:
            self._spare += 1
        else:
            self._left_out.append(number)
        return True

    def _drawn(self, item: Item, page: pdfium2.PdfPage) -> bytes:
        width, height = _pixels(item.handle)
        if width * height > _MAX_RAW:
            return b""
        image = pdfium2.PdfObject(item.handle, page=page, pdf=self.document)
        try:
            # With its mask: under what is cut out of a stamp lies black.
            flat = item.depth > 0 or item.box.area < 1
            bitmap = image.get_bitmap(render=not flat)
            picture = bitmap.to_pil()
        except (pdfium2.PdfiumError, ArithmeticError, ValueError):
            return b""
        if picture.mode in {"RGBA", "LA"}:
            paper = Image.new("RGB", picture.size, "white")
            paper.paste(picture, mask=picture.getchannel("A"))
            picture = paper
        data = _file_of(picture)
        bitmap.close()
        return data


def _is_whole(item: Item, page: pdfium2.PdfPage) -> bool:
    """Tell whether a picture stands upright and is all that the page shows."""
    a, b, c, d, _, _ = matrix_of(item.handle)
    frame = Box(*page.get_bbox())
    width, height = _pixels(item.handle)
    return (
        item.kind == pdfium.FPDF_PAGEOBJ_IMAGE
        and not item.depth
        and min(a, d) > 0
        and max(abs(b), abs(c)) < 1
        and item.box.within(frame, _LEANING)
        and item.box.area > frame.area * _WHOLE
        and width * height <= _MAX_RAW
    )


def _counts(item: Item) -> bool:
    """Tell whether a picture is large enough to hold words."""
    width, height = _pixels(item.handle)
    return min(width, height) >= _SMALL


def _pixels(handle: Handle) -> tuple[int, int]:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(handle, width, height):
        return 0, 0
    return width.value, height.value


def _raw_of(handle: Handle) -> bytes:
    """Return a picture's stream as it stands in the file."""
    length = pdfium.FPDFImageObj_GetImageDataRaw(handle, None, 0)
    if not 0 < length <= _MAX_RAW:
        return b""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFImageObj_GetImageDataRaw(handle, buffer, length)
    return buffer.raw


def _is_plain_jpeg(item: Item, page: pdfium2.PdfPage) -> bool:
    """Tell whether a picture's stream is a JPEG file that shows what the page shows."""
    handle = item.handle
    if pdfium.FPDFImageObj_GetImageFilterCount(handle) != 1:
        return False
    buffer = ctypes.create_string_buffer(32)
    pdfium.FPDFImageObj_GetImageFilter(handle, 0, buffer, 32)
    meta = pdfium.FPDF_IMAGEOBJ_METADATA()
    return bool(
        buffer.value == _JPEG
        and not pdfium.FPDFPageObj_HasTransparency(handle)
        and pdfium.FPDFImageObj_GetImageMetadata(handle, page, meta)
        and meta.colorspace in _PLAIN
        and meta.bits_per_pixel in _PLAIN_BITS
    )


def _file_of(picture: Image.Image) -> bytes:
    """Return a picture as a file: grey unless it has colours, PNG unless it is large."""
    if picture.mode != "L":
        picture = picture.convert("RGB")
        if not _is_coloured(picture):
            picture = picture.convert("L")
    if max(picture.size) > _MAX_SIDE:
        picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    if buffer.tell() > _PNG_BYTES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _is_coloured(picture: Image.Image) -> bool:
    """Tell whether any spot has a colour: a red stamp on a white page has."""
    small = picture.reduce(max(min(picture.size) // _FINE, 1))
    red, green, blue = small.split()
    spread = ImageChops.lighter(
        ImageChops.difference(red, green), ImageChops.difference(green, blue)
    )
    return sum(spread.histogram()[_COLOURED:]) > _SPECKS


def listed(pages: list[int]) -> str:
    """Name pages in order for a sentence 第 … 页, and how many when they are many."""
    each = sorted(set(pages))
    shown = "、".join(map(str, each[:_SHOWN]))
    return shown if len(each) <= _SHOWN else f"{shown} 等 {len(each)} "
