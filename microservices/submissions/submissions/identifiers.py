"""Ids that sort by the time at which they were made."""

import os
import time
from uuid import UUID

_NANOSECONDS_PER_MILLISECOND = 1_000_000


def uuid7() -> UUID:
    """Return a UUID of version 7 (RFC 9562): milliseconds, their 4096th parts, 62 random bits.

    The parts of a millisecond stand where the RFC lets a finer clock stand (method 3), so ids of
    one process keep their order within a millisecond too.
    """
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS_PER_MILLISECOND)
    fraction = (rest << 12) // _NANOSECONDS_PER_MILLISECOND
    random = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)
