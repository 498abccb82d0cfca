"""How much each profile measures: blocks by sweep, and the levels and seconds of the steps.

Fixed before anything is measured: the upper half of the closed levels, from which the headline CPU
figure is taken, lies at and beyond saturation.

Blocks are chosen by power. In the committed standard run the blocks' log ratios scattered by 0.04
(CPU), 0.21 (95th percentile of submit to ready, of 49 arrivals a window), 0.07 (work), 0.04 and
0.005 (memory) and 0.25 (recovery of the workers). By `analysis.power` five blocks give intervals of
a factor 1.05 around the CPU ratio, 1.05 around those of memory and 1.36 around that of recovery,
which is 2.7: that is why no claim has fewer. What is left of an hour goes to the one whose effect
is near its scatter, CPU (six blocks: a factor 1.043). Sweeps without a claim of their own have one
block. The change of the ratio with the work per request, a factor 1.07, is so near the smallest
that matters that no run of an hour decides on it; `full` narrows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# What a 95th percentile behind a verdict needs (`analysis.percentiles`), and a tenth more: reads
# begin a little later than the arrivals that they follow, so some fall out of the window
FEWEST_ARRIVALS = 110
# Of what the floor can do: some four fifths of what either side can, as half of it was nine tenths,
# where a queue that happens to grow decides the percentile
HIGHEST_SHARE = 0.45
# Two levels beyond saturation, the fewest that show it, and as long as there is time for. A virtual
# machine's speed drifts by 5 % and more within a minute: in two quick runs with windows of 2.8 s,
# the blocks' ratios of the two sides' costs scattered by 0.04 and 0.06, in two with one window of
# 10 s by 0.025 and 0.05. Eight deployments that were loaded for 30 s each gave ratios that
# scattered by 0.005, and by 0.02 over 14 s of it.
QUICK_WINDOW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much a profile measures: blocks by sweep, and the seconds and levels of the steps.

    `fewest_arrivals` come at the highest of the `open_shares`, however long that takes.
    """

    blocks: Mapping[str, int]
    warm_up_seconds: float
    window_seconds: float
    opening_seconds: float
    levels: tuple[int, ...]
    waiting_levels: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    open_shares: tuple[float, ...] = ()
    open_seconds: float = 6.0
    fewest_arrivals: int = FEWEST_ARRIVALS
    work_cpu_ms: tuple[float, ...] = (0.0, 5.0, 35.0, 140.0)
    replicas: tuple[int, ...] = (1, 2, 4)
    elasticity: tuple[float, float, float] = (24.0, 36.0, 8.0)  # calm, busy, calm again
    overhead_rounds: int = 2
    overhead_longer: float = 1.0  # how many times the counts of `overhead.parts`


SIZES = {
    "smoke": Size(  # it concludes nothing, so it needs no percentiles
        blocks=dict.fromkeys(
            ("floor", "overhead", "load", "work", "replicas-working", "elasticity"), 1
        ),
        warm_up_seconds=0.5,
        window_seconds=2.0,
        opening_seconds=1.0,
        levels=(4, 8),
        open_shares=(0.3,),
        open_seconds=2.0,
        fewest_arrivals=0,
        work_cpu_ms=(0.0, 35.0),
        replicas=(1, 2),
        elasticity=(2.0, 6.0, 2.0),
        overhead_longer=0.5,
    ),
    "quick": Size(
        blocks={"floor": 1, "overhead": 1, "load": 5},
        warm_up_seconds=0.5,
        window_seconds=QUICK_WINDOW_SECONDS,
        opening_seconds=1.0,
        levels=(4, 8),
        open_shares=(HIGHEST_SHARE,),
        open_seconds=5.0,
        # One deployment of each side is what a minute has room for; rounds are its sample
        overhead_rounds=5,
        overhead_longer=0.6,
    ),
    "standard": Size(
        blocks={
            "floor": 3,
            "overhead": 5,
            "load": 6,
            "waiting": 1,
            "work": 5,
            "replicas-working": 5,
            "replicas-waiting": 1,
            "elasticity": 5,
        },
        warm_up_seconds=1.0,
        window_seconds=4.0,
        opening_seconds=1.5,
        levels=(1, 2, 4, 8, 16, 32),
        open_shares=(0.25, HIGHEST_SHARE),
        work_cpu_ms=(0.0, 35.0, 140.0),
        elasticity=(16.0, 32.0, 6.0),
    ),
    "full": Size(
        blocks={
            "floor": 12,
            "overhead": 12,
            "load": 40,
            "waiting": 20,
            "work": 24,
            "replicas-working": 12,
            "replicas-waiting": 12,
            "elasticity": 12,
        },
        warm_up_seconds=4.0,
        window_seconds=12.0,
        opening_seconds=3.0,
        levels=(1, 2, 4, 8, 16, 32),
        open_shares=(0.2, 0.35, HIGHEST_SHARE),
        open_seconds=20.0,
        work_cpu_ms=(0.0, 5.0, 15.0, 35.0, 70.0, 140.0),
        elasticity=(30.0, 45.0, 20.0),
        overhead_rounds=6,
        overhead_longer=2.0,
    ),
}
# How long a whole run takes, in words
DURATIONS = {
    "smoke": "5 minutes",
    "quick": "9 minutes",
    "standard": "an hour",
    "full": "12 hours",
}
