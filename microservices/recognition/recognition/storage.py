"""The object store: uploads come from it, pictures and results go to it, each written once."""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from recognition.errors import SourceUnreachable, StorageUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PRECONDITION_FAILED = {"PreconditionFailed", "412"}
_IN_PROGRESS = {"ConditionalRequestConflict", "409"}
_MISSING = {"NoSuchKey", "404"}


class Store(Protocol):
    """What a recognition needs of an object store."""

    def source_get(self, *, bucket: str, key: str, max_bytes: int) -> bytes:
        """Returns an upload, at most `max_bytes` + 1 of it. Raises SourceUnreachable."""

    def image_put_once(self, *, key: str, data: bytes, media_type: str) -> bytes:
        """Stores a picture unless one is there; returns what is. Raises StorageUnavailable."""

    def result_put_once(self, *, key: str, result: dict[str, Any]) -> dict[str, Any]:
        """Stores a result unless one is there; returns what is. Raises StorageUnavailable."""

    def result_find(self, *, key: str) -> dict[str, Any] | None:
        """Returns the stored result, or None. Raises StorageUnavailable."""


class S3Store:
    """The store in S3. The client is made at the first call, after the worker has forked."""

    def __init__(self, *, region: str, image_bucket: str, result_bucket: str) -> None:
        self._region = region
        self._image_bucket = image_bucket
        self._result_bucket = result_bucket

    @cached_property
    def _client(self) -> "S3Client":
        return boto3.client(
            "s3",
            region_name=self._region,
            config=Config(
                connect_timeout=2,
                read_timeout=5,
                retries={"mode": "standard", "total_max_attempts": 3},
                s3={"addressing_style": "path"},
            ),
        )

    def source_get(self, *, bucket: str, key: str, max_bytes: int) -> bytes:
        """See Store."""
        try:
            answer = self._client.get_object(Bucket=bucket, Key=key)
            with answer["Body"] as body:
                return body.read(max_bytes + 1)
        except (BotoCoreError, ClientError) as error:
            raise SourceUnreachable from error

    def image_put_once(self, *, key: str, data: bytes, media_type: str) -> bytes:
        """See Store."""
        if self._put_once(bucket=self._image_bucket, key=key, data=data, media_type=media_type):
            return data
        stored = self._find(bucket=self._image_bucket, key=key)
        if stored is None:
            raise StorageUnavailable  # deleted in between: the submission is gone
        return stored

    def result_put_once(self, *, key: str, result: dict[str, Any]) -> dict[str, Any]:
        """See Store."""
        data = json.dumps(result, separators=(",", ":")).encode()
        if self._put_once(
            bucket=self._result_bucket, key=key, data=data, media_type="application/json"
        ):
            return result
        stored = self.result_find(key=key)
        if stored is None:
            raise StorageUnavailable
        return stored

    def result_find(self, *, key: str) -> dict[str, Any] | None:
        """See Store."""
        data = self._find(bucket=self._result_bucket, key=key)
        if data is None:
            return None
        result: dict[str, Any] = json.loads(data)
        return result

    def result_bucket_create(self) -> None:
        """Creates this service's own bucket unless it is there. Raises StorageUnavailable."""
        try:
            self._client.create_bucket(Bucket=self._result_bucket, **self._location())
        except ClientError as error:
            if _code(error) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise StorageUnavailable from error
        except BotoCoreError as error:
            raise StorageUnavailable from error

    def _location(self) -> Any:
        # us-east-1 is the only region that refuses to be named.
        if self._region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self._region}}

    def _put_once(self, *, bucket: str, key: str, data: bytes, media_type: str) -> bool:
        """Whether this call stored it; False if it was there."""
        try:
            self._client.put_object(
                Bucket=bucket, Key=key, Body=data, ContentType=media_type, IfNoneMatch="*"
            )
        except ClientError as error:
            if _code(error) in _PRECONDITION_FAILED:
                return False
            raise StorageUnavailable from error
        except BotoCoreError as error:
            raise StorageUnavailable from error
        return True

    def _find(self, *, bucket: str, key: str) -> bytes | None:
        try:
            with self._client.get_object(Bucket=bucket, Key=key)["Body"] as body:
                return body.read()
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise StorageUnavailable from error
        except BotoCoreError as error:
            raise StorageUnavailable from error


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
