"""Read stored images and results."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from recognition import storage, stored_objects
from recognition.storage import StoredImage


def result_get(*, submission_id: UUID) -> bytes:
    """Return the stored result document. Raises Unavailable."""
    return storage.result_read(submission_id=submission_id)


def image_get(*, submission_id: UUID) -> StoredImage:
    """Open the stored image for reading. Raises Unavailable."""
    return storage.image_open(submission_id=submission_id)


def image_url_sign(*, submission_id: UUID) -> str:
    """Return a URL of the stored image that ends, for the edge. Raises Unavailable."""
    return storage.image_url_sign(submission_id=submission_id)


def stored_list(*, older_than: timedelta) -> Iterator[list[UUID]]:
    """Yield pages of submissions with an image or a result older than that. Raises Unavailable."""
    return stored_objects.stored_list(older_than=older_than)
