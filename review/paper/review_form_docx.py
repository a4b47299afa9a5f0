"""The review form as docx, to be completed and printed."""

from review.paper.docx_sheet import docx_bytes
from review.paper.interface import ReviewForm
from review.paper.review_form import review_form_sheet


def review_form_docx(form: ReviewForm) -> bytes:
    """Return the review form as a docx file; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    return docx_bytes(review_form_sheet(form))
