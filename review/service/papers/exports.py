"""Data as files: the forms of one case, the register, the summaries; whoever asks.

The HTTP door, a worker and the command line make the same bytes here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal, TypeAlias

from review.paper.clearance_letter_docx import clearance_letter_docx
from review.paper.clearance_letter_pdf import clearance_letter_pdf
from review.paper.incident_docx import incident_docx
from review.paper.incident_pdf import incident_pdf
from review.paper.monthly_xlsx import monthly_xlsx
from review.paper.referral_docx import referral_docx
from review.paper.referral_pdf import referral_pdf
from review.paper.register_xlsx import register_xlsx
from review.paper.review_form_docx import review_form_docx
from review.paper.review_form_pdf import review_form_pdf
from review.paper.yearly_xlsx import yearly_xlsx
from review.ports.records import RegisterQuery
from review.resources import verifier_file
from review.service.desk import Desk
from review.service.papers import forms, sheets
from review.service.papers.letters import clearance_letter

FormKind: TypeAlias = Literal["review", "incident", "referral", "clearance"]
FormFormat: TypeAlias = Literal["docx", "pdf"]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final[dict[FormFormat, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_FORMS: Final[dict[FormKind, str]] = {
    "review": "信息公开保密审查表",
    "incident": "涉密事件报告表",
    "referral": "报请或征求意见",
    "clearance": "信息公开许可书",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file ready to be handed out."""

    name: str
    media_type: str
    data: bytes


def form(  # noqa: PLR0913 - what is wanted of which case, for whom, in which font
    desk: Desk,
    number: str,
    *,
    kind: FormKind,
    form_format: FormFormat,
    person: str,
    font: Path | None = None,
    verify_at: str | None = None,
) -> Exported:
    """Return one form of a case, filled from the record.

    `verify_at` is where anybody can look up whether the item was cleared.

    Raises:
        NotPermittedError: The person may not see the draft.
        NotFoundError: There is no such case, no incident, nothing was asked, or no
            clearance is in force.
        FontError: The font named for PDFs cannot be embedded.
    """
    as_docx, as_pdf = _made(desk, number, kind, person=person, verify_at=verify_at)
    data = as_docx() if form_format == "docx" else as_pdf(font=font)
    return Exported(
        name=f"{_FORMS[kind]}-{number}.{form_format}",
        media_type=FORMATS[form_format],
        data=data,
    )


def _made(
    desk: Desk, number: str, kind: FormKind, *, person: str, verify_at: str | None
) -> tuple[Callable[[], bytes], Callable[..., bytes]]:
    """Return what makes the form as docx, and as a PDF in a font."""
    if kind == "review":
        review = forms.review_form(desk, number, person=person)
        return partial(review_form_docx, review), partial(review_form_pdf, review)
    if kind == "incident":
        incident = forms.incident_report(desk, number, person=person)
        return partial(incident_docx, incident), partial(incident_pdf, incident)
    if kind == "referral":
        asked = forms.referral_letter(desk, number, person=person)
        return partial(referral_docx, asked), partial(referral_pdf, asked)
    letter = clearance_letter(desk, number, person=person, address=verify_at)
    return partial(clearance_letter_docx, letter), partial(clearance_letter_pdf, letter)


def register(
    desk: Desk, query: RegisterQuery, *, person: str, most: int = sheets.MOST_ROWS
) -> Exported:
    """Return the register of what a query finds, as far as the person may see it.

    Raises:
        UsageError: It finds more than `most`.
    """
    found = sheets.register_found(desk, query, person=person, most=most)
    span = f"{found.since.isoformat()}至{found.until.isoformat()}"
    return _sheet(f"审查台账-{span}", register_xlsx(found))


def monthly(desk: Desk, *, year: int, month: int, person: str) -> Exported:
    """Return a month by department."""
    summary = sheets.monthly_summary(desk, year=year, month=month, person=person)
    return _sheet(f"月度汇总表-{year:04d}-{month:02d}", monthly_xlsx(summary))


def yearly(desk: Desk, *, year: int, person: str) -> Exported:
    """Return a year by department."""
    figures = sheets.yearly_figures(desk, year=year, person=person)
    return _sheet(f"年度考核数据-{year:04d}", yearly_xlsx(figures))


def verifier() -> Exported:
    """Return the program that verifies a ledger's export without this one."""
    path = verifier_file()
    return Exported(name=path.name, media_type="text/x-python", data=path.read_bytes())


def _sheet(name: str, data: bytes) -> Exported:
    return Exported(name=f"{name}.xlsx", media_type=XLSX, data=data)
