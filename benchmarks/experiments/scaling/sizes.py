"""How much each profile measures: blocks by sweep, and the levels and seconds of the steps.

Fixed before anything is measured: the upper half of the closed levels, from which the headline CPU
figure is taken, lies at and beyond saturation.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much a profile measures: blocks by sweep, and the seconds and levels of the steps."""

    blocks: Mapping[str, int]
    warm_up_seconds: float
    window_seconds: float
    opening_seconds: float
    levels: tuple[int, ...]
    waiting_levels: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    open_shares: tuple[float, ...] = ()
    open_seconds: float = 6.0
    work_cpu_ms: tuple[float, ...] = (0.0, 5.0, 35.0, 140.0)
    replicas: tuple[int, ...] = (1, 2, 4)
    elasticity: tuple[float, float, float] = (24.0, 36.0, 8.0)  # calm, busy, calm again


SIZES = {
    "smoke": Size(
        blocks=dict.fromkeys(
            ("floor", "load", "work", "replicas-waiting", "elasticity", "offloading"), 1
        ),
        warm_up_seconds=0.5,
        window_seconds=2.0,
        opening_seconds=1.0,
        levels=(2, 8),
        open_shares=(0.3,),
        open_seconds=2.0,
        work_cpu_ms=(0.0, 35.0),
        replicas=(2,),
        elasticity=(2.0, 6.0, 2.0),
    ),
    "quick": Size(
        blocks={"floor": 2, "load": 5},
        warm_up_seconds=0.5,
        window_seconds=3.5,
        opening_seconds=1.5,
        levels=(1, 2, 4, 8),
        open_shares=(0.4,),
        open_seconds=5.0,
    ),
    "standard": Size(
        blocks={
            "floor": 3,
            "load": 5,
            "waiting": 3,
            "work": 12,
            "replicas-working": 2,
            "replicas-waiting": 3,
            "elasticity": 3,
            "offloading": 3,
        },
        warm_up_seconds=1.5,
        window_seconds=5.0,
        opening_seconds=1.5,
        levels=(1, 2, 4, 8, 16, 32),
        open_shares=(0.2, 0.35, 0.5),
    ),
    "full": Size(
        blocks={
            "floor": 12,
            "load": 40,
            "waiting": 20,
            "work": 24,
            "replicas-working": 12,
            "replicas-waiting": 12,
            "elasticity": 12,
            "offloading": 12,
        },
        warm_up_seconds=4.0,
        window_seconds=12.0,
        opening_seconds=3.0,
        levels=(1, 2, 4, 8, 16, 32),
        open_shares=(0.2, 0.35, 0.5),
        open_seconds=20.0,
        work_cpu_ms=(0.0, 5.0, 15.0, 35.0, 70.0, 140.0),
        elasticity=(30.0, 45.0, 20.0),
    ),
}
# How long a whole run takes, in words
DURATIONS = {
    "smoke": "6 minutes",
    "quick": "8 minutes",
    "standard": "an hour and a half",
    "full": "11 hours",
}
