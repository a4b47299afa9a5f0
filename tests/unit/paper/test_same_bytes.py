"""The same value gives the same bytes: today, tomorrow, on another machine."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import regex

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

_ROOT = Path(__file__).resolve().parents[3]
_OFFICE: tuple[tuple[Callable[[Any], bytes], str], ...] = (
    (review_form_docx, "review_form"),
    (incident_docx, "incident"),
    (referral_docx, "letter"),
    (clearance_letter_docx, "clearance"),
    (register_xlsx, "register"),
    (monthly_xlsx, "monthly"),
    (yearly_xlsx, "yearly"),
)
_PDF: tuple[tuple[Callable[[Any], bytes], str], ...] = (
    (review_form_pdf, "review_form"),
    (incident_pdf, "incident"),
    (referral_pdf, "letter"),
    (clearance_letter_pdf, "clearance"),
)
_ELSEWHERE = """
import hashlib
from datetime import UTC, datetime
from review.paper.interface import DepartmentCounts, MonthlySummary, ReviewForm
from review.paper.monthly_xlsx import monthly_xlsx
from review.paper.review_form_docx import review_form_docx
from review.paper.review_form_pdf import review_form_pdf
at = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
form = ReviewForm(office="云山职业学院", number="审〔2026〕000001号", title="题",
    department="某系", drafted_by="张示例", submitted_by="李样本", submitted_at=at,
    source="自拟", channels=("网站",), round=1, files=(), printed_at=at)
month = MonthlySummary(office="云山职业学院", year=2026, month=11,
    rows=(DepartmentCounts(department="某系"),), printed_at=at)
for data in review_form_docx(form), review_form_pdf(form), monthly_xlsx(month):
    print(hashlib.sha256(data).hexdigest())
"""


@pytest.mark.parametrize(("make", "fixture"), [*_OFFICE, *_PDF])
def test_twice_the_same(
    make: Callable[[Any], bytes], fixture: str, request: pytest.FixtureRequest
) -> None:
    value = request.getfixturevalue(fixture)
    assert make(value) == make(value)


@pytest.mark.parametrize(("make", "fixture"), _OFFICE)
def test_a_package_carries_no_time_but_its_value_s(
    make: Callable[[Any], bytes], fixture: str, request: pytest.FixtureRequest
) -> None:
    data = make(request.getfixturevalue(fixture))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
        core = package.read("docProps/core.xml").decode()
    assert set(regex.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {
        "2026-11-22T01:15:00Z"
    }
    assert core.count("2026-11-22T01:15:00Z") == 2


@pytest.mark.parametrize(("make", "fixture"), _PDF)
def test_a_pdf_carries_no_time_but_its_value_s(
    make: Callable[[Any], bytes], fixture: str, request: pytest.FixtureRequest
) -> None:
    data = make(request.getfixturevalue(fixture))
    times = regex.findall(rb"\(D:[^)]*\)", data.replace(b"\\'", b"'"))
    assert set(times) == {b"(D:20261122091500+08'00')"}
    assert len(times) == 2


@pytest.mark.slow
def test_another_process_in_another_zone_makes_the_same() -> None:
    made = [
        subprocess.run(  # noqa: S603 - this Python, a text from above
            [sys.executable, "-c", _ELSEWHERE],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(_ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "America/Lima"))
    ]
    assert made[0] == made[1]
    assert len(made[0].split()) == 3
