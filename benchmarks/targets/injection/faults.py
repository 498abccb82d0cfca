"""The faults that a proxy can apply to its traffic, as data."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Latency:
    """Each chunk of a response is delayed by `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Stall:
    """Connections are accepted, but no byte is forwarded and no connection closed."""


@dataclass(frozen=True)
class Reset:
    """Every connection is reset, existing and new ones."""


@dataclass(frozen=True)
class Truncate:
    """The connection is closed after `after_bytes` of each response."""

    after_bytes: int


@dataclass(frozen=True)
class HttpFault:
    """A random share of the HTTP requests is delayed, and gets `response` if that is set.

    `rate` is from 0 to 1. Without a `response` the request is forwarded after the delay.
    """

    rate: float
    response: bytes | None = None
    delay_seconds: float = 0.0


Fault = Latency | Stall | Reset | Truncate | HttpFault


def http_response(status: str, body: bytes, content_type: str, *headers: str) -> bytes:
    """Return a whole HTTP/1.1 response, after which the connection closes."""
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


S3_INTERNAL_ERROR = http_response(
    "500 Internal Server Error",
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>InternalError</Code>'
    b"<Message>We encountered an internal error. Please try again.</Message></Error>",
    "application/xml",
)
DYNAMODB_THROTTLED = http_response(
    "400 Bad Request",
    json.dumps(
        {
            "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "message": "The level of configured provisioned throughput for the table was exceeded.",
        }
    ).encode(),
    "application/x-amz-json-1.0",
)
GARBAGE = http_response("200 OK", b"<html>upstream connect error</html>", "application/json")


def throttled_recognizer(retry_after_seconds: int) -> bytes:
    """Return Clarifai's response 429 with a Retry-After header."""
    body = {"status": {"code": 11005, "description": "Making too many requests"}, "outputs": []}
    return http_response(
        "429 Too Many Requests",
        json.dumps(body).encode(),
        "application/json",
        f"Retry-After: {retry_after_seconds}",
    )


RECOGNIZER_THROTTLED = throttled_recognizer(5)
