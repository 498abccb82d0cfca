"""What rolling releases on all container engines have in common: a tag, and what one reports."""

from dataclasses import dataclass

BUILT_TAG = "local"  # of the images that are built from the working tree


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
