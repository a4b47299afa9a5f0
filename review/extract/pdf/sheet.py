"""One page of a PDF: the lines a reader sees, its tables, and what nobody sees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from review.extract.pdf.aligned import aligned_in
from review.extract.pdf.doubt import is_doubtful, is_garbled
from review.extract.pdf.items import Box, Handle, Items, items_of
from review.extract.pdf.lines import Line
from review.extract.pdf.masks import unmasked
from review.extract.pdf.page import Shape, is_mute, shape_of
from review.extract.pdf.rulings import grids_of
from review.extract.pdf.sight import Unseen, unseen_of
from review.extract.pdf.tables import Table, tables_of
from review.extract.pdf.text import PageText, lines_of, text_of

# What stands over the words and says nothing that they do not say.
_SILENT: Final = frozenset([pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP])
_MAX_ANNOTATIONS: Final = 500


@dataclass(slots=True)
class Sheet:
    """What one page says.

    `ghost` tells that its words are the invisible layer of a scan; `mute` that
    pdfium knows no characters for its fonts; `blind` that it was not painted, so
    that hidden words among `lines` are not told apart.
    """

    items: Items
    shape: Shape
    raw: str
    replaced: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    hidden: dict[Unseen, list[Line]] = field(default_factory=dict)
    ghost: bool = False
    mute: bool = False
    garbled: bool = False
    doubtful: bool = False
    blind: bool = False

    @property
    def seen(self) -> str:
        """Return the words that a reader sees, or should see."""
        rows = ("\t".join(row) for table in self.tables for row in table.rows)
        return "\n".join([*(line.text for line in self.lines), *rows])


def sheet_of(page: pdfium2.PdfPage, *, layers: bool) -> Sheet:
    """Read a page; `layers` tells that the document has layers, some maybe off.

    Raises:
        PdfiumError: The page is damaged.
    """
    frame = Box(*page.get_bbox())
    items = items_of(page.raw)
    replaced = unmasked(items)
    textpage = page.get_textpage()
    try:
        text = text_of(textpage.raw)
        sheet = Sheet(items, shape_of(items, frame), text.text, replaced)
        sheet.ghost = sheet.shape.ghost and sheet.shape.is_scan
        sheet.mute = is_mute(textpage.raw, text, items)
        keys: dict[int, object] = {}
        if not sheet.ghost:
            keys.update(_unseen(page, textpage, text, sheet, layers=layers))
        if not sheet.mute:
            _add_tables(textpage.raw, text, items, page, keys)
        _divide(textpage.raw, text, keys, sheet)
        sheet.garbled = is_garbled(sheet.seen)
        sheet.doubtful = is_doubtful(textpage.raw, text)
    finally:
        textpage.close()
    return sheet


def flat_of(
    document: pdfium2.PdfDocument, index: int, page: pdfium2.PdfPage
) -> pdfium2.PdfPage | None:
    """Return a page with its stamps, text boxes and forms painted on it.

    Nothing is returned when it has none. The first page must not be read any more.

    Raises:
        PdfiumError: They could not be painted: what they show was not seen.
    """
    count = pdfium.FPDFPage_GetAnnotCount(page)
    # Of more than are looked through, one may speak.
    if count <= _MAX_ANNOTATIONS and not any(
        _speaks(page, number) for number in range(count)
    ):
        return None
    done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    if done == pdfium.FLATTEN_NOTHINGTODO:
        return None
    if done != pdfium.FLATTEN_SUCCESS:
        raise pdfium2.PdfiumError("what stands over a page could not be painted")
    return document[index]


def words_of(page: pdfium2.PdfPage) -> list[str]:
    """Return the lines of a page as they are, hidden ones too."""
    try:
        textpage = page.get_textpage()
    except pdfium2.PdfiumError:
        return []
    lines = [line.strip() for line in text_of(textpage.raw).text.split("\n")]
    textpage.close()
    return [line for line in dict.fromkeys(lines) if line]


def _add_tables(
    textpage: Handle,
    text: PageText,
    items: Items,
    page: pdfium2.PdfPage,
    keys: dict[int, object],
) -> None:
    turn = page.get_rotation()
    grids = grids_of(items, turn, Box(*page.get_bbox()).area)
    keys.update(tables_of(textpage, text, grids, rotation=turn, taken=keys))
    keys.update(aligned_in(textpage, text, keys))


def _divide(
    textpage: Handle, text: PageText, keys: dict[int, object], sheet: Sheet
) -> None:
    """Put the lines where they belong: seen, unseen, or cells of a table."""
    sheet.lines, keyed = lines_of(textpage, text, keys)
    for key, lines in keyed.items():
        if isinstance(key, Unseen):
            sheet.hidden[key] = lines
    tables = {key for key in keyed if isinstance(key, Table)}
    sheet.tables = tuple(sorted(tables, key=lambda table: table.start))


def _speaks(page: pdfium2.PdfPage, number: int) -> bool:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return False
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind not in _SILENT


def _unseen(
    page: pdfium2.PdfPage,
    textpage: pdfium2.PdfTextPage,
    text: PageText,
    sheet: Sheet,
    *,
    layers: bool,
) -> dict[int, Unseen]:
    """Return the places in the text that nobody sees."""
    try:
        found = unseen_of(page, textpage.raw, sheet.items, layers=layers)
    except pdfium2.PdfiumError:
        sheet.blind = True
        return {}
    sheet.blind = sheet.items.cut
    if not found:
        return {}
    return {place: found[at] for place, at in enumerate(text.at) if at in found}


def squeezed(texts: Iterable[str]) -> str:
    """Return texts without any white space, one after the other."""
    return "".join("".join(text.split()) for text in texts)
