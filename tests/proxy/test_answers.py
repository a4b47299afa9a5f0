"""One answer at a time: what the site behind may say, and what a reader is sent."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from review.proxy.rules import Limits
from review.service.cases import publish
from tests.proxy.chain import Chain, escaped
from tests.websites.make import ADDRESS, Page, framed, leaflet, picture

pytestmark = pytest.mark.slow


def page_of(chain: Chain, ending: str = "") -> Page:
    """Return a cleared article, one with such a file where that is wished."""
    fated = {one.path for one in chain.cleared.planted.deviations}
    for one in chain.cleared.website.articles:
        own = [file.path for file in one.files]
        if one.path not in fated and [path[-len(ending) :] for path in own] == (
            [ending] if ending else []
        ):
            return one
    raise AssertionError(ending)


def test_a_page_is_asked_about_again_each_time(own_chain: Chain) -> None:
    page = page_of(own_chain)
    before = own_chain.get(page.path)
    assert (before.status_code, before.content) == (200, page.published)
    assert before.headers["cache-control"] == "no-cache"
    number = own_chain.cleared.cases[page.path]
    college = own_chain.cms.college
    publish.revoke(
        college.desk,
        number,
        cause="error",
        reason="名单有误",
        asker=college.by("li", number),
    )
    after = own_chain.get(page.path, If_None_Match=before.headers["etag"])
    assert after.status_code == 403
    assert page.title not in after.text


def test_a_file_goes_with_its_clearance(own_chain: Chain) -> None:
    page = page_of(own_chain, ".pdf")
    file = page.files[0]
    assert own_chain.get(escaped(file.path)).content == file.data
    number = own_chain.cleared.cases[page.path]
    college = own_chain.cms.college
    college.clock.pass_by(days=college.desk.policy.clearance_valid_days)
    assert own_chain.get(escaped(file.path)).status_code == 403
    assert own_chain.get(page.path).status_code == 403
    assert number


@pytest.mark.parametrize("where", ["head", "footer", "nav", "comment", "script"])
def test_what_stands_around_the_body_counts(chain: Chain, where: str) -> None:
    page = page_of(chain)
    changed = {
        "head": ("<head>", '<head><meta name="description" content="内部消息">'),
        "footer": ("版权所有", "版权所有 值班电话另告"),
        "nav": ('href="/index.html">首页', 'href="/news/extra.html">首页'),
        "comment": ("<footer>", "<!-- 某某同志的处分尚未公布 --><footer>"),
        "script": ("</body>", '<script src="/x.js"></script></body>'),
    }[where]
    data = page.published.decode().replace(*changed, 1).encode()
    assert data != page.published
    chain.behind.files[page.path] = data
    assert chain.get(page.path).status_code == 403


def test_a_summary_that_repeats_the_page_is_no_change(chain: Chain) -> None:
    page = page_of(chain)
    head = f'<head><meta name="description" content="{page.title}">'
    data = page.published.decode().replace("<head>", head, 1).encode()
    chain.behind.files[page.path] = data
    assert chain.get(page.path).content == data


def test_a_title_counts_in_the_window_too(chain: Chain) -> None:
    page = page_of(chain)
    text = page.published.decode()
    changed = text.replace(f"<title>{page.title}", "<title>另一个标题", 1)
    chain.behind.files[page.path] = changed.encode()
    assert chain.get(page.path).status_code == 403


def test_a_page_under_another_address_is_refused(chain: Chain) -> None:
    page, other = page_of(chain), page_of(chain, ".pdf")
    chain.behind.files["/news/copy.html"] = page.published
    chain.behind.files[page.path.upper()] = page.published
    chain.behind.files[other.path] = page.published
    assert chain.get("/news/copy.html").status_code == 403
    assert chain.get(page.path.upper()).status_code == 403
    assert chain.get(other.path).status_code == 403


def test_a_cleared_file_may_lie_elsewhere(chain: Chain) -> None:
    file = page_of(chain, ".pdf").files[0]
    chain.behind.files["/download/programme.pdf"] = file.data
    assert chain.get("/download/programme.pdf").content == file.data


def test_the_first_page_stands_for_its_folder(chain: Chain) -> None:
    assert chain.get("/").content == chain.cleared.website.pages[0].published
    assert chain.behind.asked == ["GET /index.html?"]


@pytest.mark.parametrize("path", ["/static/neibu.html", "/static/a.pdf", "/static/a"])
def test_the_list_lets_no_page_and_no_document_through(chain: Chain, path: str) -> None:
    chain.behind.files[path] = framed("标题", "<p>正文</p>")
    assert chain.get(path).status_code == 403


def test_what_is_listed_by_digest_is_served_only_so(chain: Chain) -> None:
    assert chain.get("/robots.txt").status_code == 200
    chain.behind.files["/robots.txt"] += b"# \xe5\x86\x85\xe9\x83\xa8"
    assert chain.get("/robots.txt").status_code == 403
    chain.behind.files["/static/new.css"] = b"p { color: red }"
    assert chain.get("/static/new.css").status_code == 200


def test_a_head_is_a_get_without_its_body(chain: Chain) -> None:
    page = page_of(chain)
    answer = chain.get(page.path, "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(page.published))
    assert chain.behind.asked[0].startswith("GET ")
    chain.behind.files[page.path] = page.published.replace("踊跃".encode(), b"")
    assert chain.get(page.path, "HEAD").status_code == 403


def test_a_part_is_sent_after_all_was_checked(chain: Chain) -> None:
    file = page_of(chain, ".pdf").files[0]
    path, size = escaped(file.path), len(file.data)
    part = chain.get(path, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, file.data[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{size}"
    assert chain.get(path, Range="bytes=-5").content == file.data[-5:]
    assert chain.get(path, Range=f"bytes={size}-").status_code == 416
    assert chain.get(path, Range="bytes=0-1,5-6").content == file.data
    old = chain.get(path, Range="bytes=0-1", If_Range='"old"')
    assert (old.status_code, old.content) == (200, file.data)
    # One byte beyond the part that is asked for.
    chain.behind.files[file.path] = file.data[:-1] + b"!"
    assert chain.get(path, Range="bytes=10-19").status_code == 403


def test_an_unchanged_answer_is_not_sent_again(chain: Chain) -> None:
    page = page_of(chain)
    first = chain.get(page.path)
    again = chain.get(page.path, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_packed_answer_is_unpacked_and_compared(chain: Chain) -> None:
    page = page_of(chain)
    chain.behind.says(page.path, gzip.compress(page.published), Content_Encoding="gzip")
    answer = chain.get(page.path, Accept_Encoding="gzip")
    assert (answer.status_code, answer.content) == (200, page.published)
    assert "content-encoding" not in answer.headers
    chain.behind.says(page.path, gzip.compress(b"<p>x</p>"), Content_Encoding="gzip")
    assert chain.get(page.path).status_code == 403
    chain.behind.says(page.path, page.published, Content_Encoding="br")
    assert chain.get(page.path).status_code == 502
    chain.behind.says(page.path, page.published, Content_Encoding="gzip")
    assert chain.get(page.path).status_code == 502


def test_a_chunked_answer_is_read_to_its_end(chain: Chain) -> None:
    page = page_of(chain)

    async def answer(_: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for at in range(0, len(page.published), 100):
                yield page.published[at : at + 100]
            yield extra

        return StreamingResponse(parts(), media_type="text/html; charset=utf-8")

    chain.behind.answers[page.path] = answer
    extra = b""
    assert chain.get(page.path).content == page.published
    extra = "<p>后来加上的</p>".encode()
    refused = chain.get(page.path)
    assert refused.status_code == 403


def test_what_is_beyond_the_limit_is_not_served(chain: Chain) -> None:
    file = page_of(chain, ".pdf").files[0]
    chain.rules = chain.rules.model_copy(update={"limits": Limits(file_mb=1)})
    bomb = gzip.compress(bytes(50_000_000))
    chain.behind.says(escaped(file.path), bomb, Content_Encoding="gzip")
    assert chain.get(escaped(file.path)).status_code == 403


def test_a_redirect_within_the_site_is_passed_on_bare(chain: Chain) -> None:
    chain.behind.says("/old", "内部说明".encode(), 301, Location="/index.html")
    answer = chain.get("/old")
    assert (answer.status_code, answer.content) == (301, b"")
    assert answer.headers["location"] == "/index.html"
    chain.behind.says("/old", b"", 302, Location=f"{ADDRESS}/list/1.html")
    assert chain.get("/old").headers["location"] == "/list/1.html"
    for target in ("https://evil.example/", "/a?secret=1", "//evil.example"):
        chain.behind.says("/old", b"", 302, Location=target)
        answer = chain.get("/old")
        assert answer.status_code in {400, 502}, target
        assert "location" not in answer.headers


@pytest.mark.parametrize("status", [404, 410, 500, 206, 204, 401])
def test_nothing_of_an_error_is_passed_on(chain: Chain, status: int) -> None:
    body = b"" if status == 204 else "数据库密码 内部说明".encode()
    chain.behind.says("/x.html", body, status, X_Powered_By="secret")
    answer = chain.get("/x.html")
    assert answer.status_code == (404 if status in {404, 410} else 502)
    assert "内部说明" not in answer.text
    assert "x-powered-by" not in answer.headers


def test_headers_of_the_site_behind_are_not_passed_on(chain: Chain) -> None:
    page = page_of(chain)
    chain.behind.says(
        page.path,
        page.published,
        Set_Cookie="a=b",
        X_Note="internal",
        Link="</x.css>; rel=stylesheet",
        Refresh="0; url=/extra",
        Last_Modified="Mon, 23 Nov 2026 01:00:00 GMT",
    )
    answer = chain.get(page.path)
    assert answer.status_code == 200
    assert not {"set-cookie", "x-note", "link", "refresh"} & answer.headers.keys()
    assert answer.headers["last-modified"].startswith("Mon, 23 Nov")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_but_reading_reaches_the_site_behind(chain: Chain, method: str) -> None:
    answer = chain.get("/index.html", method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert chain.behind.asked == []


def test_a_readers_cookie_and_query_do_not_reach_the_site_behind(chain: Chain) -> None:
    seen: list[Any] = []
    page = page_of(chain)

    async def answer(request: Request) -> Response:
        seen.append((request.headers, request.url.query))
        return Response(page.published, media_type="text/html")

    chain.behind.answers[page.path] = answer
    got = chain.get(f"{page.path}?utm=1", Cookie="a=b", Authorization="Basic x")
    assert got.content == page.published
    headers, query = seen[0]
    assert query == ""
    assert not {"cookie", "authorization"} & set(headers)
    assert headers["host"] == "news.example.edu.cn"


def test_a_query_that_counts_is_part_of_the_address(chain: Chain) -> None:
    page = page_of(chain)
    chain.rules = chain.rules.model_copy(update={"query": "keep"})
    assert chain.get(page.path).status_code == 200
    assert chain.get(f"{page.path}?id=2").status_code == 403
    assert chain.behind.asked[-1] == f"GET {page.path}?id=2"


@pytest.mark.parametrize("name", ["utf-16", "latin-1", "gb18030-undeclared"])
def test_a_page_in_another_encoding_than_it_says(chain: Chain, name: str) -> None:
    page = page_of(chain)
    text = page.published.decode()
    data = text.encode("gb18030" if "undeclared" in name else "utf-8")
    kind = "text/html; charset=iso-8859-1" if name == "latin-1" else "text/html"
    if name == "utf-16":
        data = text.encode("utf-16")
    chain.behind.says(page.path, data, Content_Type=kind)
    assert chain.get(page.path).status_code == 403


def test_a_page_in_gbk_is_sent_as_such(chain: Chain) -> None:
    page = page_of(chain)
    text = page.published.decode().replace("utf-8", "gb2312").replace("²", "2")
    data = text.encode("gb18030")
    chain.behind.says(page.path, data, Content_Type="text/html")
    answer = chain.get(page.path)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-type"] == "text/html; charset=gb18030"


def test_a_picture_that_is_gone_or_swapped_is_seen_on_its_page(chain: Chain) -> None:
    page = page_of(chain, ".png")
    path = page.files[0].path
    assert chain.get(page.path).status_code == 200
    chain.behind.files[path] = picture(70_002)
    assert chain.get(page.path).status_code == 403
    del chain.behind.files[path]
    assert chain.get(page.path).status_code == 403


async def _slow(_: Request) -> Response:
    await asyncio.sleep(30)
    return Response("")


async def _drip(_: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.05)
            yield b" "

    return StreamingResponse(parts(), media_type="application/json")


_YES = {"allowed": True, "clearance": "a.b.c", "case": "2026-000001"}
NONSENSE: dict[str, Any] = {
    "slow": _slow,
    "drip": _drip,
    "redirect": lambda _: Response(status_code=302, headers={"Location": "/yes"}),
    "error": lambda _: JSONResponse(_YES, 500),
    "unauthorized": lambda _: JSONResponse(_YES, 401),
    "created": lambda _: JSONResponse(_YES, 201),
    "page": lambda _: Response("<html>true</html>", media_type="text/html"),
    "empty": lambda _: Response(b""),
    "list": lambda _: JSONResponse([_YES]),
    "text yes": lambda _: JSONResponse({**_YES, "allowed": "true"}),
    "one": lambda _: JSONResponse({**_YES, "allowed": 1}),
    "no proof": lambda _: JSONResponse({**_YES, "clearance": ""}),
    "no case": lambda _: JSONResponse({**_YES, "case": None}),
    "deep": lambda _: Response(b"[" * 100_000),
    "cut": lambda _: Response(json.dumps(_YES)[:-1]),
    "no without a code": lambda _: JSONResponse({"allowed": False}),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_without_a_whole_answer_nothing_is_served(chain: Chain, kind: str) -> None:
    page = page_of(chain, ".pdf")
    gate = Starlette(
        routes=[Route("/{path:path}", NONSENSE[kind], methods=["GET", "POST"])]
    )
    limits = Limits(gate_seconds=0.3)
    broken = replace(
        chain, gate=gate, rules=chain.rules.model_copy(update={"limits": limits})
    )
    for path in (page.path, escaped(page.files[0].path)):
        answer = broken.get(path)
        assert answer.status_code == 503, answer.text
        assert "暂时不能核对" in answer.text
        assert page.title not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert broken.get("/static/site.css").status_code == 200


def test_a_wrong_key_serves_nothing(chain: Chain) -> None:
    key = chain.cms.key
    wrong = replace(key, text=f"{key.text[:-4]}0000")
    stranger = replace(chain, cms=replace(chain.cms, key=wrong))
    assert stranger.get("/index.html").status_code == 503


def test_a_site_behind_that_is_slow_serves_nothing(chain: Chain) -> None:
    chain.behind.answers["/index.html"] = _slow
    limits = Limits(upstream_seconds=0.3)
    chain.rules = chain.rules.model_copy(update={"limits": limits})
    assert chain.get("/index.html").status_code == 502


def test_the_swapped_file_of_another_item_is_served_only_by_itself(
    chain: Chain,
) -> None:
    page = page_of(chain, ".pdf")
    other = next(
        one
        for one in chain.cleared.website.articles
        if one.path != page.path and any(f.path.endswith(".pdf") for f in one.files)
    )
    chain.behind.files[page.files[0].path] = other.file(".pdf").data
    assert chain.get(page.path).status_code == 403
    chain.behind.files[page.files[0].path] = leaflet("never seen")
    assert chain.get(escaped(page.files[0].path)).status_code == 403
