"""One attempt at one image, and the rows of its result."""

import dataclasses
import hashlib
import logging
import time
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from imaging import (
    Detection as FoundDetection,
)
from imaging import (
    ImagingError,
    NormalizedImage,
    Recognizer,
    RecognizerUnavailable,
    fetch_image,
    inspect_image,
    normalize_image,
    recognizer_from_environment,
)
from recognition import storage, stored_objects
from recognition.errors import AttemptFailed, ImagingFailed, TimedOut, UnexpectedFailure
from recognition.models import Detection, Recognition
from recognition.storage import KeptImage

logger = logging.getLogger(__name__)

_TIME_LIMIT_TOLERANCE_SECONDS = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class UrlSource:
    """An image to be fetched."""

    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class UploadSource:
    """An uploaded image in the object store."""

    bucket: str
    key: str


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The stored result, and the type and size of the source."""

    result: dict[str, Any]
    source_media_type: str
    source_bytes: int


def recognition_run(
    *,
    submission_id: UUID,
    source: UrlSource | UploadSource,
    task_started_at: float | None = None,
    time_limit_seconds: float | None = None,
) -> Outcome:
    """Get the image, find the faces, store image and result, and return what is stored.

    Changes no row. `task_started_at` is when the time limit began to run, in seconds of
    time.monotonic(); by default now. The caller enforces the limit, by default that of the
    settings. Raises AttemptFailed, whose code is one of the contract's. Any error at the time limit
    counts as timed-out: a decoder or a client may have converted the interrupt into an error of
    its own.
    """
    begun = time.monotonic() if task_started_at is None else task_started_at
    limit_seconds = time_limit_seconds or settings.TIME_LIMIT_SECONDS
    try:
        _recognizer().check_available()  # before an image is fetched
        result, stored = _recognize(submission_id, _source(source))
    except Exception as error:
        spent_seconds = time.monotonic() - begun
        if spent_seconds >= limit_seconds - _TIME_LIMIT_TOLERANCE_SECONDS:
            raise TimedOut from error
        if isinstance(error, AttemptFailed):
            raise
        if isinstance(error, ImagingError):
            failed = ImagingFailed(error.detail, code=error.code, retryable=error.retryable)
            if isinstance(error, RecognizerUnavailable):
                failed.retry_after_seconds = error.retry_after_seconds or 0.0
            raise failed from error
        logger.exception("an attempt at %s failed", submission_id)
        raise UnexpectedFailure from error
    return Outcome(
        result=result,
        source_media_type=stored.source_media_type,
        source_bytes=stored.source_bytes,
    )


def recognition_create(*, result: dict[str, Any]) -> Recognition:
    """Create the rows of a result, in the caller's transaction."""
    image, recognizer, found = result["image"], result["recognizer"], result["detections"]
    recognition = Recognition.objects.create(
        recognizer_name=recognizer["name"],
        recognizer_version=recognizer["version"],
        image_width=image["width"],
        image_height=image["height"],
        image_media_type=image["media_type"],
        image_sha256=image["sha256"],
        detection_count=len(found),
    )
    Detection.objects.bulk_create(
        Detection(
            recognition=recognition,
            label=detection["label"],
            score=detection["score"],
            **detection["box"],
        )
        for detection in found
    )
    return recognition


def recognition_delete(*, recognition_id: int) -> None:
    """Delete the rows of a recognition, in the caller's transaction."""
    Recognition.objects.filter(id=recognition_id).delete()


def objects_delete(*, submission_id: UUID) -> None:
    """Delete a submission's image and result, if there are any. Raises Unavailable."""
    stored_objects.objects_delete(submission_id=submission_id)


def recognizer_prepare() -> None:
    """Make the process's recognizer, of which its children get a copy. Raises ValueError.

    The model is loaded at the first attempt, in the process that uses it.
    """
    _recognizer()


@cache
def _recognizer() -> Recognizer:
    return recognizer_from_environment(settings.RECOGNIZER_ENVIRONMENT)


def _source(source: UrlSource | UploadSource) -> bytes:
    limits = settings.IMAGE_LIMITS
    if isinstance(source, UrlSource):
        return fetch_image(source.url, limits=limits, allow=settings.IMAGE_FETCH_ALLOW)
    return storage.source_get(bucket=source.bucket, key=source.key, max_bytes=limits.max_bytes)


def _recognize(submission_id: UUID, source: bytes) -> tuple[dict[str, Any], KeptImage]:
    """Return the stored result and the stored image, maybe of an earlier attempt."""
    source_media_type = inspect_image(source, limits=settings.IMAGE_LIMITS).media_type
    image = normalize_image(source, limits=settings.IMAGE_LIMITS)
    recognizer = _recognizer()
    detections = recognizer.recognize(image)
    stored = storage.image_put_once(
        submission_id=submission_id,
        image=KeptImage(image.data, image.media_type, source_media_type, len(source)),
    )
    if stored.data != image.data:
        # An earlier attempt stored another image, since the URL returned another one then. The
        # result must describe the stored image.
        image = _as_stored(stored)
        detections = recognizer.recognize(image)
    result = {
        "submission_id": str(submission_id),
        "recognizer": {"name": recognizer.name, "version": recognizer.version},
        "image": {
            "width": image.width,
            "height": image.height,
            "media_type": image.media_type,
            "sha256": image.sha256,
        },
        "detections": [_detection(detection) for detection in detections],
        "created_at": timezone.now().isoformat(),
    }
    return storage.result_put_once(submission_id=submission_id, result=result), stored


def _as_stored(stored: KeptImage) -> NormalizedImage:
    return dataclasses.replace(
        normalize_image(stored.data, limits=settings.IMAGE_LIMITS),
        data=stored.data,
        sha256=hashlib.sha256(stored.data).hexdigest(),
    )


def _detection(found: FoundDetection) -> dict[str, Any]:
    return {
        "label": found.label,
        "score": found.score,
        "box": {
            "left": found.left,
            "top": found.top,
            "width": found.width,
            "height": found.height,
        },
    }
