"""Traces of the unit's processes by OpenTelemetry: imported only where OBSERVE is 1.

The exporter, its endpoint and the sampler are chosen by the standard's variables, such as
OTEL_EXPORTER_OTLP_ENDPOINT, which the SDK reads itself.
"""

from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from config.observability import database, functions, tasks, tracing


def begin(process: str) -> None:
    """Trace this process; `process` is its type in the Procfile. Call once, with all imported."""
    tracing.export_begin(f"submissions-{process}")
    functions.trace_functions()
    database.trace_statements()
    tasks.trace_tasks()
    HTTPXClientInstrumentor().instrument()  # the accounts service continues the trace
