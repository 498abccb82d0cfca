"""Errors by which the gateway refuses a request before Django's handler gets it.

Refusal
├── Malformed             400 malformed               a body that is cut off or too large
├── RequestTimeout        408 request-timeout         a body that comes too slowly
├── UnsupportedMediaType  415 unsupported-media-type  a Content-Type that can't be parsed
├── TooManyRequests       429 too-many-requests       too many bodies of one client at once
├── HeadersTooLarge       431 headers-too-large
└── Unavailable           503 unavailable             no thread, no slot, or a stuck request

Each is turned into RFC 9457 problem details by `config.problems`.
"""


class Refusal(Exception):
    """The base of all: a code of the contract's list, with its status and text."""

    code: str
    status: int
    title: str
    detail: str
    retryable: bool = False
    retry_after_seconds: int | None = None

    def __init__(self, detail: str | None = None) -> None:
        """Keep `detail` instead of the default text."""
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.errors: dict[str, list[str]] | None = None
        seconds = self.retry_after_seconds
        self.headers = {} if seconds is None else {"Retry-After": str(seconds)}


class Malformed(Refusal):
    """A body that ended early, or has more bytes than a JSON body may have."""

    code = "malformed"
    status = 400
    title = "Malformed"
    detail = "The request can't be read."


class RequestTimeout(Refusal):
    """A body that stopped, or is slower than the minimum rate."""

    code = "request-timeout"
    status = 408
    title = "Request timeout"
    detail = "The body came too slowly."
    retryable = True


class UnsupportedMediaType(Refusal):
    """A Content-Type with parameters that can't be parsed."""

    code = "unsupported-media-type"
    status = 415
    title = "Unsupported media type"
    detail = "The request's media type isn't taken here."


class TooManyRequests(Refusal):
    """One client sends too many bodies, or too much of them, at the same time."""

    code = "too-many-requests"
    status = 429
    title = "Too many requests"
    detail = "Too many bodies are being sent at once. Try again shortly."
    retryable = True
    retry_after_seconds = 1


class HeadersTooLarge(Refusal):
    """More than 16 kB of request line and headers."""

    code = "headers-too-large"
    status = 431
    title = "Request headers too large"
    detail = "The request's headers have more bytes than are taken."


class Unavailable(Refusal):
    """No capacity is left, or a backing service doesn't respond."""

    code = "unavailable"
    status = 503
    title = "Unavailable"
    detail = "This can't be done right now. Try again shortly."
    retryable = True
    retry_after_seconds = 1
