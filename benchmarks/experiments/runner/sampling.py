"""Samples of a target at the edges of a window, and the notes of a trial that runs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.runner.cores import Cores, CoreTimes, read_core_times
from benchmarks.experiments.runner.protocols import Target
from benchmarks.experiments.runner.results_folder import Marked


@dataclass(slots=True)
class Notes:
    """What a trial records while it runs."""

    document: dict[str, Any]
    place: Path
    readings: list[Marked] = field(default_factory=list)
    windows: list[dict[str, Any]] = field(default_factory=list)
    drained: dict[str, Any] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was read at a window's start."""

    step: int
    own_cpu: float  # seconds, of this process and of the target's companions
    apart_cpu: float  # seconds, of what was deployed apart from the target
    times: CoreTimes
    beside: CoreTimes  # of the generator's core
    counters: Any
    at: float

    @classmethod
    def set(cls, notes: Notes, target: Target, cores: Cores, step: int) -> "Mark":
        """Read everything as a window begins."""
        counters = target.counters()
        (own, apart), times = _cpu_beside(target), read_core_times(cores.target)
        beside = read_core_times(frozenset({cores.generator}))
        return cls(step, own, apart, times, beside, counters, take(notes, target, "before", step))

    def window(
        self, notes: Notes, target: Target, cores: Cores, fields: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Read everything as it ends; the window as trial.json has it."""
        now = read_core_times(cores.target)
        ended = take(notes, target, "after", self.step)
        own, apart = _cpu_beside(target)
        beside = read_core_times(frozenset({cores.generator}))
        counters = target.counters()
        elapsed = ended - self.at
        return {
            **{key: value for key, value in fields.items() if key != "at"},
            "started_at": self.at,
            "ended_at": ended,
            "harness_share": (own - self.own_cpu) / elapsed,
            "apart_share": (apart - self.apart_cpu) / elapsed,
            "core_busy_seconds": now.busy - self.times.busy,
            "beside_busy_seconds": beside.busy - self.beside.busy,
            "steal_share": (now.stolen - self.times.stolen) / elapsed / len(cores.target),
            "counters": {} if counters is None else counters.since(self.counters),
        }


def take(notes: Notes, target: Target, mark: str, step: int) -> float:
    """Read every process of the target; returns when."""
    at = time.monotonic()
    for sample in target.sample():
        part = Part(str(sample.role), sample.unit, sample.process)
        reading = Reading(at, part, sample.pid, sample.cpu_ms, sample.pss_bytes)
        notes.readings.append(Marked(mark, step, reading))
    return at


def _cpu_beside(target: Target) -> tuple[float, float]:
    """Return the seconds that others than the generator have had of its core.

    The first are the experiment's own, with companions (Clarifai's stub); the second those of what
    was deployed apart from the target, which lets all others go first.
    """
    used = {True: 0.0, False: 0.0}  # by whether it is a companion
    for sample in target.sample_companions():
        used[sample.role == "companion"] += sample.cpu_ms
    return time.process_time() + used[True] / 1000, used[False] / 1000
