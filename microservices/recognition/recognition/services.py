"""One attempt at one image. Knows nothing of Celery or Lambda: `tasks` and `handler` call it."""

import dataclasses
import hashlib
import logging
import time
from dataclasses import dataclass
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
from recognition.errors import AttemptError, HolderLost, TimedOut, Unforeseen
from recognition.messages import Location, Outgoing, RecognitionRequested, UrlSource
from recognition.results import result_document
from recognition.storage import Picture, Store

logger = logging.getLogger(__name__)

_TIME_LIMIT_TOLERANCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an attempt works with."""

    store: Store
    recognizer: Recognizer
    limits: Limits
    fetch_allow: frozenset[str]
    image_bucket: str
    result_bucket: str
    time_limit_seconds: float


def recognition_run(
    *, request: RecognitionRequested, parts: Parts, task_started_at: float | None = None
) -> Outgoing:
    """Makes the attempt and returns its outcome: recognition.completed or recognition.failed.

    `task_started_at` is when the time limit began to run, in seconds of time.monotonic(); by
    default now. An error at the time limit counts as timed-out whatever it is called: the interrupt
    may have come out of a decoder or a client as an error of theirs.
    """
    begun = time.monotonic() if task_started_at is None else task_started_at
    try:
        result, picture = _recognize(request, parts)
    except Exception as error:
        spent_seconds = time.monotonic() - begun
        if spent_seconds >= parts.time_limit_seconds - _TIME_LIMIT_TOLERANCE_SECONDS:
            return recognition_fail(request=request, error=TimedOut())
        if isinstance(error, ImagingError | AttemptError):
            return recognition_fail(request=request, error=error)
        logger.exception("attempt %s of %s failed", request.attempt, request.submission_id)
        return recognition_fail(request=request, error=Unforeseen())
    logger.info("attempt %s of %s completed", request.attempt, request.submission_id)
    return _completed(request, result, picture, parts)


def recognition_recover(*, request: RecognitionRequested, parts: Parts) -> Outgoing:
    """Returns the outcome of an attempt whose holder died, without working on the image again.

    What killed the holder may be the image. So the attempt counts as crashed, unless its result
    was stored before; whoever asked decides whether there is another one.
    """
    try:
        result = parts.store.result_find(key=_result_key(request))
        picture = parts.store.picture_find(key=_picture_key(request)) if result else None
    except AttemptError:
        # Counted: what isn't known to be harmless isn't run again without a bound.
        return recognition_fail(request=request, error=HolderLost())
    if result is None or picture is None:
        return recognition_fail(request=request, error=HolderLost())
    return _completed(request, result, picture, parts)


def recognition_fail(
    *, request: RecognitionRequested, error: ImagingError | AttemptError
) -> Outgoing:
    """Returns the message that says why the attempt gave no result."""
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


def _retry_after_seconds(error: ImagingError | AttemptError) -> float | None:
    if isinstance(error, RecognizerUnavailable):
        return error.retry_after_seconds or 0.0
    return error.retry_after_seconds if isinstance(error, AttemptError) else None


def _recognize(request: RecognitionRequested, parts: Parts) -> tuple[dict[str, Any], Picture]:
    """Returns the stored result and the stored picture, which are of one attempt, maybe another."""
    parts.recognizer.check_available()  # before an image is fetched in vain
    source = _source(request, parts)
    source_media_type = inspect_image(source, limits=parts.limits).media_type
    image = normalize_image(source, limits=parts.limits)
    detections = parts.recognizer.recognize(image)
    picture = parts.store.picture_put_once(
        key=_picture_key(request),
        picture=Picture(image.data, image.media_type, source_media_type, len(source)),
    )
    if picture.data != image.data:
        # An earlier attempt stored another picture, since the address gave another one then. The
        # result must speak of the picture that is kept.
        image = _as_stored(picture, parts.limits)
        detections = parts.recognizer.recognize(image)
    result = parts.store.result_put_once(
        key=_result_key(request),
        result=result_document(
            submission_id=request.submission_id,
            recognizer=parts.recognizer,
            image=image,
            detections=detections,
        ),
    )
    return result, picture


def _source(request: RecognitionRequested, parts: Parts) -> bytes:
    source = request.source
    if isinstance(source, UrlSource):
        return fetch_image(source.url, limits=parts.limits, allow=parts.fetch_allow)
    return parts.store.source_get(
        bucket=source.bucket, key=source.key, max_bytes=parts.limits.max_bytes
    )


def _as_stored(picture: Picture, limits: Limits) -> NormalizedImage:
    return dataclasses.replace(
        normalize_image(picture.data, limits=limits),
        data=picture.data,
        sha256=hashlib.sha256(picture.data).hexdigest(),
    )


def _completed(
    request: RecognitionRequested, result: dict[str, Any], picture: Picture, parts: Parts
) -> Outgoing:
    return messages.completed(
        request,
        result=result,
        result_at=Location(parts.result_bucket, _result_key(request)),
        picture=picture,
        picture_at=Location(parts.image_bucket, _picture_key(request)),
    )


def _result_key(request: RecognitionRequested) -> str:
    return f"results/{request.submission_id}.json"


def _picture_key(request: RecognitionRequested) -> str:
    return f"images/{request.submission_id}"
