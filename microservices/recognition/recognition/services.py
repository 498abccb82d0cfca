"""One attempt at one image. Independent of Celery and Lambda: `tasks` and `handler` call it."""

import dataclasses
import hashlib
import logging
import time
from typing import Any

from imaging import (
    ImagingError,
    Limits,
    NormalizedImage,
    Recognizer,
    RecognizerUnavailable,
    fetch_image,
    inspect_image,
    normalize_image,
)
from recognition import messages
from recognition.errors import AttemptFailed, TimedOut, UnexpectedFailure, WorkerLost
from recognition.messages import Location, Outgoing, RecognitionRequested, UrlSource
from recognition.results import result_document
from recognition.storage import Store, StoredImage, image_key, result_key

logger = logging.getLogger(__name__)

_TIME_LIMIT_TOLERANCE_SECONDS = 1.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The store, the recognizer and the settings of attempts."""

    store: Store
    recognizer: Recognizer
    limits: Limits
    fetch_allow: frozenset[str]
    image_bucket: str
    result_bucket: str
    time_limit_seconds: float


def recognition_run(
    *,
    request: RecognitionRequested,
    dependencies: Dependencies,
    task_started_at: float | None = None,
    time_limit_seconds: float | None = None,
) -> Outgoing:
    """Make the attempt and return its outcome: recognition.completed or recognition.failed.

    `task_started_at` is when the time limit began to run, in seconds of time.monotonic(); by
    default now. The caller enforces the limit, by default that of the settings. Any error at the
    time limit counts as timed-out: a decoder or a client may have converted the interrupt into an
    error of its own.
    """
    begun = time.monotonic() if task_started_at is None else task_started_at
    limit_seconds = time_limit_seconds or dependencies.time_limit_seconds
    try:
        result, stored = _recognize(request, dependencies)
    except Exception as error:
        spent_seconds = time.monotonic() - begun
        if spent_seconds >= limit_seconds - _TIME_LIMIT_TOLERANCE_SECONDS:
            return recognition_fail(request=request, error=TimedOut())
        if isinstance(error, ImagingError | AttemptFailed):
            return recognition_fail(request=request, error=error)
        logger.exception("attempt %s of %s failed", request.attempt, request.submission_id)
        return recognition_fail(request=request, error=UnexpectedFailure())
    return _completed(request, result, stored, dependencies)


def recognition_recover(*, request: RecognitionRequested, dependencies: Dependencies) -> Outgoing:
    """Return the outcome of an attempt whose worker died, without processing the image again.

    The image may be the cause. So the attempt counts as crashed, unless its result was stored
    before; the service that requested it decides whether there is another one.
    """
    try:
        result = dependencies.store.result_find(key=result_key(request.submission_id))
        key = image_key(request.submission_id)
        stored = dependencies.store.image_find(key=key) if result else None
    except AttemptFailed:
        # Counted, since the image may be harmful and must not be run again without a limit.
        return recognition_fail(request=request, error=WorkerLost())
    if result is None or stored is None:
        return recognition_fail(request=request, error=WorkerLost())
    return _completed(request, result, stored, dependencies)


def recognition_fail(
    *, request: RecognitionRequested, error: ImagingError | AttemptFailed
) -> Outgoing:
    """Return the message with the reason why the attempt has no result."""
    logger.warning(
        "attempt %s of %s: %s: %r", request.attempt, request.submission_id, error.code, error
    )
    outcome = messages.failed(
        request, code=error.code, detail=error.detail, retryable=error.retryable
    )
    retry_after_seconds = _retry_after_seconds(error)
    if retry_after_seconds is None:
        return outcome
    return messages.postponed(outcome, retry_after_seconds=retry_after_seconds)


def _retry_after_seconds(error: ImagingError | AttemptFailed) -> float | None:
    if isinstance(error, RecognizerUnavailable):
        return error.retry_after_seconds or 0.0
    return error.retry_after_seconds if isinstance(error, AttemptFailed) else None


def _recognize(
    request: RecognitionRequested, dependencies: Dependencies
) -> tuple[dict[str, Any], StoredImage]:
    """Return the stored result and the stored image, maybe of an earlier attempt."""
    dependencies.recognizer.check_available()  # before an image is fetched
    source = _source(request, dependencies)
    source_media_type = inspect_image(source, limits=dependencies.limits).media_type
    image = normalize_image(source, limits=dependencies.limits)
    detections = dependencies.recognizer.recognize(image)
    stored = dependencies.store.image_put_once(
        key=image_key(request.submission_id),
        image=StoredImage(image.data, image.media_type, source_media_type, len(source)),
    )
    if stored.data != image.data:
        # An earlier attempt stored another image, since the URL returned another one then. The
        # result must describe the stored image.
        image = _as_stored(stored, dependencies.limits)
        detections = dependencies.recognizer.recognize(image)
    result = dependencies.store.result_put_once(
        key=result_key(request.submission_id),
        result=result_document(
            submission_id=request.submission_id,
            recognizer=dependencies.recognizer,
            image=image,
            detections=detections,
        ),
    )
    return result, stored


def _source(request: RecognitionRequested, dependencies: Dependencies) -> bytes:
    source = request.source
    if isinstance(source, UrlSource):
        return fetch_image(source.url, limits=dependencies.limits, allow=dependencies.fetch_allow)
    return dependencies.store.source_get(
        bucket=source.bucket, key=source.key, max_bytes=dependencies.limits.max_bytes
    )


def _as_stored(stored: StoredImage, limits: Limits) -> NormalizedImage:
    return dataclasses.replace(
        normalize_image(stored.data, limits=limits),
        data=stored.data,
        sha256=hashlib.sha256(stored.data).hexdigest(),
    )


def _completed(
    request: RecognitionRequested,
    result: dict[str, Any],
    stored: StoredImage,
    dependencies: Dependencies,
) -> Outgoing:
    return messages.completed(
        request,
        result=result,
        result_at=Location(dependencies.result_bucket, result_key(request.submission_id)),
        image=stored,
        image_at=Location(dependencies.image_bucket, image_key(request.submission_id)),
    )
