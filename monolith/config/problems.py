"""Every error as RFC 9457 problem details."""

import logging
from typing import Any, Protocol, runtime_checkable

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions

logger = logging.getLogger(__name__)

_CODES: tuple[tuple[type[Exception], int, str], ...] = (
    (exceptions.ValidationError, 422, "invalid"),
    (exceptions.ParseError, 400, "malformed"),
    (RecursionError, 400, "malformed"),
    (SuspiciousOperation, 400, "malformed"),
    (UnreadablePostError, 400, "malformed"),
    (exceptions.AuthenticationFailed, 401, "unauthenticated"),
    (exceptions.NotAuthenticated, 401, "unauthenticated"),
    (Http404, 404, "not-found"),
    (exceptions.NotFound, 404, "not-found"),
    (exceptions.MethodNotAllowed, 405, "method-not-allowed"),
    (exceptions.NotAcceptable, 406, "not-acceptable"),
    (exceptions.UnsupportedMediaType, 415, "unsupported-media-type"),
    (OperationalError, 503, "unavailable"),
    (InterfaceError, 503, "unavailable"),
    (InternalError, 503, "unavailable"),
)
_TEXTS = {
    "invalid": ("Invalid", "The request has fields that can't be taken."),
    "malformed": ("Malformed", "The request can't be read."),
    "unauthenticated": ("Unauthenticated", "A valid bearer token is needed."),
    "not-found": ("Not found", "There is nothing here."),
    "method-not-allowed": ("Method not allowed", "This can't be done here."),
    "not-acceptable": ("Not acceptable", "None of the accepted media types can be given."),
    "unsupported-media-type": (
        "Unsupported media type",
        "The request's media type isn't taken here.",
    ),
    "unavailable": ("Unavailable", "This can't be done right now. Try again shortly."),
    "internal": ("Internal error", "Something went wrong here. It has been noted."),
}


@runtime_checkable
class AppError(Protocol):
    """An app's own error. A protocol, so that the apps' error trees need no common base class."""

    code: str
    status: int
    title: str
    retryable: bool
    detail: str
    errors: dict[str, list[str]] | None
    headers: dict[str, str]


def problem(
    *,
    status: int,
    code: str,
    title: str | None = None,
    detail: str | None = None,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return an application/problem+json response."""
    usual_title, usual_detail = _TEXTS.get(code, ("", ""))
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title or usual_title,
        "status": status,
        "detail": detail or usual_detail,
        "code": code,
    }
    if errors is not None:
        body["errors"] = errors
    return JsonResponse(
        body, status=status, content_type="application/problem+json", headers=headers
    )


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Convert an error of a view into a response; None, which becomes a 500, if it is unknown."""
    if isinstance(error, AppError):
        return problem(
            status=error.status,
            code=error.code,
            title=error.title,
            detail=error.detail,
            errors=error.errors,
            headers=error.headers,
        )
    for kind, status, code in _CODES:
        if isinstance(error, kind):
            return problem(
                status=status,
                code=code,
                errors=_field_errors(error),
                headers=_headers(error, context),
            )
    return None


def _field_errors(error: Exception) -> dict[str, list[str]] | None:
    if not isinstance(error, exceptions.ValidationError):
        return None
    detail = error.detail
    fields = detail if isinstance(detail, dict) else {"non_field_errors": detail}
    return {str(name): [str(text) for text in texts] for name, texts in fields.items()}


def _headers(error: Exception, context: dict[str, Any]) -> dict[str, str]:
    headers = {}
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        logger.warning("the database is unavailable: %s", error)
        headers["Retry-After"] = "1"
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        headers["WWW-Authenticate"] = getattr(error, "auth_header", "Bearer")
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return headers


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    """Respond to an unknown path."""
    return problem(status=404, code="not-found")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    """Respond to a request that Django itself refuses."""
    return problem(status=400, code="malformed")


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Respond to an unexpected error, which Django has logged."""
    return problem(status=500, code="internal")
