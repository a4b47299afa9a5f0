"""What stands around the application: hosts, headers, sizes, kinds, frequency, proxies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api import throttle
from api.bodies import LARGE_AT_ONCE, MEBI, Bodies
from api.network import FromProxies, comes_from, is_within, names_of, networks_of
from api.throttle import PUBLIC, SIGN_INS, SharedWindow, Window
from review.queue.client import TaskQueue
from review.queue.embedded import EmbeddedServer
from review.queue.timings import ScanTimings
from review.settings import Settings
from tests.api.college import ADDRESS, College, enter
from tests.service.site import PRESS

_JSON = {"Content-Type": "application/json"}
_EVERYWHERE = [
    ("GET", "/healthz"),
    ("GET", "/api/v1/cases"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/nothing/here"),
    ("DELETE", "/api/v1/cases"),
    ("POST", "/api/v1/session"),
]


@contextmanager
def _with(college: College, **chosen: Any) -> Iterator[College]:
    """Open the same installation with other settings."""
    served = college.app.state.served
    settings = Settings(data_dir=served.settings.data_dir, **chosen)
    with enter(college.site, served.installation, settings) as entered:
        yield entered


def _from(college: College, address: str) -> TestClient:
    return TestClient(college.app, base_url=ADDRESS, client=(address, 40_000))


# --- headers ---


@pytest.mark.parametrize(("method", "path"), _EVERYWHERE)
def test_every_answer_has_the_safe_headers(
    college: College, method: str, path: str
) -> None:
    answer = college.nobody().request(method, path)
    said = answer.headers
    assert "default-src 'self'" in said["content-security-policy"]
    assert "frame-ancestors 'none'" in said["content-security-policy"]
    assert "unsafe-inline" not in said["content-security-policy"]
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "same-origin"
    assert said["permissions-policy"]
    assert "no-store" in said["cache-control"]
    assert len(said["x-request-id"]) == 16
    assert "strict-transport-security" not in said
    assert "server" not in said


def test_an_unforeseen_error_has_them_too(college: College) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a draft's words")

    college.app.add_api_route("/fails", fail)
    client = TestClient(college.app, ADDRESS, raise_server_exceptions=False)
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert answer.json()["code"] == "error"
    assert "words" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_over_https_the_browser_is_told_to_stay_there(college: College) -> None:
    client = TestClient(college.app, base_url="https://127.0.0.1:8000")
    assert "max-age" in client.get("/healthz").headers["strict-transport-security"]


# --- hosts ---


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("[::1]:8000", True),
        ("review.yunshan.example", True),
        ("review.yunshan.example.:443", True),
        ("press.yunshan.example", True),
        ("elsewhere.example", False),
        ("review.yunshan.example.elsewhere.example", False),
        ("elsewhere.example#review.yunshan.example", False),
        ("", False),
    ],
)
def test_only_our_names_are_answered(college: College, host: str, known: bool) -> None:  # noqa: FBT001 - a table
    chosen = {
        "allowed_hosts": ("review.yunshan.example",),
        "public_url": "https://press.yunshan.example",
    }
    with _with(college, **chosen) as entered:
        answer = entered.nobody().get("/api/v1/cases", headers={"Host": host})
    assert answer.status_code == (401 if known else 421)
    if not known:
        assert answer.json()["code"] == "unknown_host"


def test_listening_everywhere_adds_no_name(tmp_path: Path) -> None:
    here = names_of(Settings(data_dir=tmp_path))
    everywhere = names_of(Settings(data_dir=tmp_path, host="0.0.0.0"))  # noqa: S104 - not listened on
    assert here == everywhere == {"127.0.0.1", "localhost", "[::1]"}


# --- bodies ---


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "", "application/jsonx"]
)
def test_a_body_of_another_kind_is_not_taken(college: College, kind: str) -> None:
    answer = college.browser("zhang").post(
        "/api/v1/cases", content=b"<x/>", headers={"Content-Type": kind}
    )
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


def test_too_much_is_refused_by_what_the_head_says(college: College) -> None:
    with _with(college, upload_megabytes=2) as entered:
        answer = entered.browser("zhang").post(
            "/api/v1/cases", content=b"{}", headers=_claiming(3 * MEBI)
        )
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert "2 MB" in answer.json()["detail"]
    assert answer.headers["connection"] == "close"


def _claiming(size: int) -> dict[str, str]:
    return {"Content-Length": str(size), "Content-Type": "multipart/form-data"}


def test_too_much_is_refused_while_it_comes(college: College) -> None:
    came = 0

    def pieces() -> Iterator[bytes]:
        nonlocal came
        yield b'--x\r\nContent-Disposition: form-data; name="body"; filename="a.txt"\r\n\r\n'
        for _ in range(64):
            came += MEBI
            yield bytes(MEBI)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    with _with(college, upload_megabytes=2) as entered:
        browser = entered.browser("zhang")
        answer = browser.post("/api/v1/cases", content=pieces(), headers=headers)
        assert answer.status_code == 413, answer.text
        # What was counted is given back: the next one may be large again.
        form = {"title": "大文件", "department": PRESS, "drafted_by": "冯拟稿"}
        answer = browser.post(
            "/api/v1/cases",
            data={**form, "channels": ["website"]},
            files={"body": ("正文.txt", "字\n".encode() * 300_000)},
        )
        assert answer.status_code == 201, answer.text


def test_a_stranger_may_not_send_much(college: College) -> None:
    large = b"x" * (MEBI + 1)
    for headers in ({}, {"Authorization": "Bearer xs_a_b"}, {"Cookie": "x=y"}):
        answer = college.nobody().post(
            "/api/v1/cases", content=large, headers={**_JSON, **headers}
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    small = college.nobody().post("/api/v1/cases", content=b"x" * MEBI, headers=_JSON)
    assert small.status_code in {401, 422}


async def _sent(bodies: Bodies, *, pieces: int, size: int) -> tuple[int, int]:
    """Send a body in pieces; return the answer's status and how many were taken."""
    taken, status = 0, 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        more = taken < pieces
        return {"type": "http.request", "body": bytes(size), "more_body": more}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"x")]
    asked = {"type": "http", "method": "POST", "path": "/x", "headers": headers}
    await bodies(asked, receive, send)
    return status, taken


