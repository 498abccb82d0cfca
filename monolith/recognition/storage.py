"""The object store: read uploads; store images and results, each written once."""

import json
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from obstore import sign
from obstore.exceptions import AlreadyExistsError, BaseError

from recognition.errors import SourceGone, SourceUnreachable, StorageUnavailable, Unavailable
from recognition.object_store import Bucket

if TYPE_CHECKING:
    from obstore import GetResult

STORED_PATH = "/stored"  # below which the edge passes requests on to the store
_CHUNK_BYTES = 64 * 1024
# An image of so many bytes is read at once: each chunk of a stream costs a change of threads.
_WHOLE_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A stored image opened for reading in chunks, or the whole of a small one. Must be closed."""

    media_type: str
    size_bytes: int
    body: Generator[bytes, None, None]
    is_whole: bool = False  # and in memory

    def __iter__(self) -> Iterator[bytes]:
        """Yield chunks of at most 64 KiB."""
        return self.body

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
    key = result_key(submission_id)
    try:
        return _bucket(settings.RESULT_BUCKET).call(lambda store: bytes(store.get(key).bytes()))
    except (BaseError, FileNotFoundError) as error:
        raise Unavailable from error


def image_open(*, submission_id: UUID) -> StoredImage:
    """Open the stored image for reading. Raises Unavailable."""
    key = image_key(submission_id)
    try:
        return _bucket(settings.IMAGE_BUCKET).call(lambda store: _opened(store.get(key)))
    except (BaseError, FileNotFoundError) as error:
        raise Unavailable from error


def image_url_sign(*, submission_id: UUID) -> str:
    """Return the path of the stored image at the edge, signed for IMAGE_URL_SECONDS.

    The store checks signature and expiry: without the key no such URL can be made or changed.
    It is signed for the store's own host, which the edge puts into the request. Raises Unavailable.
    """
    key, ends = image_key(submission_id), timedelta(seconds=settings.IMAGE_URL_SECONDS)
    try:
        url = urlsplit(
            _bucket(settings.IMAGE_BUCKET).call(lambda store: sign(store, "GET", key, ends))
        )
    except BaseError as error:
        raise Unavailable from error
    return f"{STORED_PATH}{url.path}?{url.query}"


def _put_once(*, bucket: str, key: str, data: bytes, media_type: str) -> bool:
    """Return whether this call stored the object; False if one existed."""
    try:
        _bucket(bucket).call(
            lambda store: store.put(
                key, data, attributes={"Content-Type": media_type}, mode="create"
            )
        )
    except AlreadyExistsError:
        return False
    except (BaseError, FileNotFoundError) as error:
        raise StorageUnavailable from error
    return True


def _find(*, bucket: str, key: str) -> bytes | None:
    try:
        return _bucket(bucket).call(lambda store: bytes(store.get(key).bytes()))
    except FileNotFoundError as error:
        if _key_missing(error):
            return None
        raise StorageUnavailable from error
    except BaseError as error:
        raise StorageUnavailable from error


def _read(result: "GetResult", max_bytes: int) -> bytes:
    """Return at most `max_bytes` + 1 of the body."""
    if result.meta["size"] <= max_bytes:
        return bytes(result.bytes())  # only a whole read detects a truncated body
    beginning = next(result.stream(min_chunk_size=max_bytes + 1))
    return bytes(memoryview(beginning)[: max_bytes + 1])


def _key_missing(error: FileNotFoundError) -> bool:
    """Return whether it is the key that doesn't exist, and not the bucket."""
    return "<Code>NoSuchBucket</Code>" not in str(error)


def _opened(result: "GetResult") -> StoredImage:
    """Return the image. Its first chunk is here, so that a store that fails early is a 503."""
    media_type, size_bytes = result.attributes["Content-Type"], result.meta["size"]
    if size_bytes <= _WHOLE_BYTES:
        whole = _chunks(bytes(result.bytes()), ())
        return StoredImage(media_type, size_bytes, body=whole, is_whole=True)
    stream = result.stream(min_chunk_size=_CHUNK_BYTES)
    return StoredImage(media_type, size_bytes, body=_chunks(bytes(next(stream)), stream))


def _chunks(first: bytes, rest: Iterable[Any]) -> Generator[bytes, None, None]:
    """Yield the body. Raises obstore's BaseError where it is truncated or stalls."""
    yield from _cut(first)
    for piece in rest:
        yield from _cut(bytes(piece))


def _cut(piece: bytes) -> Iterator[bytes]:
    return (piece[start : start + _CHUNK_BYTES] for start in range(0, len(piece), _CHUNK_BYTES))
