"""The incident report as PDF, to be printed and filed."""

from pathlib import Path

from review.paper.incident import incident_sheet
from review.paper.interface import IncidentReport
from review.paper.pdf_sheet import pdf_bytes


def incident_pdf(report: IncidentReport, *, font: Path | None = None) -> bytes:
    """Return the incident report as a PDF; the same value and font give the same bytes.

    `font` is a TrueType file to embed; None looks in the usual places.

    Raises:
        FontError: The named font can't be embedded.
        ValueError: A time is naive.
    """
    return pdf_bytes(incident_sheet(report), font=font)
