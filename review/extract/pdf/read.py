"""Read a PDF page by page, and what it carries beside its pages."""

import logging
import re
from dataclasses import dataclass, field
from typing import Final

import pypdfium2 as pdfium

from review.errors import CorruptError
from review.extract.interface import Block, Embedded, Extraction, Gap, Role
from review.extract.limits import Limits
from review.extract.pdf import beside as pdf_beside
from review.extract.pdf.doubt import is_garbled, mended
from review.extract.pdf.items import items_of
from review.extract.pdf.lines import Group, Line, group, is_page_number
from review.extract.pdf.open import opened
from review.extract.pdf.pictures import Gallery, listed
from review.extract.pdf.plumber import Plumber
from review.extract.pdf.sheet import (
    Sheet,
    flat_of,
    sheet_of,
    squeezed,
    words_of,
)
from review.extract.watching import at_page
from review.spans import Location

_TITLE_LENGTH: Final = 80
# So many characters must the slow reader find beyond the fast one's to be believed.
_NEWS: Final = 3
_CONTROLS: Final = r"[\x00-\x08\x0b-\x1f]"
_LAYER: Final = "扫描页的文字层"
_REPLACED: Final = "替换文字：复制和搜索时代替页面上的文字"
_MENDED: Final = "字体编码已还原"
# So many pages with doubtful fonts are compared with what they look like.
_COMPARED: Final = 6
_VAIN: Final = 4
# Bytes of operators that a page may have, and one that is tried the slow way.
_MOST_DRAWN: Final = 64 * 1024 * 1024
_MOST_SLOW: Final = 1024 * 1024
_FEW_LETTERS: Final = 40


def read_pdf(data: bytes, limits: Limits) -> Extraction:
    """Read one file.

    Raises:
        EncryptedError: The file opens only with a password.
        CorruptError: The file is too damaged to open.
    """
    # Its warnings would go to the terminal; what fails is a gap here.
    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
    with opened(data) as document:
        return _Reading(document, data, limits, Gallery(document, limits)).run()


