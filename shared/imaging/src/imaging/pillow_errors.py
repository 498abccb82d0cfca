"""The errors that Pillow raises on broken images, and no others.

A time limit is an exception of its caller's, raised by a signal handler in the middle of whatever
runs, maybe in here. It must come out as it is: as "the image is corrupt" it would be final. So
classes are compared exactly, and neither ``Exception`` nor a subclass counts: TimeoutError, for
one, is an OSError that no decoder raises.
"""

import struct
import zlib
from types import TracebackType

from PIL import UnidentifiedImageError

from imaging.errors import ImageCorrupt

# Found by reading Pillow and by fuzzing it (tests/fuzz.py); most come from its parsers, which
# index and unpack without a check.
RAISED_ON_BROKEN_IMAGES: frozenset[type[BaseException]] = frozenset(
    {
        OSError,
        UnidentifiedImageError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        AssertionError,  # colours by index and no palette
        OverflowError,
        ZeroDivisionError,
        UnicodeDecodeError,
        struct.error,
        zlib.error,
    }
)


class corrupt_image:  # noqa: N801 - reads as a statement: with corrupt_image("...")
    """Convert what Pillow raises on broken images into ImageCorrupt with this detail."""

    def __init__(self, detail: str) -> None:
        self._detail = detail

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if kind in RAISED_ON_BROKEN_IMAGES:
            raise ImageCorrupt(self._detail) from error
