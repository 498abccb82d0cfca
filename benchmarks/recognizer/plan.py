"""What is measured: sizes of the image, threads, pools of workers, and how often."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ImageSize:
    """A size of the measured image, in pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of a Celery worker, and how many tasks it runs at once."""

    kind: str
    concurrency: int

    @property
    def name(self) -> str:
        """Return the name of the arm."""
        return f"{self.kind}-{self.concurrency}"


SIZES = (
    ImageSize("320", 320, 240),
    ImageSize("640", 640, 480),
    ImageSize("1080p", 1920, 1080),
    ImageSize("4K", 3840, 2160),
    ImageSize("40 MP", 7296, 5472),  # nearly all of the 40 million pixels that are accepted
)
COMPARED = SIZES[2]  # with thumbor, and in the pools
THREADS = (1, 2)
POOLS = (
    Pool("prefork", 1),
    Pool("threads", 1),
    Pool("solo", 1),
    Pool("prefork", 2),
    Pool("threads", 2),
)
BLOCKS = 7
FEWEST_BLOCKS = 5
PIXELS_A_ROUND = 12_000_000  # an arm's images of one block, together
FEWEST_IMAGES, MOST_IMAGES = 3, 12
POOL_IMAGES = 16  # of one pool in one block
FLOW_IMAGES = 12  # of one contender in one block
WAIT_MS = 300.0
WAITING_WORKERS = (1, 4)
WAITING_CLIENTS = 16
WAITING_SECONDS = 6.0


def images_of(size: ImageSize) -> int:
    """Return how many images of a size are measured in one block."""
    return min(MOST_IMAGES, max(FEWEST_IMAGES, PIXELS_A_ROUND // (size.width * size.height)))


def order(arms: Sequence[T], block: int) -> list[T]:
    """Return the arms in the random order of a block, the same in every run."""
    return random.Random(block).sample(arms, len(arms))
