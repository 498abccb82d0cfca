"""What can go wrong with a recognition.

RecognitionError
├── AttemptFailed            an attempt that gives no result; its code says why
│   ├── SourceUnreachable    image-unreachable       (retryable) the upload can't be read
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
    """An attempt that gives no result. Another one may, if it is retryable."""

    def __init__(self, detail: str, *, code: str, retryable: bool) -> None:
        super().__init__(detail)
        self.code = code
        self.retryable = retryable


class SourceUnreachable(AttemptFailed):
    """The uploaded image can't be read from the object store."""

    def __init__(self) -> None:
        super().__init__("The image couldn't be read.", code="image-unreachable", retryable=True)


class StorageUnavailable(AttemptFailed):
    """The object store doesn't take or give what is kept there."""

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
