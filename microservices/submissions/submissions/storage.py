"""The object store: uploads on their way to the recognition, and reading what comes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils import timezone
from urllib3.exceptions import HTTPError

from submissions.errors import Unavailable

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client


_CHUNK_BYTES = 64 * 1024
_UPLOADS = "uploads/"
_EXISTS = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A stored picture about to be read, piece by piece. To be closed, read or not."""

    media_type: str
    size_bytes: int
    body: "StreamingBody"

    def __iter__(self) -> Iterator[bytes]:
        """Gives the pieces."""
        return self.body.iter_chunks(_CHUNK_BYTES)

    def close(self) -> None:
        """Frees the connection to the store."""
        self.body.close()


def upload_key(submission_id: UUID) -> str:
    """Returns where a submission's upload lies in the image bucket."""
    return f"{_UPLOADS}{submission_id}"


def image_key(submission_id: UUID) -> str:
    """Returns where a submission's picture lies in the image bucket."""
    return f"images/{submission_id}"


@cache
def _client() -> "S3Client":
    # Short times, few tries: a caller is waiting, and a 503 after seconds is worth more to it than
    # an answer after a minute.
    return boto3.client(
        "s3",
        region_name=settings.AWS_REGION,
        config=Config(
            connect_timeout=1,
            read_timeout=5,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=64,
            # TLS and TCP guard the way; a further checksum of each body is the client's CPU.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        ),
    )


def upload_put(*, submission_id: UUID, data: bytes) -> None:
    """Stores an upload as it came. Raises Unavailable."""
    try:
        _client().put_object(Bucket=settings.IMAGE_BUCKET, Key=upload_key(submission_id), Body=data)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def upload_delete(*, submission_id: UUID) -> None:
    """Deletes an upload, if there is one. Raises Unavailable."""
    try:
        _client().delete_object(Bucket=settings.IMAGE_BUCKET, Key=upload_key(submission_id))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def uploads_list(*, older_than: timedelta) -> Iterator[UUID]:
    """Gives the submissions that have an upload of such an age. Raises Unavailable."""
    latest = timezone.now() - older_than
    try:
        pages = _client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=settings.IMAGE_BUCKET, Prefix=_UPLOADS):
            for entry in page.get("Contents", ()):
                if entry["LastModified"] <= latest:
                    yield UUID(entry["Key"].removeprefix(_UPLOADS))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def result_get(*, bucket: str, key: str) -> bytes:
    """Returns the result as it is stored. Raises Unavailable."""
    try:
        with _client().get_object(Bucket=bucket, Key=key)["Body"] as body:
            return body.read()
    except (BotoCoreError, ClientError, HTTPError) as error:
        raise Unavailable from error


def image_get(*, submission_id: UUID) -> StoredImage:
    """Opens the stored picture for reading. Raises Unavailable."""
    try:
        answer = _client().get_object(Bucket=settings.IMAGE_BUCKET, Key=image_key(submission_id))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    return StoredImage(
        media_type=answer["ContentType"],
        size_bytes=answer["ContentLength"],
        body=answer["Body"],
    )


def objects_delete(*, submission_id: UUID, result_bucket: str, result_key: str) -> None:
    """Deletes picture and result, if there are any. Raises Unavailable."""
    try:
        _client().delete_object(Bucket=settings.IMAGE_BUCKET, Key=image_key(submission_id))
        if result_bucket and result_key:
            _client().delete_object(Bucket=result_bucket, Key=result_key)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def bucket_create(bucket: str) -> None:
    """Creates a bucket unless it is there. Raises Unavailable."""
    try:
        _client().create_bucket(Bucket=bucket, **_location())
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _EXISTS:
            raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error


def bucket_check() -> None:
    """Returns if the image bucket can be reached. Raises Unavailable."""
    try:
        _client().head_bucket(Bucket=settings.IMAGE_BUCKET)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def _location() -> Any:
    if settings.AWS_REGION == "us-east-1":  # the only region that refuses to be named
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": settings.AWS_REGION}}
