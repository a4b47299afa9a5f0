"""Reading whatever comes: contents decide, and nothing but clear errors leaves."""

import contextlib
import io
import struct
import zipfile

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from review.errors import (
    CorruptError,
    EncryptedError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.interface import Document, Line
from review.extract.limits import Limits
from review.extract.ole.ole import MAGIC, CompoundFile, native_file
from review.extract.read import read


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("正文")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["甲", 1])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 700, "text")
    canvas.save()
    return buffer.getvalue()


def _ole(name: str, content: bytes = b"") -> bytes:
    """A compound file with one stream of at least 4096 bytes."""
    size = max(len(content), 4096)
    content = content.ljust(size, b"\0")
    sectors = (size + 511) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    fat = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    fat += [free] * (128 - len(fat))
    header = MAGIC + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(label: str, kind: int, child: int, start: int, length: int) -> bytes:
        raw = (label + "\0").encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        head += struct.pack("<III", free, free, child) + bytes(36)
        return head + struct.pack("<IQ", start, length)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, size)
    directory += bytes(256)
    return (
        header
        + struct.pack("<128I", *fat)
        + directory
        + content.ljust(sectors * 512, b"\0")
    )


def test_an_empty_file_is_an_error() -> None:
    with pytest.raises(CorruptError, match="空"):
        read(b"", "a.docx")


def test_a_file_beyond_the_limit_is_an_error() -> None:
    with pytest.raises(TooLargeError):
        read(b"x" * 100, "a.txt", Limits(file_bytes=99))


def test_too_many_characters_are_an_error() -> None:
    with pytest.raises(TooLargeError):
        read("字".encode() * 100, "a.txt", Limits(characters=99))


def test_contents_decide_not_the_name() -> None:
    assert read(_pdf(), "a.docx").format == "pdf"
    assert read(_docx(), "a.pdf").format == "docx"
    assert read(_xlsx(), "a.doc").format == "xlsx"


def test_the_document_carries_digest_size_and_name() -> None:
    data = _docx()
    document = read(data, "通知.docx")
    assert (document.name, document.size, len(document.sha256)) == (
        "通知.docx",
        len(data),
        64,
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_ole("Anything"), "另存为"),
        (b"%!PS-Adobe-3.0 x", "PostScript"),
        (b"SQLite format 3\x00\x10\x00\x01\x01", "数据库"),
        (b"MZ\x90\x00" + bytes(60), "程序"),
    ],
)
def test_other_formats_are_named_with_advice(data: bytes, says: str) -> None:
    with pytest.raises(UnsupportedError, match=says):
        read(data, "a")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\n\x1a\n" + bytes(50), "像是图片，但开头已损坏"),
        (b"GIF88a" + bytes((1, 254, 255)) * 20, "像是图片，但开头已损坏"),
        (b"From: a\r\n\r\n" + bytes((0, 1, 255)) * 40, "像是电子邮件，但已损坏"),
        (b"\0\1 MIME-Version: 1.0\r\n" + bytes((0, 255)) * 40, "电子邮件，但已损坏"),
    ],
)
def test_a_file_that_only_begins_like_one_that_is_read_is_damaged(
    data: bytes, says: str
) -> None:
    with pytest.raises(CorruptError, match=says) as refused:
        read(data, "a")
    assert "暂不能读取" not in refused.value.message


@pytest.mark.parametrize(
    ("member", "says"),
    [("xl/workbook.bin", "xlsb"), ("OFD.xml", "OFD")],
)
def test_other_packages_are_named(member: str, says: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(UnreadableError, match=says):
        read(buffer.getvalue(), "a")


class _Aids:
    """Stands where the programs outside stand."""

    def __init__(self, made: bytes | UnreadableError) -> None:
        self.made = made

    def converted(self, data: bytes, to: str) -> bytes:
        del data, to
        if isinstance(self.made, UnreadableError):
            raise self.made
        return self.made

    def recognized(self, picture: bytes) -> tuple[Line, ...]:
        del picture
        raise UnsupportedError("不认图片")


_RTF = rb"{\rtf1\ansi the visible words of it}"


def test_what_a_conversion_says_stands_once() -> None:
    document = docx.Document()
    document.add_paragraph("the visible words of it")
    document.add_paragraph("只有转换后才有的一段")
    buffer = io.BytesIO()
    document.save(buffer)
    found = read(_RTF, "a.rtf", aids=_Aids(buffer.getvalue()))
    assert found.format == "rtf"
    texts = [one.text for one in found.blocks if not one.hidden]
    assert texts == ["the visible words of it", "只有转换后才有的一段"]
    assert [one for one in found.gaps if one.code == "unsupported_part"] == []


@pytest.mark.parametrize("aids", [None, _Aids(CorruptError("转换不了"))])
def test_without_a_conversion_the_words_are_read_roughly(aids: _Aids | None) -> None:
    found = read(_RTF, "a.rtf", aids=aids)
    assert "the visible words of it" in [one.text for one in found.blocks]
    (gap,) = found.gaps
    assert gap.code == "unsupported_part"
    assert "没有经过转换" in gap.message


def test_an_encrypted_office_file_says_so() -> None:
    with pytest.raises(EncryptedError):
        read(_ole("EncryptedPackage"), "a.docx")


def test_streams_of_a_compound_file() -> None:
    path = b"C:\\\xc4\xda\xb2\xbf\\a.txt\0"
    body = b"\x02\x00a.txt\0" + path + bytes(4) + struct.pack("<I", 3) + b"tmp"
    body += struct.pack("<I", 5) + b"hello"
    native = struct.pack("<I", len(body)) + body
    container = CompoundFile(_ole("\x01Ole10Native", native))
    (stream,) = container.streams("\x01ole10native")
    assert native_file(stream) == ("C:/内部/a.txt", b"hello")


_SAMPLES = (
    _docx(),
    _xlsx(),
    _pdf(),
    "<html><body><p>一段</p><table><tr><td>a<td>b</table></body></html>".encode(),
    "<?xml version='1.0'?><a><p>字</p></a>".encode(),
    "甲,乙\n丙,丁\n".encode("gbk"),
    _ole("WordDocument"),
)


def _survives(data: bytes) -> None:
    """Any other exception than these fails the test by itself."""
    with contextlib.suppress(UnreadableError):
        assert isinstance(read(data, "草稿"), Document)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_random_bytes_never_break_out(data: bytes) -> None:
    _survives(data)


@given(st.sampled_from(_SAMPLES), st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_mutated_samples_never_break_out(sample: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(sample) - 1))
    cut = draw.draw(st.integers(0, 40))
    put = draw.draw(st.binary(max_size=20))
    _survives(sample[:at] + put + sample[at + cut :])


_PARTS = (
    "word/document.xml",
    "word/styles.xml",
    "word/settings.xml",
    "docProps/core.xml",
)


@given(st.sampled_from(_PARTS), st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_mutated_parts_never_break_out(part: str, draw: st.DataObject) -> None:
    source = zipfile.ZipFile(io.BytesIO(_SAMPLES[0]))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                at = draw.draw(st.integers(0, len(content) - 1))
                put = draw.draw(st.binary(max_size=8))
                content = content[:at] + put + content[at + len(put) :]
            archive.writestr(name, content)
    _survives(buffer.getvalue())
