"""E1's figures, from the raw trials: what `results.json` holds under `experiments.scaling`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, geometric_mean
from typing import Any

from benchmarks.analysis.percentiles import Latency, latency
from benchmarks.analysis.ratios import CONFIDENCE, ratio_interval, verdict
from benchmarks.analysis.trials import READY, Level, cpu_ms_per_submission, upper_half
from benchmarks.analysis.usage import Part, add, memory
from benchmarks.experiments import scaling
from benchmarks.experiments.engine.claims import Claim
from benchmarks.experiments.engine.reading import Trial

Figures = Mapping[str, Mapping[str, float | None]]


def summarize(trials: Sequence[Trial]) -> dict[str, Any]:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    return {
        "title": scaling.TITLE,
        "levels": sorted({level.users for trial in trials for level in trial.levels}),
        "claims": [_judge(claim, counted) for claim in scaling.CLAIMS],
        "arms": {
            arm: _arm([trial for trial in counted if trial.arm == arm]) for arm in scaling.ARMS
        },
        "trials": [_trial(trial) for trial in trials],
    }


def headline(trial: Trial, measure: str) -> float | None:
    """A trial's value of a claim's measure, or None if it has none."""
    if measure == "capacity":
        return trial.capacity
    return cpu_ms_per_submission(upper_half(trial.levels))


def _judge(claim: Claim, counted: Sequence[Trial]) -> dict[str, Any]:
    pairs: dict[int, tuple[float, float]] = {}
    for block in sorted({trial.block for trial in counted}):
        values = {it.arm: headline(it, claim.measure) for it in counted if it.block == block}
        first, second = (values.get(arm) for arm in scaling.ARMS)
        if first and second:
            pairs[block] = (first, second)
    interval = ratio_interval(list(pairs.values()))
    return {
        "name": claim.name,
        "says": claim.says,
        "measure": claim.measure,
        "first_arm": scaling.ARMS[0],
        "second_arm": scaling.ARMS[1],
        "claimed": str(claim.side),
        "ratio": interval.ratio,
        "low": interval.low,
        "high": interval.high,
        "confidence": CONFIDENCE,
        "method": interval.method,
        "blocks": [
            {"block": block, "first": pair[0], "second": pair[1], "ratio": pair[0] / pair[1]}
            for block, pair in pairs.items()
        ],
        "verdict": str(verdict(interval, claim.side)),
        "words": claim.words(interval),
    }


def _arm(trials: Sequence[Trial]) -> dict[str, Any]:
    capacities = [it.capacity for it in trials if it.capacity is not None]
    upper = [level for trial in trials for level in upper_half(trial.levels)]
    completed = sum(level.completed for level in upper)
    parts = add([level.cpu_ms for level in upper])
    return {
        "counted_trials": len(trials),
        "capacity": geometric_mean(capacities) if capacities else None,
        "knee_users": sorted(
            {it.saturation.knee_users for it in trials if it.saturation.saturated}
        ),
        "cpu_ms_per_submission": cpu_ms_per_submission(upper),
        "cpu_levels": sorted({level.users for level in upper}),
        "cpu_parts": _parts(
            {part: used / completed for part, used in parts.items()} if completed else {}, "cpu_ms"
        ),
        "memory_parts": _memory(trials),
        "levels": [
            _level(trials, users)
            for users in sorted({level.users for trial in trials for level in trial.levels})
        ],
    }


def _level(trials: Sequence[Trial], users: int) -> dict[str, Any]:
    """One level over all trials: each trial's value, their mean, percentiles of all rows."""
    levels = [level for trial in trials for level in trial.levels if level.users == users]
    calls = [
        call
        for trial in trials
        for level, inside in zip(trial.levels, trial.calls, strict=True)
        for call in inside
        if level.users == users and not call.failed
    ]
    costs = [it.cpu_ms_per_submission for it in levels if it.cpu_ms_per_submission is not None]
    completed = sum(level.completed for level in levels)
    used = add([level.cpu_ms for level in levels])
    return {
        "users": users,
        "completed": completed,
        "errors": sum(level.errors for level in levels),
        "throughput": _spread([level.throughput for level in levels]),
        "cpu_ms_per_submission": _spread(costs),
        "cpu_parts": _parts(
            {part: amount / completed for part, amount in used.items()} if completed else {},
            "cpu_ms",
        ),
        "memory_bytes": _spread([float(sum(level.memory_bytes.values())) for level in levels]),
        "cores_used": _spread([level.cores_used for level in levels]),
        "submit_ms": asdict(latency([c.latency_ms for c in calls if "/submissions (" in c.name])),
        "ready_ms": asdict(latency([c.latency_ms for c in calls if c.name == READY])),
    }


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {"mean": fmean(values) if values else None, "trials": list(values)}


def _parts(amounts: Mapping[Part, float], unit: str) -> list[dict[str, Any]]:
    return [{**asdict(part), unit: amount} for part, amount in sorted(amounts.items())]


def _memory(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Bytes per part: at rest after the deploy, and the most seen under load; means over trials."""
    rest = [memory(trial.rest) for trial in trials]
    loaded = [_most(level.memory_bytes for level in trial.levels) for trial in trials]
    parts = sorted({part for held in (*rest, *loaded) for part in held})
    return [
        {
            **asdict(part),
            "rest_bytes": fmean([held.get(part, 0) for held in rest]),
            "loaded_bytes": fmean([held.get(part, 0) for held in loaded]),
        }
        for part in parts
    ]


def _most(held: Iterable[Mapping[Part, int]]) -> dict[Part, int]:
    most: dict[Part, int] = {}
    for one in held:
        for part, amount in one.items():
            most[part] = max(most.get(part, 0), amount)
    return most


def _trial(trial: Trial) -> dict[str, Any]:
    document = trial.document
    return {
        "name": trial.name,
        "number": document["number"],
        "block": trial.block,
        "arm": trial.arm,
        "started_at": document["started_at"],
        "seconds": document["seconds"],
        "deploy_seconds": document.get("deploy_seconds"),
        "load_average": document["load_average"],
        "void": list(trial.void),
        "ledger": asdict(trial.ledger) if trial.ledger else None,
        "capacity": trial.capacity,
        "disturbed": trial.disturbed,
        "saturated": trial.saturation.saturated,
        "knee_users": trial.saturation.knee_users,
        "cpu_ms_per_submission": cpu_ms_per_submission(upper_half(trial.levels)),
        "levels": [_trial_level(level) for level in trial.levels],
    }


def _trial_level(level: Level) -> dict[str, Any]:
    return {
        "users": level.users,
        "seconds": level.seconds,
        "completed": level.completed,
        "calls": level.calls,
        "errors": level.errors,
        "throughput": level.throughput,
        "submit_ms": _latency(level.submit_ms),
        "ready_ms": _latency(level.ready_ms),
        "cpu_ms_per_submission": level.cpu_ms_per_submission,
        "cores_used": level.cores_used,
        "generator_share": level.generator_share,
        "harness_share": level.harness_share,
        "lag_p99_ms": level.lag_p99_ms,
        "steal_share": level.steal_share,
        "foreign_cores": level.foreign_cores,
        "escaped_cores": level.escaped_cores,
    }


def _latency(measured: Latency) -> dict[str, Any]:
    return asdict(measured)
