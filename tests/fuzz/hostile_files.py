"""Hostile files of other kinds: pages, pictures, mails, texts without end."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

from tests.fuzz.hostile_packages import MB, monotonous

_FONT: Final = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
_HEAD: Final = (
    b"From: a@example.cn\r\nTo: b@example.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
)


def _saved(file: pikepdf.Pdf, **more: object) -> bytes:
    out = io.BytesIO()
    file.save(out, **more)  # type: ignore[arg-type]  # handed on
    return out.getvalue()


def _page(file: pikepdf.Pdf, content: bytes) -> pikepdf.Page:
    page = file.add_blank_page(page_size=(300, 300))
    page.Resources = Dictionary(Font=Dictionary(F=_FONT))
    page.Contents = file.make_stream(content)
    return page


def written_pdf(*objects: bytes) -> bytes:
    """Return a file of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % one for one in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        len(out),
    )
    return out + head + table + tail


def empty_pages(count: int = 100_000) -> bytes:
    """Return a file of so many empty pages."""
    kids = b" ".join(b"%d 0 R" % n for n in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    out, places = [b"%PDF-1.7\n"], []
    at = len(out[0])
    for number, body in enumerate((b"<</Pages 2 0 R>>", pages, *[page] * count), 1):
        one = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places.append(b"%010d 00000 n \n" % at)
        out.append(one)
        at += len(one)
    out += [b"xref\n0 %d\n0000000000 65535 f \n" % (count + 3), *places]
    out.append(
        b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (count + 3, at)
    )
    return b"".join(out)


def one_page_again(count: int = 100_000) -> bytes:
    """Return a page tree that names one page so often."""
    stream = b"BT /F 9 Tf 20 50 Td (words) Tj ET"
    return written_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b"3 0 R " * count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    )


def endless_pages() -> bytes:
    """Return page trees that hold themselves, and each other."""
    return written_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 99999999/Kids[2 0 R 3 0 R 3 0 R]>>",
        b"<</Type/Pages/Parent 2 0 R/Count -5/Kids[2 0 R 3 0 R 4 0 R]>>",
        b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 99 99]>>",
    )


def doubling_pages(levels: int = 30) -> bytes:
    """Return page trees of which each names the next one twice."""
    tree = [
        b"<</Type/Pages/Count 99/Kids[%d 0 R %d 0 R]>>" % (n + 3, n + 3)
        for n in range(levels)
    ]
    last = b"<</Type/Page/MediaBox[0 0 99 99]>>"
    return written_pdf(b"<</Type/Catalog/Pages 2 0 R>>", *tree, last)


def deep_pages(levels: int = 20_000) -> bytes:
    """Return a page at the end of a long chain of page trees."""
    tree = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (n + 3) for n in range(levels)]
    last = b"<</Type/Page/MediaBox[0 0 99 99]>>"
    return written_pdf(b"<</Type/Catalog/Pages 2 0 R>>", *tree, last)


def pdf_bomb() -> bytes:
    """Return a page whose content unpacks to half a gigabyte."""
    body, _ = monotonous(512)
    packed = b"\x78\x9c" + body + b"\0\0\0\0"
    return written_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream"
        % (len(packed), packed),
    )


