"""The review form as PDF, to be printed and filed."""

from pathlib import Path

from review.paper.interface import ReviewForm
from review.paper.pdf_sheet import pdf_bytes
from review.paper.review_form import review_form_sheet


def review_form_pdf(form: ReviewForm, *, font: Path | None = None) -> bytes:
    """Return the review form as a PDF; the same value and font give the same bytes.

    `font` is a TrueType file to embed; None looks in the usual places.

    Raises:
        FontError: The named font can't be embedded.
        ValueError: A time is naive.
    """
    return pdf_bytes(review_form_sheet(form), font=font)
