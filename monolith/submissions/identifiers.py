"""Identifiers that sort by creation time."""

import os
import time
from datetime import datetime
from uuid import UUID

_NANOSECONDS_PER_MILLISECOND = 1_000_000


def uuid7() -> UUID:
    """Return a UUID of version 7 (RFC 9562): milliseconds, a 12-bit fraction, 62 random bits.

    The fraction of a millisecond is where method 3 of the RFC allows it, so ids of one process keep
    their order within a millisecond too.
    """
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS_PER_MILLISECOND)
    fraction = (rest << 12) // _NANOSECONDS_PER_MILLISECOND
    random = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)


def uuid7_least(moment: datetime) -> UUID:
    """Return the least UUID of this moment; those that were made before are less."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
