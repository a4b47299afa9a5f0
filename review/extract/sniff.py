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
from review.extract.ole.ole import MAGIC, CompoundFile
from review.extract.package import open_package

_ZIP: Final = b"PK\x03\x04"
_IMAGES: Final = (
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
)
_OTHERS: Final = (
    (b"Rar!", "旧版 RAR 压缩包", "请解压后重新压缩为 zip 再提交"),
    (b"%!PS", "PostScript 文件", "请转换为 PDF 后再提交"),
    (b"MZ", "可执行程序", "程序文件不能送审"),
    (b"\x7fELF", "可执行程序", "程序文件不能送审"),
    (b"SQLite format 3", "数据库文件", "请导出为表格后再提交"),
)
_ZIP_KINDS: Final = (
    ("xl/workbook.bin", "Excel 二进制工作簿（xlsb）", "请另存为 xlsx 后再提交"),
    (
        "content.xml",
        "OpenDocument 数据库或其他文档",
        "请另存为 docx、xlsx 或 PDF 后再提交",
    ),
    ("META-INF/container.xml", "EPUB 电子书", "请转换为 PDF 后再提交"),
)
_PACKAGE_MARKS: Final = ("[Content_Types].xml", "OFD.xml", "xl/workbook.bin")
_OLE_KINDS: Final = (
    (
        ("__properties_version1.0",),
        "Outlook 邮件（msg）",
        "请把正文和附件分别另存后提交",
    ),
)


def refusal(data: bytes, limits: Limits) -> UnreadableError:
    """Return the error that says what the bytes are and what to do next."""
    if data.startswith(MAGIC):
        return _ole(data)
    if data.startswith(_ZIP):
        return _zip(data, limits)
    for mark, kind in _IMAGES:
        if data.startswith(mark):
            return _unsupported(kind, "请提交图片对应的文字稿，或由人工审查图片内容")
    return _plain(data)


def _plain(data: bytes) -> UnreadableError:
    for mark, kind, advice in _OTHERS:
        if data.startswith(mark):
            return _unsupported(kind, advice)
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"mime-version:" in data[:4096].lower() or head.startswith(
        (b"from:", b"received:", b"return-path:", b"subject:", b"to:", b"date:")
    ):
        return _unsupported("电子邮件（eml）", "请把正文和附件分别另存后提交")
    return _unsupported("无法识别的文件", "请另存为 docx、xlsx、PDF 或 txt 后再提交")


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
    return webp or any(data.startswith(mark) for mark, _ in _IMAGES)


def _unsupported(kind: str, advice: str) -> UnsupportedError:
    return UnsupportedError(f"该文件是{kind}，暂不能读取；{advice}。")


def _ole(data: bytes) -> UnreadableError:
    try:
        names = CompoundFile(data).top_names
    except UnreadableError as error:
        return error
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return EncryptedError("文件已用密码加密，请取消密码后再提交。")
    for streams, kind, advice in _OLE_KINDS:
        if any(name in names for name in streams):
            return _unsupported(kind, advice)
    return _unsupported("复合文档（OLE）", "请另存为 docx、xlsx 或 PDF 后再提交")


def _zip(data: bytes, limits: Limits) -> UnreadableError:
    try:
        names = open_package(data, limits).names
    except UnreadableError as error:
        return error
    for start, kind, advice in _ZIP_KINDS:
        if any(name.startswith(start) for name in names):
            return _unsupported(kind, advice)
    if "[Content_Types].xml" in names:
        return CorruptError("Office 文件缺少正文部件，已损坏，请重新保存后再提交。")
    return _unsupported("ZIP 压缩包", "请解压后逐个提交")