async def _reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body as an application would, and make little of any trouble."""
    try:
        while (await receive()).get("more_body"):
            pass
    except Exception:  # noqa: BLE001 - as the framework does
        await Response(status_code=400)(scope, receive, send)
        return
    await Response(status_code=204)(scope, receive, send)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("known", "pieces", "status", "most"),
    [
        (True, 8, 204, 8),
        (True, 64, 413, 9),
        (False, 4, 204, 4),
        (False, 64, 401, 5),
    ],
)
async def test_no_more_is_read_than_may_be_sent(
    known: bool,  # noqa: FBT001 - a table
    pieces: int,
    status: int,
    most: int,
) -> None:
    bodies = Bodies(_reads_all, most=2 * MEBI, known=lambda _: known)
    # One of a quarter of a mebibyte at a time, counted over two requests.
    for _ in range(2):
        answered, taken = await _sent(bodies, pieces=pieces, size=MEBI // 4)
        assert (answered, taken) == (status, most)


@pytest.mark.anyio
async def test_only_so_many_large_ones_are_read_at_once() -> None:
    held, free = anyio.Event(), anyio.Event()
    waiting = 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal waiting
        await receive()
        waiting += 1
        if waiting == LARGE_AT_ONCE:
            held.set()
        await free.wait()
        await Response(status_code=204)(scope, receive, send)

    bodies = Bodies(app, most=4 * MEBI, known=lambda _: True)
    statuses: list[int] = []

    async def one() -> None:
        statuses.append((await _sent(bodies, pieces=1, size=2 * MEBI))[0])

    async with anyio.create_task_group() as group:
        for _ in range(LARGE_AT_ONCE):
            group.start_soon(one)
        await held.wait()
        await one()
        assert statuses == [503]
        free.set()
    await one()
    assert statuses == [503, *[204] * (LARGE_AT_ONCE + 1)]


def test_json_has_a_smaller_limit_than_drafts(college: College) -> None:
    browser = college.browser("zhang")
    headers = {**_JSON, "Content-Length": str(9 * MEBI)}
    answer = browser.post("/api/v1/session/password", content=b"{}", headers=headers)
    assert answer.status_code == 413


def test_a_head_without_sense_is_refused(college: College) -> None:
    headers = {**_JSON, "Content-Length": "-1"}
    answer = college.nobody().post("/api/v1/session", content=b"{}", headers=headers)
    assert answer.status_code == 400


# --- how often ---


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no minute end while somebody counts."""
    monkeypatch.setattr(throttle, "this_minute", lambda: 7)


