"""Read results and images that the recognition service has stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from urllib3.exceptions import HTTPError

from submissions.errors import Unavailable
from submissions.storage import client

if TYPE_CHECKING:
    from botocore.response import StreamingBody

_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A stored image opened for reading in chunks. Must be closed."""

    media_type: str
    size_bytes: int
    body: "StreamingBody"

    def __iter__(self) -> Iterator[bytes]:
        """Yield chunks of at most 64 KiB."""
        return self.body.iter_chunks(_CHUNK_BYTES)

    def close(self) -> None:
        """Release the connection to the store."""
        self.body.close()


def image_key(submission_id: UUID) -> str:
    """Return the key of a submission's image in the image bucket."""
    return f"images/{submission_id}"


def result_key(submission_id: UUID) -> str:
    """Return the key of a submission's result in the result bucket."""
    return f"results/{submission_id}.json"


def result_get(*, submission_id: UUID) -> bytes:
    """Return the stored result document. Raises Unavailable."""
    try:
        response = client().get_object(Bucket=settings.RESULT_BUCKET, Key=result_key(submission_id))
        with response["Body"] as body:
            return body.read()
    except (BotoCoreError, ClientError, HTTPError) as error:
        raise Unavailable from error


def image_get(*, submission_id: UUID) -> StoredImage:
    """Open the stored image for reading. Raises Unavailable."""
    try:
        response = client().get_object(Bucket=settings.IMAGE_BUCKET, Key=image_key(submission_id))
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    return StoredImage(
        media_type=response["ContentType"],
        size_bytes=response["ContentLength"],
        body=response["Body"],
    )
