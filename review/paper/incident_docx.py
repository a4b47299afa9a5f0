"""The incident report as docx, to be completed and printed."""

from review.paper.docx_sheet import docx_bytes
from review.paper.incident import incident_sheet
from review.paper.interface import IncidentReport


def incident_docx(report: IncidentReport) -> bytes:
    """Return the incident report as a docx file; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    return docx_bytes(incident_sheet(report))