@dataclass(slots=True)
class _Reading:
    """One file while it is read."""

    document: pdfium.PdfDocument
    data: bytes
    limits: Limits
    gallery: Gallery
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    _layers: bool = False
    _pages: set[str] = field(default_factory=set)
    _compared: int = 0
    _uncompared: list[int] = field(default_factory=list)
    _vain: int = 0
    _blind: list[int] = field(default_factory=list)
    _tables: int = 0
    _titled: bool = False
    _paragraph_number: int = 0
    _plumber: Plumber | None = None
    _long: set[int] = field(default_factory=set)

    def run(self) -> Extraction:
        """Read the pages in order, then all the rest."""
        count = len(self.document)
        if count == 0:
            raise CorruptError("PDF 文件没有任何页面，可能已损坏，请重新导出后再提交。")
        if self.document.get_formtype():
            self.document.init_forms()
        with pdf_beside.carried(self.data) as carried:
            self._layers = carried.layers
            beside = carried.beside(self.limits)
            said = pdf_beside.by_page(beside.blocks)
            for index in range(min(count, self.limits.pages)):
                at_page(index + 1, count)
                if self._is_bearable(index, carried):
                    self._page(index, said)
            orphans, more_orphans = carried.orphans()
            if count <= self.limits.pages:
                self.gallery.add_spare(*carried.spare(self.gallery.painted))
        if count > self.limits.pages:
            message = f"PDF 共 {count} 页，只读了前 {self.limits.pages} 页。"
            self.gaps.append(Gap(Location(), "too_large", message))
        self._summaries()
        self.gaps.extend(beside.gaps)
        self.embedded.extend(beside.embedded)
        known = pdf_beside.Known(self._pages, self.blocks)
        self.blocks.extend(beside.blocks)
        self.blocks.extend(known.news(beside.replaced))
        self.blocks.extend(known.orphans(orphans, self.limits))
        self.blocks.extend(known.versions(self.data, self.limits))
        self.embedded.extend(pdf_beside.strays(self.data))
        self.gaps.extend(pdf_beside.left_out(self.data, orphans=more_orphans))
        return Extraction(
            tuple(self.blocks),
            tuple(self.gaps),
            tuple(self.embedded),
            tuple(self.gallery.pictures),
        )

    def _is_bearable(self, index: int, carried: pdf_beside.Carried) -> bool:
        """Leave out a page whose content is a bomb; remember one that is long."""
        if carried.draws_more(index, _MOST_DRAWN):
            message = f"第 {index + 1} 页的内容解压后异常庞大，未予读取。"
            self.gaps.append(Gap(Location(page=index + 1), "too_large", message))
            return False
        if carried.paints_more(index):
            message = f"第 {index + 1} 页把图形单元层层套用，展开后过多，未予读取。"
            self.gaps.append(Gap(Location(page=index + 1), "too_large", message))
            return False
        if carried.draws_more(index, _MOST_SLOW):
            self._long.add(index)
        return True

    def _page(self, index: int, said: dict[int | None, str]) -> None:
        number = index + 1
        try:
            page = self.document[index]
            sheet = sheet_of(page, layers=self._layers)
        except pdfium.PdfiumError:
            message = f"第 {number} 页已损坏，未能读取。"
            self.gaps.append(Gap(Location(page=number), "unreadable_part", message))
            return
        own = squeezed((sheet.raw,))
        self._pages.add(own)
        if sheet.mute or sheet.garbled:
            self._second_opinion(index, sheet)
        self._text(sheet, number)
        self._hidden(sheet, number)
        self.gallery.note(sheet.items)
        drawn = self._pictures(page, sheet, number)
        if sheet.blind:
            self._blind.append(number)
        try:
            flat = flat_of(self.document, index, page)
        except pdfium.PdfiumError:
            where = Location(part="annotation", page=number)
            message = f"第 {number} 页的图章、文字框或表单画不出来，上面的内容未检查。"
            self.gaps.append(Gap(where, "unreadable_part", message))
        else:
            if flat is not None:
                known = own + said.get(number, "") + said.get(None, "")
                self._flat(flat, known, number, drawn=drawn)
        page.close()

    def _flat(
        self, page: pdfium.PdfPage, known: str, number: int, *, drawn: bool
    ) -> None:
        """Add what only stamps, text boxes and forms show, and their pictures."""
        for line in words_of(page):
            if squeezed((line,)) not in known:
                where = Location(part="annotation", page=number)
                self.blocks.append(Block(line, where, detail="图章或表单上的文字"))
        items = items_of(page.raw)
        self.gallery.note(items)
        if not drawn:
            self.gallery.take(page, items, number)
        page.close()

    def _second_opinion(self, index: int, sheet: Sheet) -> None:
        """Ask pdfminer where pdfium knows no mapping (GBK fonts not embedded).

        It is slow, so it is asked no more once it knew nothing better several times.
        """
        if self._vain >= _VAIN or index in self._long:
            sheet.garbled = True
            return
        self._plumber = self._plumber or Plumber(self.data, self.limits)
        other = tuple(
            Line(text.strip())
            for text in self._plumber.text(index).split("\n")
            if text.strip()
        )
        own, text = squeezed((sheet.seen,)), squeezed(x.text for x in other)
        if not text:
            sheet.garbled = True
        elif (
            not is_garbled(text)
            and len(text) * 2 >= len(own)
            and (sheet.garbled or len(set(text) - set(own)) > _NEWS)
        ):
            sheet.lines, sheet.tables, sheet.garbled = other, (), False
            self._vain = 0
            return
        self._vain += sheet.garbled

    def _pictures(self, page: pdfium.PdfPage, sheet: Sheet, number: int) -> bool:
        """Hand on what only character recognition can read, or check.

        Tell whether the whole page was drawn.
        """
        letters = sum(character.isalnum() for character in sheet.seen)
        if sheet.garbled:
            self.gallery.draw(page, number, claimed=sheet.seen)
        elif sheet.ghost:
            self.gallery.scan(page, sheet.items, number, claimed=sheet.seen)
        elif (not letters and sheet.shape.drawn) or (
            sheet.shape.is_scan and letters < _FEW_LETTERS
        ):
            self.gallery.scan(page, sheet.items, number)
        elif sheet.doubtful and self._compared < _COMPARED:
            self._compared += 1
            self.gallery.draw(page, number, claimed=sheet.seen)
        else:
            if sheet.doubtful:
                self._uncompared.append(number)
            self.gallery.take(page, sheet.items, number)
            return False
        if sheet.shape.patched:
            # Something lies over a large picture: what is under it is read too.
            self.gallery.take(page, sheet.items, number)
        return True

    def _summaries(self) -> None:
        if self._uncompared:
            message = (
                f"第 {listed(self._uncompared)} 页的字体编码可疑，文字层可能与页面所见不符；"
                f"同类的页只核对了 {self._compared} 页，请人工查看其余各页。"
            )
            where = Location(page=self._uncompared[0])
            self.gaps.append(Gap(where, "garbled_text", message))
        if self._blind:
            message = (
                f"第 {listed(self._blind)} 页过于复杂，未能逐字检查是否有被遮住的文字；"
                "文字已全部读出，请人工查看页面。"
            )
            where = Location(page=self._blind[0])
            self.gaps.append(Gap(where, "unsupported_part", message))
        self.gaps.extend(self.gallery.gaps())

    def _text(self, sheet: Sheet, number: int) -> None:
        self._paragraph_number = 0
        detail = _LAYER if sheet.ghost else None
        waiting = list(sheet.tables)
        run: list[Line] = []
        for line in sheet.lines:
            while waiting and waiting[0].start < line.start:
                self._flow(run, number, detail)
                run = []
                self._rows(waiting.pop(0).rows, number)
            run.append(line)
        self._flow(run, number, detail)
        for table in waiting:
            self._rows(table.rows, number)

    def _flow(self, lines: list[Line], number: int, detail: str | None) -> None:
        for found in group(lines):
            self._paragraph(found, number, detail)

    def _hidden(self, sheet: Sheet, number: int) -> None:
        """Add what nobody sees, apart from what stood beside it."""
        for unseen, lines in sheet.hidden.items():
            where = Location(part="layer" if unseen.layer else "hidden", page=number)
            for found in group(lines):
                text = re.sub(_CONTROLS, "", found.text)
                better = mended(text) or text
                block = Block(better, where, hidden=True, detail=unseen.reason)
                self.blocks.append(block)
        own = squeezed((sheet.raw,))
        for text in sheet.replaced:
            if squeezed((text,)) not in own and any(map(str.isalnum, text)):
                where = Location(part="hidden", page=number)
                self.blocks.append(Block(text, where, hidden=True, detail=_REPLACED))

    def _paragraph(self, found: Group, number: int, detail: str | None) -> None:
        text = re.sub(_CONTROLS, "", found.text)
        if is_page_number(text):
            self.blocks.append(Block(text, Location(part="footer", page=number)))
            return
        if not text:
            return
        self._paragraph_number += 1
        where = Location(page=number, paragraph=self._paragraph_number)
        better = mended(text)
        detail = detail if better is None else _MENDED
        role = self._role(found, number)
        self.blocks.append(Block(better or text, where, role=role, detail=detail))

    def _role(self, found: Group, number: int) -> Role:
        if found.marked:
            return "item"
        if not found.big or len(found.text) > _TITLE_LENGTH:
            return "paragraph"
        if number > 1 or self._titled or found.text.endswith("文件"):
            return "heading"
        self._titled = len(found.text) > 3  # noqa: PLR2004 - 通知 alone is no title
        return "title" if self._titled else "heading"

    def _rows(self, rows: tuple[tuple[str, ...], ...], number: int) -> None:
        self._tables += 1
        for index, raw in enumerate(rows, 1):
            if any(raw):
                cells = tuple(mended(cell) or cell for cell in raw)
                where = Location("table", page=number, table=self._tables, row=index)
                text = "\t".join(cells)
                self.blocks.append(Block(text, where, role="row", cells=cells))