def test_a_person_may_ask_so_often_a_minute(college: College) -> None:
    with _with(college, requests_per_minute=60) as entered:
        asked = [
            entered.browser("zhang").get("/api/v1/session").status_code
            for _ in range(61)
        ]
        assert asked[:60] == [200] * 60
        refused = entered.browser("zhang").get("/api/v1/session")
        assert (asked[60], refused.status_code) == (429, 429)
        assert refused.json()["code"] == "too_many_requests"
        assert int(refused.headers["retry-after"]) > 0
        # Others are not kept waiting by him, and who watches neither.
        assert entered.browser("li").get("/api/v1/session").status_code == 200
        assert entered.browser("zhang").get("/healthz").status_code == 200


def test_new_cookies_do_not_help_an_address(college: College) -> None:
    with _with(college, requests_per_minute=60) as entered:
        client = entered.nobody()
        found = set()
        for one in range(601):
            cookie = {"Cookie": f"xianshen_session={one}"}
            found.add(client.get("/api/v1/session", headers=cookie).status_code)
    assert found == {401, 429}


def test_signing_in_is_tried_less_often_than_anything_else(college: College) -> None:
    client = college.nobody()
    body = {"login": "nobody", "password": "wrong"}
    found = [
        client.post("/api/v1/session", json={**body, "login": ""}).status_code
        for _ in range(SIGN_INS + 1)
    ]
    assert 429 not in found[:-1]
    assert found[-1] == 429
    assert _from(college, "10.0.0.9").post("/api/v1/session").status_code != 429


def test_the_public_may_ask_less_often(college: College) -> None:
    client, address = _from(college, "203.0.113.5"), "/api/v1/public/cases/2026-000001"
    found = [client.get(address).status_code for _ in range(PUBLIC)]
    assert found == [404] * PUBLIC
    refused = client.get(address)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many_requests"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert _from(college, "203.0.113.6").get(address).status_code == 404


def test_guesses_are_counted_by_all_processes_together(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    try:
        one, other = SharedWindow(server.url), SharedWindow(server.url)
        taken = [(one, other)[n % 2].hit("sign-in x", most=10) for n in range(12)]
        assert taken == [True] * 10 + [False] * 2
        assert one.hit("sign-in y", most=10)
    finally:
        server.stop()
    # Without it each goes on by its own count, and never lets more in than that.
    assert one.hit("sign-in z", most=2)
    assert one.hit("sign-in z", most=2)
    assert not one.hit("sign-in z", most=2)


def test_a_window_begins_anew_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window()
    assert [window.hit("a", most=2) for _ in range(3)] == [True, True, False]
    assert window.hit("b", most=2)
    monkeypatch.setattr(throttle, "this_minute", lambda: 8)
    assert window.hit("a", most=2)


# --- proxies ---

_PROXIES = networks_of(("10.0.0.0/8", "127.0.0.1"))


async def _seen(peer: str, *headers: tuple[bytes, bytes]) -> Scope:
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    asked = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 1),
        "headers": list(headers),
    }
    await FromProxies(app, proxies=_PROXIES)(asked, _never, _never)
    return seen[0]


async def _never(*_: object) -> Any:
    raise AssertionError("nobody reads or answers")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("10.1.1.1", b"203.0.113.5", "203.0.113.5"),
        ("10.1.1.1", b"1.2.3.4, 203.0.113.5", "203.0.113.5"),
        ("10.1.1.1", b"1.2.3.4, 203.0.113.5, 10.2.2.2", "203.0.113.5"),
        ("10.1.1.1", b"203.0.113.5:4711", "203.0.113.5"),
        ("10.1.1.1", b"[2001:db8::5]:4711", "2001:db8::5"),
        ("10.1.1.1", b"2001:db8::5", "2001:db8::5"),
        ("10.1.1.1", b"1.2.3.4, nonsense", "10.1.1.1"),
        ("10.1.1.1", b"", "10.1.1.1"),
        ("::ffff:10.1.1.1", b"203.0.113.5", "203.0.113.5"),
        ("203.0.113.9", b"127.0.0.1", "203.0.113.9"),
    ],
)
async def test_whose_word_counts(peer: str, said: bytes, client: str) -> None:
    scope = await _seen(peer, (b"x-forwarded-for", said))
    assert scope["client"][0] == client


