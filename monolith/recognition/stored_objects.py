"""Delete and list stored objects, to find those that no submission needs."""

import logging
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


def images_page(*, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
    """List a page of images after a name (the key without its prefix).

    Return the submissions of those older than that, and the page's last name, or None if no page
    follows. Raises Unavailable.
    """
    return _page(settings.IMAGE_BUCKET, _IMAGES, "", timezone.now() - older_than, after)


def results_page(*, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
    """List a page of results after a name (the key without its prefix).

    Return the submissions of those older than that, and the page's last name, or None if no page
    follows. Raises Unavailable.
    """
    return _page(
        settings.RESULT_BUCKET, _RESULTS, _RESULT_SUFFIX, timezone.now() - older_than, after
    )


def _page(
    bucket: str, prefix: str, suffix: str, latest: datetime, after: str
) -> tuple[list[UUID], str | None]:
    try:
        page = _client().list_objects_v2(
            Bucket=bucket, Prefix=prefix, StartAfter=f"{prefix}{after}"
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    listed = page.get("Contents", [])
    old = (entry["Key"] for entry in listed if entry["LastModified"] <= latest)
    ids = [found for key in old if (found := _submission_id(key, prefix, suffix))]
    return ids, listed[-1]["Key"].removeprefix(prefix) if page.get("IsTruncated") else None


def _submission_id(key: str, prefix: str, suffix: str) -> UUID | None:
    try:
        return UUID(key.removeprefix(prefix).removesuffix(suffix))
    except ValueError:
        _foreign_log(prefix)
        return None


@cache  # logged once per process, since the object is listed at each sweep
def _foreign_log(prefix: str) -> None:
    logger.warning("there are objects under %s that belong to no submission", prefix)
