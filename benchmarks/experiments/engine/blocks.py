"""Which trial comes when: blocks of one trial of each arm, in random order within the block."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """A trial to be run. Numbers begin at 1."""

    number: int
    block: int
    arm: str

    @property
    def name(self) -> str:
        """A name that sorts in the order of running and serves as a folder."""
        return f"{self.number:02d}-block{self.block}-{self.arm}"


def plan(arms: Sequence[str], blocks: int, seed: int) -> list[Planned]:
    """Order the trials: drift hits a block's arms alike, and none is always the first."""
    order = random.Random(seed)
    planned: list[Planned] = []
    for block in range(1, blocks + 1):
        for arm in order.sample(list(arms), k=len(arms)):
            planned.append(Planned(len(planned) + 1, block, arm))
    return planned
