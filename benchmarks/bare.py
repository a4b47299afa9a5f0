"""The bare libraries that reading is measured against: each takes the text out, no more."""

import csv
import email
import email.policy
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Final, TypeAlias

import charset_normalizer
import docx
import lxml.html
import openpyxl
import oxmsg
import pypdfium2
import xlrd
from lxml import etree
from PIL import Image, ImageSequence

from review.extract.archives.native import library

Read: TypeAlias = Callable[[bytes], str]


def _docx(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    texts = [one.text for one in document.paragraphs]
    for table in document.tables:
        texts += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def _xlsx(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return "\n".join(
        "\t".join("" if one is None else str(one) for one in row)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    )


def _xls(data: bytes) -> str:
    book = xlrd.open_workbook(file_contents=data)
    return "\n".join(
        "\t".join(map(str, sheet.row_values(row)))
        for sheet in book.sheets()
        for row in range(sheet.nrows)
    )


def _csv(data: bytes) -> str:
    held = io.StringIO(data.decode("utf-8-sig"), newline="")
    return "\n".join("\t".join(row) for row in csv.reader(held))


def _parts(names: str) -> Read:
    """Return what takes all text out of the XML parts whose names begin so."""

    def bare(data: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "".join(
                "".join(map(str, etree.fromstring(package.read(name)).itertext()))
                for name in package.namelist()
                if name.startswith(names) and name.endswith(".xml")
            )

    return bare


def _pdf(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "".join(
        document[at].get_textpage().get_text_range() for at in range(len(document))
    )


def _html(data: bytes) -> str:
    return str(lxml.html.fromstring(data).text_content())


def _mhtml(data: bytes) -> str:
    return _html(_body(data, "html").encode())


def _eml(data: bytes) -> str:
    return _body(data, "plain")


def _body(data: bytes, kind: str) -> str:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - of that policy
    body = mail.get_body((kind,))
    return "" if body is None else str(body.get_content())


def _msg(data: bytes) -> str:
    return oxmsg.Message.load(io.BytesIO(data)).body or ""


def _gbk(data: bytes) -> str:
    return str(charset_normalizer.from_bytes(data).best())


def _zip(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def _tar(data: bytes) -> str:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = (archive.extractfile(one) for one in archive.getmembers())
        return "".join(one.read().decode() for one in found if one)


def _native(data: bytes) -> str:
    library()
    from libarchive import memory_reader  # noqa: PLC0415 - found by the line above

    with memory_reader(data) as archive:
        return "".join(b"".join(one.get_blocks()).decode() for one in archive)


def _picture(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
    return ""


BARE: Final[Mapping[str, tuple[str, Read]]] = {
    "docx": ("python-docx", _docx),
    "odt": ("lxml", _parts("content")),
    "ofd": ("lxml", _parts("Doc_0/Pages/")),
    "html": ("lxml.html", _html),
    "mhtml": ("email, lxml.html", _mhtml),
    "txt": ("bytes.decode", lambda data: data.decode()),
    "txt, GB 18030": ("charset-normalizer", _gbk),
    "pdf": ("pypdfium2", _pdf),
    "pptx": ("lxml", _parts("ppt/slides/")),
    "odp": ("lxml", _parts("content")),
    "xlsx": ("openpyxl", _xlsx),
    "ods": ("lxml", _parts("content")),
    "xls": ("xlrd", _xls),
    "csv": ("csv", _csv),
    "eml": ("email", _eml),
    "msg": ("python-oxmsg", _msg),
    "zip": ("zipfile", _zip),
    "7z": ("libarchive", _native),
    "rar": ("libarchive", _native),
    "tar": ("tarfile", _tar),
    **dict.fromkeys(("png", "jpg", "tiff", "bmp", "webp"), ("Pillow", _picture)),
}
