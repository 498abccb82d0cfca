"""Which metrics each process has: the web process those of its requests."""

from django.conf import settings

from config.observability import metrics


def begin(process: str) -> None:  # noqa: ARG001 - as in the other units
    """Serve the metrics on METRICS_PORT."""
    metrics.serve(host=settings.METRICS_HOST, port=settings.METRICS_PORT)
