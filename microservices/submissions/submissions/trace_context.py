"""The trace of a submission, from the request to the process that publishes its attempts.

A row keeps the W3C `traceparent` until then. Without OBSERVE there is none, and nothing of
OpenTelemetry is imported.
"""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module

from django.conf import settings


def traceparent_current() -> str | None:
    """Return the `traceparent` of what the caller does; None outside of a trace."""
    if not settings.OBSERVE:
        return None
    sent: dict[str, str] = {}
    import_module("opentelemetry.propagate").inject(sent)
    return sent.get("traceparent")


def trace_continued(traceparent: str | None) -> AbstractContextManager[object]:
    """Make what the caller does in the block part of a trace; without one, change nothing."""
    if not settings.OBSERVE or traceparent is None:
        return nullcontext()
    trace = import_module("opentelemetry.trace")
    found = import_module("opentelemetry.propagate").extract({"traceparent": traceparent})
    span = trace.get_current_span(found)
    continued: AbstractContextManager[object] = trace.use_span(span)
    return continued
