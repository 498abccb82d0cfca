"""Traces and metrics of the unit's processes: imported only where OBSERVE is 1.

Endpoint and sampler of the traces are chosen by OpenTelemetry's own variables, such as
OTEL_EXPORTER_OTLP_ENDPOINT, which its SDK reads itself.
"""

from importlib import import_module

from django.conf import settings
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from config.observability import database, functions, tasks, tracing


def begin(process: str) -> None:
    """Begin in this process, a `process` of the Procfile. Call once, with all imported."""
    tracing.export_begin(f"submissions-{process}")
    functions.trace_functions()
    database.trace_statements()
    tasks.trace_tasks()
    HTTPXClientInstrumentor().instrument()  # the accounts service continues the trace
    if settings.METRICS_PORT:
        import_module("config.observability.measured").begin(process)
