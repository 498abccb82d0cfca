"""The id that a request carries through logs and services."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase

_DRAIN_MAX_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestMiddleware:
    """Takes X-Request-Id from the edge, or makes one; logs with it and gives it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers with the id in X-Request-Id."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _ACCEPTED.fullmatch(given) else str(uuid4())
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            _drain(request)
        response["X-Request-Id"] = request_id
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _drain(request: HttpRequest) -> None:
    """Reads what a view has left of a body that it refused.

    Otherwise the server cuts the connection, on which the edge may be sending the next request.
    """
    left_bytes = _DRAIN_MAX_BYTES
    try:
        while left_bytes > 0 and (piece := request.read(_PIECE_BYTES)):
            left_bytes -= len(piece)
    except UnreadablePostError:
        return
