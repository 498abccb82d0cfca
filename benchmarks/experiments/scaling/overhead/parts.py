"""The parts of a round: what is requested, how often, on how many connections."""

from dataclasses import dataclass
from typing import Final

from benchmarks.workload.schedule import Schedule, Step

FLOOR_UPLOAD: Final = "floor by upload"
FLOOR_URL: Final = "floor by URL"
UPLOAD: Final = "upload"
BY_URL: Final = "URL"
AT_REST: Final = "at rest"
SUBMIT: Final = "submit"
READ: Final = "read"
RESULT: Final = "result"
IMAGE: Final = "image"
MINIMAL: Final = "minimal JsonResponse"
MINIMAL_WSGI: Final = "minimal JsonResponse by WSGI"
INSERT: Final = "minimal insert and publish"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: so many requests on each connection, or iterations of the floor's loop.

    `seconds` is what that takes on an idle machine, to plan by. The counts give each part some
    100 ms of CPU time, which is read in steps of 10 ms.
    """

    name: str
    count: int
    seconds: float
    connections: int = 1

    def count_in(self, seconds: float) -> int:
        """Return how many are done in a step that is planned to take so long; one at least."""
        return max(1, round(self.count * seconds / self.seconds))


# Each part of the floor and of the endpoints is beside what is compared with it.
PARTS = (
    Part(FLOOR_UPLOAD, 6, 0.4),
    Part(UPLOAD, 2, 0.8, connections=4),
    Part(FLOOR_URL, 6, 0.4),
    Part(BY_URL, 2, 0.8, connections=4),
    Part(AT_REST, 4, 0.5),
    Part(MINIMAL, 400, 0.2),
    Part(READ, 60, 0.25),
    Part(RESULT, 40, 0.25),
    Part(IMAGE, 40, 0.25),
    Part(MINIMAL_WSGI, 600, 0.2),
    Part(INSERT, 120, 0.12),
    # What is submitted has to be recognized afterwards
    Part(SUBMIT, 8, 0.15),
)


def schedule(rounds: int, longer: float = 1.0) -> Schedule:
    """Return the schedule of so many rounds, each part with `longer` times as many as above."""
    steps = tuple(
        Step(0.0, round(part.seconds * longer, 3), users=part.connections)
        for _round in range(rounds)
        for part in PARTS
    )
    return Schedule(steps)


def place_of(step: int) -> tuple[int, Part]:
    """Return the round, from 1 on, and the part of a step of the schedule."""
    before, number = divmod(step, len(PARTS))
    return before + 1, PARTS[number]
