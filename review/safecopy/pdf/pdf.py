"""Safe copies of PDF files."""

from typing import Final

from review.extract.limits import Limits
from review.safecopy.interface import Cleaned


class PdfCleaner:
    """Portable documents; what comes out is written anew, without any history."""

    reads: Final = frozenset({"pdf"})

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the file with only what its pages show.

        Raises:
            UnreadableError: It is damaged, encrypted, or what a page shows and what
                it hides cannot be told apart.
        """
        # pikepdf and pdfium take their time to load; Word files never need them.
        from review.safecopy.pdf.clean import clean_pdf  # noqa: PLC0415 - slow to load

        return clean_pdf(data, limits)
