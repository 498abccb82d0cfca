"""Read stored images and results."""

from datetime import timedelta
from uuid import UUID

from recognition import reading, stored_objects
from recognition.reading import StoredImage


def result_get(*, submission_id: UUID) -> bytes:
    """Return the stored result document. Raises Unavailable."""
    return reading.result_read(submission_id=submission_id)


def image_get(*, submission_id: UUID) -> StoredImage:
    """Open the stored image for reading. Raises Unavailable."""
    return reading.image_open(submission_id=submission_id)


def image_url_sign(*, submission_id: UUID) -> str:
    """Return a URL of the stored image that ends, for the edge. Raises Unavailable."""
    return reading.image_url_sign(submission_id=submission_id)


def images_page(*, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
    """List a page of images after a name (the key without its prefix).

    Return the submissions of those older than that, and the page's last name, or None if no page
    follows. Raises Unavailable.
    """
    return stored_objects.images_page(older_than=older_than, after=after)


def results_page(*, older_than: timedelta, after: str) -> tuple[list[UUID], str | None]:
    """List a page of results after a name (the key without its prefix).

    Return the submissions of those older than that, and the page's last name, or None if no page
    follows. Raises Unavailable.
    """
    return stored_objects.results_page(older_than=older_than, after=after)
