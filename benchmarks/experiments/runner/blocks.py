"""Which trial comes when: blocks of one trial of each arm, in random order within the block.

Arms that do the same work run one after the other, in random order: they are what is compared, and
a machine that others share drifts within minutes.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.experiments.runner.arms import Arm, Sweep


@dataclass(frozen=True, slots=True)
class Planned:
    """A trial to be run. Numbers begin at 1."""

    number: int
    sweep: str
    block: int
    arm: str

    @property
    def name(self) -> str:
        """A name that sorts in the order of running and serves as a folder."""
        return f"{self.number:03d}-{self.sweep}-block{self.block}-{self.arm}"


def plan(sweeps: Sequence[Sweep], seed: int) -> list[Planned]:
    """Order the trials: drift hits a block's arms alike, and none is always the first.

    The sweeps take turns, a block of each, so that an interrupted run has some of every one.
    """
    order = random.Random(seed)
    planned: list[Planned] = []
    for block in range(1, max(sweep.blocks for sweep in sweeps) + 1):
        for sweep in sweeps:
            if block > sweep.blocks:
                continue
            for arm in _shuffled(sweep.arms, order):
                planned.append(Planned(len(planned) + 1, sweep.name, block, arm.name))
    return planned


def further_block(sweep: Sweep, block: int, *, seed: int, first: int) -> list[Planned]:
    """Order the trials of a block beyond the planned ones; `first` is the number of its first.

    By the run's seed, the sweep and the block alone, so that a resumed run finds the same order.
    """
    arms = _shuffled(sweep.arms, random.Random(f"{seed} {sweep.name} {block}"))
    return [Planned(first + place, sweep.name, block, arm.name) for place, arm in enumerate(arms)]


def shuffled_faults(faults: Sequence[str], seed: int, trial: str) -> tuple[str, ...]:
    """Order a trial's faults: at random, by the run's seed and the trial's name alone."""
    return tuple(random.Random(f"{seed} {trial}").sample(faults, k=len(faults)))


def _shuffled(arms: Sequence[Arm], order: random.Random) -> list[Arm]:
    works = list(dict.fromkeys(arm.work_cpu_ms for arm in arms))
    shuffled: list[Arm] = []
    for work in order.sample(works, k=len(works)):
        alike = [arm for arm in arms if arm.work_cpu_ms == work]
        shuffled += order.sample(alike, k=len(alike))
    return shuffled
