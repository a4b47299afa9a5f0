"""The letter as PDF, to be printed and filed."""

from pathlib import Path

from review.paper.interface import ReferralLetter
from review.paper.pdf_sheet import pdf_bytes
from review.paper.referral import referral_sheet


def referral_pdf(letter: ReferralLetter, *, font: Path | None = None) -> bytes:
    """Return the letter as a PDF; the same value and font give the same bytes.

    `font` is a TrueType file to embed; None looks in the usual places.

    Raises:
        FontError: The named font can't be embedded.
        ValueError: A time is naive.
    """
    return pdf_bytes(referral_sheet(letter), font=font)
