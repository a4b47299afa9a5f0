"""What a reader would see is worked out in a sandbox, and is the same as worked out here."""

import io

import docx
import pytest

from review.contents.canonical import contents_of
from review.errors import CorruptError, TooLargeError, UnreadableError
from review.extract.limits import Limits
from review.sandbox.beholder import SandboxBeholder
from review.sandbox.sandbox import Bounds

_MB = 1024 * 1024
_PICTURE = ("图.png", b"not quite a picture")
_PAGE = (
    '<html><body><h1>运动会</h1><p>十二个<sup>①</sup>项目</p><img src="图.png">'
    '<p style="display:none">另有安排</p></body></html>'
).encode()


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("学院秋季运动会昨日举行。")
    document.add_table(1, 2).rows[0].cells[1].text = "跳远"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _seen(data: bytes, name: str, **bounds: int) -> object:
    beholder = SandboxBeholder(Limits(), Bounds(**bounds))
    attached = [(_PICTURE[0], contents_of(b"x", "x.txt", attachments=[_PICTURE]))]
    digests = [(name, one.attachments[0].digest) for name, one in attached]
    return beholder(data, name, digests)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (_PAGE, "正文.html"),
        (_docx(), "正文.docx"),
        ("运动会\n十二个项目\ud83d".encode("utf-8", "surrogatepass"), "正文.txt"),
        (bytes(range(256)) * 9, "正文.bin"),
    ],
    ids=["page", "docx", "text", "bytes"],
)
def test_it_is_the_same_as_worked_out_here(data: bytes, name: str) -> None:
    try:
        here = contents_of(data, name, attachments=[_PICTURE])
    except UnreadableError as error:
        with pytest.raises(type(error), match=error.message):
            _seen(data, name)
    else:
        assert _seen(data, name) == here


def test_what_cannot_be_read_says_so() -> None:
    with pytest.raises(UnreadableError):
        _seen(b"", "正文.docx")


def test_bounds_hold() -> None:
    with pytest.raises(TooLargeError):
        _seen("运动会\n".encode() * 400_000, "正文.txt", memory=150 * _MB)
    with pytest.raises((TooLargeError, CorruptError)):
        _seen("运动会\n".encode() * 400_000, "正文.txt", answer=1000)
