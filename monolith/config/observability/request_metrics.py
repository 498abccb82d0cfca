"""Metrics of HTTP requests, by route and status."""

import time
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from config.bridge import Scope, Send
from config.observability.requests import route_of

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})

REQUESTS = Counter("http_requests", "Requests, by response", ["method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds", "Until the response is sent", ["method", "route"], buckets=_SECONDS
)
IN_PROGRESS = Gauge("http_requests_in_progress", "Requests without a whole response")


def measure_requests(application: Any) -> Any:
    """Return the ASGI application with metrics of each request.

    A client that disconnects before it has a response counts with status 0.
    """

    async def measured(scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        status, begun = 0, time.perf_counter()

        async def sent(event: dict[str, Any]) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
            await send(event)

        IN_PROGRESS.inc()
        try:
            await application(scope, receive, sent)
        finally:
            IN_PROGRESS.dec()
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = route_of(scope["path"])
            REQUESTS.labels(method, route, status).inc()
            SECONDS.labels(method, route).observe(time.perf_counter() - begun)

    return measured
