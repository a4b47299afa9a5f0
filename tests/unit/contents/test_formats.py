"""Formats that are read block by block, and what can't be read at all."""

import csv
import io
import zipfile

import openpyxl
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from review import digests
from review.contents.canonical import contents_of
from review.contents.interface import Contents, Piece
from review.errors import CorruptError, EncryptedError, UnreadableError

_ROWS = [["姓名", "学号"], ["张示例", "001"], ["李样本", "002"]]
_PIXEL = (
    b"P6 1 1 255 \x01\x02\x03",
    b"P6 1 1 255 \x01\x02\x04",
)


def _table(rows: list[list[str]]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _page(html: str) -> Contents:
    return contents_of(html.encode(), "正文.html")


def test_text_equals_the_page_that_shows_it() -> None:
    text = (
        "关于放假的通知\n\n各部门：\n\u3000\u3000\uff15月\uff11日起放假。\nNow\nhere.\n"
    )
    html = "<h1>关于放假的通知</h1><p>各部门：</p><p>5月1日起放假。<br>Now here.</p>"
    assert contents_of(text.encode(), "a.txt").digest == _page(html).digest
    assert contents_of(text.encode("gbk"), "a.txt").digest == _page(html).digest


def test_the_name_of_a_page_makes_text_a_page() -> None:
    data = "甲 &amp; 乙 <del>丙</del>".encode()
    assert contents_of(data, "a.txt").digest != contents_of(data, "a.html").digest
    assert contents_of(data, "a.html").digest == _page("<p>甲&乙<s>丙</s></p>").digest


def test_the_bytes_win_over_any_other_name() -> None:
    data = b"<html><body><p>one</p></body></html>"
    assert contents_of(data, "a.docx").digest == contents_of(data, "a.html").digest


def test_other_formats_are_bound_by_every_byte() -> None:
    """What a reader sees of them is not known well enough to call two files equal."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("通知.txt", "关于放假的通知")
    data = packed.getvalue()
    found = contents_of(data, "附件.zip", attachments=[("甲.txt", b"1")])
    assert found.body == (Piece("bytes", f"sha256:{digests.of_bytes(data)}"),)
    assert [one.name for one in found.attachments] == ["甲.txt"]
    assert contents_of(data + b"\0", "附件.zip").digest != found.digest


@pytest.mark.parametrize(
    "text",
    ["From: a@b.example\n\n甲", "甲,乙\n丙,丁\n戊,己\n", "MIME-Version: 1.0\n\n甲"],
)
def test_what_is_called_a_page_is_one_whatever_it_begins_with(text: str) -> None:
    page = contents_of(text.encode(), "正文.html")
    assert page.digest == contents_of(f"<p>{text}</p>".encode(), "正文.html").digest


def test_a_separated_table_equals_the_page_that_shows_it() -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(_ROWS)
    found = contents_of(stream.getvalue().encode(), "a.csv")
    assert found.digest == _page(_table(_ROWS)).digest
    assert found.hidden == ()


def _workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                sheet.cell(number, column, text)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_equals_the_page_that_shows_it() -> None:
    found = contents_of(_workbook(_ROWS), "a.xlsx")
    assert found.digest == _page(_table(_ROWS)).digest


def test_a_text_that_moves_to_another_cell_or_row_matters() -> None:
    rows = [["甲", "", ""], ["", "", ""], ["", "", "乙"]]
    digests_seen = {
        contents_of(_workbook(each), "a.xlsx").digest
        for each in (
            rows,
            [["", "甲", ""], ["", "", ""], ["", "", "乙"]],
            [["甲", "", ""], ["", "", "乙"]],
            [["甲", "", "乙"]],
        )
    }
    assert len(digests_seen) == 4


def _pdf(text: str, pixel: bytes | None = None) -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, invariant=True)
    if text:
        page.drawString(72, 700, text)
    if pixel is not None:
        page.drawImage(ImageReader(io.BytesIO(pixel)), 72, 600, 50, 50)
    page.line(10, 10, 100, 10 if text else 20)
    page.save()
    return stream.getvalue()


def test_a_pdf_counts_by_its_text_and_pictures() -> None:
    one = contents_of(_pdf("Notice 2026"), "a.pdf")
    assert one.digest == _page("<p>Notice 2026</p>").digest
    pictured = [contents_of(_pdf("Notice", each), "a.pdf").digest for each in _PIXEL]
    assert len(set(pictured)) == 2


def test_a_page_of_lines_alone_is_bound_by_its_bytes() -> None:
    data = _pdf("")
    whole = Piece("bytes", f"sha256:{digests.of_bytes(data)}")
    assert contents_of(data, "a.pdf").body == (whole,)


def test_a_page_of_lines_behind_a_page_of_text_is_bound_too() -> None:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, invariant=True)
    page.drawString(72, 700, "Notice")
    page.showPage()
    page.line(10, 10, 100, 20)
    page.save()
    found = contents_of(stream.getvalue(), "a.pdf")
    assert [piece.kind for piece in found.body] == ["text", "bytes"]


def test_what_could_not_be_decoded_is_bound_by_its_bytes() -> None:
    def damaged(bad: bytes) -> Contents:
        data = "<p>一段足够长的正文，用来说明编码。</p>".encode() * 20 + bad
        return contents_of(data, "a.html")

    one, other = damaged(b"\xe4\xb8"), damaged(b"\xe4\xb9")
    assert one.body[-1].kind == "bytes"
    assert one.digest != other.digest


def test_an_empty_page_is_bound_by_its_bytes() -> None:
    assert [p.kind for p in _page("<p> </p>").body] == ["bytes"]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", CorruptError),
        (b"PK\x03\x04[Content_Types].xml word/", CorruptError),
        (b"%PDF-1.7 broken", CorruptError),
        (b"SQLite format 3\x00\x10\x00\x01\x01", UnreadableError),
        (b"<table>" + b"<tr><td><table>" * 100 + b"x", UnreadableError),
        (b"<table>" + b"<tr><td colspan=1000>x<td>" * 2500, UnreadableError),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, error: type) -> None:
    with pytest.raises(error):
        contents_of(data, "a.html")


def test_an_encrypted_pdf_is_refused() -> None:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, encrypt="secret")
    page.drawString(72, 700, "Notice")
    page.save()
    with pytest.raises(EncryptedError):
        contents_of(stream.getvalue(), "a.pdf")


def test_attachments_count_by_their_bytes_in_any_order() -> None:
    def item(*files: tuple[str, bytes]) -> str:
        return contents_of("正文".encode(), "a.txt", attachments=files).digest

    assert item(("a", b"1"), ("b", b"2")) == item(("b", b"2"), ("a", b"1"))
    assert item(("a", b"1"), ("b", b"2")) != item(("a", b"1"), ("b", b"3"))
    assert item(("a", b"1")) != item(("a", b"1"), ("b", b"1"))
    assert item(("a", b"1")) == item(("c", b"1"))


def test_a_picture_in_a_workbook_counts_by_its_bytes() -> None:
    def workbook(picture: bytes) -> Contents:
        stream = io.BytesIO(_workbook(_ROWS))
        with zipfile.ZipFile(stream, "a") as package:
            package.writestr("xl/media/image1.png", picture)
        return contents_of(stream.getvalue(), "a.xlsx")

    assert workbook(b"\x89PNG 1").digest != workbook(b"\x89PNG 2").digest
