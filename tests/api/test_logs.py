"""What a whole journey leaves in the log: numbers and codes, and not a word of any draft."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from starlette.testclient import TestClient

from review.logs import ALLOWED, configure_logs
from tests.api.college import ADDRESS, College
from tests.service.site import CLEAN, MEETING, REFUSED, TITLE

_LONGEST_QUOTE = 3


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logs(stream, level=logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def _journey(college: College) -> None:
    """Hand in, look, search, review, sign, fail in every way that answers."""
    number = college.submit(text=MEETING + REFUSED, title=TITLE)
    zhang = college.browser("zhang")
    case = f"/api/v1/cases/{number}"
    for path in (
        "",
        "/rounds/1/report",
        "/rounds/1/files/正文.txt",
        "/rounds/1/files/期末考试试题答案.docx",
        "/history",
        "/nothing",
    ):
        zhang.get(case + path)
    zhang.get("/api/v1/cases", params={"q": "期末考试"})
    zhang.get("/api/v1/cases", params={"limit": "同意5票"})
    college.browser("he").get(case)
    college.nobody().get(case)
    for finding in college.site.findings(number):
        body = {"opinion": "must_change", "reason": f"删去：{REFUSED[:20]}"}
        college.step("zhang", number, f"findings/{finding}/disposition", body, put=True)
    college.step("zhang", number, "withdrawal", {"reason": f"不发了，{CLEAN[:20]}"})
    zhang.post("/api/v1/cases", data={"title": TITLE, "text": CLEAN * 2})
    zhang.post("/api/v1/cases", content=CLEAN.encode(), headers={"Content-Type": "x/y"})


def _quotes(*texts: str) -> set[str]:
    """Return every run of some characters that the drafts and titles hold."""
    return {
        line[at : at + _LONGEST_QUOTE]
        for text in texts
        for line in text.splitlines()
        for at in range(len(line) - _LONGEST_QUOTE + 1)
        if not line[at : at + _LONGEST_QUOTE].isascii()
    }


def test_a_journeys_log_holds_no_draft(college: College, log: io.StringIO) -> None:
    _journey(college)
    written = log.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]
    assert len([one for one in lines if one["event"] == "request"]) > 12
    assert all(set(one) <= ALLOWED for one in lines)
    plain = written + json.dumps(lines, ensure_ascii=False)
    assert [
        one for one in _quotes(CLEAN, MEETING, REFUSED, TITLE) if one in plain
    ] == []
    assert "%E6" not in written
    assert plain.isascii()


def test_an_unforeseen_error_is_logged_by_its_place(
    college: College, log: io.StringIO
) -> None:
    def fail() -> None:
        raise ValueError(REFUSED)

    college.app.add_api_route("/fails", fail)
    client = TestClient(college.app, ADDRESS, raise_server_exceptions=False)
    assert client.get("/fails").status_code == 500
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = next(one for one in lines if one["event"] == "unforeseen")
    assert told["kind"] == "ValueError"
    assert told["request_id"]
    assert REFUSED[:3] not in json.dumps(lines, ensure_ascii=False)
