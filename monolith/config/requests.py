"""The request id in logs and messages."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestMiddleware:
    """Takes X-Request-Id from the edge or creates one, logs with it and returns it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Respond with the id in X-Request-Id."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")  # `headers` would parse all of them
        request_id = given if _ACCEPTED.fullmatch(given) else str(uuid4())
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        response["X-Content-Type-Options"] = "nosniff"
        return response
