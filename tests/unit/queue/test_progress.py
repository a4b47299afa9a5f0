"""How far a case is: said, shown, heard."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from review.queue.connection import url_of
from review.queue.progress import Progress, ProgressBoard

_READING = Progress(stage="reading", file=2, files=3, page=7, pages=500)
_DONE = Progress(stage="done")


@pytest.fixture
def board(queue_url: str) -> Iterator[ProgressBoard]:
    board = ProgressBoard(queue_url)
    yield board
    board.close()


def test_nothing_is_known_of_another_case(board: ProgressBoard) -> None:
    board.say("2026-000001", _READING)
    assert board.last("2026-000001") == _READING
    assert board.last("2026-000002") is None


def test_it_is_forgotten_by_itself(
    board: ProgressBoard, redis_there: redis.Redis
) -> None:
    board.say("2026-000001", _READING)
    left = redis_there.ttl("xianshen:progress:2026-000001")
    assert isinstance(left, int)
    assert 0 < left <= 3600


def test_a_listener_hears_what_is_known_and_then_what_is_said(
    board: ProgressBoard,
) -> None:
    async def hear() -> list[Progress | None]:
        heard: list[Progress | None] = []
        async for one in board.listen("2026-000001"):
            heard.append(one)
            if one == _READING:
                board.say("2026-000002", _DONE)
                board.say("2026-000001", _DONE)
        return heard

    board.say("2026-000001", _READING)
    assert asyncio.run(hear()) == [_READING, _DONE]


def test_a_case_that_is_done_is_told_at_once(board: ProgressBoard) -> None:
    async def hear() -> list[Progress | None]:
        return [one async for one in board.listen("2026-000001")]

    board.say("2026-000001", _DONE)
    assert asyncio.run(hear()) == [_DONE]


def test_a_server_out_of_reach_stops_nobody(tmp_path: Path) -> None:
    board = ProgressBoard(url_of(tmp_path / "no.sock"))

    async def hear() -> list[Progress | None]:
        return [one async for one in board.listen("2026-000001")]

    board.say("2026-000001", _READING)
    assert board.last("2026-000001") is None
    assert asyncio.run(hear()) == []
