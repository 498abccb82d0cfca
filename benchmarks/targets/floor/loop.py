"""The floor: fetch, detect, store, over and over, with no API and no queue around it.

    python -P loop.py UPLOAD_KEY COMPLETED_FILE [ORDERS_PIPE]

Runs in the monolith's environment, since that has the imaging wheel and boto3, and takes the same
variables as its worker. An iteration calls the object store three times, as the worker's
`recognition_run` does for an upload: GET of the upload, PUT of the image and PUT of the result,
both with If-None-Match: *. What else the worker and the API do belongs to accepting a submission
and returning it: the PUT and the DELETE of the upload, and all that is no call of the store.

Each iteration stores under its own id, and appends the time of its end on the monotonic clock, in
seconds, as one line to COMPLETED_FILE. SIGTERM ends the loop after the iteration.

With ORDERS_PIPE it iterates once, and then only as it is ordered, so that it can run beside a
target: a line of the pipe has a source, which is the key of an upload or the URL of an image, and
how often. An iteration by URL fetches the image as the worker does, and calls the store twice.
"""

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from imaging import (  # type: ignore[import-not-found]  # it is in the environment of the monolith
    Detection,
    Limits,
    NormalizedImage,
    Recognizer,
    fetch_image,
    inspect_image,
    normalize_image,
    recognizer_from_environment,
)

LIMITS = Limits()


def main(upload_key: str, completed: Path, orders: Path | None = None) -> None:
    """Iterate until SIGTERM or an error; append a line to `completed` for each iteration."""
    store, recognizer = _store(), recognizer_from_environment(os.environ)
    sources = _without_end(upload_key) if orders is None else _ordered(upload_key, orders)
    with completed.open("a", buffering=1) as stamps:
        for source in sources:
            iterate(store, recognizer, source)
            stamps.write(f"{time.monotonic():.6f}\n")


def _without_end(upload_key: str) -> Iterator[str]:
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    while not end.is_set():
        yield upload_key


def _ordered(upload_key: str, orders: Path) -> Iterator[str]:
    yield upload_key  # loads the model
    with orders.open() as lines:
        for line in lines:
            source, _, count = line.rpartition(" ")
            yield from repeat(source, int(count))


def iterate(store: Any, recognizer: Recognizer, source: str) -> None:
    """Do the work of a worker for one upload or one URL: fetch, detect, store."""
    submission_id = uuid.uuid4()
    images, results = os.environ["IMAGE_BUCKET"], os.environ["RESULT_BUCKET"]
    data = _fetch(source) if "://" in source else _read_upload(store, images, source)
    inspect_image(data, limits=LIMITS)
    image = normalize_image(data, limits=LIMITS)
    detections = recognizer.recognize(image)
    store.put_object(
        Bucket=images,
        Key=f"images/{submission_id}",
        Body=image.data,
        ContentType=image.media_type,
        IfNoneMatch="*",
    )
    store.put_object(
        Bucket=results,
        Key=f"results/{submission_id}.json",
        Body=json.dumps(
            _result(submission_id, recognizer, image, detections), separators=(",", ":")
        ).encode(),
        ContentType="application/json",
        IfNoneMatch="*",
    )


def _fetch(url: str) -> bytes:
    data: bytes = fetch_image(url, limits=LIMITS, allow={os.environ["IMAGE_FETCH_ALLOW"]})
    return data


def _read_upload(store: Any, bucket: str, key: str) -> bytes:
    with store.get_object(Bucket=bucket, Key=key)["Body"] as body:
        data: bytes = body.read(LIMITS.max_bytes + 1)
        return data


def _store() -> Any:
    # As the worker's client in monolith/recognition/storage.py
    return boto3.client(
        "s3",
        region_name=os.environ["AWS_REGION"],
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=64,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        ),
    )


def _result(
    submission_id: uuid.UUID,
    recognizer: Recognizer,
    image: NormalizedImage,
    detections: tuple[Detection, ...],
) -> dict[str, Any]:
    """Return the result document of the contract."""
    return {
        "submission_id": str(submission_id),
        "recognizer": {"name": recognizer.name, "version": recognizer.version},
        "image": {
            "width": image.width,
            "height": image.height,
            "media_type": image.media_type,
            "sha256": image.sha256,
        },
        "detections": [
            {
                "label": found.label,
                "score": found.score,
                "box": {
                    "left": found.left,
                    "top": found.top,
                    "width": found.width,
                    "height": found.height,
                },
            }
            for found in detections
        ],
        "created_at": datetime.now(UTC).isoformat(),
    }


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
