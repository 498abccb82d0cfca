"""Liveness and readiness of the process."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.errors import Unavailable
from accounts.table import table_check
from config.checks import Check, states
from config.problems import problem

_METHODS = ("GET", "HEAD")
_View = Callable[[HttpRequest], HttpResponse]


def _read_only(view: _View) -> _View:
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method in _METHODS:
            return view(request)
        allow = {"Allow": ", ".join(_METHODS)}
        return problem(status=405, code="method-not-allowed", headers=allow)

    return guarded


@_read_only
def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Respond without a check: a restart can't repair a backing service."""
    return JsonResponse({"status": "ok"})


@_read_only
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Respond with the state of DynamoDB, and 503 if it is unavailable, within 2 s.

    The cache is not checked: sign-in works without it.
    """
    parts = states(_checks())
    ready = set(parts.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "parts": parts}, status=200 if ready else 503
    )


@cache
def _checks() -> dict[str, Check]:
    return {"dynamodb": Check(table_check, failures=(Unavailable,))}
