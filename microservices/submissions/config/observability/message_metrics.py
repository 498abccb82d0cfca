"""Metrics of published and handled Celery messages."""

import time
from typing import Any

from celery.signals import after_task_publish, before_task_publish, task_postrun, task_prerun
from prometheus_client import Counter, Histogram

PUBLISHED_AT = "published_at"  # a header: seconds since 1970
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_WAIT_SECONDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)

PUBLISHED = Counter("messages_published", "Messages that the broker has", ["message"])
HANDLED = Histogram("message_seconds", "Work on a message", ["message", "state"], buckets=_SECONDS)
WAITED = Histogram(
    "message_wait_seconds", "From publication to work", ["message"], buckets=_WAIT_SECONDS
)

_begun: dict[str, float] = {}


def measure_messages() -> None:
    """Measure what this process and its children publish and handle."""
    before_task_publish.connect(_send_time)
    after_task_publish.connect(_published)
    task_prerun.connect(_begin)
    task_postrun.connect(_end)


def _send_time(headers: dict[str, Any], **_: object) -> None:
    headers[PUBLISHED_AT] = time.time()


def _published(sender: str, **_: object) -> None:
    PUBLISHED.labels(sender).inc()


def _begin(task_id: str, task: Any, **_: object) -> None:
    _begun[task_id] = time.perf_counter()
    published_at = getattr(task.request, PUBLISHED_AT, None)
    if isinstance(published_at, float):
        WAITED.labels(task.name).observe(max(0.0, time.time() - published_at))


def _end(task_id: str, task: Any, state: str | None = None, **_: object) -> None:
    HANDLED.labels(task.name, state or "").observe(time.perf_counter() - _begun.pop(task_id))
