"""The trials by sweep: which count, and the state of the generator and the machine."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.analysis.validity import ACHIEVED_LIMIT, DISTURBANCE_LIMIT, GENERATOR_LIMIT
from benchmarks.report import formats
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.trials import Trial

CLOCK_NOTED_MS = 100.0  # a smaller drift or skew is only in the results
LIMITS = {
    "generator": formats.percent(GENERATOR_LIMIT),
    "achieved": formats.percent(ACHIEVED_LIMIT),
    "other": formats.percent(DISTURBANCE_LIMIT),
}


def by_sweep(experiment: TrialResults) -> list[dict[str, Any]]:
    """Return for each sweep its trials as rows, and a summary of all of them."""
    found = []
    for sweep in experiment.sweeps:
        mine = [trial for trial in experiment.trials if trial.sweep == sweep.name]
        rows = [_row(trial) for trial in mine]
        is_seen = any(arm.architecture != "external" for arm in sweep.arms)
        found.append(
            {
                "name": sweep.name,
                "title": sweep.title,
                "rows": rows,
                "void": sum(bool(trial.void) for trial in mine),
                "is_open": any(row["achieved"] is not None for row in rows),
                "is_seen": is_seen,
                "summary": _summary(rows, is_seen=is_seen),
            }
        )
    return found


def void(experiment: TrialResults) -> list[Trial]:
    """Return the trials that don't count."""
    return [trial for trial in experiment.trials if trial.void]


def _row(trial: Trial) -> dict[str, Any]:
    levels = trial.levels
    opened = [level for level in levels if level.offered]
    return {
        "trial": trial,
        "generator": _most(level.generator_share + level.harness_share for level in levels),
        "lag_p99_ms": _most(level.lag_p99_ms for level in levels),
        "lag_max_ms": _most(level.lag_max_ms for level in levels),
        "achieved": min((level.started / level.offered for level in opened), default=None),
        "shed": sum(level.shed for level in levels),
        "other": _most(level.foreign_cores for level in levels),
        "clock": _clock(trial),
    }


def _most(values: Any) -> float | None:
    return max(values, default=None)


def _clock(trial: Trial) -> list[str]:
    """Return sentences on a notable drift or skew of the clocks."""
    drift, skew = trial.wall_drift_ms, trial.target_clock_skew_ms
    found = []
    if drift is not None and drift > CLOCK_NOTED_MS:
        found.append(
            f"the generator's wall clock was set by {formats.ms(drift)} ms during the trial"
        )
    if skew is not None and abs(skew) > CLOCK_NOTED_MS:
        side = "ahead of" if skew > 0 else "behind"
        found.append(f"the target's clock is {formats.ms(abs(skew))} ms {side} the generator's")
    return found


def _summary(rows: Sequence[Mapping[str, Any]], *, is_seen: bool) -> str:
    """Return the extremes over all trials of a sweep, in one line."""
    shares, lags = _known(rows, "generator"), _known(rows, "lag_p99_ms")
    sent, others = _known(rows, "achieved"), _known(rows, "other")
    found = []
    if shares:
        found.append(f"generator at most {formats.percent(max(shares))}")
    if lags:
        found.append(f"lag p99 at most {formats.ms(max(lags))} ms")
    if sent:
        found.append(f"at least {formats.percent(min(sent), 1)} of arrivals sent")
    if others and is_seen:
        found.append(f"other work at most {formats.percent(max(others))}")
    return "; ".join(found)


def _known(rows: Sequence[Mapping[str, Any]], field: str) -> list[float]:
    return [row[field] for row in rows if row[field] is not None]