@pytest.mark.anyio
async def test_the_scheme_counts_only_from_a_proxy() -> None:
    said = (b"x-forwarded-proto", b"https")
    assert (await _seen("10.1.1.1", said))["scheme"] == "https"
    assert (await _seen("203.0.113.5", said))["scheme"] == "http"
    assert (await _seen("10.1.1.1", (b"x-forwarded-proto", b"file")))[
        "scheme"
    ] == "http"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_through_an_unnamed_proxy_nobody_is_this_machine() -> None:
    """Else a proxy that nobody named would show the figures to everybody."""
    other = networks_of(("192.0.2.0/24",))
    direct = await _seen("::1")
    passed_on = await _seen("::1", (b"x-forwarded-for", b"::1"))
    assert comes_from(direct, other)
    assert not comes_from(passed_on, other)


@given(st.text())
def test_any_text_is_an_address_or_not(text: str) -> None:
    assert not is_within(text, networks_of(("203.0.113.0/24",))) or text.startswith(
        ("203.0.113.", "::ffff:", "[", "0:", "::FFFF")
    )


# --- for whoever watches ---


def test_the_figures_are_for_this_machine_and_named_networks(college: College) -> None:
    number = college.submit()
    college.browser("zhang").get(f"/api/v1/cases/{number}")
    text = college.nobody().get("/metrics").text
    assert 'xianshen_cases{stage="first_pass"} 1.0' in text
    assert 'route="/api/v1/cases/{number}"' in text
    assert number not in text
    assert "运动会" not in text
    assert _from(college, "203.0.113.5").get("/metrics").status_code == 404
    through = {"X-Forwarded-For": "127.0.0.1"}
    assert college.nobody().get("/metrics", headers=through).status_code == 404
    with _with(college, metrics_networks=("203.0.113.0/24",)) as entered:
        assert _from(entered, "203.0.113.5").get("/metrics").status_code == 200


def test_refused_sign_ins_are_counted(college: College) -> None:
    college.nobody().post("/api/v1/session", json={"login": "x", "password": "y"})
    text = college.nobody().get("/metrics").text
    assert "xianshen_sign_in_refusals_total" in text


def test_alive_and_ready_are_two_things(college: College) -> None:
    assert college.nobody().get("/healthz").json() == {"status": "alive"}
    answer = college.nobody().get("/readyz")
    # No queue runs in this test; everything else is there.
    assert answer.status_code == 503
    assert answer.json()["parts"] == {
        "database": "ok",
        "migrations": "ok",
        "vault": "ok",
        "redis": "queue",
    }
    stranger = _from(college, "203.0.113.5").get("/readyz")
    assert stranger.json() == {"status": "not ready"}


def test_with_its_queue_an_installation_is_ready(college: College) -> None:
    served = college.app.state.served
    server = EmbeddedServer(served.settings.data_dir)
    server.start()
    try:
        ScanTimings(server.url).add(0.7)
        queue = TaskQueue(server.url, seconds={})
        whole = replace(served.installation, queue=queue)
        with enter(college.site, whole, served.settings) as entered:
            assert entered.nobody().get("/readyz").status_code == 200
            text = entered.nobody().get("/metrics").text
        queue.close()
    finally:
        server.stop()
    assert 'xianshen_queue_length{lane="quick"} 0.0' in text
    assert 'xianshen_scan_seconds_bucket{le="0.5"} 0.0' in text
    assert 'xianshen_scan_seconds_bucket{le="1"} 1.0' in text
    assert "xianshen_scan_seconds_count 1.0" in text


def test_a_key_gone_missing_is_named(college: College) -> None:
    served = college.app.state.served
    broken = replace(served.installation, vault=_Broken())  # type: ignore[arg-type]  # - see below
    with enter(college.site, broken, served.settings) as entered:
        parts = entered.nobody().get("/readyz").json()["parts"]
    assert parts["vault"] == "vault_key"


class _Broken:
    """A vault whose keys do not fit."""

    def probe(self) -> None:
        from review.errors import VaultKeyError  # noqa: PLC0415 - only here

        raise VaultKeyError("x")
