"""The clearance letter as PDF, to be printed, stamped and sent along."""

from pathlib import Path

from review.paper.clearance_letter import clearance_letter_sheet
from review.paper.interface import ClearanceLetter
from review.paper.pdf_sheet import pdf_bytes


def clearance_letter_pdf(letter: ClearanceLetter, *, font: Path | None = None) -> bytes:
    """Return the letter as a PDF; the same value and font give the same bytes.

    `font` is a TrueType file to embed; None looks in the usual places.

    Raises:
        FontError: The named font can't be embedded.
        ValueError: A time is naive.
    """
    return pdf_bytes(clearance_letter_sheet(letter), font=font)
