"""The errors of submissions.

SubmissionsError
├── Invalid                  422 invalid                   fields, with their reasons
├── InvalidImageUrl          422 invalid-image-url         the URL's text alone shows it
├── IdempotencyKeyReused     422 idempotency-key-reused    another body under the same key
├── IdempotencyInProgress    409 idempotency-in-progress   (retryable)
├── ImageTooLarge            413 image-too-large           bytes or pixels
├── UnsupportedImage         415 unsupported-media-type    not JPEG, PNG, WebP or GIF
├── Malformed                400 malformed                 a body that can't be parsed
├── TooManyRequests          429 too-many-requests         (retryable) too many are still open
├── Unauthenticated          401 unauthenticated           an invalid token
├── NotFound                 404 not-found                 unknown, deleted, another account's
├── ResultNotReady           409 result-not-ready          (retryable)
├── ImageNotReady            409 image-not-ready           (retryable)
├── RecognitionFailed        409 recognition-failed        there will be no result
└── Unavailable              503 unavailable               (retryable) a backing service

The codes are those of the contract's error list; the project's exception handler turns each into
RFC 9457 problem details.
"""


class SubmissionsError(Exception):
    """The base of all: a code, the HTTP status of the response, and texts for its reader."""

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
        """Keep `detail` for the client, the response's headers, and the fields' errors."""
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.errors = errors


class Invalid(SubmissionsError):
    """Fields, parameters or headers that are invalid, each with its reasons."""

    code = "invalid"
    status = 422
    title = "Invalid"

    def __init__(self, **errors: str) -> None:
        super().__init__(
            "The request has fields that can't be taken.",
            errors={field: [reason] for field, reason in errors.items()},
        )


class InvalidImageUrl(SubmissionsError):
    """A URL that is not fetched, as its text alone shows."""

    code = "invalid-image-url"
    status = 422
    title = "Invalid image URL"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, errors={"image_url": [detail]})


class IdempotencyKeyReused(SubmissionsError):
    """The key was used with another body before."""

    code = "idempotency-key-reused"
    status = 422
    title = "Idempotency key reused"

    def __init__(self) -> None:
        detail = "This Idempotency-Key came with another body before."
        super().__init__(detail, errors={"Idempotency-Key": [detail]})


class IdempotencyInProgress(SubmissionsError):
    """The first request with this key is still in progress."""

    code = "idempotency-in-progress"
    status = 409
    title = "Idempotency key in progress"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is still in progress.",
            headers={"Retry-After": "1"},
        )


class ImageTooLarge(SubmissionsError):
    """More bytes or more pixels than the limits allow."""

    code = "image-too-large"
    status = 413
    title = "Image too large"


class UnsupportedImage(SubmissionsError):
    """Not one of the supported image formats."""

    code = "unsupported-media-type"
    status = 415
    title = "Unsupported media type"


class Malformed(SubmissionsError):
    """A body that can't be parsed."""

    code = "malformed"
    status = 400
    title = "Malformed"


class TooManyRequests(SubmissionsError):
    """The account has the maximum number of open submissions."""

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
    """A bearer token that the accounts service hasn't signed, or that has expired."""

    code = "unauthenticated"
    status = 401
    title = "Unauthenticated"

    def __init__(self) -> None:
        super().__init__(
            "A valid bearer token is needed.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


class NotFound(SubmissionsError):
    """Unknown, deleted, or of another account: the response doesn't distinguish them."""

    code = "not-found"
    status = 404
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


class ResultNotReady(SubmissionsError):
    """The recognition is not finished yet."""

    code = "result-not-ready"
    status = 409
    title = "Result not ready"
    retryable = True

    def __init__(self) -> None:
        super().__init__("There is no result yet.", headers={"Retry-After": "1"})


class ImageNotReady(SubmissionsError):
    """The image is not stored, or not yet."""

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
        super().__init__("The recognition failed: see the submission's error.")


class Unavailable(SubmissionsError):
    """A backing service can't be reached."""

    code = "unavailable"
    status = 503
    title = "Unavailable"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "Submissions can't be reached right now. Try again shortly.",
            headers={"Retry-After": "1"},
        )
