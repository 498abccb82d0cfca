"""How much of an untrusted image is taken in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one image.

    ``fetch_timeout_seconds`` covers everything from the name's resolution to the last byte, over
    all redirects.
    """

    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    max_redirects: int = 3
    fetch_timeout_seconds: float = 10.0
