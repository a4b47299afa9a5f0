"""Pages over HTTP: what comes, what is refused, and how many are drawn at once."""

import asyncio
import io
from dataclasses import replace

import pytest
from httpx2 import Response
from reportlab.pdfgen.canvas import Canvas

from api.problems import ProblemError
from api.turns import Turns
from review.sandbox.painter import SandboxPainter
from tests.api.college import College
from tests.service.site import PRESS, TITLE, Site

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_MAIL = "zhang@example.edu.cn"


@pytest.fixture
def site(site: Site) -> Site:
    site.desk = replace(site.desk, painter=SandboxPainter())
    return site


def _pdf() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(600, 800))
    canvas.drawString(72, 700, "The college holds its sports day in autumn.")
    canvas.drawString(72, 600, "tel 13800000001")
    canvas.showPage()
    canvas.drawString(72, 700, "Everybody is welcome.")
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def _submit(college: College) -> str:
    fields = {
        "title": TITLE,
        "department": PRESS,
        "channels": ["website"],
        "drafted_by": "冯拟稿",
    }
    files = [("body", ("运动会 1.pdf", _pdf()))]
    answer = college.browser("zhang").post("/api/v1/cases", data=fields, files=files)
    assert answer.status_code == 201, answer.text
    number = str(answer.json()["number"])
    college.site.scan(number)
    return number


def _ask(
    college: College, number: str, rest: str = "", person: str = "zhang"
) -> Response:
    address = f"/api/v1/cases/{number}/rounds/1/files/运动会 1.pdf/pages{rest}"
    return college.browser(person).get(address)


def test_pages_come_with_the_places_of_the_findings(college: College) -> None:
    number = _submit(college)
    answer = _ask(college, number)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["count"] == 2
    assert said["sizes"] == [{"width": 600.0, "height": 800.0}] * 2
    boxed = [one for one in said["marks"] if one["boxes"]]
    assert {one["page"] for one in boxed} == {1}
    assert all(0 < box["top"] < 0.3 for one in boxed for box in one["boxes"])
    known = college.site.case(number).round.report
    assert known is not None
    assert {one["finding"] for one in boxed} <= {one.id for one in known.findings}


def test_a_page_comes_as_a_picture_that_nobody_keeps(college: College) -> None:
    answer = _ask(college, _submit(college), "/2?width=300")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content.startswith(b"\x89PNG")
    assert abs(int.from_bytes(answer.content[16:20], "big") - 300) <= 1


@pytest.mark.parametrize(
    ("rest", "person", "status", "code"),
    [
        ("/3", "zhang", 404, "not_found"),
        ("/0", "zhang", 422, "invalid"),
        ("/1?width=99", "zhang", 422, "invalid"),
        ("/1?width=100000", "zhang", 422, "invalid"),
        ("/1", "he", 403, "not_permitted"),
        ("", "he", 403, "not_permitted"),
    ],
)
def test_what_is_refused(
    college: College, rest: str, person: str, status: int, code: str
) -> None:
    answer = _ask(college, _submit(college), rest, person)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_whoever_comes_when_too_much_is_drawn_is_told_to_come_again(
    college: College,
) -> None:
    number = _submit(college)
    full = Turns(1, patience=0)
    object.__setattr__(college.app.state.served, "drawing", full)

    async def held() -> Response:
        async with full.one():
            return await asyncio.to_thread(_ask, college, number, "/1")

    answer = asyncio.run(held())
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "2"
    assert _ask(college, number, "/1").status_code == 200


def test_no_more_than_so_many_have_their_turn_at_once() -> None:
    turns, now, most = Turns(2), 0, 0

    async def work() -> None:
        nonlocal now, most
        async with turns.one():
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1

    async def everybody() -> None:
        await asyncio.gather(*(work() for _ in range(6)))

    asyncio.run(everybody())
    assert (now, most) == (0, 2)


def test_a_turn_comes_free_when_the_work_fails() -> None:
    turns = Turns(1, patience=0)

    async def fail() -> None:
        async with turns.one():
            raise ValueError

    async def wait_in_vain() -> None:
        async with turns.one(), turns.one():
            raise AssertionError

    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            asyncio.run(fail())
    with pytest.raises(ProblemError):
        asyncio.run(wait_in_vain())
