"""The edge experiment's sweep: what is requested, by how many connections, for how long.

All load is closed: a connection sends its next request after the last response. One connection
meets no queue, so its windows give the CPU time and the latency of a visit; four keep the target's
core busy, so theirs gives the requests a second.

CPU time is read in steps of 10 ms. In the shortest window that decides a claim, 0.9 s, the
application spends some 600 ms on first visits and 450 ms on images: such a step is 2 % of either.
In a first trial an image that the application sends cost it 1.33 times the CPU; with a scatter of
5 % over the blocks, 5 blocks find that beyond the smallest effect, 1.1, in over 95 % of runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.experiments.edge import WAYS
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, Arm, Sweep
from benchmarks.results_model.edge import Coding, VisitKind
from benchmarks.workload.schedule import Schedule, Step

SWEEP = "visits"
CODINGS: tuple[Coding, ...] = ("identity", "gzip", "zstd", "br")  # whose bytes are counted
FIRST_VISIT: Final = "first visit"
RETURN_VISIT: Final = "return visit"
IMAGE: Final = "image"
SETTINGS = {"RECOGNIZER": "centerface", "IMAGES_FROM": "store"}
PLANT = "experiments/edge/code_override/from_application"
WARM_UP_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Kind:
    """What one step requests, on so many connections at once."""

    name: VisitKind
    connections: int
    window_seconds: float = 1.5


KINDS = (
    Kind(FIRST_VISIT, 1),
    Kind(RETURN_VISIT, 1),
    Kind(IMAGE, 1),
    Kind(FIRST_VISIT, 4),
    Kind(IMAGE, 4),
)
# By profile: the architectures, the blocks, and how many times as long as above a window is
SIZES: Mapping[str, tuple[tuple[str, ...], int, float]] = {
    "smoke": ((MONOLITH,), 1, 0.4),
    "quick": ((MONOLITH,), 5, 0.6),
    "standard": (ARCHITECTURES, 5, 0.7),
    "full": (ARCHITECTURES, 20, 3.0),
}


def kind_of(step: int) -> Kind:
    """Return what the step of this index requests: one way after the other, the kinds in order."""
    return KINDS[step % len(KINDS)]


def sweeps(profile: str) -> tuple[Sweep, ...]:
    """Return the only sweep, in the size of a profile."""
    architectures, blocks, longer = SIZES[profile]
    steps = tuple(
        Step(WARM_UP_SECONDS, round(kind.window_seconds * longer, 2), users=kind.connections)
        for _way in WAYS
        for kind in KINDS
    )
    arms = tuple(Arm(name, name, SETTINGS, plant=PLANT) for name in architectures)
    title = "Page, assets and stored images, from the edge and from the application"
    return (Sweep(SWEEP, "visits", title, arms, Schedule(steps), blocks),)
