"""Submissions over HTTP."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from recognition.selectors import image_get, image_url_sign, result_get
from submissions import inputs, selectors, services
from submissions.connections import connection_release
from submissions.errors import ImageNotReady, RecognitionFailed, ResultNotReady
from submissions.inputs import account_of
from submissions.long_poll import WAIT_MAX_SECONDS
from submissions.models import State
from submissions.pagination import cursor_decode, cursor_encode
from submissions.problems import problems
from submissions.schemas import (
    NewSubmissionByAddress,
    NewSubmissionByUpload,
    ResultSchema,
    SubmissionPageSchema,
    SubmissionSchema,
    submission_document,
)

_ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_LIMIT_MAX, _LIMIT_DEFAULT = 100, 20
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class SubmissionsApi(APIView):
    """All of the caller's submissions."""

    http_method_names = ["get", "head", "post"]

    @extend_schema(
        operation_id="createSubmission",
        tags=["submissions"],
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        request={
            "application/json": NewSubmissionByAddress,
            "multipart/form-data": NewSubmissionByUpload,
        },
        responses={
            202: SubmissionSchema,
            **problems(400, 401, 406, 409, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Submit an image, by URL or as an upload."""
        created = services.submission_create(
            account_id=account_of(request),
            idempotency_key=inputs.idempotency_key_read(request),
            image=inputs.image_read(request),
        )
        headers = {"Location": f"/api/v1/submissions/{created.document['id']}", "Retry-After": "1"}
        if created.replayed:
            headers["Idempotent-Replayed"] = "true"
        return _json(created.document, status=202, headers=headers)

    @extend_schema(
        operation_id="listSubmissions",
        tags=["submissions"],
        parameters=[
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": _LIMIT_MAX, "default": 20}
            ),
            OpenApiParameter("cursor", str),
        ],
        responses={200: SubmissionPageSchema, **problems(401, 406, 422, 503)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List the caller's submissions, newest first."""
        limit = inputs.number_read(
            request, "limit", least=1, most=_LIMIT_MAX, default=_LIMIT_DEFAULT
        )
        cursor = request.query_params.get("cursor")
        page = selectors.submission_page(
            account_id=account_of(request),
            limit=limit,
            before=None if cursor is None else cursor_decode(cursor),
        )
        return _json(
            {
                "items": [submission_document(submission) for submission in page.items],
                "next_cursor": cursor_encode(page.items[-1].id) if page.has_more else None,
            }
        )


class SubmissionApi(APIView):
    """One submission."""

    http_method_names = ["get", "head", "delete"]

    @extend_schema(
        operation_id="getSubmission",
        tags=["submissions"],
        parameters=[
            _ID,
            OpenApiParameter(
                "wait",
                {"type": "integer", "minimum": 0, "maximum": WAIT_MAX_SECONDS, "default": 0},
            ),
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
        ],
        responses={200: SubmissionSchema, 304: None, **problems(401, 404, 406, 422, 503)},
    )
    def get(self, request: Request, id: str) -> HttpResponse:  # noqa: A002 - the contract's name
        """Return a submission; with `wait`, as soon as it is final."""
        # The gateway has delayed the request already (config.gateway): `wait` is only validated.
        inputs.number_read(request, "wait", least=0, most=WAIT_MAX_SECONDS, default=0)
        submission = selectors.submission_get(account_id=account_of(request), submission_id=id)
        response = _json(submission_document(submission))
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if _matches(request, etag):
            response = HttpResponse(status=304)
            del response["Content-Type"]
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response

    @extend_schema(
        operation_id="deleteSubmission",
        tags=["submissions"],
        parameters=[_ID],
        responses={204: None, **problems(401, 404, 406, 503)},
    )
    def delete(self, request: Request, id: str) -> HttpResponse:  # noqa: A002
        """Delete a submission, its image and its result."""
        services.submission_delete(account_id=account_of(request), submission_id=id)
        response = HttpResponse(status=204)
        del response["Content-Type"]
        return response


class SubmissionResultApi(APIView):
    """The result of a submission."""

    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="getSubmissionResult",
        tags=["submissions"],
        parameters=[_ID],
        responses={200: ResultSchema, **problems(401, 404, 406, 409, 503)},
    )
    def get(self, request: Request, id: str) -> HttpResponse:  # noqa: A002
        """Return the faces that were found."""
        submission = selectors.submission_get(account_id=account_of(request), submission_id=id)
        if submission.state == State.FAILED:
            raise RecognitionFailed
        if submission.state != State.SUCCEEDED:
            raise ResultNotReady
        connection_release()
        return HttpResponse(
            result_get(submission_id=submission.id), content_type="application/json"
        )


class AnyAccepted(BaseContentNegotiation):
    """Ignore the Accept header: the image exists in one media type only."""

    def select_parser(self, request: Request, parsers: Any) -> Any:  # noqa: ARG002 - DRF's
        """Return the first parser."""
        return parsers[0]

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 - DRF's signature
        renderers: Any,
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> Any:
        """Return the first renderer, which renders errors."""
        return renderers[0], renderers[0].media_type


class SubmissionImageApi(APIView):
    """A submission's image, as it is stored."""

    http_method_names = ["get", "head"]
    content_negotiation_class = AnyAccepted

    @extend_schema(
        operation_id="getSubmissionImage",
        tags=["submissions"],
        parameters=[_ID],
        responses={
            **{
                (200, media_type): OpenApiTypes.BINARY
                for media_type in ("image/jpeg", "image/png", "image/webp", "image/gif")
            },
            302: None,
            **problems(401, 404, 409, 503),
        },
    )
    def get(
        self,
        request: Request,
        id: str,  # noqa: A002
    ) -> HttpResponse | StreamingHttpResponse:
        """Return the stored image, or redirect to it."""
        submission = selectors.submission_get(account_id=account_of(request), submission_id=id)
        if submission.state != State.SUCCEEDED:
            raise ImageNotReady(may_come=not submission.is_final)
        connection_release()
        if settings.IMAGES_FROM == "store":
            return _redirection(image_url_sign(submission_id=submission.id))
        image = image_get(submission_id=submission.id)
        return (HttpResponse if image.is_whole else StreamingHttpResponse)(
            image,
            content_type=image.media_type,
            headers={
                "Content-Length": str(image.size_bytes),
                "Content-Disposition": "inline",
                "Cache-Control": "private, max-age=86400, immutable",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _redirection(location: str) -> HttpResponse:
    """Redirect to a signed URL. Caches keep it as long as half of the URL's life is left."""
    response = HttpResponse(status=302)
    del response["Content-Type"]
    response["Location"] = location
    response["Cache-Control"] = f"private, max-age={settings.IMAGE_URL_SECONDS // 2}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _json(
    document: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    body = _encoder.encode(document).encode()
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def _matches(request: Request, etag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110, 13.1.2): the edge may have weakened our tag."""
    given = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return "*" in given or any(tag.removeprefix("W/") == etag for tag in given)
