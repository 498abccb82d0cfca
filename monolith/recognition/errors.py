"""The errors of recognition.

RecognitionError
├── AttemptFailed            an attempt without a result; its code is the reason
│   ├── SourceUnreachable    image-unreachable       (retryable) the upload can't be read
│   ├── SourceGone           image-unreachable                   there is no such upload
│   ├── StorageUnavailable   recognizer-unavailable  (retryable) the object store is unavailable
│   ├── WorkerLost           recognizer-crashed      (retryable) the process died
│   ├── UnexpectedFailure    recognizer-crashed      (retryable) any other error
│   └── TimedOut             timed-out               (retryable) the time limit
└── Unavailable              503 unavailable         (retryable) for reads of image and result

The codes are those of the contract's error list, and of a submission's failure.
"""


class RecognitionError(Exception):
    """The base of all, with a text for the submission's owner."""

    def __init__(self, detail: str) -> None:
        """Keep `detail` for the submission's owner."""
        super().__init__(detail)
        self.detail = detail


class AttemptFailed(RecognitionError):
    """An attempt without a result; another one may succeed if it is retryable.

    `retry_after_seconds` is set if something is unavailable that every attempt needs: the attempt
    is made again after that time at the earliest, and isn't counted.
    """

    retry_after_seconds: float | None = None

    def __init__(self, detail: str, *, code: str, retryable: bool) -> None:
        super().__init__(detail)
        self.code = code
        self.retryable = retryable


class SourceUnreachable(AttemptFailed):
    """The upload can't be read: the object store is unavailable."""

    retry_after_seconds = 0.0

    def __init__(self) -> None:
        super().__init__("The image couldn't be read.", code="image-unreachable", retryable=True)


class SourceGone(AttemptFailed):
    """The upload doesn't exist any more: its submission is deleted or final."""

    def __init__(self) -> None:
        super().__init__(
            "The image isn't there any more.", code="image-unreachable", retryable=False
        )


class StorageUnavailable(AttemptFailed):
    """Image or result can't be stored or read: the object store is unavailable."""

    retry_after_seconds = 0.0

    def __init__(self) -> None:
        super().__init__(
            "The result couldn't be stored.", code="recognizer-unavailable", retryable=True
        )


class WorkerLost(AttemptFailed):
    """The process that made the attempt died, maybe because of the image."""

    def __init__(self) -> None:
        super().__init__(
            "The recognizer stopped in the middle of the work.",
            code="recognizer-crashed",
            retryable=True,
        )


class UnexpectedFailure(AttemptFailed):
    """An unexpected error, which has been logged."""

    def __init__(self) -> None:
        super().__init__("The recognizer failed.", code="recognizer-crashed", retryable=True)


class TimedOut(AttemptFailed):
    """The attempt exceeded its time limit."""

    def __init__(self) -> None:
        super().__init__("The recognition took too long.", code="timed-out", retryable=True)


class Unavailable(RecognitionError):
    """A stored image or result can't be read right now."""

    code: str = "unavailable"
    status: int = 503
    title: str = "Unavailable"
    retryable: bool = True
    errors: dict[str, list[str]] | None = None

    def __init__(self) -> None:
        super().__init__("The object store can't be reached right now. Try again shortly.")
        self.headers = {"Retry-After": "1"}
