"""What can go wrong between an untrusted image and its detections.

    ImagingError
    ├── InvalidAddress            invalid-image-url           the text alone shows it
    ├── ImageUnreachable          image-unreachable           retryable
    │   └── ImageNotServed        image-unreachable           the server's answer is final (a 404)
    ├── ForbiddenAddress          image-forbidden-address     a resolver or a redirect shows it
    ├── ImageTooLarge             image-too-large             bytes or pixels
    ├── ImageUnsupported          image-unsupported           not JPEG, PNG, WebP or GIF
    ├── ImageCorrupt              image-corrupt               one of those, but broken
    ├── RecognizerUnavailable     recognizer-unavailable      retryable
    └── RecognizerCrashed         recognizer-crashed          retryable

``code`` is one of the codes of the contract. ``retryable`` says whether another attempt, seconds
later, can end otherwise. ``detail`` is a sentence for the person who sent the image: it never
holds an address that they did not give.
"""

from typing import ClassVar


class ImagingError(Exception):
    """Base of every error that this package raises on purpose."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidUrl(ImagingError):
    """The text of the address shows that it can't be fetched."""

    code = "invalid-image-url"


class ImageUnreachable(ImagingError):
    """The server did not give the image: no connection, an error, or not in time."""

    code = "image-unreachable"
    retryable = True


class ImageNotServed(ImageUnreachable):
    """The server answered, and will answer the same again: not found, or redirects without end."""

    retryable = False


class ForbiddenAddress(ImagingError):
    """The address leads to where this service does not go."""

    code = "image-forbidden-address"


class ImageTooLarge(ImagingError):
    """More bytes or more pixels than the limits allow."""

    code = "image-too-large"


class ImageUnsupported(ImagingError):
    """The bytes are not of a kind that is read here."""

    code = "image-unsupported"


class ImageCorrupt(ImagingError):
    """The bytes begin as a supported kind and can't be decoded."""

    code = "image-corrupt"


class RecognizerUnavailable(ImagingError):
    """The recognizer can't be used now, for any image: away, overloaded, or incoherent.

    ``retry_after_seconds`` is how long no call will be made from this process, so that trying
    again sooner is pointless: the circuit breaker is open, or the recognizer named the time
    itself (``Retry-After``). None where another call may be made at once.
    """

    code = "recognizer-unavailable"
    retryable = True

    def __init__(self, detail: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class RecognizerCrashed(ImagingError):
    """The recognizer broke on this image."""

    code = "recognizer-crashed"
    retryable = True
