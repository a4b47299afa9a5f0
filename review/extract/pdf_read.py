"""Read a PDF page by page, and what it carries beside its pages."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import pypdfium2 as pdfium

from review.errors import CorruptError, EncryptedError
from review.extract import pdf_extras, pdf_page
from review.extract.interface import Block, Embedded, Extraction, Gap, Role
from review.extract.limits import Limits
from review.extract.pdf_lines import Group, Line, group, is_page_number
from review.extract.pdf_tables import Plumber, Table
from review.extract.pdf_versions import other_versions
from review.extract.watching import at_page
from review.spans import Location

_TITLE_LENGTH: Final = 80
# So many characters must the slow reader find beyond the fast one's to be believed.
_NEWS: Final = 3
_CONTROLS: Final = r"[\x00-\x08\x0b-\x1f]"
_OLD_VERSION: Final = "文件里保留的旧版本内容"


def read_pdf(data: bytes, limits: Limits) -> Extraction:
    """Read one file.

    Raises:
        EncryptedError: The file opens only with a password.
        CorruptError: The file is too damaged to open.
    """
    # Its warnings would go to the terminal; what fails is a gap here.
    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)
    with _opened(data) as document:
        return _Reading(document, data, limits).run()


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a document and close it whatever happens."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as fault:
        if fault.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
            message = "PDF 文件已用密码加密，请取消密码后再提交。"
            raise EncryptedError(message) from fault
        message = "PDF 文件已损坏，无法打开，请重新导出后再提交。"
        raise CorruptError(message) from fault
    try:
        yield document
    finally:
        document.close()


@dataclass(slots=True)
class _Reading:
    """One file while it is read."""

    document: pdfium.PdfDocument
    data: bytes
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    _notes: list[Block] = field(default_factory=list)
    _garbled: list[int] = field(default_factory=list)
    _pictures: int = 0
    _tables: int = 0
    _titled: bool = False
    _paragraph_number: int = 0
    _plumber: Plumber | None = None

    def run(self) -> Extraction:
        """Read the pages in order, then all the rest."""
        count = len(self.document)
        if count == 0:
            raise CorruptError("PDF 文件没有任何页面，可能已损坏，请重新导出后再提交。")
        self._plumber = Plumber(self.data, self.limits)
        if self.document.get_formtype():
            self.document.init_forms()
        for index in range(min(count, self.limits.pages)):
            at_page(index + 1, count)
            self._page(index)
        if count > self.limits.pages:
            message = f"PDF 共 {count} 页，只读了前 {self.limits.pages} 页。"
            self.gaps.append(Gap(Location(), "too_large", message))
        self._summaries()
        self.blocks.extend(self._notes)
        self.blocks.extend(pdf_extras.metadata(self.document, self.data))
        self.blocks.extend(pdf_extras.outline(self.document))
        self.embedded.extend(pdf_extras.attachments(self.document))
        self.gaps.extend(pdf_extras.scripts(self.document))
        self.blocks.extend(self._old_versions())
        return Extraction(tuple(self.blocks), tuple(self.gaps), tuple(self.embedded))

    def _page(self, index: int) -> None:

        number = index + 1
        try:
            page = self.document[index]
            textpage = page.get_textpage()
        except pdfium.PdfiumError:
            message = f"第 {number} 页已损坏，未能读取。"
            self.gaps.append(Gap(Location(page=number), "unreadable_part", message))
            return
        width, height = page.get_size()
        lines = pdf_page.lines_of(textpage.raw)
        objects = pdf_page.objects_of(page.raw, textpage.raw, width * height)
        garbled = pdf_page.is_garbled("".join(line.text for line in lines))
        if objects.mute or garbled:
            lines = self._second_opinion(index, lines)
            garbled = pdf_page.is_garbled("".join(line.text for line in lines))
        if garbled:
            self._garbled.append(number)
        self._text(lines, index, ruled=objects.ruled and not objects.mute)
        self._judge(lines, objects.pictures, number)
        notes, files = pdf_extras.annotations(self.document, page, number)
        self._notes.extend(notes)
        self.embedded.extend(files)
        textpage.close()
        page.close()

    def _second_opinion(self, index: int, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Ask pdfminer where pdfium knows no mapping (GBK fonts not embedded)."""
        plumber = self._plumber or Plumber(self.data, self.limits)
        other = tuple(
            Line(text.strip())
            for text in plumber.text(index).split("\n")
            if text.strip()
        )
        own, text = _squeezed(x.text for x in lines), _squeezed(x.text for x in other)
        if not text:
            self._garbled.append(index + 1)
        elif not pdf_page.is_garbled(text) and (
            pdf_page.is_garbled(own) or len(set(text) - set(own)) > _NEWS
        ):
            return other
        return lines

    def _judge(self, lines: tuple[Line, ...], pictures: int, number: int) -> None:
        if not lines and pictures:
            message = f"第 {number} 页只有图片，没有可读的文字，请人工查看。"
            where = Location(part="image", page=number)
            self.gaps.append(Gap(where, "image_without_text", message))
            return
        self._pictures += pictures

    def _summaries(self) -> None:
        if self._garbled:
            pages = list(dict.fromkeys(self._garbled))
            shown = "、".join(map(str, pages[:20]))
            message = f"第 {shown} 页等共 {len(pages)} 页的文字层是乱码，请人工查看。"
            where = Location(page=pages[0])
            self.gaps.append(Gap(where, "garbled_text", message))
        if self._pictures:
            message = f"文件中有 {self._pictures} 张图片，图片里的文字未经机器检查。"
            self.gaps.append(Gap(Location(part="image"), "image_without_text", message))

    def _text(self, lines: tuple[Line, ...], index: int, *, ruled: bool) -> None:
        self._paragraph_number = 0
        plumber = self._plumber
        tables = plumber.tables(index) if ruled and plumber is not None else ()
        waiting = list(tables)
        run: list[Line] = []
        for line in lines:
            table = _holding(line, tables)
            if table is None:
                run.append(line)
                continue
            if table in waiting:
                self._paragraphs(run, index + 1)
                run = []
                waiting.remove(table)
                self._rows(table, index + 1)
        self._paragraphs(run, index + 1)
        for table in waiting:
            self._rows(table, index + 1)

    def _paragraphs(self, lines: list[Line], number: int) -> None:
        for found in group(lines):
            self._paragraph(found, number)

    def _paragraph(self, found: Group, number: int) -> None:
        text = re.sub(_CONTROLS, "", found.text)
        if is_page_number(text):
            self.blocks.append(Block(text, Location(part="footer", page=number)))
            return
        if not text:
            return
        self._paragraph_number += 1
        where = Location(page=number, paragraph=self._paragraph_number)
        better = pdf_page.mended(text)
        detail = None if better is None else "字体编码已按 GBK 还原"
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

    def _rows(self, table: Table, number: int) -> None:
        self._tables += 1
        for index, cells in enumerate(table.rows, 1):
            if any(cells):
                where = Location("table", page=number, table=self._tables, row=index)
                text = "\t".join(cells)
                self.blocks.append(Block(text, where, role="row", cells=cells))

    def _old_versions(self) -> list[Block]:
        """Return the text of earlier versions that the last one lacks."""
        versions = tuple(other_versions(self.data))
        if not versions:
            return []
        known = _squeezed(block.text for block in self.blocks)
        found: list[Block] = []
        for data in versions:
            for text, number in _plain_lines(data, self.limits):
                squeezed = _squeezed((text,))
                if squeezed and squeezed not in known:
                    known += f"\n{squeezed}"
                    where = Location(part="layer", page=number)
                    found.append(Block(text, where, hidden=True, detail=_OLD_VERSION))
        return found


def _plain_lines(data: bytes, limits: Limits) -> list[tuple[str, int]]:
    """Return the paragraphs of another version; none where it does not open."""
    found: list[tuple[str, int]] = []
    try:
        with _opened(data) as document:
            for index in range(min(len(document), limits.pages)):
                textpage = document[index].get_textpage()
                lines = pdf_page.lines_of(textpage.raw)
                found.extend((each.text, index + 1) for each in group(lines))
    except (pdfium.PdfiumError, CorruptError, EncryptedError):
        return found
    return found


def _holding(line: Line, tables: tuple[Table, ...]) -> Table | None:
    """Return the table that a line stands in, if all its words are in there."""
    middle = line.bottom + line.size / 2
    for table in tables:
        if table.holds(line.left + 1, middle):
            inside = _squeezed(cell for row in table.rows for cell in row)
            if all(_squeezed((word,)) in inside for word in line.text.split()):
                return table
    return None


def _squeezed(texts: Iterable[str]) -> str:
    return "".join("".join(text.split()) for text in texts)
