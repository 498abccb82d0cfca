"""The errors of recognition, in addition to those of the imaging library.

RecognitionError
├── AttemptFailed            an attempt without a result; its code is the reason
│   ├── SourceUnreachable    image-unreachable       (retryable) the upload can't be read
│   ├── SourceGone           image-unreachable                   there is no such upload
│   ├── StorageUnavailable   recognizer-unavailable  (retryable) the object store is unavailable
│   ├── WorkerLost           recognizer-crashed      (retryable) the process died
│   ├── UnexpectedFailure    recognizer-crashed      (retryable) any other error
│   ├── TimedOut             timed-out               (retryable) the time limit
│   └── ImagingFailed        an error of the imaging library
├── TooLittleTime            the function's time is over before the attempt begins: redelivered
├── MalformedMessage         a request that can't be parsed: logged and dropped
└── Unavailable              503 unavailable         (retryable) for reads of image and result

The codes are those of the contract's error list, and of a submission's failure.
"""


class RecognitionError(Exception):
    """The base of all."""


class AttemptFailed(RecognitionError):
    """An attempt without a result; another one may succeed if it is retryable.

    `retry_after_seconds` is set if something is unavailable that every attempt needs: the attempt
    is made again after that time at the earliest, and isn't counted.
    """

    code: str
    retryable: bool = True
    retry_after_seconds: float | None = None
    detail: str

    def __init__(self) -> None:
        super().__init__(self.detail)


class SourceUnreachable(AttemptFailed):
    """The upload can't be read: the object store is unavailable."""

    code = "image-unreachable"
    retry_after_seconds = 0.0
    detail = "The image couldn't be read."


class SourceGone(AttemptFailed):
    """The upload doesn't exist any more: its submission is deleted or final."""

    code = "image-unreachable"
    retryable = False
    detail = "The image isn't there any more."


class StorageUnavailable(AttemptFailed):
    """Image or result can't be stored or read: the object store is unavailable."""

    code = "recognizer-unavailable"
    retry_after_seconds = 0.0
    detail = "The result couldn't be stored."


class WorkerLost(AttemptFailed):
    """The process that made the attempt died, maybe because of the image."""

    code = "recognizer-crashed"
    detail = "The recognizer stopped in the middle of the work."


class UnexpectedFailure(AttemptFailed):
    """An unexpected error, which has been logged."""

    code = "recognizer-crashed"
    detail = "The recognizer failed."


class TimedOut(AttemptFailed):
    """The attempt exceeded its time limit."""

    code = "timed-out"
    detail = "The recognition took too long."


class ImagingFailed(AttemptFailed):
    """An error of the imaging library ended the attempt."""

    def __init__(self, detail: str, *, code: str, retryable: bool) -> None:
        """Keep what the error of the imaging library holds."""
        self.detail = detail
        self.code = code
        self.retryable = retryable
        super().__init__()


class TooLittleTime(RecognitionError):
    """The function would be killed at its own time limit before the attempt ends."""


class MalformedMessage(RecognitionError):
    """A message to the function that can't be parsed."""


class Unavailable(RecognitionError):
    """A stored image or result can't be read right now."""

    code: str = "unavailable"
    status: int = 503
    title: str = "Unavailable"
    retryable: bool = True
    detail: str = "The object store can't be reached right now. Try again shortly."
    errors: dict[str, list[str]] | None = None

    def __init__(self) -> None:
        super().__init__(self.detail)
        self.headers = {"Retry-After": "1"}
