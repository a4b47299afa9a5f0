"""Say what bytes look like, whatever the name claims, and what to do about it."""

from typing import Final

from review.errors import (
    CorruptError,
    EncryptedError,
    UnreadableError,
    UnsupportedError,
)
from review.extract.limits import Limits
from review.extract.ole import MAGIC, CompoundFile
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
    (b"{\\rtf", "RTF 文档", "请用 WPS 或 Word 另存为 docx 后再提交"),
    (b"Rar!", "RAR 压缩包", "请解压后逐个提交"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "请解压后逐个提交"),
    (b"\x1f\x8b", "gzip 压缩文件", "请解压后再提交"),
    (b"%!PS", "PostScript 文件", "请转换为 PDF 后再提交"),
    (b"MZ", "可执行程序", "程序文件不能送审"),
    (b"\x7fELF", "可执行程序", "程序文件不能送审"),
    (b"SQLite format 3", "数据库文件", "请导出为表格后再提交"),
)
_ZIP_KINDS: Final = (
    ("ppt/", "PowerPoint 演示文稿（pptx）", "请另存为 PDF 后再提交"),
    ("OFD.xml", "OFD 版式文件", "请转换为 PDF 或 docx 后再提交"),
    ("xl/workbook.bin", "Excel 二进制工作簿（xlsb）", "请另存为 xlsx 后再提交"),
    ("content.xml", "OpenDocument 文档（odt/ods）", "请另存为 docx 或 xlsx 后再提交"),
    ("META-INF/container.xml", "EPUB 电子书", "请转换为 PDF 后再提交"),
)
_OLE_KINDS: Final = (
    (("WordDocument",), "旧版 Word/WPS 文档（doc、wps）", "请另存为 docx 后再提交"),
    (("Workbook", "Book"), "旧版 Excel 表格（xls、et）", "请另存为 xlsx 后再提交"),
    (("PowerPoint Document",), "旧版演示文稿（ppt、dps）", "请另存为 PDF 后再提交"),
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


def is_image(data: bytes) -> bool:
    """Tell whether the bytes begin like a picture."""
    return any(data.startswith(mark) for mark, _ in _IMAGES)


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
