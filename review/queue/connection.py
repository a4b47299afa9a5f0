"""Where the queue is: the operator's own Redis, or the embedded one in the data folder."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from review import digests
from review.errors import QueueError

_SOCKET: Final = "valkey.sock"
# A path of a Unix socket has 108 bytes at most, its end included.
_LONGEST: Final = 100
_PATIENCE: Final = 1.0  # seconds: a request that hands in must not wait for a queue
_OTHERS: Final = 0o077


def make_run_folder(data_dir: Path) -> Path:
    """Return the folder of the embedded server's socket, made if it is not there.

    Raises:
        QueueError: Somebody else has a folder of that name.
    """
    folder = _run_folder(data_dir)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forbid_strangers(folder)
    return folder


def socket_in(data_dir: Path) -> Path:
    """Return the embedded server's socket, whether it is there or not.

    Raises:
        QueueError: Somebody else has a folder of that name.
    """
    folder = _run_folder(data_dir)
    if os.path.lexists(folder):
        _forbid_strangers(folder)
    return folder / _SOCKET


def _run_folder(data_dir: Path) -> Path:
    """Return the folder: in the data folder if its path is short enough."""
    here = data_dir / "run"
    if len(os.fsencode(here / _SOCKET)) <= _LONGEST:
        return here
    name = digests.of_bytes(os.fsencode(data_dir.resolve()))[:16]
    return Path(tempfile.gettempdir()) / f"xianshen-{os.getuid()}-{name}"


def _forbid_strangers(folder: Path) -> None:
    known = folder.lstat()
    ours = stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid()
    if not ours or known.st_mode & _OTHERS:
        raise QueueError(f"{folder} 不归本用户或别人也能进入，请删去它再启动。")


def url_of(socket: Path) -> str:
    """Return the address of a server that listens on that socket."""
    return f"unix://{socket}?db=0"


def connect(url: str) -> redis.Redis:
    """Return a connection for short questions; nothing is opened before the first.

    It gives up soon and never tries twice: whoever asks has the records.
    """
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=_PATIENCE,
        socket_timeout=_PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


def connect_patiently(url: str) -> redis.Redis:
    """Return a connection for a worker, which waits for work."""
    return redis.Redis.from_url(url, socket_connect_timeout=5)


def unreachable(error: redis.RedisError) -> QueueError:
    """Return what to tell whoever needs an answer of the queue and got none."""
    return QueueError(
        f"任务队列连不上（{type(error).__name__}）；请检查 Redis 是否在运行、"
        "redis_url 是否写对。已送审的稿件不会丢，恢复后自动继续。"
    )
