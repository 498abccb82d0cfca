"""Which metrics each process has: the worker those of messages."""

from recognition.bootstrap import settings
from recognition.observability import metrics
from recognition.observability.message_metrics import measure_messages


def begin(process: str) -> None:  # noqa: ARG001 - as in the other units
    """Measure what this process does, and serve it on METRICS_PORT."""
    measure_messages()
    metrics.serve(host=settings().metrics_host, port=settings().metrics_port)
