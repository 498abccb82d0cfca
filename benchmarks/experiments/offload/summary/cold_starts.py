"""Cold starts: what submissions met at rest, while warm, after idle seconds, and in a burst."""

from collections.abc import Sequence
from statistics import median

from benchmarks.analysis.percentiles import latency
from benchmarks.experiments.offload.summary.starts import (
    accepted_in_step,
    environments,
    ready_in_step,
    share,
)
from benchmarks.experiments.offload.sweeps import MOMENTS
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import Latency
from benchmarks.results_model.offload import ArmColdStarts, ColdStartMoment

WARM, AFTER_IDLE = "warm", "after idle"
_STEPS = {name: step for step, name in MOMENTS.items()}


def cold_starts(arm: str, trials: Sequence[Trial]) -> ArmColdStarts:
    """Sum up the trials of an arm, moment by moment."""
    return ArmColdStarts(
        arm=arm, moments=[_moment(name, step, trials) for step, name in MOMENTS.items()]
    )


def _moment(name: str, step: int, trials: Sequence[Trial]) -> ColdStartMoment:
    ready: list[float] = []
    seconds: list[float] = []
    accepted = 0
    for trial in trials:
        accepted += accepted_in_step(trial, step)
        ready += ready_in_step(trial, step)
        seconds += _start_seconds(trial, step)
    return ColdStartMoment(
        moment=name,
        met=share(len(seconds), accepted),
        start_seconds=seconds,
        ready_ms=of(Latency, latency(ready)),
    )


def _start_seconds(trial: Trial, step: int) -> list[float]:
    """Return how long each start took that began in a step, or before the next window."""
    found = environments(trial)
    windows = {it["step"]: it["started_at"] for it in trial.document["windows"]}
    if found is None or step not in windows:
        return []
    end = windows.get(step + 1, float("inf"))
    return [start.seconds for start in found.started_between(windows[step], end)]


def ready_ms(trial: Trial, moment: str) -> float | None:
    """Return the median of submit to ready at a moment, in ms; None without a submission.

    Infinite if at least half of them never became ready.
    """
    found = ready_in_step(trial, _STEPS[moment])
    return median(found) if found else None
