"""One image through the deployed stack: an upload, a message on the queue, a document in S3."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from aws.emulator import Emulator
from aws.local_stack import IMAGE_BUCKET, RESULT_BUCKET, Stack

_WAIT_SECONDS = 60.0


class NoResult(Exception):
    """No document was stored in time."""


@dataclass(frozen=True)
class Recognized:
    """The stored document of one image, and the seconds from the message until it was there."""

    document: dict[str, Any]
    seconds: float


def submit(emulator: Emulator, stack: Stack, image: Path) -> Recognized:
    """Do what the submissions service does for an upload, and wait for the result's document.

    Raises NoResult.
    """
    submission_id = str(uuid4())
    key = f"uploads/{submission_id}"
    emulator.client("s3").put_object(Bucket=IMAGE_BUCKET, Key=key, Body=image.read_bytes())
    requested = {
        "submission_id": submission_id,
        "image": {"kind": "upload", "bucket": IMAGE_BUCKET, "key": key},
        "attempt": 1,
        "requested_at": datetime.now(UTC).isoformat(),
    }
    started = time.monotonic()
    emulator.client("sqs").send_message(
        QueueUrl=stack.outputs["QueueUrl"], MessageBody=json.dumps(requested)
    )
    document = _document(emulator, f"results/{submission_id}.json")
    return Recognized(document, time.monotonic() - started)


def _document(emulator: Emulator, key: str) -> dict[str, Any]:
    s3 = emulator.client("s3")
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            stored = s3.get_object(Bucket=RESULT_BUCKET, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            time.sleep(0.2)
        else:
            found: dict[str, Any] = json.loads(stored)
            return found
    log = (emulator.folder / "emulator.log").read_text(errors="replace")[-3000:]
    message = f"There is no {key} after {_WAIT_SECONDS:.0f} s. The emulator's log ends with:\n{log}"
    raise NoResult(message)
