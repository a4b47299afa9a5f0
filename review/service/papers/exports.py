"""Data as files: the forms of one case, the register, the summaries; whoever asks.

The HTTP door, a worker and the command line make the same bytes here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

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

FormKind: TypeAlias = Literal["review", "incident", "referral"]
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
) -> Exported:
    """Return one form of a case, filled from the record.

    Raises:
        NotPermittedError: The person may not see the draft.
        NotFoundError: There is no such case, no incident, or nothing was asked.
        FontError: The font named for PDFs cannot be embedded.
    """
    if kind == "review":
        review = forms.review_form(desk, number, person=person)
        data = (
            review_form_docx(review)
            if form_format == "docx"
            else review_form_pdf(review, font=font)
        )
    elif kind == "incident":
        incident = forms.incident_report(desk, number, person=person)
        data = (
            incident_docx(incident)
            if form_format == "docx"
            else incident_pdf(incident, font=font)
        )
    else:
        letter = forms.referral_letter(desk, number, person=person)
        data = (
            referral_docx(letter)
            if form_format == "docx"
            else referral_pdf(letter, font=font)
        )
    return Exported(
        name=f"{_FORMS[kind]}-{number}.{form_format}",
        media_type=FORMATS[form_format],
        data=data,
    )


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
