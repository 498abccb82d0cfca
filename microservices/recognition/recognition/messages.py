"""The messages: validate requests, build outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from recognition.errors import MalformedMessage
from recognition.storage import StoredImage

REQUESTED: Final = "recognition.requested"
STARTED: Final = "recognition.started"
COMPLETED: Final = "recognition.completed"
FAILED: Final = "recognition.failed"


@dataclass(frozen=True, slots=True)
class UrlSource:
    """An image to be fetched."""

    url: str


@dataclass(frozen=True, slots=True)
class Location:
    """The location of an object: an upload, an image or a result."""

    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class RecognitionRequested:
    """A requested attempt."""

    submission_id: UUID
    source: UrlSource | Location
    attempt: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message about to be published: its name and its body, ready for JSON."""

    name: Literal["recognition.started", "recognition.completed", "recognition.failed"]
    body: dict[str, Any]


def utc_now() -> str:
    """Return the current time as RFC 3339."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def read_requested(body: object) -> RecognitionRequested:
    """Return the request. Ignores unknown fields. Raises MalformedMessage."""
    try:
        fields = _mapping(body)
        image = _mapping(fields["image"])
        source: UrlSource | Location
        match image["kind"]:
            case "url":
                source = UrlSource(url=_string(image["url"]))
            case "upload":
                source = Location(bucket=_string(image["bucket"]), key=_string(image["key"]))
            case kind:
                message = f"unknown kind of image: {kind!r}"
                raise MalformedMessage(message)
        attempt = fields["attempt"]
        if not isinstance(attempt, int) or isinstance(attempt, bool) or attempt < 1:
            message = f"attempt must be a number from 1: {attempt!r}"
            raise MalformedMessage(message)
        return RecognitionRequested(
            submission_id=UUID(_string(fields["submission_id"])), source=source, attempt=attempt
        )
    except KeyError as error:
        message = f"field {error} is missing"
        raise MalformedMessage(message) from error
    except ValueError as error:
        message = "submission_id must be a UUID"
        raise MalformedMessage(message) from error


def started(request: RecognitionRequested) -> Outgoing:
    """Return the message that the attempt has begun."""
    return Outgoing(STARTED, _attempt_fields(request) | {"started_at": utc_now()})


def completed(
    request: RecognitionRequested,
    *,
    result: Mapping[str, Any],
    result_at: Location,
    image: StoredImage,
    image_at: Location,
) -> Outgoing:
    """Return the message with the location of the result, and a summary of it."""
    return Outgoing(
        COMPLETED,
        _attempt_fields(request)
        | {
            "result": {"bucket": result_at.bucket, "key": result_at.key},
            "image": result["image"]
            | {
                "bucket": image_at.bucket,
                "key": image_at.key,
                "bytes": len(image.data),
                "source_media_type": image.source_media_type,
                "source_bytes": image.source_bytes,
            },
            "recognizer": result["recognizer"],
            "detection_count": len(result["detections"]),
            "completed_at": utc_now(),
        },
    )


def failed(request: RecognitionRequested, *, code: str, detail: str, retryable: bool) -> Outgoing:
    """Return the message with the reason why the attempt has no result."""
    return Outgoing(
        FAILED,
        _attempt_fields(request)
        | {"code": code, "detail": detail, "retryable": retryable, "failed_at": utc_now()},
    )


def postponed(outcome: Outgoing, *, retry_after_seconds: float) -> Outgoing:
    """Return the failure message of an attempt to be made again after that time, uncounted."""
    return replace(outcome, body=outcome.body | {"retry_after_seconds": retry_after_seconds})


def _attempt_fields(request: RecognitionRequested) -> dict[str, Any]:
    return {"submission_id": str(request.submission_id), "attempt": request.attempt}


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        message = f"expected an object, not {type(value).__name__}"
        raise MalformedMessage(message)
    return value


def _string(value: object) -> str:
    if not isinstance(value, str) or not value:
        message = f"expected a non-empty string, not {value!r}"
        raise MalformedMessage(message)
    return value
