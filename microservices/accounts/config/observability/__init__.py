"""Traces of the unit's processes by OpenTelemetry: imported only where OBSERVE is 1.

The exporter, its endpoint and the sampler are chosen by the standard's variables, such as
OTEL_EXPORTER_OTLP_ENDPOINT, which the SDK reads itself.
"""

from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor

from config.observability import functions, tracing


def begin(process: str) -> None:
    """Trace this process; `process` is its type in the Procfile. Call once, with all imported."""
    tracing.export_begin(f"accounts-{process}")
    functions.trace_functions()
    URLLib3Instrumentor().instrument()  # the submissions service continues the trace
