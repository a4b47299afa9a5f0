"""The files that reading is measured on: one of each format, invented, the same each time.

A page is as full as an official letter's, a slide holds a title and five lines, a sheet
is 200 rows of eight columns. What programs write around that (styles, fonts, layouts)
is there where a library wrote the file, and left out where it is put together by hand.
"""

import csv
import email.policy
import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias

import docx
import openpyxl
import pypdfium2

from benchmarks import material
from tests.unit.extract import archives, book_files, ofd_files, office, slide_files
from tests.unit.extract.outlook import message, saved

if TYPE_CHECKING:
    from PIL import Image

PAGES: Final = 20
SHEETS, ROWS = 10, 200
LETTER_PAGES: Final = 3  # of a mail, and of a member of an archive
MEMBERS: Final = 20
SCANNED: Final = 3  # pages of a TIFF
_DPI: Final = 200
_LINE: Final = 28
_URN: Final = "urn:oasis:names:tc:opendocument:xmlns"

Make: TypeAlias = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: what is counted in its file, how much of it there is, and what makes it.

    `last` stands at the very end of the text, so that who has read it has read all.
    """

    format: str
    unit: str
    count: int
    last: str
    make: Make


def kinds() -> tuple[Kind, ...]:
    """Return every format that is measured against a bare library, or by itself."""
    page, letter = last_of(PAGES), last_of(LETTER_PAGES)
    member = last_of(LETTER_PAGES * MEMBERS)
    number = material.roster(ROWS * SHEETS)[-1][2]
    return (
        *(Kind(name, "pages", PAGES, page, make) for name, make in _DOCUMENTS.items()),
        Kind("pdf", "pages", PAGES, _squeezed(material.pdf_lines(PAGES)[-1]), _pdf),
        *(Kind(name, "slides", PAGES, page, make) for name, make in _SLIDES.items()),
        *(Kind(name, "sheets", SHEETS, number, make) for name, make in _BOOKS.items()),
        *(
            Kind(name, "pages", LETTER_PAGES, letter, make)
            for name, make in _MAILS.items()
        ),
        *(
            Kind(name, "pages", LETTER_PAGES * MEMBERS, member, make)
            for name, make in _ARCHIVES.items()
        ),
        *(
            Kind(name, "pictures", SCANNED if name == "tiff" else 1, "", make)
            for name, make in _PICTURES.items()
        ),
    )


def last_of(pages: int) -> str:
    """Return the last letters of so many pages."""
    return _squeezed(material.letter_pages(pages)[-1][-1])


def docx_file() -> bytes:
    """Return a report with headings, and a table of ten rows on every fifth page."""
    draft = docx.Document()
    for number, paragraphs in enumerate(material.letter_pages(PAGES), start=1):
        draft.add_heading(f"第{number}部分", level=1)
        if number % 5 == 0:
            rows = material.roster(10)
            table = draft.add_table(len(rows), len(rows[0]))
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        for one in paragraphs:
            draft.add_paragraph(one)
        if number < PAGES:
            draft.add_page_break()
    return _bytes_of(draft.save)


def rtf_file() -> bytes:
    """Return the same pages as rich text."""
    body = "".join(
        _rich(one) + "\\par\n" for page in material.letter_pages(PAGES) for one in page
    )
    fonts = "{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}}"
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff0{fonts}\\uc1 {body}}}".encode("ascii")


def slides_file() -> bytes:
    """Return slides of PowerPoint 97, put together record by record."""
    shown = [
        (
            b"",
            slide_files.drawing(
                *(slide_files.shape(slide_files.texts(o)) for o in one)
            ),
        )
        for one in _lines_of_slides()
    ]
    return slide_files.Slides(shown).saved()


def _odt() -> bytes:
    body = "".join(
        f"<text:p>{escape(one)}</text:p>"
        for page in material.letter_pages(PAGES)
        for one in page
    )
    return _open_document("text", body)


def _ofd() -> bytes:
    pages = []
    for paragraphs in material.letter_pages(PAGES):
        lines = [
            one[at : at + _LINE]
            for one in paragraphs
            for at in range(0, len(one), _LINE)
        ]
        objects = (
            ofd_files.text(escape(line), y=20.0 + 7 * at)
            for at, line in enumerate(lines)
        )
        pages.append(ofd_files.page("".join(objects)))
    return ofd_files.ofd(*pages)


def _html() -> bytes:
    return _page(PAGES).encode()


def _mhtml() -> bytes:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "<Saved by Blink>"
    mail["Snapshot-Content-Location"] = "http://yunshan.example/1.html"
    mail["Subject"] = "第一号通知"
    mail.set_content(_page(PAGES), subtype="html", cte="quoted-printable")
    mail.make_related()
    return mail.as_bytes()


def _txt(coding: str = "utf-8") -> bytes:
    return _text(PAGES).encode(coding, "replace")


_DOCUMENTS: Final[Mapping[str, Make]] = {
    "docx": docx_file,
    "odt": _odt,
    "ofd": _ofd,
    "html": _html,
    "mhtml": _mhtml,
    "txt": _txt,
    "txt, GB 18030": lambda: _txt("gb18030"),
}


def _pdf() -> bytes:
    return material.text_pdf(PAGES)


def _pptx() -> bytes:
    return office.show(
        [
            office.slide("".join(office.shape(escape(line)) for line in lines))
            for lines in _lines_of_slides()
        ]
    )


def _odp() -> bytes:
    frames = (
        "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    )
    body = "".join(
        "<draw:page>"
        + "".join(frames.format(escape(one)) for one in lines)
        + "</draw:page>"
        for lines in _lines_of_slides()
    )
    return _open_document("presentation", body)


_SLIDES: Final[Mapping[str, Make]] = {
    "pptx": _pptx,
    "odp": _odp,
    "ppt": slides_file,
}


def _xlsx() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in _sheets():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return _bytes_of(book.save)


def _ods() -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in _sheets()
    )
    return _open_document("spreadsheet", body)


def _xls() -> bytes:
    sheets = [
        book_files.Sheet(
            name,
            [
                book_files.label(at, column, text)
                for at, row in enumerate(rows)
                for column, text in enumerate(row)
                if text
            ],
        )
        for name, rows in _sheets()
    ]
    return saved({("Workbook",): book_files.Book(sheets).stream()})


def _csv() -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows(material.roster(ROWS * SHEETS))
    return held.getvalue().encode("utf-8-sig")


_BOOKS: Final[Mapping[str, Make]] = {
    "xlsx": _xlsx,
    "ods": _ods,
    "xls": _xls,
    "csv": _csv,
}


def _eml() -> bytes:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "张示例 <zhang@yunshan.example>"
    mail["To"] = "李样本 <li@yunshan.example>"
    mail["Subject"] = "关于报送材料的通知"
    mail["Date"] = "Mon, 01 Jun 2026 08:00:00 +0800"
    mail.set_content(_text(LETTER_PAGES))
    return mail.as_bytes()


def _msg() -> bytes:
    values = {0x001A: "IPM.Note", 0x0037: "关于报送材料的通知", 0x0C1A: "张示例"}
    return saved(message({**values, 0x1000: _text(LETTER_PAGES)}))


_MAILS: Final[Mapping[str, Make]] = {"eml": _eml, "msg": _msg}


def _members() -> dict[str, bytes]:
    pages = ["\n".join(one) for one in material.letter_pages(LETTER_PAGES * MEMBERS)]
    return {
        f"材料{at + 1}.txt": "\n".join(
            pages[at * LETTER_PAGES :][:LETTER_PAGES]
        ).encode()
        for at in range(MEMBERS)
    }


_ARCHIVES: Final[Mapping[str, Make]] = {
    "zip": lambda: archives.zipped(_members()),
    "7z": lambda: archives.native("7zip", _members()),
    "rar": lambda: archives.rar5(_members()),
    "tar": lambda: archives.tarred(_members()),
}


def _picture(kind: str) -> bytes:
    """Return a page as a scanner gives it, but for the grain of its paper."""
    document = pypdfium2.PdfDocument(material.text_pdf(SCANNED))
    count = SCANNED if kind == "TIFF" else 1
    pages: list[Image.Image] = [
        document[at].render(scale=_DPI / 72, grayscale=True).to_pil()
        for at in range(count)
    ]
    more = {"save_all": True, "append_images": pages[1:]} if pages[1:] else {}
    held = io.BytesIO()
    pages[0].save(held, kind, dpi=(_DPI, _DPI), **more)
    return held.getvalue()


_PICTURES: Final[Mapping[str, Make]] = {
    "png": lambda: _picture("PNG"),
    "jpg": lambda: _picture("JPEG"),
    "tiff": lambda: _picture("TIFF"),
    "bmp": lambda: _picture("BMP"),
    "webp": lambda: _picture("WEBP"),
}


def _squeezed(text: str) -> str:
    return "".join(text.split())[-8:]


def _text(pages: int) -> str:
    return "\n".join(one for page in material.letter_pages(pages) for one in page)


def _page(pages: int) -> str:
    """Return a web page with headings and paragraphs."""
    body = "".join(
        f"<h2>第{number}部分</h2>" + "".join(f"<p>{escape(one)}</p>\n" for one in page)
        for number, page in enumerate(material.letter_pages(pages), start=1)
    )
    head = '<meta charset="utf-8"><title>第一号通知</title>'
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def _lines_of_slides() -> list[list[str]]:
    """Return a title and five lines a slide; the last is the end of a page."""
    return [
        [
            f"第{number}部分",
            *(text[at * _LINE :][:_LINE] for at in range(4)),
            text[-_LINE:],
        ]
        for number, text in enumerate(
            ("".join(page) for page in material.letter_pages(PAGES)), start=1
        )
    ]


def _sheets() -> list[tuple[str, list[tuple[str, ...]]]]:
    heads, *rows = material.roster(ROWS * SHEETS)
    return [
        (f"第{at + 1}表", [heads, *rows[at * ROWS : (at + 1) * ROWS]])
        for at in range(SHEETS)
    ]


def _open_document(kind: str, body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{one}="{_URN}:{one}:1.0"' for one in ("office", "text", "table")
    )
    spaces += f' xmlns:draw="{_URN}:drawing:1.0"'
    content = (
        f"<office:document-content {spaces}><office:body><office:{kind}>{body}"
        f"</office:{kind}></office:body></office:document-content>"
    )
    return archives.zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": content.encode(),
        }
    )


def _rich(text: str) -> str:
    """Return a text as rich text spells it: each half of UTF-16 as a signed number."""
    raw = text.encode("utf-16-le")
    codes = struct.unpack(f"<{len(raw) // 2}h", raw)
    return "".join(f"\\u{code}?" for code in codes)


def _bytes_of(save: Callable[[io.BytesIO], None]) -> bytes:
    held = io.BytesIO()
    save(held)
    return held.getvalue()
