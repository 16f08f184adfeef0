"""Figures for Prometheus, added up over all web processes.

gunicorn's settings name the folder in which the processes keep their counts (PROMETHEUS_MULTIPROC_DIR).
Without it, a process shows only its own. What the site's health says is added as gauges when the figures are
asked for.
"""

import os
from collections.abc import Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = {"GET", "HEAD", "POST"}

disable_created_metrics()  # type: ignore[no-untyped-call]
_own = CollectorRegistry()
_requests = Counter(
    "imr_requests",
    "Requests answered, by view, method and status",
    ("view", "method", "status"),
    registry=_own,
)
_seconds = Histogram(
    "imr_request_seconds",
    "Seconds until an answer began, by view",
    ("view",),
    buckets=_BUCKETS,
    registry=_own,
)
_kept_answers = Counter(
    "imr_kept_answers", "Answers that may be kept for visitors, by result", ("result",), registry=_own
)
_sign_ins = Counter("imr_sign_ins", "Sign-ins, by result", ("result",), registry=_own)


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    _requests.labels(view, method if method in _METHODS else "other", str(status)).inc()
    _seconds.labels(view).observe(seconds)


def count_kept_answer(result: str) -> None:
    """`result`: made, kept, or unchanged for a browser that has it."""
    _kept_answers.labels(result).inc()


def count_sign_in(result: str) -> None:
    """`result`: success, failure or locked."""
    _sign_ins.labels(result).inc()


def exposition(health: Mapping[str, float]) -> bytes:
    """All figures in Prometheus' text format; `health` maps names of gauges to their values."""
    registry = _own
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_HealthFigures(health))
    return generate_latest(registry) + generate_latest(now)


class _HealthFigures(Collector):
    """What is so now. A `Gauge` would be kept for each process, also after its end."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values

    def collect(self) -> Iterator[Metric]:
        for name, value in self._values.items():
            yield GaugeMetricFamily(f"imr_{name}", f"Health: {name.replace('_', ' ')}", value)
