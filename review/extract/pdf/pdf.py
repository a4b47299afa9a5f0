"""PDF files: pdfium for the text, pdfplumber for ruled tables."""

from review.extract.interface import Extraction
from review.extract.limits import Limits


class Pdf:
    """Portable documents."""

    format = "pdf"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the header of a PDF stands near the start."""
        return b"%PDF-" in data[:1024]

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every page, and what the file carries beside its pages.

        Raises:
            EncryptedError: The file opens only with a password.
            CorruptError: The file is too damaged to open.
        """
        # pdfium takes 0.1 s to load; a run that reads only docx never needs it.
        from review.extract.pdf.read import read_pdf  # noqa: PLC0415 - pdfium is slow to load

        return read_pdf(data, limits)