def pdf_with_a_vast_picture(side: int = 30_000) -> bytes:
    """Return a page that shows a picture of so many pixels a side."""
    body, _ = monotonous(side * side // MB + 1, b"\xff")
    packed = b"\x78\x9c" + body + b"\0\0\0\0"
    content = b"q 90 0 0 90 5 5 cm /I Do Q"
    picture = b"<</Type/XObject/Subtype/Image/Width %d/Height %d" % (side, side)
    picture += b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    return written_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        picture + b"/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    )


def locked_pdf() -> bytes:
    """Return a file behind a password."""
    file = pikepdf.new()
    _page(file, b"BT /F 9 Tf 20 100 Td (words) Tj ET")
    return _saved(file, encryption=pikepdf.Encryption(owner="o", user="u"))


def long_content(times: int = 400_000) -> bytes:
    """Return a page that says a great many words, one by one."""
    file = pikepdf.new()
    _page(file, b"BT /F 9 Tf 20 100 Td " + b"1 0 Td (w) Tj " * times + b"ET")
    return _saved(file)


def deep_arrays(levels: int = 200_000) -> bytes:
    """Return a catalogue with arrays in arrays."""
    return written_pdf(
        b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * levels + b"]" * levels + b">>",
        b"<</Type/Pages/Count 0/Kids[]>>",
    )


def vast_png(side: int = 30_000) -> bytes:
    """Return a picture with so many pixels a side, all of them there."""
    body, _ = monotonous(side * (side // 8 + 1) // MB + 1, b"\0")
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", b"\x78\x9c" + body + b"\0\0\0\0")
        + _chunk(b"IEND", b"")
    )


def talking_png() -> bytes:
    """Return a small picture with a remark that unpacks to half a gigabyte."""
    body, _ = monotonous(512, b"a")
    out = io.BytesIO()
    Image.new("L", (64, 64)).save(out, "PNG")
    whole = out.getvalue()
    text = _chunk(b"zTXt", b"Comment\0\0\x78\x9c" + body + b"\0\0\0\0")
    return whole[:33] + text * 4 + whole[33:]


def _chunk(name: bytes, body: bytes) -> bytes:
    return (
        struct.pack(">I", len(body))
        + name
        + body
        + struct.pack(">I", zlib.crc32(name + body))
    )


def many_frames(kind: str, count: int = 10_000) -> bytes:
    """Return a picture file of so many small pages."""
    out = io.BytesIO()
    if kind == "TIFF":
        return _tiff(count)
    frames = [Image.new("L", (40, 40), n % 256) for n in range(count)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def _tiff(count: int) -> bytes:
    """Return pages that all show the same strip."""
    strip = bytes(200)
    out = [b"II*\0", struct.pack("<I", 8 + len(strip)), strip]
    at = 8 + len(strip)
    fields = (
        (256, 40),
        (257, 40),
        (258, 1),
        (259, 1),
        (262, 1),
        (273, 8),
        (278, 40),
        (279, 200),
    )
    for number in range(count):
        at += 2 + 12 * len(fields) + 4
        out.append(struct.pack("<H", len(fields)))
        out += (struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields)
        out.append(struct.pack("<I", at if number < count - 1 else 0))
    return b"".join(out)


def nested_mails(levels: int = 2_000) -> bytes:
    """Return a mail in a mail, again and again."""
    return (
        (_HEAD + b"Content-Type: message/rfc822\r\n\r\n") * levels
        + _HEAD
        + b"\r\nend\r\n"
    )


def nested_parts(levels: int = 2_000) -> bytes:
    """Return parts within parts."""
    one = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    parts = b"".join(one % (n, n) for n in range(levels))
    return _HEAD + parts + b"Content-Type: text/plain\r\n\r\nend\r\n"


def many_parts(count: int = 50_000) -> bytes:
    """Return a mail of a great many small parts."""
    one = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return (
        _HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + one * count
        + b"--b--\r\n"
    )


def long_header(size_mb: int = 20) -> bytes:
    """Return a mail with a subject without end, in many encoded words."""
    word = b"=?utf-8?B?5py65a+G?= "
    count = size_mb * MB // len(word)
    return b"From: a@example.cn\r\nSubject: " + word * count + b"\r\n\r\nx\r\n"


def styled_page(count: int = 4_000) -> bytes:
    """Return a page with many rules and as many elements."""
    rules = "".join(
        f".a{n} .b{n} > p:first-child{{display:none}}" for n in range(count)
    )
    body = "".join(
        f'<div class="a{n}"><p class="b{n}">甲</p></div>' for n in range(count)
    )
    return f"<html><style>{rules}</style><body>{body}</body></html>".encode()


def many_attributes(count: int = 300_000) -> bytes:
    """Return an element with so many attributes."""
    every = " ".join(f"a{n}='甲乙丙'" for n in range(count))
    return f"<?xml version='1.0'?><a {every}/>".encode()


PAGES: Final[dict[str, Callable[[], bytes]]] = {
    "empty-pages.pdf": empty_pages,
    "one-page-again.pdf": one_page_again,
    "endless-pages.pdf": endless_pages,
    "doubling-pages.pdf": doubling_pages,
    "deep-pages.pdf": deep_pages,
    "bomb.pdf": pdf_bomb,
    "vast-picture.pdf": pdf_with_a_vast_picture,
    "locked.pdf": locked_pdf,
    "truncated.pdf": lambda: long_content(2_000)[:9_00],
    "long-content.pdf": long_content,
    "deep-arrays.pdf": deep_arrays,
    "vast.png": vast_png,
    "talking.png": talking_png,
    "frames.tiff": lambda: many_frames("TIFF"),
    "frames.gif": lambda: many_frames("GIF", 3_000),
}
WORDS: Final[dict[str, Callable[[], bytes]]] = {
    "nested.eml": nested_mails,
    "nested-parts.eml": nested_parts,
    "many-parts.eml": many_parts,
    "long-header.eml": long_header,
    "deep.rtf": lambda: b"{\\rtf1 " + b"{\\b a" * 500_000,
    "objects.rtf": lambda: b"{\\rtf1 " + b"{\\object{\\*\\objdata 0105" * 50_000,
    "binary.rtf": lambda: b"{\\rtf1 \\bin2147483647 a" + b"\\'" * 500_000,
    "deep.html": lambda: b"<html><body>" + b"<div>" * 100_000 + "底".encode(),
    "deep-tables.html": lambda: b"<table><tr><td>" * 20_000 + "底".encode(),
    "wide-cells.html": lambda: (
        b"<table>" + b"<tr><td colspan=9999999 rowspan=9999999>a" * 3_000
    ),
    "many-rows.html": lambda: b"<table>" + b"<tr><td>a<td>b" * 1_000_000,
    "styled.html": styled_page,
    "comments.html": lambda: b"<p>" + b"<!--" * 500_000,
    "one-line.csv": lambda: "姓名,学号,".encode() * (50 * MB // 14),
    "commas.csv": lambda: b"a,b\n" + b"," * (20 * MB),
    "open-quote.csv": lambda: b'a,b\n"' + b'x,"\n' * 3_000_000,
    "one-line.txt": lambda: "文".encode() * (15 * MB // 3),
    "many-lines.txt": lambda: "文\n".encode() * 5_000_000,
    "deep.xml": lambda: b"<?xml version='1.0'?>" + b"<a>" * 500_000,
    "attributes.xml": many_attributes,
}
