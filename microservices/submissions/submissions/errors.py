"""What can go wrong with submissions.

SubmissionsError
├── Invalid                  422 invalid                   fields, with their reasons
├── InvalidImageUrl          422 invalid-image-url         the address's text alone shows it
├── IdempotencyKeyReused     422 idempotency-key-reused    another body under the same key
├── IdempotencyInProgress    409 idempotency-in-progress   (retryable)
├── ImageTooLarge            413 image-too-large           bytes or pixels
├── UnsupportedImage         415 unsupported-media-type    not JPEG, PNG, WebP or GIF
├── Malformed                400 malformed                 a body that can't be read
├── TooManyRequests          429 too-many-requests         (retryable) too much of it still open
├── Unauthenticated          401 unauthenticated           a token that isn't good
├── NotFound                 404 not-found                 never was, is gone, or is another's
├── ResultNotReady           409 result-not-ready          (retryable)
├── ImageNotReady            409 image-not-ready           (retryable)
├── RecognitionFailed        409 recognition-failed        there will be no result
└── Unavailable              503 unavailable               (retryable) a part can't be reached

The codes are those of the contract's error list; the project's exception handler turns each into
RFC 9457 problem details.
"""


class SubmissionsError(Exception):
    """The base of all: a code, the HTTP status it is answered with, and what a person may read."""

    code: str
    status: int
    title: str
    retryable: bool = False

    def __init__(
        self,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        errors: dict[str, list[str]] | None = None,
    ) -> None:
        """Keep `detail`, which the caller reads, the answer's headers, and the fields' reasons."""
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.errors = errors


class Invalid(SubmissionsError):
    """Fields, parameters or headers that can't be taken, each with its reasons."""

    code = "invalid"
    status = 422
    title = "Invalid"

    def __init__(self, **errors: str) -> None:
        super().__init__(
            "The request has fields that can't be taken.",
            errors={field: [reason] for field, reason in errors.items()},
        )


class InvalidImageUrl(SubmissionsError):
    """An address that isn't fetched, as its text alone shows."""

    code = "invalid-image-url"
    status = 422
    title = "Invalid image address"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, errors={"image_url": [detail]})


class IdempotencyKeyReused(SubmissionsError):
    """The key came with another body before."""

    code = "idempotency-key-reused"
    status = 422
    title = "Idempotency key reused"

    def __init__(self) -> None:
        detail = "This Idempotency-Key came with another body before."
        super().__init__(detail, errors={"Idempotency-Key": [detail]})


class IdempotencyInProgress(SubmissionsError):
    """The first request with this key is still being answered."""

    code = "idempotency-in-progress"
    status = 409
    title = "Idempotency key in progress"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is still being answered.",
            headers={"Retry-After": "1"},
        )


class ImageTooLarge(SubmissionsError):
    """More bytes or more pixels than the limits allow."""

    code = "image-too-large"
    status = 413
    title = "Image too large"


class UnsupportedImage(SubmissionsError):
    """Not one of the image formats that are taken."""

    code = "unsupported-media-type"
    status = 415
    title = "Unsupported media type"


class Malformed(SubmissionsError):
    """A body that can't be read."""

    code = "malformed"
    status = 400
    title = "Malformed"


class TooManyRequests(SubmissionsError):
    """The account has as many open submissions as it may have."""

    code = "too-many-requests"
    status = 429
    title = "Too many requests"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "Too many of your submissions are still open. Wait until some are done.",
            headers={"Retry-After": "2"},
        )


class Unauthenticated(SubmissionsError):
    """A bearer token that isn't the accounts service's, or has expired."""

    code = "unauthenticated"
    status = 401
    title = "Unauthenticated"

    def __init__(self) -> None:
        super().__init__(
            "A valid bearer token is needed.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class NotFound(SubmissionsError):
    """The answer doesn't tell whether it never was, is gone, or belongs to another account."""

    code = "not-found"
    status = 404
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


class ResultNotReady(SubmissionsError):
    """The recognition is still to come."""

    code = "result-not-ready"
    status = 409
    title = "Result not ready"
    retryable = True

    def __init__(self) -> None:
        super().__init__("There is no result yet.", headers={"Retry-After": "1"})


class ImageNotReady(SubmissionsError):
    """The picture isn't stored, yet or for good."""

    code = "image-not-ready"
    status = 409
    title = "Image not ready"
    retryable = True

    def __init__(self, *, may_come: bool) -> None:
        super().__init__(
            "There is no stored image.", headers={"Retry-After": "1"} if may_come else None
        )


class RecognitionFailed(SubmissionsError):
    """The recognition ended without a result."""

    code = "recognition-failed"
    status = 409
    title = "Recognition failed"

    def __init__(self) -> None:
        super().__init__("The recognition failed: the submission's error tells why.")


class Unavailable(SubmissionsError):
    """A part that submissions stand on can't be reached."""

    code = "unavailable"
    status = 503
    title = "Unavailable"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "Submissions can't be reached right now. Try again shortly.",
            headers={"Retry-After": "1"},
        )
