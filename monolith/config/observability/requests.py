"""Spans and metrics of HTTP requests, and the context of spans in Django's threads."""

import re
from importlib import import_module
from typing import Any

from django.conf import settings
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.instrumentation.threading import ThreadingInstrumentor

from config.bridge import Scope

_ID = re.compile(r"(?<=/)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?=/|$)")
_KNOWN = re.compile(
    r"/api/v1/(?:accounts?|tokens|schema|submissions(?:/\{id\}(?:/result|/image)?)?)"
    r"|/internal/submission-count|/\.well-known/jwks\.json|/livez|/readyz"
)


def route_of(path: str) -> str:
    """Return a path without its ids, and one name for all paths that the API doesn't have."""
    route = _ID.sub("{id}", path)
    return route if _KNOWN.fullmatch(route) else "other"


def observe_requests(application: Any) -> Any:
    """Return the ASGI application with traces of its requests, and metrics if they are served."""
    traced = trace_requests(application)
    if not settings.METRICS_PORT:
        return traced
    metrics = import_module("config.observability.request_metrics")
    return metrics.measure_requests(traced)


def trace_requests(application: Any) -> Any:
    """Return the ASGI application with a span for each request but those for health checks.

    A client's `traceparent` is continued.
    """
    ThreadingInstrumentor().instrument()
    return OpenTelemetryMiddleware(
        application,
        excluded_urls="livez,readyz",
        default_span_details=_span_details,
        exclude_spans=["receive", "send"],
    )


def _span_details(scope: Scope) -> tuple[str, dict[str, Any]]:
    route = route_of(scope["path"])
    return f"{scope['method']} {route}", {"http.route": route}
