"""Which files have pages that can be drawn: told by their first bytes, nothing is opened."""

from typing import Final, Literal, TypeAlias

from review.errors import TooLargeError, UnsupportedError

Kind: TypeAlias = Literal["pdf", "image"]

MOST_BYTES: Final = 200 * 1024 * 1024
_HEAD: Final = 1024  # a PDF's first words may stand behind something else
_IMAGES: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"GIF87a",
    b"GIF89a",
    b"BM",
)


def kind_of(data: bytes) -> Kind:
    """Return what kind of pages a file has.

    Raises:
        UnsupportedError: It has none, such as a text or a spreadsheet.
        TooLargeError: It is beyond what is drawn.
    """
    if len(data) > MOST_BYTES:
        size = MOST_BYTES // (1024 * 1024)
        raise TooLargeError(
            f"文件超过 {size} MB，不能在网页上显示页面，请下载后打开查看。"
        )
    if b"%PDF-" in data[:_HEAD]:
        return "pdf"
    if data.startswith(_IMAGES) or _is_webp(data):
        return "image"
    raise UnsupportedError(
        "这种文件没有可以显示的页面图，请看提取出来的文字，或下载后打开。"
    )


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
