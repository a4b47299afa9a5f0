"""Notices that did not reach their sites, on the command line."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import regex

from review.bootstrap import open_installation
from review.ports.gate import Delivery
from review.settings import Settings
from tests.command import Command

_AS = ("--as", "system")
_WHEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_BODY = '{"event":"case.cleared","external_id":"news-1"}'
_WAITING = Delivery(
    id="2026-000001-v5",
    site="site-news",
    case="2026-000001",
    sequence=5,
    event="case.cleared",
    url="https://cms.yunshan.example/hooks?token=t0ken",
    body=_BODY,
    created_at=_WHEN,
    due_at=datetime(2126, 11, 23, 1, 30, tzinfo=UTC),
    attempts=3,
    error="对方回答 503，没有收下，将自动重试。",
)
_GIVEN_UP = replace(
    _WAITING,
    id="2026-000002-v4",
    case="2026-000002",
    sequence=4,
    event="case.refused",
    state="failed",
    attempts=18,
    error="对方没有应答（ConnectTimeout），将自动重试。",
    ended_at=_WHEN,
)
_DELIVERED = replace(
    _WAITING, id="2026-000003-v6", case="2026-000003", state="delivered", error=None
)

# Each run loads the program anew, which takes a second or more.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str]]:
    """Return what runs `xianshen deliveries` where three notices are on record."""
    home = tmp_path_factory.mktemp("office")

    command = Command(home / "data")

    def running(*arguments: str) -> tuple[int, str]:
        done = command.run(*arguments)
        return done.code, done.out + done.err

    assert running("db", "upgrade")[0] == 0
    for person, post in (("system", "系统管理员"), ("audit", "审计员")):
        code, said = running(
            *("users", "found", person, "--name", "周系统", "--post", post),
            *("--from", "2026-01-01", "--until", "2099-12-31", "--ground", "1号"),
        )
        assert code == 0, said
    code, said = running("deliveries", "list", *_AS)
    assert (code, "没有" in said) == (0, True), said
    settings = Settings(data_dir=home / "data")
    with (
        open_installation(settings, via="test") as opened,
        opened.desk.store.writing() as work,
    ):
        for one in (_WAITING, _GIVEN_UP, _DELIVERED):
            work.gate.add_delivery(one)
    return lambda *arguments: running("deliveries", *arguments)


def test_what_was_not_delivered_is_listed_without_its_text(
    run: Callable[..., tuple[int, str]],
) -> None:
    code, said = run("list", "--as", "audit")
    assert code == 0, said
    waiting, given_up = (
        next(line for line in said.splitlines() if one.id in line)
        for one in (_WAITING, _GIVEN_UP)
    )
    for cell in ("site-news", "case.cleared", " 3 ", "2126-11-23 09:30", "503"):
        assert cell in waiting, waiting
    for cell in ("site-news", "case.refused", " 18 ", "已停止", "ConnectTimeout"):
        assert cell in given_up, given_up
    for absent in (_DELIVERED.id, "t0ken", "news-1", "external_id"):
        assert absent not in said
    code, said = run("list", "--failed", *_AS)
    assert (code, _GIVEN_UP.id in said, _WAITING.id in said) == (0, True, False), said


def test_one_that_was_given_up_is_tried_again(
    run: Callable[..., tuple[int, str]],
) -> None:
    code, said = run("retry", _GIVEN_UP.id, "--as", "audit")
    assert (code, "只能由系统管理员办理" in said) == (2, True), said
    code, said = run("retry", _GIVEN_UP.id, *_AS)
    assert (code, said) == (0, f"{_GIVEN_UP.id}  已重新排队，由后台进程再送\n")
    code, said = run("list", *_AS)
    again = next(line for line in said.splitlines() if _GIVEN_UP.id in line)
    assert regex.search(r"│ +0 +│", again), again
    assert "已停止" not in again


def test_what_can_not_be_tried_again_is_said_in_a_line(
    run: Callable[..., tuple[int, str]],
) -> None:
    for name, message in ((_DELIVERED.id, "已经送达"), ("2026-999999-v1", "没有这条")):
        code, said = run("retry", name, *_AS)
        assert (code, message in said) == (2, True), said
        assert len(said.strip().splitlines()) == 1
