"""`xianshen queue`: the embedded queue alone, where something else starts the rest."""

import signal
import threading
from types import FrameType
from typing import Final

from review.errors import QueueError, UsageError
from review.queue.embedded import EmbeddedServer
from review.settings import load_settings

_LOOK: Final = 2.0  # seconds between two questions whether it answers


def queue() -> None:
    """只启动内置的任务队列：网站和后台进程由 systemd 分别管理时用。"""
    settings = load_settings()
    if settings.redis_url is not None:
        raise UsageError(
            "已经设了 redis_url，用不着内置的队列；请停用 xianshen-queue，或删去那项设置。"
        )
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server = EmbeddedServer(settings.data_dir)
    try:
        server.start()
        if server.pid is None:
            raise UsageError(
                "内置的任务队列已由别的程序启动（可能是 xianshen serve），请先停掉它。"
            )
        while not told.wait(_LOOK):
            if not server.is_running():
                raise QueueError("内置的任务队列停了，由管理服务的程序重新启动它。")
    finally:
        server.stop()
