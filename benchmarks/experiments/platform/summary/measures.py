"""The measurements of one trial that the claims compare."""

from collections.abc import Callable, Mapping

from benchmarks.analysis.percentiles import judged
from benchmarks.analysis.trials import closed, upper_half
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost

Measure = Callable[[Trial | None], float | None]
ENGINE = "engine"  # the unit of the engine's own processes, in the readings


def without_engine(trial: Trial | None) -> float | None:
    """Return the CPU-ms per completed submission without what the engine itself used."""
    levels = [] if trial is None else upper_half(trial.levels)
    completed = sum(level.completed for level in levels)
    if not completed:
        return None
    used = sum(
        amount for level in levels for part, amount in level.cpu_ms.items() if part.unit != ENGINE
    )
    return used / completed


def _of_one_user(percentile: int) -> Measure:
    def measure(trial: Trial | None) -> float | None:
        if trial is None or trial.disturbed:
            return None
        found = [level for level in closed(trial.levels) if level.window.users == 1]
        return judged(found[0].ready_ms, percentile) if found else None

    return measure


MEASURES: Mapping[str, Measure] = {
    "CPU-ms per completed submission": cost,
    "submit to ready with one user, median, in ms": _of_one_user(50),
}
ALTERNATIVES: Mapping[str, Mapping[str, Measure]] = {
    "CPU-ms per completed submission": {"without the engine's own processes": without_engine},
    "submit to ready with one user, median, in ms": {},
}
