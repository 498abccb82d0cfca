"""The object store: read uploads; store images and results, each written once."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from obstore.exceptions import AlreadyExistsError, BaseError

from recognition.errors import SourceGone, SourceUnreachable, StorageUnavailable
from recognition.object_store import Bucket

if TYPE_CHECKING:
    from obstore import Attributes, GetResult

_SOURCE_MEDIA_TYPE = "source-media-type"
_SOURCE_BYTES = "source-bytes"


@dataclass(frozen=True, slots=True)
class KeptImage:
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


@cache
def _bucket(name: str) -> Bucket:
    return Bucket(
        name,
        region=settings.AWS_REGION,
        connect_timeout_seconds=2,
        read_timeout_seconds=5,
        attempts=3,
    )


def source_get(*, bucket: str, key: str, max_bytes: int) -> bytes:
    """Return at most `max_bytes` + 1 of an upload. Raises SourceUnreachable, SourceGone."""
    try:
        return _bucket(bucket).call(lambda store: _read(store.get(key), max_bytes))
    except FileNotFoundError as error:
        raise (SourceGone if _key_missing(error) else SourceUnreachable) from error
    except BaseError as error:
        raise SourceUnreachable from error


def image_put_once(*, submission_id: UUID, image: KeptImage) -> KeptImage:
    """Store an image unless one exists; return the stored one. Raises StorageUnavailable."""
    bucket, key = settings.IMAGE_BUCKET, image_key(submission_id)
    attributes: Attributes = {
        "Content-Type": image.media_type,
        _SOURCE_MEDIA_TYPE: image.source_media_type,
        _SOURCE_BYTES: str(image.source_bytes),
    }
    if _put_once(bucket=bucket, key=key, data=image.data, attributes=attributes):
        return image
    found = _find(bucket=bucket, key=key)
    if found is None:
        raise StorageUnavailable  # deleted in between, with its submission
    data, attributes = found
    return KeptImage(
        data=data,
        media_type=attributes["Content-Type"],
        # What the version before has stored is without these; mostly the source is the same.
        source_media_type=attributes.get(_SOURCE_MEDIA_TYPE, image.source_media_type),
        source_bytes=int(attributes.get(_SOURCE_BYTES, image.source_bytes)),
    )


def result_put_once(*, submission_id: UUID, result: dict[str, Any]) -> dict[str, Any]:
    """Store a result unless one exists; return the stored one. Raises StorageUnavailable."""
    data = json.dumps(result, separators=(",", ":")).encode()
    key = result_key(submission_id)
    attributes: Attributes = {"Content-Type": "application/json"}
    if _put_once(bucket=settings.RESULT_BUCKET, key=key, data=data, attributes=attributes):
        return result
    stored = result_find(submission_id=submission_id)
    if stored is None:
        raise StorageUnavailable
    return stored


def result_find(*, submission_id: UUID) -> dict[str, Any] | None:
    """Return the stored result, or None. Raises StorageUnavailable."""
    found = _find(bucket=settings.RESULT_BUCKET, key=result_key(submission_id))
    if found is None:
        return None
    result: dict[str, Any] = json.loads(found[0])
    return result


def _put_once(*, bucket: str, key: str, data: bytes, attributes: "Attributes") -> bool:
    """Return whether this call stored the object; False if one existed."""
    try:
        _bucket(bucket).call(
            lambda store: store.put(key, data, attributes=attributes, mode="create")
        )
    except AlreadyExistsError:
        return False
    except (BaseError, FileNotFoundError) as error:
        raise StorageUnavailable from error
    return True


def _find(*, bucket: str, key: str) -> tuple[bytes, "Attributes"] | None:
    try:
        return _bucket(bucket).call(lambda store: _read_whole(store.get(key)))
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
