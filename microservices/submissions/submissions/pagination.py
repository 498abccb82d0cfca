"""Cursors of pages: opaque to clients, and valid whatever is added or deleted in between."""

import base64
import binascii
from uuid import UUID

from submissions.errors import Invalid

_VERSION = b"\x01"


def cursor_encode(last_id: UUID) -> str:
    """Return the cursor of a page that ends with this submission."""
    return base64.urlsafe_b64encode(_VERSION + last_id.bytes).decode().rstrip("=")


def cursor_decode(text: str) -> UUID:
    """Return the id after which the page begins. Raises Invalid for any other text."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        last_id = UUID(bytes=raw.removeprefix(_VERSION))
    except (ValueError, binascii.Error) as error:
        raise Invalid(cursor="This is no cursor.") from error
    if cursor_encode(last_id) != text:
        raise Invalid(cursor="This is no cursor.")
    return last_id
