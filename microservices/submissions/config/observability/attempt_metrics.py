"""Metrics of attempts by their outcome, and of what is left to do."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

from django.db import Error, connection
from django.db.models import Min
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from submissions import services
from submissions.messages import waiting_count
from submissions.models import OutboxMessage, State, Submission

ATTEMPTS = Counter("attempts", "Attempts whose outcome is recorded", ["outcome"])
_OUTCOMES = {
    "submission_complete": "completed",
    "submission_fail": "failed",
    "submission_postpone": "postponed",
}


def count_attempts() -> None:
    """Count the outcomes that this process and its children record."""
    for name, outcome in _OUTCOMES.items():
        setattr(services, name, _counted(getattr(services, name), outcome))


class BacklogCollector(Collector):
    """What is left to do, read from the database and the broker at each request for metrics."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what can be read now; nothing that can't."""
        try:
            yield _gauge("outbox_messages", "Attempts to be published", _outbox_depth())
            yield _gauge("queue_age_seconds", "Age of the oldest pending submission", _age())
            yield _gauge("queue_messages", "Messages that wait in the broker", waiting_count())
        except (Error, OperationalError, OSError):
            return  # without the database or the broker
        finally:
            connection.close()  # the thread ends with the request


def _outbox_depth() -> int:
    """Return how many attempts are to be published."""
    return OutboxMessage.objects.count()


def _age() -> float:
    pending = Submission.objects.filter(state=State.PENDING)
    oldest = pending.aggregate(oldest=Min("created_at"))["oldest"]
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _counted(function: Callable[..., Any], outcome: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        taken = function(*args, **kwargs)
        if taken:
            ATTEMPTS.labels(outcome).inc()
        return taken

    return counted
