"""A real queue's server for any test, on a Unix socket, flushed between tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from review.queue.connection import connect
from review.queue.embedded import EmbeddedServer


@pytest.fixture(scope="session")
def queue_server() -> Iterator[EmbeddedServer]:
    with tempfile.TemporaryDirectory(prefix="xianshen-q-") as folder:
        server = EmbeddedServer(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def queue_url(queue_server: EmbeddedServer) -> Iterator[str]:
    yield queue_server.url
    flushed(queue_server.url)


@pytest.fixture
def redis_there(queue_url: str) -> Iterator[redis.Redis]:
    connection = connect(queue_url)
    yield connection
    connection.close()


def flushed(url: str) -> None:
    """Let the server forget everything."""
    connection = connect(url)
    connection.flushall()
    connection.close()
