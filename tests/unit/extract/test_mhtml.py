"""Web pages that were saved as one file."""

import base64
import io
import quopri
import random

from PIL import Image

from review.errors import UnreadableError
from review.extract.interface import Document, Extraction
from review.extract.limits import Limits
from review.extract.mail.eml import Eml
from review.extract.mail.mhtml import Mhtml
from review.extract.read import read


def _png(size: int = 40) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (size, size), (1, 2, 3)).save(held, "PNG")
    return held.getvalue()


def _part(kind: str, data: bytes, place: str, more: str = "") -> str:
    text = base64.encodebytes(data).decode()
    return (
        f"------x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: {place}\r\n{more}\r\n{text}\r\n"
    )


_PAGE = (
    "<html><head><title>通知</title></head><body><h1>大标题</h1><p>看得见的字</p>"
    "<p class=x>藏着的字</p><img src='http://oa.example.org/a.png'></body></html>"
)
_HEAD = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://oa.example.org/%E5%AF%86\r\n"
    "Subject: =?utf-8?B?6YCa55+l?=\r\nDate: Mon, 1 Jun 2026 08:00:00 +0800\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n'
)


def _saved(*parts: str, head: str = _HEAD) -> bytes:
    return (head + "".join(parts) + "------x--\r\n").encode()


def _whole(
    page: bytes = _PAGE.encode(), kind: str = "text/html; charset=utf-8"
) -> bytes:
    return _saved(
        _part(kind, page, "http://oa.example.org/密"),
        _part("text/css", b".x{display:none}", "http://oa.example.org/a.css"),
        _part("image/png", _png(), "http://oa.example.org/a.png"),
        _part("text/html", "<p>框里的字</p>".encode(), "http://oa.example.org/frame"),
        _part(
            "application/octet-stream",
            "附带的文字".encode(),
            "http://oa.example.org/b.txt?c=1",
        ),
    )


def _extract(data: bytes) -> Extraction:
    return Mhtml().extract(data, Limits())


def test_the_page_with_its_styles() -> None:
    document = read(_whole(), "a.mhtml")
    assert document.format == "mhtml"
    shown = [
        b.text for b in document.blocks if not b.hidden and b.where.part != "attachment"
    ]
    assert shown == ["通知", "大标题", "看得见的字"]
    hidden = {(b.text, b.detail) for b in document.blocks if b.hidden}
    assert ("藏着的字", "隐藏的网页元素") in hidden
    assert {
        ("保存自：http://oa.example.org/密", "文件属性"),
        ("标题：通知", "文件属性"),
        ("保存者：<Saved by Blink>", "文件属性"),
    } <= hidden


def test_pictures_frames_and_files() -> None:
    extraction = _extract(_whole())
    assert [p.data for p in extraction.pictures] == [_png()]
    assert [(one.name, one.data.decode()) for one in extraction.embedded] == [
        ("frame.html", "<p>框里的字</p>"),
        ("b.txt", "附带的文字"),
    ]
    assert extraction.gaps == ()


def test_a_picture_that_is_not_in_the_file_is_a_gap() -> None:
    page = _PAGE.replace(
        "</body>", "<img src='http://oa.example.org/other.png'></body>"
    )
    extraction = _extract(_whole(page.encode()))
    assert [gap.code for gap in extraction.gaps] == ["image_without_text"]


def test_the_charset_stands_in_the_header() -> None:
    extraction = _extract(_whole(_PAGE.encode("gbk"), "text/html; charset=gb2312"))
    assert "看得见的字" in [b.text for b in extraction.blocks]


def test_word_writes_no_sender() -> None:
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----x"\r\n\r\n'
        "This document is a Single File Web Page.\r\n\r\n"
    )
    data = _saved(
        "------x\r\nContent-Location: file:///C:/a.htm\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        'Content-Type: text/html; charset="utf-8"\r\n\r\n'
        + quopri.encodestring(_PAGE.encode()).decode()
        + "\r\n",
        head=head,
    )
    assert read(data, "a.mht").format == "mhtml"
    assert "看得见的字" in [b.text for b in _extract(data).blocks]


def test_a_mail_is_no_saved_page() -> None:
    mail = _whole().replace(
        b"From: <Saved by Blink>", b"From: a@example.org\r\nTo: b@example.org"
    )
    assert not Mhtml().recognizes(mail)
    assert Eml().recognizes(mail)
    assert not Mhtml().recognizes(_PAGE.encode())
    assert not Mhtml().recognizes(b"From: a\r\nSubject: b\r\n\r\ntext")


def test_text_between_the_parts() -> None:
    data = _whole().replace(b"------x--", "------x--\r\n结尾之后的字".encode())
    found = [(b.text, b.detail) for b in _extract(data).blocks if b.hidden]
    assert ("结尾之后的字", "网页存档各部分之外的文字") in found


def test_mutated_files_are_read_or_refused() -> None:
    specimen = _whole()
    for seed in range(250):
        draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        raw = bytearray(specimen)
        for _ in range(draw.randint(1, 8)):
            at = draw.randrange(len(raw))
            kind = draw.randrange(4)
            if kind == 0:
                raw[at] = draw.randrange(256)
            elif kind == 1:
                del raw[at : at + draw.randrange(300)]
            elif kind == 2:
                raw[at:at] = raw[at : at + 300]
            else:
                raw[at:at] = b"\r\n------x\r\n"
        try:
            assert isinstance(read(bytes(raw), "a.mht"), Document)
        except UnreadableError:
            continue
