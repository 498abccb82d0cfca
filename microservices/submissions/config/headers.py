"""Check and normalize request headers before Django reads them."""

import re
from typing import Any

from django.utils.http import parse_header_parameters

from config.client_networks import client_network
from config.refusals import HeadersTooLarge, UnsupportedMediaType

_HEAD_MAX_BYTES = 16 * 1024
# As in Django REST framework: the time to parse parameters grows with the square of their length.
_CONTENT_TYPE_MAX_CHARACTERS = 256
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_BOUNDARY = re.compile(r"[ -~]{1,70}")
_WAIT = re.compile(rb"(?:^|&)wait=(\d{1,2})(?=&|$)")
_UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}


def head_check(scope: dict[str, Any]) -> None:
    """Raise HeadersTooLarge if request line and headers have more than 16 KiB."""
    size = len(scope["raw_path"]) + len(scope["query_string"])
    for name, value in scope["headers"]:
        size += len(name) + len(value)
    if size > _HEAD_MAX_BYTES:
        raise HeadersTooLarge


def content_type_plain(text: str, *, matters: bool) -> str:
    """Return a Content-Type without unused parameters: only a multipart's boundary is kept.

    Bodies are UTF-8 (RFC 8259 defines no charset for JSON), so a charset is dropped. Raises
    UnsupportedMediaType for JSON in another charset and for parameters that can't be parsed, if the
    header `matters` because there is a body that is read.
    """
    if ";" not in text:
        return text
    try:
        media_type, parameters = _parsed(text)
    except ValueError as error:
        if matters:
            raise UnsupportedMediaType from error
        media_type, parameters = text.partition(";")[0].strip().lower(), {}
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    if media_type.startswith("multipart/"):
        boundary = parameters.get("boundary", "")
        if _BOUNDARY.fullmatch(boundary) and not set(boundary) & set('"\\'):
            return f'{media_type}; boundary="{boundary}"'
        return media_type
    if matters and parameters.get("charset", "utf-8").lower() not in _UTF_8:
        raise UnsupportedMediaType
    return media_type


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    """Return a media type and its parameters. Raises ValueError if they can't be parsed."""
    if len(text) > _CONTENT_TYPE_MAX_CHARACTERS:
        raise ValueError
    try:
        return parse_header_parameters(text)
    except (LookupError, TypeError) as error:  # invalid encodings and orders of RFC 2231
        raise ValueError from error


def header(scope: dict[str, Any], wanted: bytes) -> bytes | None:
    """Return the first value of a header, whose name is given in lower case."""
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return None


def body_announced(scope: dict[str, Any]) -> int | None:
    """Return how many bytes the body has: 0 without a body, None if its length is unknown."""
    length = None
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = value
    return int(length) if length and length.isdigit() else 0


def client_of(scope: dict[str, Any]) -> str:
    """Return the network that a body is counted under: X-Forwarded-For's, or else the peer's."""
    forwarded = (header(scope, b"x-forwarded-for") or b"").rpartition(b",")[2].strip()
    return client_network(forwarded.decode("latin-1") or str((scope.get("client") or ("",))[0]))


def wait_wanted(scope: dict[str, Any], *, max_seconds: int) -> int:
    """Return for how many seconds the response may be delayed; 0 for no delay.

    A request that will be refused isn't delayed: one whose `wait` is out of bounds, or that doesn't
    accept JSON.
    """
    query: bytes = scope["query_string"]
    if query.count(b"wait") != 1 or not (found := _WAIT.search(query)):
        return 0
    accepted = header(scope, b"accept") or b"*/*"
    if b"*/*" not in accepted and b"application/" not in accepted:
        return 0
    seconds = int(found[1])
    return seconds if seconds <= max_seconds else 0
