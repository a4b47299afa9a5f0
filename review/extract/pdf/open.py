"""Open a PDF in pdfium, and close it whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium

from review.errors import CorruptError, EncryptedError


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a document and close it whatever happens.

    Raises:
        EncryptedError: The file opens only with a password.
        CorruptError: The file is too damaged to open.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as fault:
        if fault.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
            message = "PDF 文件已用密码加密，请取消密码后再提交。"
            raise EncryptedError(message) from fault
        message = "PDF 文件已损坏，无法打开，请重新导出后再提交。"
        raise CorruptError(message) from fault
    try:
        yield document
    finally:
        document.close()
