"""Whether the process lives, and whether it can serve."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.errors import Unavailable
from accounts.table import table_check
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
    """503 and the part's name if DynamoDB can't be read. The cache may be away: sign-in goes on."""
    try:
        table_check()
    except Unavailable:
        parts = {"dynamodb": "unavailable"}
        return JsonResponse({"status": "unavailable", "parts": parts}, status=503)
    return JsonResponse({"status": "ok", "parts": {"dynamodb": "ok"}})
