"""One attempt at one image. Knows nothing of Celery or Lambda: `tasks` and `handler` call it."""

import dataclasses
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imaging import (
    ImagingError,
    Limits,
    NormalizedImage,
    Recognizer,
    fetch_image,
    normalize_image,
)
from recognition import messages
from recognition.errors import AttemptError, HolderLost, TimedOut, Unforeseen
from recognition.messages import Outgoing, RecognitionRequested, UrlSource
from recognition.storage import Store

logger = logging.getLogger(__name__)

_TIME_LIMIT_TOLERANCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an attempt works with. `recognizer` is a factory: models load at the first image."""

    store: Store
    recognizer: Callable[[], Recognizer]
    limits: Limits
    fetch_allow: frozenset[str]
    result_bucket: str
    time_limit_seconds: float


def recognition_run(*, request: RecognitionRequested, parts: Parts) -> Outgoing:
    """Makes the attempt and returns its outcome: recognition.completed or recognition.failed.

    An error at the time limit counts as timed-out whatever it is called: the interrupt may have
    come out of a decoder or a client as an error of theirs.
    """
    begun = time.monotonic()
    try:
        return _completed(request, _recognize(request, parts), parts)
    except Exception as error:
        spent_seconds = time.monotonic() - begun
        if spent_seconds >= parts.time_limit_seconds - _TIME_LIMIT_TOLERANCE_SECONDS:
            return recognition_fail(request=request, error=TimedOut())
        if isinstance(error, ImagingError | AttemptError):
            return recognition_fail(request=request, error=error)
        logger.exception("attempt %s of %s failed", request.attempt, request.submission_id)
        return recognition_fail(request=request, error=Unforeseen())


def recognition_recover(*, request: RecognitionRequested, parts: Parts) -> Outgoing:
    """Returns the outcome of an attempt whose holder died, without working on the image again.

    What killed the holder may be the image. So the attempt counts as crashed, unless its result
    was stored before; whoever asked decides whether there is another one.
    """
    try:
        result = parts.store.result_find(key=_result_key(request))
    except AttemptError as error:
        return recognition_fail(request=request, error=error)
    if result is None:
        return recognition_fail(request=request, error=HolderLost())
    return _completed(request, result, parts)


def recognition_fail(
    *, request: RecognitionRequested, error: ImagingError | AttemptError
) -> Outgoing:
    """Returns the message that says why the attempt gave no result."""
    logger.warning(
        "attempt %s of %s: %s: %r", request.attempt, request.submission_id, error.code, error
    )
    return messages.failed(request, code=error.code, detail=error.detail, retryable=error.retryable)


def _recognize(request: RecognitionRequested, parts: Parts) -> dict[str, Any]:
    image = normalize_image(_source(request, parts), limits=parts.limits)
    recognizer = parts.recognizer()
    detections = recognizer.recognize(image)
    stored = _store(request, image, parts)
    if stored.sha256 != image.sha256:
        # An earlier attempt stored another picture, since the address gave another one then. The
        # result must speak of the picture that is kept.
        image, detections = stored, recognizer.recognize(stored)
    result = {
        "submission_id": str(request.submission_id),
        "recognizer": {"name": recognizer.name, "version": recognizer.version},
        "image": {
            "width": image.width,
            "height": image.height,
            "media_type": image.media_type,
            "sha256": image.sha256,
        },
        "detections": [
            {
                "label": detection.label,
                "score": detection.score,
                "box": {
                    "left": detection.left,
                    "top": detection.top,
                    "width": detection.width,
                    "height": detection.height,
                },
            }
            for detection in detections
        ],
        "created_at": datetime.now(UTC).isoformat(),
    }
    return parts.store.result_put_once(key=_result_key(request), result=result)


def _source(request: RecognitionRequested, parts: Parts) -> bytes:
    source = request.source
    if isinstance(source, UrlSource):
        return fetch_image(source.url, limits=parts.limits, allow=parts.fetch_allow)
    return parts.store.source_get(
        bucket=source.bucket, key=source.key, max_bytes=parts.limits.max_bytes
    )


def _store(request: RecognitionRequested, image: NormalizedImage, parts: Parts) -> NormalizedImage:
    """Stores the picture unless one is there, and returns the one that is."""
    data = parts.store.image_put_once(
        key=f"images/{request.submission_id}", data=image.data, media_type=image.media_type
    )
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == image.sha256:
        return image
    return dataclasses.replace(normalize_image(data, limits=parts.limits), data=data, sha256=sha256)


def _completed(request: RecognitionRequested, result: dict[str, Any], parts: Parts) -> Outgoing:
    return messages.completed(
        request, bucket=parts.result_bucket, key=_result_key(request), result=result
    )


def _result_key(request: RecognitionRequested) -> str:
    return f"results/{request.submission_id}.json"
