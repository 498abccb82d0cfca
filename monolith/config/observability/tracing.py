"""The tracer of the process, the exporter of its spans, and functions that are spans."""

import functools
from collections.abc import Callable
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

tracer = trace.get_tracer(__name__)  # without effect until `export_begin` has been called


def export_begin(name: str) -> None:
    """Export the spans of this process, and of children that it forks, as those of a service.

    OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, where they are set, come before `name`.
    """
    own = Resource({"service.name": name})
    provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def export_end() -> None:
    """Export what is left, before a process ends that calls no exit handlers."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush()


def is_traced() -> bool:
    """Return whether the caller is part of a trace; what a process does by itself isn't."""
    return trace.get_current_span().is_recording()


def trace_function(holder: Any, name: str, span: str) -> None:
    """Replace an attribute of a module or a class by a function that calls it in a span."""
    setattr(holder, name, _traced(getattr(holder, name), span))


def _traced(function: Callable[..., Any], span: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> Any:
        if not is_traced():
            return function(*args, **kwargs)
        with tracer.start_as_current_span(span):
            return function(*args, **kwargs)

    return traced
