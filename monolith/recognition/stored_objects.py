"""Delete and list stored objects, to find those that no submission needs."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils import timezone

from recognition.errors import Unavailable
from recognition.storage import image_key, result_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

logger = logging.getLogger(__name__)

_IMAGES, _RESULTS, _RESULT_SUFFIX = "images/", "results/", ".json"


@cache
def _client() -> "S3Client":
    # One short attempt: the sweeper removes later what is not removed now.
    return boto3.client(
        "s3",
        region_name=settings.AWS_REGION,
        config=Config(
            connect_timeout=1,
            read_timeout=1,
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=64,
            s3={"addressing_style": "path"},
        ),
    )


def objects_delete(*, submission_id: UUID) -> None:
    """Delete image and result, if there are any, within about a second. Raises Unavailable."""
    try:
        _client().delete_object(Bucket=settings.IMAGE_BUCKET, Key=image_key(submission_id))
        _client().delete_object(Bucket=settings.RESULT_BUCKET, Key=result_key(submission_id))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def stored_list(*, older_than: timedelta) -> Iterator[list[UUID]]:
    """Yield pages of submissions with an image or a result older than that. Raises Unavailable."""
    latest = timezone.now() - older_than
    yield from _pages(settings.IMAGE_BUCKET, _IMAGES, "", latest)
    yield from _pages(settings.RESULT_BUCKET, _RESULTS, _RESULT_SUFFIX, latest)


def _pages(bucket: str, prefix: str, suffix: str, latest: datetime) -> Iterator[list[UUID]]:
    try:
        pages = _client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            old = (it["Key"] for it in page.get("Contents", ()) if it["LastModified"] <= latest)
            yield [found for key in old if (found := _submission_id(key, prefix, suffix))]
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error


def _submission_id(key: str, prefix: str, suffix: str) -> UUID | None:
    try:
        return UUID(key.removeprefix(prefix).removesuffix(suffix))
    except ValueError:
        _foreign_log(prefix)
        return None


@cache  # logged once per process, since the object is listed at each sweep
def _foreign_log(prefix: str) -> None:
    logger.warning("there are objects under %s that belong to no submission", prefix)
