"""What rolling releases on all platforms have in common: a tag, a canary, and what one reports."""

from collections.abc import Callable
from dataclasses import dataclass

BUILT_TAG = "local"  # of the images that are built from the working tree

# Compares serving web processes with new ones, by their URLs, before clients reach the new ones. It
# raises ReleaseError for what must not serve.
Canary = Callable[[list[str], list[str]], None]


@dataclass(frozen=True)
class Release:
    """One release of a unit: seconds until the new version served alone, and containers started.

    `interrupted` is whether the edge was replaced in its place, so that for a moment no process
    listened at its port.
    """

    unit: str
    tag: str
    seconds: float
    started: int
    interrupted: bool = False
