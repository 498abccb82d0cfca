"""A fake of the recognition service: stores objects and returns messages as it does."""

import json
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

from submissions.models import Submission
from tests.conftest import RESULT_BUCKET, image_bytes
from tests.stores import s3

_CONTRACTS = Path(__file__).parent / "contracts"


@cache
def schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_CONTRACTS / f"{name}.schema.json").read_text())
    return document


def kept(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the received body, if it keeps the contract and has no other fields."""
    body = json.loads(json.dumps(body))
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(schema(name), format_checker=checker).validate(body)
    assert set(body) <= set(schema(name)["properties"])
    return body


def started(submission: Submission, attempt: int = 1) -> dict[str, Any]:
    return kept("recognition.started", _about(submission, attempt) | {"started_at": _now()})


def failed(
    submission: Submission,
    attempt: int = 1,
    *,
    code: str = "image-unreachable",
    retryable: bool = True,
    **more: Any,
) -> dict[str, Any]:
    return kept(
        "recognition.failed",
        _about(submission, attempt)
        | {"code": code, "detail": "Why.", "retryable": retryable, "failed_at": _now()}
        | more,
    )


def completed(submission: Submission, attempt: int = 1) -> dict[str, Any]:
    """Store image and result, and return the message about them."""
    data = image_bytes()
    image = {
        "width": 40,
        "height": 30,
        "media_type": "image/jpeg",
        "sha256": sha256(data).hexdigest(),
    }
    recognizer = {"name": "stand-in", "version": "0"}
    result = {
        "submission_id": str(submission.id),
        "recognizer": recognizer,
        "image": image,
        "detections": [
            {
                "label": "face",
                "score": 0.99,
                "box": {"left": 0.25, "top": 0.25, "width": 0.5, "height": 0.5},
            }
        ],
        "created_at": _now(),
    }
    image_key, result_key = f"images/{submission.id}", f"results/{submission.id}.json"
    s3().put_object(
        Bucket=settings.IMAGE_BUCKET, Key=image_key, Body=data, ContentType="image/jpeg"
    )
    s3().put_object(Bucket=RESULT_BUCKET, Key=result_key, Body=json.dumps(result))
    return kept(
        "recognition.completed",
        _about(submission, attempt)
        | {
            "result": {"bucket": RESULT_BUCKET, "key": result_key},
            "image": image
            | {
                "bucket": settings.IMAGE_BUCKET,
                "key": image_key,
                "bytes": len(data),
                "source_media_type": "image/gif",
                "source_bytes": 123,
            },
            "recognizer": recognizer,
            "detection_count": 1,
            "completed_at": _now(),
        },
    )


def _about(submission: Submission, attempt: int) -> dict[str, Any]:
    return {"submission_id": str(submission.id), "attempt": attempt}


def _now() -> str:
    return datetime.now(UTC).isoformat()
