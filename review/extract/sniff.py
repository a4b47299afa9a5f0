"""Say what bytes look like, whatever the name claims, and what to do about it."""

from collections.abc import Sequence
from typing import Final

from review.errors import (
    CorruptError,
    EncryptedError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.limits import Limits
from review.extract.messages import LOCKED, NO_MAIN_PART
from review.extract.ole.ole import MAGIC, CompoundFile
from review.extract.package import open_package

_ZIP: Final = b"PK\x03\x04"
_IMAGES: Final = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
)
_OTHERS: Final = (
    (b"Rar!", " RAR 压缩包（已损坏或版本不明）", "请解压后重新压缩为 zip 再提交"),
    (b"%!PS", " PostScript 文件", "请转换为 PDF 后再提交"),
    (b"MZ", "可执行程序", "程序文件不能送审"),
    (b"\x7fELF", "可执行程序", "程序文件不能送审"),
    (b"SQLite format 3", "数据库文件", "请导出为表格后再提交"),
)
_ZIP_KINDS: Final = (
    ("xl/workbook.bin", " Excel 二进制工作簿（xlsb）", "请另存为 xlsx 后再提交"),
    (
        "content.xml",
        " OpenDocument 数据库或其他文档",
        "请另存为 docx、xlsx 或 PDF 后再提交",
    ),
    ("META-INF/container.xml", " EPUB 电子书", "请转换为 PDF 后再提交"),
)
_PACKAGE_MARKS: Final = ("[Content_Types].xml", "OFD.xml", "xl/workbook.bin")
_MAIL_HEADERS: Final = (
    b"from:",
    b"received:",
    b"return-path:",
    b"subject:",
    b"to:",
    b"date:",
)


def refusal(data: bytes, limits: Limits) -> UnreadableError:
    """Return the error that says what the bytes are and what to do next.

    It is asked once every format has declined them: what still begins like a picture,
    a mail or an archive that is read otherwise is damaged.
    """
    if data.startswith(MAGIC):
        return _ole(data)
    if data.startswith(_ZIP):
        return _zip(data, limits)
    if is_image(data):
        return CorruptError(
            "该文件像是图片，但开头已损坏，无法打开；请重新导出后再提交。"
        )
    return _plain(data)


def _plain(data: bytes) -> UnreadableError:
    for mark, kind, advice in _OTHERS:
        if data.startswith(mark):
            return _unsupported(kind, advice)
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"mime-version:" in data[:4096].lower() or head.startswith(_MAIL_HEADERS):
        return CorruptError(
            "该文件像是电子邮件，但已损坏，无法读取；"
            "请用邮件软件重新导出，或把正文和附件分别另存后再提交。"
        )
    return UnsupportedError(
        "无法识别该文件的格式，暂不能读取；请另存为 docx、xlsx、PDF 或 txt 后再提交。"
    )


def is_office_package(names: Sequence[str]) -> bool:
    """Tell whether a zip with these files is meant as a package of an office format.

    A damaged package is no archive: its parts say nothing about what it was to show.
    """
    found = frozenset(names)
    if "mimetype" in found:
        return not found.isdisjoint(("content.xml", "META-INF/container.xml"))
    return not found.isdisjoint(_PACKAGE_MARKS)


def is_image(data: bytes) -> bool:
    """Tell whether the bytes begin like a picture."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith(_IMAGES)


def _unsupported(kind: str, advice: str) -> UnsupportedError:
    return UnsupportedError(f"该文件是{kind}，暂不能读取；{advice}。")


def _ole(data: bytes) -> UnreadableError:
    try:
        names = CompoundFile(data).top_names
    except UnreadableError as error:
        return error
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return EncryptedError(LOCKED)
    return _unsupported("复合文档（OLE）", "请另存为 docx、xlsx 或 PDF 后再提交")


def _zip(data: bytes, limits: Limits) -> UnreadableError:
    try:
        names = open_package(data, limits).names
    except UnreadableError as error:
        return error
    for start, kind, advice in _ZIP_KINDS:
        if any(name.startswith(start) for name in names):
            return _unsupported(kind, advice)
    return CorruptError(NO_MAIN_PART)
