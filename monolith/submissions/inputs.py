"""Validate a request's image, query parameters and idempotency key."""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from rest_framework.request import Request

from imaging import (
    ImageCorrupt,
    ImageUnsupported,
    InvalidUrl,
    check_url,
    inspect_image,
)
from imaging import ImageTooLarge as TooLarge
from submissions.errors import ImageTooLarge, Invalid, InvalidImageUrl, UnsupportedImage
from submissions.schemas import NewSubmissionByAddress, NewSubmissionByUpload
from submissions.services import NewImage

_KEY_MAX_CHARACTERS = 255
_NUMBER = re.compile(r"[0-9]{1,9}")


def account_of(request: Request) -> UUID:
    """Return the account that the request's token identifies."""
    identity: Any = request.user
    account_id: UUID = identity.id
    return account_id


def image_read(request: Request) -> NewImage:
    """Return the submitted image, after a check of its URL's text or of its header.

    Raises InvalidImageUrl, ImageTooLarge, UnsupportedImage, Invalid, and what DRF's parsers and
    serializers raise.
    """
    if (request.content_type or "").lower().startswith("multipart/"):
        return _upload_read(request)
    body = NewSubmissionByAddress(data=request.data)
    body.is_valid(raise_exception=True)
    url: str = body.validated_data["image_url"]
    try:
        check_url(url, allow=settings.IMAGE_FETCH_ALLOW)
    except InvalidUrl as error:
        raise InvalidImageUrl(error.detail) from error
    return NewImage(url=url)


def idempotency_key_read(request: Request) -> str | None:
    """Return the Idempotency-Key, or None. Raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= _KEY_MAX_CHARACTERS and key.isprintable()):
        reason = f"Use 1 to {_KEY_MAX_CHARACTERS} printable characters."
        raise Invalid(**{"Idempotency-Key": reason})
    return key


def number_read(request: Request, name: str, *, least: int, most: int, default: int) -> int:
    """Return a query parameter that is a whole number within bounds. Raises Invalid."""
    try:
        text = request.query_params.get(name)
    except TooManyFieldsSent as error:
        raise Invalid(query="Send fewer parameters.") from error
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise Invalid(**{name: f"Give a whole number from {least} to {most}."})
    return int(text)


def _upload_read(request: Request) -> NewImage:
    body = NewSubmissionByUpload(data=request.data)
    body.is_valid(raise_exception=True)
    if len(request.FILES.getlist("image")) > 1:
        raise Invalid(image="Send one image.")
    data: bytes = body.validated_data["image"].read()
    try:
        header = inspect_image(data, limits=settings.IMAGE_LIMITS)
    except TooLarge as error:
        raise ImageTooLarge(error.detail) from error
    except ImageUnsupported as error:
        raise UnsupportedImage(error.detail) from error
    except ImageCorrupt as error:
        raise Invalid(image=error.detail) from error
    return NewImage(data=data, media_type=header.media_type)
