"""Which files of a page are read and offered with it."""

import asyncio
from pathlib import Path
from typing import Any, Literal

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from review import digests
from review.proxy.asking import Asking
from review.proxy.checking import Checker
from review.proxy.interface import Fetched
from review.proxy.paths import Place
from review.proxy.rules import Rules, Template
from review.proxy.template import take_apart
from review.proxy.upstream import Upstream

SITE = "https://news.example.edu.cn"
PAGE = "<title>{0}</title><h1>{0}</h1><div>{1}</div>"


class Offered:
    """A site behind that shows what it was asked for, and a gate that notes it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.questions: list[dict[str, Any]] = []

    async def file(self, request: Request) -> Response:
        query = request.url.query
        self.asked.append(f"{request.url.path}?{query}" if query else request.url.path)
        return Response(self.asked[-1].encode(), media_type="image/png")

    async def gate(self, request: Request) -> Response:
        self.questions.append(await request.json())
        return JSONResponse({"allowed": True, "clearance": "a", "case": "2026-000001"})

    def of(self, body: str, query: Literal["drop", "keep"]) -> dict[str, str]:
        """Return the files that were offered with a page, by name."""
        asyncio.run(self._check(body, query))
        return {one["name"]: one["sha256"] for one in self.questions[-1]["attachments"]}

    async def _check(self, body: str, query: Literal["drop", "keep"]) -> None:
        rules = Rules(
            gate="http://127.0.0.1:1",
            upstream="http://127.0.0.1:2",
            site=SITE,
            channel="website",
            query=query,
            page=Template(body="div", title="h1", frames=(Path("x.html"),)),
        )
        frame = take_apart(PAGE.format("甲", ""), rules.page).frame
        assert frame is not None
        text = PAGE.format("标题", body).encode()
        page = Fetched(200, "text/html", "utf-8", None, None, text)
        async with _client(self.file) as behind, _client(self.gate) as gate:
            asking = Asking(gate, key="x", seconds=5, channel=rules.channel)
            checker = Checker(rules, (frame,), Upstream(behind, rules), asking)
            await checker.check(Place("/news/1.html"), page)


def _client(answer: Any) -> httpx2.AsyncClient:
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1"
    )


def test_a_query_that_counts_is_asked_for_with_a_picture() -> None:
    body = '<img src="/image.jsp?id=5"><img src="/image.jsp?id=6"><img src="a.png">'
    kept = Offered()
    files = kept.of(body, "keep")
    wanted = ["/image.jsp?id=5", "/image.jsp?id=6", "/news/a.png"]
    assert sorted(kept.asked) == wanted
    assert set(files) == {"/image.jsp?id=5", "/image.jsp?id=6", "a.png"}
    assert files["/image.jsp?id=6"] == digests.of_bytes(b"/image.jsp?id=6")


def test_a_query_that_does_not_count_is_left_out() -> None:
    dropped = Offered()
    files = dropped.of('<img src="/a.png?v=2"><a href="/b.pdf?x=1">b</a>', "drop")
    assert sorted(dropped.asked) == ["/a.png", "/b.pdf"]
    assert set(files) == {"a.png", "b.pdf"}


def test_a_folder_is_asked_for_as_a_reader_is_served_it() -> None:
    offered = Offered()
    offered.of('<img src="/photo/">', "drop")
    assert offered.asked == ["/photo/index.html"]


def test_an_address_that_is_not_served_is_not_asked_for() -> None:
    offered = Offered()
    body = '<img src="/a;b.png"><a href="/down.jsp?id=1">b</a><a href="/">c</a>'
    assert offered.of(body, "keep") == {}
    assert offered.asked == []


def test_a_query_is_escaped_as_a_browser_does() -> None:
    offered = Offered()
    offered.of('<img src="/a.jsp?名=1&amp;b=%20 c">', "keep")
    assert offered.asked == ["/a.jsp?%E5%90%8D=1&b=%20%20c"]
