"""The object store: uploads on their way to the recognition."""

import logging
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils import timezone
from obstore.exceptions import BaseError

from submissions.errors import Unavailable
from submissions.object_store import Bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

logger = logging.getLogger(__name__)

_UPLOADS = "uploads/"
_EXISTS = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


def upload_key(submission_id: UUID) -> str:
    """Return the key of a submission's upload in the image bucket."""
    return f"{_UPLOADS}{submission_id}"


@cache
def bucket(name: str) -> Bucket:
    """Return the bucket for calls during which a caller waits."""
    # Short timeouts and few attempts: for a waiting client, a 503 after seconds is worth more than
    # a response after a minute.
    return _bucket_with(name, read_timeout_seconds=5, attempts=2)


@cache
def _removing_bucket(name: str) -> Bucket:
    # One short attempt: the sweeper removes later what is not removed now.
    return _bucket_with(name, read_timeout_seconds=1, attempts=1)


def _bucket_with(name: str, *, read_timeout_seconds: float, attempts: int) -> Bucket:
    return Bucket(
        name,
        region=settings.AWS_REGION,
        connect_timeout_seconds=1,
        read_timeout_seconds=read_timeout_seconds,
        attempts=attempts,
    )


@cache
def _client() -> "S3Client":
    """Return the client for what is rare: buckets are created and checked."""
    return _client_with(read_timeout_seconds=5, attempts=2)


@cache
def _listing_client() -> "S3Client":
    return _client_with(read_timeout_seconds=1, attempts=1)


def _client_with(*, read_timeout_seconds: float, attempts: int) -> "S3Client":
    return boto3.client(
        "s3",
        region_name=settings.AWS_REGION,
        config=Config(
            connect_timeout=1,
            read_timeout=read_timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=64,
            # TLS and TCP protect the transfer; another checksum of each body costs CPU time.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        ),
    )


def upload_put(*, submission_id: UUID, data: bytes) -> None:
    """Store an upload unchanged. Raises Unavailable."""
    key = upload_key(submission_id)
    try:
        bucket(settings.IMAGE_BUCKET).call(lambda store: store.put(key, data, use_multipart=False))
    except (BaseError, FileNotFoundError) as error:
        raise Unavailable from error


def upload_delete(*, submission_id: UUID) -> None:
    """Delete an upload, if there is one, within about a second. Raises Unavailable."""
    key = upload_key(submission_id)
    try:
        _removing_bucket(settings.IMAGE_BUCKET).call(lambda store: store.delete(key))
    except (BaseError, FileNotFoundError) as error:
        raise Unavailable from error


def uploads_page(*, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
    """List a page of uploads after a name (the key without its prefix).

    Return the submissions of those older than that, and the page's last name, or None if no page
    follows. Raises Unavailable.
    """
    latest = timezone.now() - older_than
    try:
        page = _listing_client().list_objects_v2(
            Bucket=settings.IMAGE_BUCKET, Prefix=_UPLOADS, StartAfter=f"{_UPLOADS}{after}"
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    listed = page.get("Contents", [])
    old = (entry["Key"] for entry in listed if entry["LastModified"] <= latest)
    ids = [found for key in old if (found := _submission_id(key))]
    return ids, listed[-1]["Key"].removeprefix(_UPLOADS) if page.get("IsTruncated") else None


def bucket_create(name: str) -> None:
    """Create a bucket unless it exists. Raises Unavailable."""
    try:
        _client().create_bucket(Bucket=name, **_location())
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _EXISTS:
            raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error


def bucket_check() -> None:
    """Return if the image bucket can be reached. Raises Unavailable."""
    try:
        _client().head_bucket(Bucket=settings.IMAGE_BUCKET)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def _submission_id(key: str) -> UUID | None:
    try:
        return UUID(key.removeprefix(_UPLOADS))
    except ValueError:
        _foreign_log()
        return None


@cache  # logged once per process, since the object is listed at each sweep
def _foreign_log() -> None:
    logger.warning("there are objects under %s that belong to no submission", _UPLOADS)


def _location() -> Any:
    if settings.AWS_REGION == "us-east-1":  # the only region that must not be named
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": settings.AWS_REGION}}
