"""A run: each architecture with all of its sizes; whatever ends it, what was measured stays."""

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
from benchmarks.growth.visit import Bench, FirstCount, Measured, measure
from benchmarks.results_model.growth import ARCHITECTURES

STEP = "architecture"
PLANNED_SECONDS = {STEP: 500.0}  # with five blocks, on two cores


@dataclass(slots=True)
class Records:
    """What a run has measured so far."""

    seed: int
    environment: dict[str, Any]
    started_at: str
    measured: list[Measured] = field(default_factory=list)
    first_counts: list[FirstCount] = field(default_factory=list)

    def keep(self, found: Measured | FirstCount) -> None:
        """Add a record."""
        if isinstance(found, Measured):
            self.measured.append(found)
        else:
            self.first_counts.append(found)


def begin(bench: Bench, *, seed: int) -> Records:
    """Return the records of a run that begins now."""
    return Records(seed, describe(bench.cores), now())


def run(
    bench: Bench,
    records: Records,
    console: Console,
    architectures: Sequence[str] = ARCHITECTURES,
) -> None:
    """Measure the architectures in random order; `records` has what was measured.

    Raises GrowthError, BackingError, psycopg.Error and KeyboardInterrupt.
    """
    drawn = random.Random(records.seed)
    order = drawn.sample(list(architectures), len(architectures))
    everywhere = os.sched_getaffinity(0)
    pin({bench.cores.generator})
    try:
        with Display(console, TimeLeft(PLANNED_SECONDS, [STEP] * len(order))) as display:
            for name in order:
                began = time.monotonic()
                display.begin(STEP, name)
                measure(bench, name, drawn, show=display.show, keep=records.keep)
                display.end(f"{time.monotonic() - began:.0f} s")
    finally:
        pin(everywhere)


def now() -> str:
    """Return the time, UTC, in whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
