"""Whether the process lives, and whether it can serve."""

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
    """Touches nothing: a restart wouldn't heal a part that is away."""
    return JsonResponse({"status": "ok"})


@_read_only
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """503 and the part's name if DynamoDB doesn't respond, within 2 s.

    The cache may be away: sign-in goes on.
    """
    parts = states(_checks())
    ready = set(parts.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "parts": parts}, status=200 if ready else 503
    )


@cache
def _checks() -> dict[str, Check]:
    return {"dynamodb": Check(table_check, failures=(Unavailable,))}
