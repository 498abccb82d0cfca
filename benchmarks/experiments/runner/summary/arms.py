"""One arm of a sweep: what it used, what it carried, level by level; over its counted trials."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, geometric_mean
from typing import Any

from benchmarks.analysis.percentiles import interval, latency, over_trials
from benchmarks.analysis.trials import (
    CALLS,
    Call,
    Level,
    cpu_ms_per_submission,
    latencies,
    upper_half,
)
from benchmarks.analysis.usage import Part, add, memory
from benchmarks.experiments.runner.arms import FLOOR, Arm
from benchmarks.experiments.runner.measured_trial import Trial


def floor_cost(counted: Sequence[Trial]) -> float | None:
    """CPU-ms of one fetch, detect and store in the plain loop, over all of its trials."""
    floors = [it for it in counted if it.document["architecture"] == FLOOR]
    return cpu_ms_per_submission([level for trial in floors for level in trial.levels])


def cost(trial: Trial | None) -> float | None:
    """The headline CPU figure of a trial: CPU-ms per completed submission, upper half of levels."""
    return None if trial is None else cpu_ms_per_submission(upper_half(trial.levels))


def summarize_arm(arm: Arm, trials: Sequence[Trial], floor: float | None) -> dict[str, Any]:
    """Sum up an arm. `floor` is what its cost is given as a multiple of, where it is the same work.

    Amounts per submission come from the levels of `upper_half`, as the headline does.
    """
    upper = [level for trial in trials for level in upper_half(trial.levels)]
    completed = sum(level.completed for level in upper)
    cost = cpu_ms_per_submission(upper)
    capacities = [it.capacity for it in trials if it.capacity is not None]
    same_work = arm.settings.get("RECOGNIZER") == "centerface" and cost and floor
    return {
        "name": arm.name,
        "architecture": arm.architecture,
        "settings": dict(arm.settings),
        "replicas": dict(arm.replicas),
        "scaled": dict(arm.scaled),
        "base_url": arm.base_url,
        "stub_latency_ms": arm.stub_latency_ms,
        "work_cpu_ms": arm.work_cpu_ms,
        "counted_trials": len(trials),
        "deploy_seconds": spread([it.document["deploy_seconds"] for it in trials]),
        "capacity": geometric_mean(capacities) if capacities else None,
        "capacities": capacities,
        "knee_users": sorted(
            {it.saturation.knee_users for it in trials if it.saturation.saturated}
        ),
        "cpu_ms_per_submission": cost,
        "floor_multiple": cost / floor if same_work and cost and floor else None,
        "cpu_labels": list(dict.fromkeys(level.label for level in upper)),
        "cpu_parts": parts(
            {it: used / completed for it, used in add([x.cpu_ms for x in upper]).items()}
            if completed
            else {},
            "cpu_ms",
        ),
        "memory_parts": _memory(trials),
        "per_submission": _per_submission(upper, completed),
        "levels": [_level(trials, step) for step in _steps(trials)],
    }


def spread(values: Sequence[float]) -> dict[str, Any]:
    """A value of each trial, and their mean."""
    return {"mean": fmean(values) if values else None, "trials": list(values)}


def parts(amounts: Mapping[Part, float], unit: str) -> list[dict[str, Any]]:
    """Amounts by process."""
    return [{**asdict(part), unit: amount} for part, amount in sorted(amounts.items())]


def most_memory(trial: Trial) -> Mapping[Part, int]:
    """Bytes by process at the end of the window in which all of them together held the most."""
    held = (level.memory_bytes for level in trial.levels)
    return max(held, key=lambda parts: sum(parts.values()), default={})


def _steps(trials: Sequence[Trial]) -> list[int]:
    return sorted({level.window.step for trial in trials for level in trial.levels})


def _per_submission(levels: Sequence[Level], completed: int) -> dict[str, float | None]:
    """What the target's parts counted, and the generator's CPU, over completed submissions."""
    names = sorted({name for level in levels for name in level.window.counters})
    found: dict[str, float | None] = {}
    for name in names:
        values = [level.window.counters.get(name) for level in levels]
        known = [value for value in values if value is not None]
        found[name] = sum(known) / completed if completed and len(known) == len(values) else None
    spent = sum(it.window.generator_share * it.seconds for it in levels) * 1000
    found["generator_cpu_ms"] = spent / completed if completed else None
    return found


def _level(trials: Sequence[Trial], step: int) -> dict[str, Any]:
    """One level over all trials: each trial's value, their mean, percentiles of all rows."""
    pairs = [(it, level) for it in trials for level in it.levels if level.window.step == step]
    levels = [level for _, level in pairs]
    calls = [call for trial, level in pairs for call in trial.timed(level)]
    completed = sum(level.completed for level in levels)
    used = add([level.cpu_ms for level in levels])
    costs = [it.cpu_ms_per_submission for it in levels if it.cpu_ms_per_submission is not None]
    window = levels[0].window
    return {
        "step": step,
        "label": levels[0].label,
        "users": window.users,
        "rate": window.rate,
        "completed": completed,
        "errors": sum(level.errors for level in levels),
        "offered": sum(level.window.offered for level in levels),
        "started": sum(level.window.started for level in levels),
        "shed": sum(level.window.shed for level in levels),
        "throughput": spread([level.throughput for level in levels]),
        "cpu_ms_per_submission": spread(costs),
        "cpu_parts": parts(
            {part: amount / completed for part, amount in used.items()} if completed else {},
            "cpu_ms",
        ),
        "memory_bytes": spread([float(sum(level.memory_bytes.values())) for level in levels]),
        "cores_used": spread([level.cores_used for level in levels]),
        **{field: _latency(calls, levels, field) for field in CALLS},
    }


def _latency(calls: Sequence[Call], levels: Sequence[Level], field: str) -> dict[str, Any]:
    """Percentiles of all rows, and the p95 with its interval over trials."""
    values = latencies(calls, CALLS[field])
    p95s = [value for it in levels if (value := getattr(it, field).p95)]
    rows = interval(values, 95)
    if rows is not None and math.isinf(rows[1]):
        rows = None
    return {
        **asdict(latency(values)),
        "p95_rows": None if rows is None else list(rows),
        "p95_over_trials": asdict(over_trials(p95s)),
    }


def _memory(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Bytes per part: at rest after the deploy, and the most seen under load; means over trials."""
    rest = [memory(trial.rest) for trial in trials]
    loaded = [most_memory(trial) for trial in trials]
    return [
        {
            **asdict(part),
            "rest_bytes": fmean([held.get(part, 0) for held in rest]),
            "loaded_bytes": fmean([held.get(part, 0) for held in loaded]),
        }
        for part in sorted(_all(rest) | _all(loaded))
    ]


def _all(held: Iterable[Mapping[Part, int]]) -> set[Part]:
    return {part for one in held for part in one}
