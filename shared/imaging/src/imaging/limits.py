"""Limits of untrusted images."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one image.

    ``fetch_timeout_seconds`` covers everything from the resolution of the host to the last byte,
    with all redirects.
    """

    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    max_redirects: int = 3
    fetch_timeout_seconds: float = 10.0
