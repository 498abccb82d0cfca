"""What can go wrong in this service beyond what the imaging library names.

RecognitionError
├── MalformedMessage      a request that can't be understood: logged and dropped
└── AttemptError          an attempt that ends in recognition.failed
    ├── SourceUnreachable       image-unreachable       (retryable)
    ├── SourceGone              image-unreachable
    ├── StorageUnavailable      recognizer-unavailable  (retryable)
    ├── HolderLost              recognizer-crashed      (retryable)
    ├── Unforeseen              recognizer-crashed      (retryable)
    └── TimedOut                timed-out               (retryable)

The codes are those of the contract's error list, and of a submission's failure.
"""


class RecognitionError(Exception):
    """The base of all."""


class MalformedMessage(RecognitionError):
    """A message lacks a field, or one has a value that can't be meant. Trying again won't help."""


class AttemptFailed(RecognitionError):
    """An attempt that ends in `recognition.failed`. The submission's owner may read `detail`.

    `retry_after_seconds` isn't None where something is away that every attempt needs: the same
    attempt is to be made again after that time at the earliest, and isn't counted.
    """

    code: str
    retryable: bool = True
    retry_after_seconds: float | None = None
    detail: str

    def __init__(self) -> None:
        super().__init__(self.detail)


class SourceUnreachable(AttemptFailed):
    """The object store, where the uploaded image is, is away."""

    code = "image-unreachable"
    retry_after_seconds = 0.0
    detail = "The image couldn't be read."


class SourceGone(AttemptFailed):
    """There is no such upload any more: its submission is deleted, or finished long ago."""

    code = "image-unreachable"
    retryable = False
    detail = "The image isn't there any more."


class StorageUnavailable(AttemptFailed):
    """The object store doesn't take or give what this service keeps there."""

    code = "recognizer-unavailable"
    retry_after_seconds = 0.0
    detail = "The result couldn't be stored."


class HolderLost(AttemptFailed):
    """The process that held this message died: it won't be tried blindly a second time."""

    code = "recognizer-crashed"
    detail = "The recognizer stopped in the middle of the work."


class Unforeseen(AttemptFailed):
    """An error that nobody foresaw. It is in the log."""

    code = "recognizer-crashed"
    detail = "The recognizer failed."


class TimedOut(AttemptFailed):
    """The time limit of one attempt ran out."""

    code = "timed-out"
    detail = "The recognition took too long."
