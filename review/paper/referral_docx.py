"""The letter as docx, to be completed and printed."""

from review.paper.docx_sheet import docx_bytes
from review.paper.interface import ReferralLetter
from review.paper.referral import referral_sheet


def referral_docx(letter: ReferralLetter) -> bytes:
    """Return the letter as a docx file; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    return docx_bytes(referral_sheet(letter))
