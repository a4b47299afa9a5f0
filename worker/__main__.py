"""`python -m worker`: does the background work until it is told to stop."""

import argparse
import sys

from review.bootstrap import (
    lane_seconds,
    open_installation,
    queue_url,
    webhook_sender,
)
from review.errors import XianshenError
from review.logs import configure_logs
from review.queue.timings import ScanTimings
from review.settings import Settings, load_settings
from worker.apart import Limits
from worker.jobs import Bench
from worker.pool import Parts, Pool, own_folder
from worker.processes import this_place

_MB = 1024 * 1024


def main() -> None:
    """Open the installation and work for it; say in Chinese why it can't."""
    wanted = _arguments()
    configure_logs()
    try:
        settings = load_settings()
        work(settings, count=wanted.count or settings.workers, burst=wanted.burst)
    except XianshenError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - nobody else hears it
        sys.exit(2)


def work(settings: Settings, *, count: int, burst: bool) -> None:
    """Run the workers of this machine.

    Raises:
        XianshenError: The installation, or in a burst the queue, is out of reach.
    """
    place = this_place()
    with open_installation(settings, via="worker") as installation:
        bench = Bench(
            desk=installation.desk,
            machine=installation.machine.prepare,
            board=installation.board,
            witnessed=installation.witness.along,
            sender=webhook_sender(settings),
            limits=Limits(
                seconds=settings.scan_file_seconds,
                memory=settings.scan_file_memory_mb * _MB,
                helpers=_MB
                * max(
                    settings.read_memory_mb,
                    settings.convert_memory_mb,
                    settings.picture_memory_mb,
                ),
            ),
            seconds={
                "quick": settings.scan_quick_seconds,
                "bulk": settings.scan_round_seconds,
                "out": lane_seconds(settings)["out"],
            },
            place=place,
            timings=ScanTimings(queue_url(settings)),
        )
        parts = Parts(
            bench=bench,
            machine=installation.machine,
            queue=installation.queue,
            queue_url=queue_url(settings),
            folder=own_folder(settings.data_dir / "run" / "work", place),
            release=installation.release,
        )
        pool = Pool(parts, count)
        pool.run_burst() if burst else pool.run()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="xianshen worker", description="后台任务")
    parser.add_argument("--count", type=int, default=None, help="同时检查几件稿件")
    parser.add_argument("--burst", action="store_true", help="做完现有的就结束")
    return parser.parse_args()


if __name__ == "__main__":
    main()
