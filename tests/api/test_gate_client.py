"""The Python client and `xianshen gate check` against a gate that really listens."""

import importlib.util
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn

from review.access.webhook_signatures import signature
from tests.api.college import College
from tests.service.cms import TEXT, Cms, join
from tests.service.site import PRESS, TITLE, page

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

HTML = page(TEXT).decode()
_FILE = Path(__file__).parents[2] / "integrations" / "python" / "xianshen_gate.py"
_XIANSHEN = Path(sys.executable).with_name("xianshen")


@pytest.fixture(scope="module")
def client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("xianshen_gate", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def cms(college: College) -> Cms:
    return join(college.site, networks=("127.0.0.0/8", "10.1.2.0/24"))


@pytest.fixture
def url(college: College) -> Iterator[str]:
    config = uvicorn.Config(
        college.app, port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def submit(gate: Any, **changes: Any) -> Any:
    form = {
        "title": TITLE,
        "department": PRESS,
        "channels": ["website"],
        "html": HTML,
    }
    return gate.submit("news-1", **{**form, **changes})


def clear(college: College, number: str) -> None:
    college.site.scan(number)
    college.site.conclude(number)
    college.site.sign(number)


def test_a_cms_goes_the_whole_way(
    client: ModuleType, college: College, cms: Cms, url: str
) -> None:
    gate = client.Gate(url, key=cms.key.text)
    question = {"channel": "website", "title": TITLE, "html": HTML}
    assert gate.check("news-1", **question).code == "not_reviewed"
    attached = [("名单.txt", "甲班、乙班".encode())]
    made = submit(gate, attachments=attached, request_id="r-1")
    again = submit(gate, attachments=attached, request_id="r-1")
    assert (made.stage, made.case) == ("scanning", again.case)
    assert made.findings is None
    clear(college, made.case)
    assert gate.submission("news-1").findings == (0, 0, 0, 0, 0, ())
    answer = gate.check("news-1", **question, attachments=attached)
    assert answer.allowed
    assert answer.clearance.count(".") == 2
    assert gate.check(case=made.case, **question, attachments=attached).allowed
    changed = gate.check("news-1", **question)
    assert (changed.allowed, changed.code) == (False, "attachment")
    assert changed.changes
    told = gate.published(
        "news-1",
        channel="website",
        address="https://news.example.edu.cn/1",
        at=college.site.clock.at,
    )
    assert told.stage == "published"
    assert gate.submission("news-1").stage == "published"


def test_the_client_reads_what_was_found(
    client: ModuleType, college: College, cms: Cms, url: str
) -> None:
    gate = client.Gate(url, key=cms.key.text)
    made = submit(gate, html=page(f"{TEXT}联系人手机13800000001\n").decode())
    college.site.scan(made.case)
    found = gate.submission("news-1").findings
    assert found.block + found.review + found.notice == len(found.lines) > 0
    assert "正文第3段" in found.lines[0]
    assert client._findings(None) is None
    for broken in ({}, {"block": "x"}, [1]):
        with pytest.raises((KeyError, TypeError, ValueError)):
            client._findings(broken)


def test_whatever_goes_wrong_is_no_yes(client: ModuleType, cms: Cms, url: str) -> None:
    question = {"channel": "website", "title": TITLE, "html": HTML}
    wrong = client.Gate(url, key=f"xs_{cms.key.id}_{'0' * 64}")
    answer = wrong.check("news-1", **question)
    assert (answer.allowed, answer.code) == (False, "site_refused")
    nobody = client.Gate("http://127.0.0.1:9", key=cms.key.text, timeout=1)
    assert not nobody.check("news-1", **question).allowed
    bad = client.Gate(url, key=cms.key.text).check(
        "news-1", **{**question, "channel": "x"}
    )
    assert (bad.allowed, bad.code) == (False, "invalid")
    with pytest.raises(client.GateError, match="送审"):
        client.Gate(url, key=cms.key.text).submission("news-9")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"allowed": "true", "clearance": "a.b.c"},
        {"allowed": True},
        {"allowed": True, "clearance": ""},
        {"allowed": 1, "clearance": "a.b.c"},
    ],
)
def test_half_an_answer_is_no_yes(client: ModuleType, said: dict[str, Any]) -> None:
    assert not client._answer(said).allowed


def test_a_key_is_not_sent_in_the_clear(client: ModuleType, cms: Cms) -> None:
    with pytest.raises(ValueError, match="https"):
        client.Gate("http://review.example.edu.cn", key=cms.key.text)
    with pytest.raises(ValueError, match="xs_"):
        client.Gate("https://review.example.edu.cn", key="secret")


def test_a_webhook_is_taken_once_and_only_if_genuine(client: ModuleType) -> None:
    body = json.dumps({"id": "2026-000001-v6", "event": "case.cleared"}).encode()
    secret, now = "xswh_1", 1_800_000_000
    signed = signature(body, secret=secret.encode(), timestamp=now)
    seen: set[str] = set()

    def take(body: bytes = body, signed: str | None = signed, at: int = now) -> Any:
        return client.verify_webhook(body, signed, secret=secret, seen=seen, now=at)

    for forged in (
        lambda: take(body=body + b" "),
        lambda: take(signed=None),
        lambda: take(signed=signed[:-1] + "0" * (signed[-1] != "0")),
        lambda: take(at=now + 301),
        lambda: take(at=now - 301),
        lambda: take(signed=signed.replace(str(now), str(now + 1))),
    ):
        with pytest.raises(client.WebhookError):
            forged()
    assert take()["event"] == "case.cleared"
    with pytest.raises(client.WebhookError, match="收过"):
        take()


def test_a_script_asks_by_the_command(
    college: College, cms: Cms, url: str, tmp_path: Path
) -> None:
    made = cms.submit(HTML.encode())
    college.site.conclude(made.number)
    college.site.sign(made.number)
    file, key = tmp_path / "page.html", tmp_path / "site.key"
    file.write_text(HTML, "utf-8")
    key.write_text(f"{cms.key.text}\n", "ascii")

    def run(*more: str) -> tuple[int, str]:
        command = [str(_XIANSHEN), "gate", "check", str(file), "--title", TITLE]
        command += ["--channel", "网站", "--id", "news-1", *more]
        environ = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        environ["XIANSHEN_SITE_KEY"] = cms.key.text
        done = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, check=False, env=environ, text=True
        )
        return done.returncode, done.stdout + done.stderr

    code, said = run("--url", url)
    assert (code, "可以发布" in said) == (0, True), said
    file.write_text(HTML.replace("十二", "十三"), "utf-8")
    code, said = run("--url", url, "--key-file", str(key))
    assert (code, "不能发布（changed）" in said, "十三" in said) == (1, True, True), (
        said
    )
    code, said = run("--url", "http://127.0.0.1:9")
    assert (code, "不能发布" in said) == (3, True), said
    code, said = run("--url", "http://review.example.edu.cn")
    assert (code, "https" in said) == (2, True), said
