"""The errors of this package.

    ImagingError
    ├── InvalidUrl                invalid-image-url           by its text alone
    ├── ImageUnreachable          image-unreachable           retryable
    │   └── ImageNotServed        image-unreachable           the response is final (a 404)
    ├── ForbiddenAddress          image-forbidden-address     by the resolver or a redirect
    ├── ImageTooLarge             image-too-large             bytes or pixels
    ├── ImageUnsupported          image-unsupported           not JPEG, PNG, WebP or GIF
    ├── ImageCorrupt              image-corrupt               one of those, but broken
    ├── RecognizerUnavailable     recognizer-unavailable      retryable
    └── RecognizerCrashed         recognizer-crashed          retryable

``code`` is one of the codes of the contract. ``retryable`` is whether another attempt, seconds
later, can succeed. ``detail`` is a sentence for the person who sent the image: it never contains
an address that is not from the request.
"""

from typing import ClassVar


class ImagingError(Exception):
    """The base class of this package's errors."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidUrl(ImagingError):
    """The URL's text shows that it can't be fetched."""

    code = "invalid-image-url"


class ImageUnreachable(ImagingError):
    """The server did not send the image: no connection, an error, or a timeout."""

    code = "image-unreachable"
    retryable = True


class ImageNotServed(ImageUnreachable):
    """The server responded, and a retry is no use: not found, or endless redirects."""

    retryable = False


class ForbiddenAddress(ImagingError):
    """The URL leads to an address that is not allowed."""

    code = "image-forbidden-address"


class ImageTooLarge(ImagingError):
    """More bytes or more pixels than the limits allow."""

    code = "image-too-large"


class ImageUnsupported(ImagingError):
    """The bytes have no supported format."""

    code = "image-unsupported"


class ImageCorrupt(ImagingError):
    """The bytes begin as a supported format and can't be decoded."""

    code = "image-corrupt"


class RecognizerUnavailable(ImagingError):
    """The recognizer can't be used now, for any image: unreachable, overloaded, or incoherent.

    ``retry_after_seconds`` is how long this process makes no call, so that an earlier retry is no
    use: the circuit breaker is open, or the recognizer sent the time (``Retry-After``). None if
    another call may be made at once.
    """

    code = "recognizer-unavailable"
    retryable = True

    def __init__(self, detail: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class RecognizerCrashed(ImagingError):
    """The recognizer failed on this image."""

    code = "recognizer-crashed"
    retryable = True
