"""Read stored results and images for callers."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from obstore import sign
from obstore.exceptions import BaseError

from recognition.errors import Unavailable
from recognition.object_store import Bucket
from recognition.storage import image_key, result_key

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


@cache
def _bucket(name: str) -> Bucket:
    # Short timeouts and few attempts: for a waiting client, a 503 after seconds is worth more than
    # a response after a minute.
    return Bucket(
        name,
        region=settings.AWS_REGION,
        connect_timeout_seconds=1,
        read_timeout_seconds=5,
        attempts=2,
    )


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
