"""Traces and metrics of the unit's processes: imported only where OBSERVE is 1.

Endpoint and sampler of the traces are chosen by OpenTelemetry's own variables, such as
OTEL_EXPORTER_OTLP_ENDPOINT, which its SDK reads itself.
"""

from importlib import import_module

from recognition.bootstrap import settings
from recognition.observability import functions, metric_files, tasks, tracing


def begin(process: str) -> None:
    """Begin in this process, a `process` of the Procfile. Call once, with all imported."""
    tracing.export_begin(f"recognition-{process}")
    functions.trace_functions()
    tasks.trace_tasks()
    if settings().metrics_port:
        if process == "worker":  # it forks
            metric_files.files_begin()
        import_module("recognition.observability.measured").begin(process)
