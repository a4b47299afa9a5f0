"""Pictures and embedded files of formats that are read block by block."""

from collections.abc import Iterator
from typing import Final

from review import digests
from review.contents.interface import Piece
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.package import open_package

_NESTED_FORMS: Final = 8


def pictures_of(document: Document, data: bytes, limits: Limits) -> tuple[Piece, ...]:
    """Return the pictures of a PDF or a workbook by their bytes, in its order.

    A page that is drawn with lines alone, without a character or a picture,
    is bound by the bytes of its file.

    Raises:
        UnreadableError: The workbook is damaged.
    """
    if document.format == "pdf":
        written = {one.where.page for one in document.blocks if not one.hidden}
        return tuple(_of_pdf(data, limits, written))
    if document.format == "xlsx":
        return tuple(_of_workbook(data, limits))
    return ()


def _of_workbook(data: bytes, limits: Limits) -> Iterator[Piece]:
    package = open_package(data, limits)
    for name in sorted(package.names):
        if name.startswith("xl/media/"):
            yield Piece("image", _named(package.read(name)))
        elif name.startswith("xl/embeddings/"):
            yield Piece("object", _named(package.read(name)))


def _of_pdf(data: bytes, limits: Limits, written: set[int | None]) -> Iterator[Piece]:
    # pdfium takes 0.1 s to load; web pages and Word files never need it.
    import pypdfium2 as pdfium  # noqa: PLC0415 - slow to load

    whole = Piece("bytes", _named(data))
    with pdfium.PdfDocument(data) as document:
        for index in range(min(len(document), limits.pages)):
            try:
                page = document[index]
            except pdfium.PdfiumError:
                yield whole
                continue
            kinds = [pdfium.raw.FPDF_PAGEOBJ_IMAGE]
            images = [
                _named(bytes(image.get_data()))
                for image in page.get_objects(kinds, max_depth=_NESTED_FORMS)
            ]
            yield from (Piece("image", image) for image in images)
            is_silent = not images and index + 1 not in written
            if is_silent and any(page.get_objects()):
                yield whole
            page.close()


def _named(data: bytes) -> str:
    return f"sha256:{digests.of_bytes(data)}"
