"""The object store: read uploads; store images and results, each written once."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from recognition.errors import SourceGone, SourceUnreachable, StorageUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

# A truncated body is reported as an error of urllib3.
_BROKEN = (BotoCoreError, HTTPError, OSError)
_PRECONDITION_FAILED = {"PreconditionFailed", "412"}
_MISSING = {"NoSuchKey", "404"}
_SOURCE_MEDIA_TYPE = "source-media-type"
_SOURCE_BYTES = "source-bytes"


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A stored image, and the media type and size of its source."""

    data: bytes
    media_type: str
    source_media_type: str
    source_bytes: int


def image_key(submission_id: UUID) -> str:
    """Return the key of a submission's image in the image bucket."""
    return f"images/{submission_id}"


def result_key(submission_id: UUID) -> str:
    """Return the key of a submission's result in the result bucket."""
    return f"results/{submission_id}.json"


class Store(Protocol):
    """The object store as recognition needs it."""

    def source_get(self, *, bucket: str, key: str, max_bytes: int) -> bytes:
        """Return at most `max_bytes` + 1 of an upload. Raises SourceUnreachable, SourceGone."""

    def image_put_once(self, *, key: str, image: StoredImage) -> StoredImage:
        """Store an image unless one exists; return the stored one. Raises StorageUnavailable."""

    def image_find(self, *, key: str) -> StoredImage | None:
        """Return the stored image, or None. Raises StorageUnavailable."""

    def result_put_once(self, *, key: str, result: dict[str, Any]) -> dict[str, Any]:
        """Store a result unless one exists; return the stored one. Raises StorageUnavailable."""

    def result_find(self, *, key: str) -> dict[str, Any] | None:
        """Return the stored result, or None. Raises StorageUnavailable."""


class S3Store:
    """The store in S3. The client is created at the first call, after the worker has forked."""

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
                # TLS and TCP protect the transfer; another checksum of each body costs CPU time.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path"},
            ),
        )

    def source_get(self, *, bucket: str, key: str, max_bytes: int) -> bytes:
        """Return at most `max_bytes` + 1 of an upload. Raises SourceUnreachable, SourceGone."""
        try:
            response = self._client.get_object(Bucket=bucket, Key=key)
            with response["Body"] as body:
                # Only a whole read detects a truncated body.
                whole = response["ContentLength"] <= max_bytes
                return body.read() if whole else body.read(max_bytes + 1)
        except ClientError as error:
            raise (SourceGone if _code(error) in _MISSING else SourceUnreachable) from error
        except _BROKEN as error:
            raise SourceUnreachable from error

    def image_put_once(self, *, key: str, image: StoredImage) -> StoredImage:
        """Store an image unless one exists; return the stored one. Raises StorageUnavailable."""
        written = self._put_once(
            bucket=self._image_bucket,
            key=key,
            data=image.data,
            media_type=image.media_type,
            metadata={
                _SOURCE_MEDIA_TYPE: image.source_media_type,
                _SOURCE_BYTES: str(image.source_bytes),
            },
        )
        stored = image if written else self.image_find(key=key)
        if stored is None:
            raise StorageUnavailable  # deleted in between, with its submission
        return stored

    def image_find(self, *, key: str) -> StoredImage | None:
        """Return the stored image, or None. Raises StorageUnavailable."""
        found = self._find(bucket=self._image_bucket, key=key)
        if found is None:
            return None
        data, head = found
        return StoredImage(
            data=data,
            media_type=head["ContentType"],
            source_media_type=head["Metadata"].get(_SOURCE_MEDIA_TYPE, head["ContentType"]),
            source_bytes=int(head["Metadata"].get(_SOURCE_BYTES, len(data))),
        )

    def result_put_once(self, *, key: str, result: dict[str, Any]) -> dict[str, Any]:
        """Store a result unless one exists; return the stored one. Raises StorageUnavailable."""
        data = json.dumps(result, separators=(",", ":")).encode()
        written = self._put_once(
            bucket=self._result_bucket,
            key=key,
            data=data,
            media_type="application/json",
            metadata={},
        )
        stored = result if written else self.result_find(key=key)
        if stored is None:
            raise StorageUnavailable
        return stored

    def result_find(self, *, key: str) -> dict[str, Any] | None:
        """Return the stored result, or None. Raises StorageUnavailable."""
        found = self._find(bucket=self._result_bucket, key=key)
        if found is None:
            return None
        result: dict[str, Any] = json.loads(found[0])
        return result

    def result_bucket_create(self) -> None:
        """Create this service's own bucket unless it exists. Raises StorageUnavailable."""
        try:
            self._client.create_bucket(Bucket=self._result_bucket, **self._location())
        except ClientError as error:
            if _code(error) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise StorageUnavailable from error
        except _BROKEN as error:
            raise StorageUnavailable from error

    def _location(self) -> Any:
        # us-east-1 is the only region that must not be named.
        if self._region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self._region}}

    def _put_once(
        self, *, bucket: str, key: str, data: bytes, media_type: str, metadata: dict[str, str]
    ) -> bool:
        """Return whether this call stored the object; False if one existed."""
        try:
            self._client.put_object(
                Bucket=bucket,
                Key=key,
                Body=data,
                ContentType=media_type,
                Metadata=metadata,
                IfNoneMatch="*",
            )
        except ClientError as error:
            if _code(error) in _PRECONDITION_FAILED:
                return False
            raise StorageUnavailable from error
        except _BROKEN as error:
            raise StorageUnavailable from error
        return True

    def _find(self, *, bucket: str, key: str) -> tuple[bytes, "GetObjectOutputTypeDef"] | None:
        try:
            response = self._client.get_object(Bucket=bucket, Key=key)
            with response["Body"] as body:
                return body.read(), response
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise StorageUnavailable from error
        except _BROKEN as error:
            raise StorageUnavailable from error


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")
