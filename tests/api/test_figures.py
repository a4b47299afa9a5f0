"""Statistics, exports, the ledger and the policy over HTTP."""

import io
import json

from openpyxl import load_workbook

from review.ledger.export import read_export
from review.service.papers import export_orders
from review.service.record import verifications
from review.service.upkeep import background
from tests.api.college import College
from tests.service.site import PHONE

_YEAR = {"since": "2026-01-01", "until": "2026-12-31"}


def _first_cell(data: bytes) -> str:
    return str(load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value)


def test_figures_are_those_of_whoever_asks(college: College) -> None:
    college.submit(text=PHONE)
    office = college.browser("li").get("/api/v1/statistics", params=_YEAR).json()
    assert office["total"]["submitted"] == 1
    assert office["departments"] is None
    assert office["rules"][0]["found"] == 1
    other = college.browser("he").get("/api/v1/statistics", params=_YEAR).json()
    assert other["total"]["submitted"] == 0
    backwards = {"since": "2026-12-31", "until": "2026-01-01"}
    answer = college.browser("li").get("/api/v1/statistics", params=backwards)
    assert (answer.status_code, answer.json()["code"]) == (422, "usage")


def test_forms_and_sheets_are_saved_and_never_shown(college: College) -> None:
    number = college.submit()
    browser = college.browser("zhang")
    for address, begins in (
        (f"/api/v1/cases/{number}/forms/review.docx", b"PK"),
        (f"/api/v1/cases/{number}/forms/review.pdf", b"%PDF"),
        ("/api/v1/exports/register.xlsx?since=2026-01-01&until=2026-12-31", b"PK"),
        ("/api/v1/exports/monthly.xlsx?year=2026&month=11", b"PK"),
        ("/api/v1/exports/yearly.xlsx?year=2026", b"PK"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(begins)
        assert answer.headers["content-disposition"].startswith("attachment;")
    for missing in ("incident", "referral", "clearance"):
        answer = browser.get(f"/api/v1/cases/{number}/forms/{missing}.docx")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_cleared_item_has_a_letter_with_the_page_for_everybody(
    college: College,
) -> None:
    number = college.site.cleared().number
    address = f"/api/v1/cases/{number}/forms/clearance"
    assert college.browser("zhang").get(f"{address}.docx").content.startswith(b"PK")
    made = college.browser("zhang").get(f"{address}.pdf")
    assert made.content.startswith(b"%PDF")
    assert "filename" in made.headers["content-disposition"]
    assert college.browser("he").get(f"{address}.pdf").status_code == 403


def test_a_long_export_is_ordered_and_fetched_when_it_is_made(
    college: College,
) -> None:
    college.submit()
    browser, desk = college.browser("zhang"), college.site.desk
    ordered = browser.post("/api/v1/exports", json={"kind": "register", **_YEAR})
    assert ordered.status_code == 202, ordered.text
    address = ordered.headers["Location"]
    early = browser.get(f"{address}/file")
    assert (early.status_code, early.json()["code"]) == (409, "wrong_stage")
    with desk.store.writing() as work:
        task = work.tasks.find(ordered.json()["id"])
        assert task is not None
        digest = desk.contents.put(export_orders.make(desk, task.subject))
        work.tasks.finish(task.id, at=desk.now(), result=digest)
    assert browser.get(address).json()["ready"]
    made = browser.get(f"{address}/file")
    assert _first_cell(made.content) == "信息公开保密审查台账"
    assert college.browser("zhao").get(f"{address}/file").status_code == 404


def _work_off(college: College, number: int) -> None:
    """Verify the record, as a worker does."""
    desk = college.site.desk
    taken = background.take(desk, number, holder="test:1")
    assert taken is not None
    made = verifications.carry_out(
        desk, taken.subject, witnessed=college.site.witness.heads
    )
    background.finish(desk, taken, result=made)


def test_the_auditor_reads_verifies_and_takes_the_record_away(
    college: College,
) -> None:
    number = college.submit()
    browser = college.browser("audit")
    page = browser.get("/api/v1/ledger", params={"limit": 2}).json()
    assert [one["index"] for one in page["items"]] == [
        page["total"] - 1,
        page["total"] - 2,
    ]
    mine = browser.get("/api/v1/ledger", params={"case": number}).json()
    assert [one["kind"] for one in mine["items"]] == ["case.submitted", "case.scanned"]
    assert mine["items"][0]["kind_word"] == "送审"
    ordered = browser.post("/api/v1/ledger/verification")
    assert ordered.status_code == 202, ordered.text
    assert (ordered.json()["state"], ordered.json()["whole"]) == ("waiting", None)
    _work_off(college, ordered.json()["id"])
    proven = browser.get(ordered.headers["Location"]).json()
    assert (proven["state_word"], proven["asked_by"]) == ("已有结果", "audit")
    assert (proven["whole"], proven["problem"]) == (True, None)
    newest = browser.get("/api/v1/ledger?limit=1").json()
    assert proven["head"] == newest["items"][0]["digest"]
    assert proven["entries"] == newest["total"]
    export = browser.get("/api/v1/ledger/export")
    lines = export.content.splitlines(keepends=True)
    assert int(export.headers["content-length"]) == len(export.content)
    assert read_export(lines).entries == json.loads(lines[0])["entries"]
    verifier = browser.get("/api/v1/ledger/verifier.py")
    assert verifier.headers["content-type"].startswith("text/x-python")
    assert b"def " in verifier.content


def test_the_policy_is_readable_with_its_digest(college: College) -> None:
    read = college.browser("zhang").get("/api/v1/policy").json()
    policy = college.site.desk.policy
    assert read["digest"] == policy.digest
    assert read["content"] == json.loads(json.dumps(policy.content))
