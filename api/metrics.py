"""What is counted for the operator: requests, refusals, what waits. No names, no titles.

Each API process counts its own requests; what lies in the database and the queue is
asked when somebody looks, and is the same whichever process answers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Final, cast

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from review.errors import XianshenError
from review.ports.tasks import Lane
from review.queue.timings import Timings
from review.service.desk import Desk

_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
)
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SESSION: Final = "/api/v1/session"
_REFUSED_FROM: Final = 400


class Meters:
    """The counters of one application."""

    def __init__(self) -> None:
        """Begin at nothing, in a registry of its own."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "xianshen_http_requests",
            "Requests by method, route and status",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "xianshen_http_request_seconds",
            "Time until the answer was sent",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._gate = Counter(
            "xianshen_gate_answers",
            "Answers to sites that asked whether they may publish",
            ("code",),
            registry=self.registry,
        )
        self._sign_ins = Counter(
            "xianshen_sign_in_refusals",
            "Sign-ins that were refused, by status",
            ("status",),
            registry=self.registry,
        )

    def count_request(
        self, method: str, route: str, status: int, seconds: float
    ) -> None:
        """Count an answered request; `route` is a template."""
        name = method if method in _METHODS else "other"
        self._requests.labels(name, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if method == "POST" and route == _SESSION and status >= _REFUSED_FROM:
            self._sign_ins.labels(str(status)).inc()

    def count_gate_answer(self, code: str) -> None:
        """Count an answer of the gate: `allowed`, or the code of the refusal."""
        self._gate.labels(code).inc()

    def watch(
        self,
        desk: Desk,
        *,
        lengths: Callable[[], Mapping[Lane, int]],
        timings: Callable[[], Timings],
    ) -> None:
        """Let what lies in the database and in the queue be asked at each look."""
        self.registry.register(_Standing(desk, lengths, timings))

    def text(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self.registry)


class _Standing(Collector):
    """What is asked when somebody looks; what can't be had is left out."""

    def __init__(
        self,
        desk: Desk,
        lengths: Callable[[], Mapping[Lane, int]],
        timings: Callable[[], Timings],
    ) -> None:
        self._desk = desk
        self._lengths = lengths
        self._timings = timings

    def describe(self) -> Iterable[Metric]:
        """Say nothing before the first look: nothing is asked at the start."""
        return ()

    def collect(self) -> Iterator[Metric]:  # type: ignore[explicit-override]  # - `override` needs 3.12
        """Yield what the database and the queue say now."""
        for ask in (self._of_database, self._of_queue):
            try:
                yield from tuple(ask())
            except XianshenError:
                continue

    def _of_database(self) -> Iterator[Metric]:
        with self._desk.store.reading() as records:
            stages = records.counts(None)
            tasks = records.tasks.counts()
            last = records.last_entry()
        cases = GaugeMetricFamily("xianshen_cases", "Cases by stage", labels=("stage",))
        for stage, count in sorted(stages.items()):
            cases.add_metric((stage,), count)
        yield cases
        waiting = GaugeMetricFamily(
            "xianshen_tasks", "Tasks by lane and state", labels=("lane", "state")
        )
        for (lane, state), count in sorted(tasks.items()):
            waiting.add_metric((lane, state), count)
        yield waiting
        entries = last.index + 1 if last else 0
        yield GaugeMetricFamily(
            "xianshen_ledger_entries", "Entries of the ledger", value=entries
        )

    def _of_queue(self) -> Iterator[Metric]:
        queued = GaugeMetricFamily(
            "xianshen_queue_length", "Jobs that wait in Redis", labels=("lane",)
        )
        for lane, count in sorted(self._lengths().items()):
            queued.add_metric((lane,), count)
        yield queued
        scans = self._timings()
        yield HistogramMetricFamily(
            "xianshen_scan_seconds",
            "Time that the machine took for a round",
            buckets=[
                *((f"{edge:g}", n) for edge, n in scans.below),
                ("+Inf", scans.count),
            ],
            sum_value=scans.seconds,
        )


def meters_of(request: Request) -> Meters:
    """Return the counters of the running application."""
    return cast("Meters", request.app.state.meters)


WithMeters = Annotated[Meters, Depends(meters_of)]
