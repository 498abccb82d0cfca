"""A run: the blocks in random order, then the counts; whatever ends it, what was measured stays."""

import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from benchmarks.experiments.runner.cores import pin
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.progress import Display, TimeLeft
from benchmarks.request_profile.stacks import Sampler
from benchmarks.request_profile.visit import Bench, CountedKind, Measured, count, measure
from benchmarks.results_model.request_profile import ARCHITECTURES

BLOCK, COUNTS = "block", "counts"
# Of one architecture on two cores, for the time left; each that ends corrects it
PLANNED_SECONDS = {BLOCK: 90.0, COUNTS: 200.0}


@dataclass(slots=True)
class Records:
    """What a run has measured so far."""

    seed: int
    blocks: int
    environment: dict[str, Any]
    started_at: str
    measured: list[Measured] = field(default_factory=list)
    counted: list[CountedKind] = field(default_factory=list)
    sampling_problem: str = ""


def begin(bench: Bench, *, seed: int, blocks: int) -> Records:
    """Return the records of a run that begins now."""
    return Records(seed, blocks, describe(bench.cores), now())


def order_of(seed: int, blocks: int) -> list[tuple[int, str]]:
    """Return each block's number, from 1 on, with its architectures in random order."""
    drawn = random.Random(seed)
    return [
        (block, name)
        for block in range(1, blocks + 1)
        for name in drawn.sample(ARCHITECTURES, len(ARCHITECTURES))
    ]


def run(
    bench: Bench,
    records: Records,
    console: Console,
    architectures: Sequence[str] = ARCHITECTURES,
) -> None:
    """Measure the blocks, then count; `records` has what was measured, however this ends.

    Raises ProfileError, BackingError, and KeyboardInterrupt.
    """
    order = [it for it in order_of(records.seed, records.blocks) if it[1] in architectures]
    time_left = TimeLeft(PLANNED_SECONDS, [BLOCK] * len(order) + [COUNTS] * len(architectures))
    everywhere = os.sched_getaffinity(0)
    pin({bench.cores.generator})
    try:
        with Display(console, time_left) as display:
            for block, name in order:
                began = time.monotonic()
                display.begin(BLOCK, f"block {block} of {records.blocks}, {name}")
                measure(bench, name, block, show=display.show, keep=records.measured.append)
                display.end(f"{time.monotonic() - began:.0f} s")
            sampler = Sampler(bench.folder / "stacks", bench.sample_seconds)
            for name in architectures:
                began = time.monotonic()
                display.begin(COUNTS, f"counts and stacks, {name}")
                count(bench, name, sampler, show=display.show, keep=records.counted.append)
                records.sampling_problem = sampler.problem
                display.end(f"{time.monotonic() - began:.0f} s")
            if sampler.problem:
                display.note(sampler.problem)
    finally:
        pin(everywhere)


def now() -> str:
    """Return the time, UTC, in whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
