"""The object store: read uploads; store images and results, each written once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from urllib3.exceptions import HTTPError

from recognition.errors import SourceGone, SourceUnreachable, StorageUnavailable, Unavailable

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

_CHUNK_BYTES = 64 * 1024
_PRECONDITION_FAILED = {"PreconditionFailed", "412"}
_MISSING = {"NoSuchKey", "404"}


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A stored image opened for reading in chunks. Must be closed."""

    media_type: str
    size_bytes: int
    body: "StreamingBody"

    def __iter__(self) -> Iterator[bytes]:
        """Yield chunks of at most 64 KiB."""
        return self.body.iter_chunks(_CHUNK_BYTES)

    def close(self) -> None:
        """Release the connection to the store."""
        self.body.close()


def image_key(submission_id: UUID) -> str:
    """Return the key of a submission's image in the image bucket."""
    return f"images/{submission_id}"


def result_key(submission_id: UUID) -> str:
    """Return the key of a submission's result in the result bucket."""
    return f"results/{submission_id}.json"


@cache
def _client() -> "S3Client":
    return boto3.client(
        "s3",
        region_name=settings.AWS_REGION,
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=64,
            # TLS and TCP protect the transfer; another checksum of each body costs CPU time.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        ),
    )


def source_get(*, bucket: str, key: str, max_bytes: int) -> bytes:
    """Return at most `max_bytes` + 1 of an upload. Raises SourceUnreachable, SourceGone."""
    try:
        response = _client().get_object(Bucket=bucket, Key=key)
        with response["Body"] as body:
            # Only a whole read detects a truncated body.
            whole = response["ContentLength"] <= max_bytes
            return body.read() if whole else body.read(max_bytes + 1)
    except ClientError as error:
        raise (SourceGone if _code(error) in _MISSING else SourceUnreachable) from error
    except (BotoCoreError, HTTPError) as error:
        raise SourceUnreachable from error


def image_put_once(*, submission_id: UUID, data: bytes, media_type: str) -> bytes:
    """Store an image unless one exists; return the stored one. Raises StorageUnavailable."""
    bucket, key = settings.IMAGE_BUCKET, image_key(submission_id)
    if _put_once(bucket=bucket, key=key, data=data, media_type=media_type):
        return data
    stored = _find(bucket=bucket, key=key)
    if stored is None:
        raise StorageUnavailable  # deleted in between, with its submission
    return stored


def result_put_once(*, submission_id: UUID, result: dict[str, Any]) -> dict[str, Any]:
    """Store a result unless one exists; return the stored one. Raises StorageUnavailable."""
    data = json.dumps(result, separators=(",", ":")).encode()
    key = result_key(submission_id)
    if _put_once(bucket=settings.RESULT_BUCKET, key=key, data=data, media_type="application/json"):
        return result
    stored = result_find(submission_id=submission_id)
    if stored is None:
        raise StorageUnavailable
    return stored


def result_find(*, submission_id: UUID) -> dict[str, Any] | None:
    """Return the stored result, or None. Raises StorageUnavailable."""
    data = _find(bucket=settings.RESULT_BUCKET, key=result_key(submission_id))
    if data is None:
        return None
    result: dict[str, Any] = json.loads(data)
    return result


def result_read(*, submission_id: UUID) -> bytes:
    """Return the stored result document. Raises Unavailable."""
    try:
        response = _client().get_object(
            Bucket=settings.RESULT_BUCKET, Key=result_key(submission_id)
        )
        with response["Body"] as body:
            return body.read()
    except (BotoCoreError, ClientError, HTTPError) as error:
        raise Unavailable from error


def image_open(*, submission_id: UUID) -> StoredImage:
    """Open the stored image for reading. Raises Unavailable."""
    try:
        response = _client().get_object(Bucket=settings.IMAGE_BUCKET, Key=image_key(submission_id))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    return StoredImage(
        media_type=response["ContentType"],
        size_bytes=response["ContentLength"],
        body=response["Body"],
    )


def _put_once(*, bucket: str, key: str, data: bytes, media_type: str) -> bool:
    """Return whether this call stored the object; False if one existed."""
    try:
        _client().put_object(
            Bucket=bucket, Key=key, Body=data, ContentType=media_type, IfNoneMatch="*"
        )
    except ClientError as error:
        if _code(error) in _PRECONDITION_FAILED:
            return False
        raise StorageUnavailable from error
    except BotoCoreError as error:
        raise StorageUnavailable from error
    return True


def _find(*, bucket: str, key: str) -> bytes | None:
    try:
        with _client().get_object(Bucket=bucket, Key=key)["Body"] as body:
            return body.read()
    except ClientError as error:
        if _code(error) in _MISSING:
            return None
        raise StorageUnavailable from error
    except (BotoCoreError, HTTPError) as error:
        raise StorageUnavailable from error


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
