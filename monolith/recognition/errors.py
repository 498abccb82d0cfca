"""What can go wrong with a recognition.

RecognitionError
├── AttemptFailed            an attempt that gives no result; its code says why
│   ├── SourceUnreachable    image-unreachable       (retryable) the upload can't be read
│   ├── SourceGone           image-unreachable                   there is no such upload
│   ├── StorageUnavailable   recognizer-unavailable  (retryable) the object store is away
│   ├── HolderLost           recognizer-crashed      (retryable) the process died
│   ├── Unforeseen           recognizer-crashed      (retryable) an error that nobody foresaw
│   └── TimedOut             timed-out               (retryable) the attempt's time ran out
└── Unavailable              503 unavailable         (retryable) for who reads what is stored

The codes are those of the contract's error list, and of a submission's failure.
"""


class RecognitionError(Exception):
    """The base of all: what a person may read."""

    def __init__(self, detail: str) -> None:
        """Keep `detail`, which the submission's owner reads."""
        super().__init__(detail)
        self.detail = detail


class AttemptFailed(RecognitionError):
    """An attempt that gives no result. Another one may, if it is retryable.

    `retry_after_seconds` isn't None where something is away that every attempt needs: the same
    attempt is made again after that time at the earliest, and isn't counted.
    """

    retry_after_seconds: float | None = None

    def __init__(self, detail: str, *, code: str, retryable: bool) -> None:
        super().__init__(detail)
        self.code = code
        self.retryable = retryable


class SourceUnreachable(AttemptFailed):
    """The object store, where the uploaded image is, is away."""

    retry_after_seconds = 0.0

    def __init__(self) -> None:
        super().__init__("The image couldn't be read.", code="image-unreachable", retryable=True)


class SourceGone(AttemptFailed):
    """There is no such upload any more: its submission is deleted, or finished long ago."""

    def __init__(self) -> None:
        super().__init__(
            "The image isn't there any more.", code="image-unreachable", retryable=False
        )


class StorageUnavailable(AttemptFailed):
    """The object store doesn't take or give what is kept there."""

    retry_after_seconds = 0.0

    def __init__(self) -> None:
        super().__init__(
            "The result couldn't be stored.", code="recognizer-unavailable", retryable=True
        )


class HolderLost(AttemptFailed):
    """The process that made the attempt died; the image may be what killed it."""

    def __init__(self) -> None:
        super().__init__(
            "The recognizer stopped in the middle of the work.",
            code="recognizer-crashed",
            retryable=True,
        )


class Unforeseen(AttemptFailed):
    """An error that nobody foresaw. It is in the log."""

    def __init__(self) -> None:
        super().__init__("The recognizer failed.", code="recognizer-crashed", retryable=True)


class TimedOut(AttemptFailed):
    """The time of one attempt ran out."""

    def __init__(self) -> None:
        super().__init__("The recognition took too long.", code="timed-out", retryable=True)


class Unavailable(RecognitionError):
    """A stored picture or result can't be read right now."""

    code: str = "unavailable"
    status: int = 503
    title: str = "Unavailable"
    retryable: bool = True
    errors: dict[str, list[str]] | None = None

    def __init__(self) -> None:
        super().__init__("The object store can't be reached right now. Try again shortly.")
        self.headers = {"Retry-After": "1"}
