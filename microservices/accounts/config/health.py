"""Whether the process lives, and whether it can serve."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.errors import Unavailable
from accounts.table import table_check


def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Touches nothing: a restart wouldn't heal a part that is away."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """503 and the part's name if DynamoDB can't be read. The cache may be away: sign-in goes on."""
    try:
        table_check()
    except Unavailable:
        return JsonResponse(
            {"status": "unavailable", "parts": {"dynamodb": "unavailable"}}, status=503
        )
    return JsonResponse({"status": "ok", "parts": {"dynamodb": "ok"}})
