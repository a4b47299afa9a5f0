"""Pictures that stand in a PDF file and on none of its pages."""

from collections.abc import Container
from typing import Final

import pikepdf

from review import digests
from review.extract.pdf.objects import BAD, Number, Object

_SMALL: Final = 64
_MAX_RAW: Final = 40_000_000
_JPEG: Final = "/DCTDecode"


def spare_in(
    pdf: pikepdf.Pdf, painted: Container[str]
) -> tuple[tuple[bytes, ...], int]:
    """Return the JPEG files that no page paints, and how many others there are.

    `painted` are the digests of the streams of those that a page paints. Masks and
    the small pictures of pages that some programs keep are no pictures of their own.
    """
    found: dict[str, bytes] = {}
    others = 0
    images, parts = _images(pdf)
    for number, image in images.items():
        if number in parts:
            continue
        try:
            raw = image.read_raw_bytes()
            name = digests.of_bytes(raw)
            plain = str(image.stream_dict.get("/Filter", "")) == _JPEG
        except BAD:
            continue
        if name in painted or name in found or len(raw) > _MAX_RAW:
            continue
        if plain:
            found[name] = raw
        else:
            others += 1
    return tuple(found.values()), others


def _images(pdf: pikepdf.Pdf) -> tuple[dict[Number, Object], set[Number]]:
    """Return the pictures of a file, and the numbers of those that belong to others."""
    images: dict[Number, Object] = {}
    parts: set[Number] = set()
    try:
        everything = list(pdf.objects)
    except BAD:
        return images, parts
    for one in everything:
        try:
            if isinstance(one, pikepdf.Stream):
                _sort(one, images, parts)
            elif isinstance(one, pikepdf.Dictionary) and "/Thumb" in one:
                parts.add(one["/Thumb"].objgen)
        except BAD:
            continue
    return images, parts


def _sort(one: Object, images: dict[Number, Object], parts: set[Number]) -> None:
    head = one.stream_dict
    if str(head.get("/Subtype", "")) != "/Image":
        return
    for key in ("/SMask", "/Mask", "/Alternates"):
        other = head.get(key)
        if isinstance(other, pikepdf.Stream):
            parts.add(other.objgen)
    size = min(int(head.get("/Width", 0)), int(head.get("/Height", 0)))
    if size >= _SMALL and not head.get("/ImageMask", False):
        images[one.objgen] = one
