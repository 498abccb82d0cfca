"""The object store: read uploads; store images and results, each written once."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from obstore.exceptions import AlreadyExistsError, BaseError

from recognition.errors import SourceGone, SourceUnreachable, StorageUnavailable
from recognition.object_store import Bucket

if TYPE_CHECKING:
    from obstore import Attributes, GetResult

_EXISTS = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
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
    """The store in S3. Its clients are created at the first call, after the worker has forked."""

    def __init__(self, *, region: str, image_bucket: str, result_bucket: str) -> None:
        self._region = region
        self._image_bucket = image_bucket
        self._result_bucket = result_bucket
        self._bucket = cache(self._bucket_open)

    def _bucket_open(self, name: str) -> Bucket:
        return Bucket(
            name,
            region=self._region,
            connect_timeout_seconds=2,
            read_timeout_seconds=5,
            attempts=3,
        )

    def source_get(self, *, bucket: str, key: str, max_bytes: int) -> bytes:
        """Return at most `max_bytes` + 1 of an upload. Raises SourceUnreachable, SourceGone."""
        try:
            return self._bucket(bucket).call(lambda store: _read(store.get(key), max_bytes))
        except FileNotFoundError as error:
            raise (SourceGone if _key_missing(error) else SourceUnreachable) from error
        except BaseError as error:
            raise SourceUnreachable from error

    def image_put_once(self, *, key: str, image: StoredImage) -> StoredImage:
        """Store an image unless one exists; return the stored one. Raises StorageUnavailable."""
        written = self._put_once(
            bucket=self._image_bucket,
            key=key,
            data=image.data,
            attributes={
                "Content-Type": image.media_type,
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
        data, attributes = found
        media_type = attributes["Content-Type"]
        return StoredImage(
            data=data,
            media_type=media_type,
            source_media_type=attributes.get(_SOURCE_MEDIA_TYPE, media_type),
            source_bytes=int(attributes.get(_SOURCE_BYTES, len(data))),
        )

    def result_put_once(self, *, key: str, result: dict[str, Any]) -> dict[str, Any]:
        """Store a result unless one exists; return the stored one. Raises StorageUnavailable."""
        data = json.dumps(result, separators=(",", ":")).encode()
        written = self._put_once(
            bucket=self._result_bucket,
            key=key,
            data=data,
            attributes={"Content-Type": "application/json"},
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
        client = boto3.client(
            "s3",
            region_name=self._region,
            config=Config(
                connect_timeout=2,
                read_timeout=5,
                retries={"mode": "standard", "total_max_attempts": 3},
                s3={"addressing_style": "path"},
            ),
        )
        try:
            client.create_bucket(Bucket=self._result_bucket, **self._location())
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in _EXISTS:
                raise StorageUnavailable from error
        except BotoCoreError as error:
            raise StorageUnavailable from error
        finally:
            client.close()

    def _location(self) -> Any:
        # us-east-1 is the only region that must not be named.
        if self._region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self._region}}

    def _put_once(self, *, bucket: str, key: str, data: bytes, attributes: "Attributes") -> bool:
        """Return whether this call stored the object; False if one existed."""
        try:
            self._bucket(bucket).call(
                lambda store: store.put(key, data, attributes=attributes, mode="create")
            )
        except AlreadyExistsError:
            return False
        except (BaseError, FileNotFoundError) as error:
            raise StorageUnavailable from error
        return True

    def _find(self, *, bucket: str, key: str) -> tuple[bytes, "Attributes"] | None:
        try:
            return self._bucket(bucket).call(lambda store: _read_whole(store.get(key)))
        except FileNotFoundError as error:
            if _key_missing(error):
                return None
            raise StorageUnavailable from error
        except BaseError as error:
            raise StorageUnavailable from error


def _read_whole(result: "GetResult") -> tuple[bytes, "Attributes"]:
    attributes = result.attributes
    return bytes(result.bytes()), attributes


def _read(result: "GetResult", max_bytes: int) -> bytes:
    """Return at most `max_bytes` + 1 of the body."""
    if result.meta["size"] <= max_bytes:
        return bytes(result.bytes())  # only a whole read detects a truncated body
    beginning = next(result.stream(min_chunk_size=max_bytes + 1))
    return bytes(memoryview(beginning)[: max_bytes + 1])


def _key_missing(error: FileNotFoundError) -> bool:
    """Return whether it is the key that doesn't exist, and not the bucket."""
    return "<Code>NoSuchBucket</Code>" not in str(error)
