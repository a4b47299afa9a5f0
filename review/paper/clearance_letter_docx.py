"""The clearance letter as docx, to be stamped and sent along."""

from review.paper.clearance_letter import clearance_letter_sheet
from review.paper.docx_sheet import docx_bytes
from review.paper.interface import ClearanceLetter


def clearance_letter_docx(letter: ClearanceLetter) -> bytes:
    """Return the letter as a docx file; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    return docx_bytes(clearance_letter_sheet(letter))
