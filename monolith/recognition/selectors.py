"""What is read of recognitions: the stored picture and the stored result."""

from uuid import UUID

from recognition import storage
from recognition.storage import StoredImage


def result_get(*, submission_id: UUID) -> bytes:
    """Returns the result document as it is stored. Raises Unavailable."""
    return storage.result_read(submission_id=submission_id)


def image_get(*, submission_id: UUID) -> StoredImage:
    """Returns the stored picture, about to be read. Raises Unavailable."""
    return storage.image_open(submission_id=submission_id)
