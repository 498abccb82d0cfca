"""Which metrics each process has."""

from collections.abc import Mapping

from django.conf import settings
from prometheus_client.registry import Collector

from config.observability import metrics
from config.observability.attempt_metrics import BacklogCollector, count_attempts
from config.observability.message_metrics import measure_messages
from config.observability.pool_metrics import PoolCollector

_COLLECTORS: Mapping[str, type[Collector]] = {
    "web": PoolCollector,
    "sweeper": BacklogCollector,
}


def begin(process: str) -> None:
    """Measure what this process does, and serve it on METRICS_PORT."""
    measure_messages()
    count_attempts()
    metrics.serve(
        host=settings.METRICS_HOST,
        port=settings.METRICS_PORT,
        collectors=[_COLLECTORS[process]()] if process in _COLLECTORS else [],
    )
