"""`xianshen case form` and the other papers: docx, pdf, xlsx."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from review.cli.joined import As, Number, joined, write_out
from review.errors import UsageError
from review.service.papers import forms, letters, sheets
from review.settings import load_settings

# What makes papers is slow to import, and the other commands of a case do without.
Output = Annotated[
    Path, typer.Option("-o", "--output", help="写入文件；.docx 或 .pdf，表格为 .xlsx")
]
Since = Annotated[
    datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="从哪天起")
]
Until = Annotated[
    datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="到哪天止（含）")
]


def form(number: Number, output: Output, person: As) -> None:
    """填好的信息公开保密审查表（docx 或 pdf）。"""
    from review.paper.review_form_docx import review_form_docx  # noqa: PLC0415 - see above
    from review.paper.review_form_pdf import review_form_pdf  # noqa: PLC0415 - see above

    with joined() as installation:
        filled = forms.review_form(installation.desk, number, person=person)
    if _is_pdf(output):
        _write(output, review_form_pdf(filled, font=load_settings().pdf_font))
    else:
        _write(output, review_form_docx(filled))


def release(number: Number, output: Output, person: As) -> None:
    """信息公开许可书（docx 或 pdf），带核对用的二维码，随稿件交给报纸、公众号的编辑。"""
    from review.paper.clearance_letter_docx import clearance_letter_docx  # noqa: PLC0415 - see above
    from review.paper.clearance_letter_pdf import clearance_letter_pdf  # noqa: PLC0415 - see above

    settings = load_settings()
    base = settings.public_url
    with joined() as installation:
        filled = letters.clearance_letter(
            installation.desk,
            number,
            person=person,
            address=f"{base.rstrip('/')}/verify/{number}" if base else None,
        )
    if _is_pdf(output):
        _write(output, clearance_letter_pdf(filled, font=settings.pdf_font))
    else:
        _write(output, clearance_letter_docx(filled))


def incident_form(number: Number, output: Output, person: As) -> None:
    """涉密事件报告表（docx 或 pdf），须人工填写的地方留空。"""
    from review.paper.incident_docx import incident_docx  # noqa: PLC0415 - see above
    from review.paper.incident_pdf import incident_pdf  # noqa: PLC0415 - see above

    with joined() as installation:
        filled = forms.incident_report(installation.desk, number, person=person)
    if _is_pdf(output):
        _write(output, incident_pdf(filled, font=load_settings().pdf_font))
    else:
        _write(output, incident_docx(filled))


def letter(number: Number, output: Output, person: As) -> None:
    """报请上级的请示，或征求来源单位意见的函（docx 或 pdf）。"""
    from review.paper.referral_docx import referral_docx  # noqa: PLC0415 - see above
    from review.paper.referral_pdf import referral_pdf  # noqa: PLC0415 - see above

    with joined() as installation:
        filled = forms.referral_letter(installation.desk, number, person=person)
    if _is_pdf(output):
        _write(output, referral_pdf(filled, font=load_settings().pdf_font))
    else:
        _write(output, referral_docx(filled))


def register(
    output: Output,
    person: As,
    since: Since,
    until: Until,
) -> None:
    """审查台账（xlsx）。"""
    from review.paper.register_xlsx import register_xlsx  # noqa: PLC0415 - see above

    with joined() as installation:
        sheet = sheets.register_sheet(
            installation.desk, since=since.date(), until=until.date(), person=person
        )
    _write(output, register_xlsx(sheet))


def monthly(
    month: Annotated[
        datetime, typer.Argument(formats=["%Y-%m"], help="月份，例如 2026-11")
    ],
    output: Output,
    person: As,
) -> None:
    """月度汇总表（xlsx）。"""
    from review.paper.monthly_xlsx import monthly_xlsx  # noqa: PLC0415 - see above

    with joined() as installation:
        summary = sheets.monthly_summary(
            installation.desk, year=month.year, month=month.month, person=person
        )
    _write(output, monthly_xlsx(summary))


def yearly(
    year: Annotated[int, typer.Argument(help="年份，例如 2026")],
    output: Output,
    person: As,
) -> None:
    """各部门年度考核数据（xlsx）。"""
    from review.paper.yearly_xlsx import yearly_xlsx  # noqa: PLC0415 - see above

    with joined() as installation:
        figures = sheets.yearly_figures(installation.desk, year=year, person=person)
    _write(output, yearly_xlsx(figures))


def _is_pdf(output: Path) -> bool:
    kind = output.suffix.lower()
    if kind not in {".docx", ".pdf"}:
        raise UsageError("请把输出文件写成 .docx 或 .pdf。")
    return kind == ".pdf"


def _write(output: Path, data: bytes) -> None:
    write_out(output, data)
    print(f"已写出：{output}")
