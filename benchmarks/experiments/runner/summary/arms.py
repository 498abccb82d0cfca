"""One arm of a sweep: what it used, what it carried, level by level; over its counted trials."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, geometric_mean

from benchmarks.analysis.percentiles import Latency, interval, latency, p95_over_trials
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
from benchmarks.results_model import arms as model
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import OverTrials, PooledLatency, Spread


def floor_cost(counted: Sequence[Trial]) -> float | None:
    """Return CPU-ms of one fetch, detect and store in the plain loop, over all of its trials."""
    floors = [trial for trial in counted if trial.document["architecture"] == FLOOR]
    return cpu_ms_per_submission([level for trial in floors for level in trial.levels])


def cost(trial: Trial | None) -> float | None:
    """Return the CPU-ms per completed submission of a trial, over the upper half of its levels."""
    return None if trial is None else cpu_ms_per_submission(upper_half(trial.levels))


def summarize_arm(arm: Arm, trials: Sequence[Trial], floor: float | None) -> model.Arm:
    """Sum up an arm; `floor` is the cost of the same work in a plain loop, if it is the same.

    Amounts per submission come from the levels of `upper_half`, as the headline does.
    """
    upper = [level for trial in trials for level in upper_half(trial.levels)]
    completed = sum(level.completed for level in upper)
    cost = cpu_ms_per_submission(upper)
    capacities = [it.capacity for it in trials if it.capacity is not None]
    same_work = arm.settings.get("RECOGNIZER") == "centerface" and cost and floor
    return model.Arm(
        name=arm.name,
        architecture=arm.architecture,
        settings=dict(arm.settings),
        replicas=dict(arm.replicas),
        scaled=dict(arm.scaled),
        base_url=arm.base_url,
        stub_latency_ms=arm.stub_latency_ms,
        work_cpu_ms=arm.work_cpu_ms,
        counted_trials=len(trials),
        deploy_seconds=spread([it.document["deploy_seconds"] for it in trials]),
        capacity=geometric_mean(capacities) if capacities else None,
        capacities=capacities,
        knee_users=sorted({knee for it in trials if (knee := _knee(it)) is not None}),
        cpu_ms_per_submission=cost,
        floor_multiple=cost / floor if same_work and cost and floor else None,
        cpu_labels=list(dict.fromkeys(level.label for level in upper)),
        cpu_by_process=_cpu_by_process(upper),
        memory_by_process=_memory(trials),
        per_submission=_per_submission(upper, completed),
        levels=[_level(trials, step) for step in _steps(trials)],
    )


def _knee(trial: Trial) -> int | None:
    return trial.saturation.knee_users if trial.saturation.saturated else None


def spread(values: Sequence[float]) -> Spread:
    """Return a value of each trial, with their mean."""
    return Spread(mean=fmean(values) if values else None, trials=list(values))


def _cpu_by_process(levels: Sequence[Level]) -> list[model.ProcessCpu]:
    """Return CPU-ms per completed submission, by process."""
    completed = sum(level.completed for level in levels)
    if not completed:
        return []
    used = add([level.cpu_ms for level in levels])
    return [
        of(model.ProcessCpu, {**asdict(process), "cpu_ms": amount / completed})
        for process, amount in sorted(used.items())
    ]


def most_memory(trial: Trial) -> Mapping[Part, int]:
    """Return bytes by process, from the window at whose end all together held the most."""
    held = (level.memory_bytes for level in trial.levels)
    return max(held, key=lambda processes: sum(processes.values()), default={})


def _steps(trials: Sequence[Trial]) -> list[int]:
    return sorted({level.window.step for trial in trials for level in trial.levels})


def _per_submission(levels: Sequence[Level], completed: int) -> dict[str, float | None]:
    """Return the backing services' counts, and the generator's CPU, by completed submission."""
    names = sorted({name for level in levels for name in level.window.counters})
    found: dict[str, float | None] = {}
    for name in names:
        values = [level.window.counters.get(name) for level in levels]
        known = [value for value in values if value is not None]
        found[name] = sum(known) / completed if completed and len(known) == len(values) else None
    spent = sum(it.window.generator_share * it.seconds for it in levels) * 1000
    found["generator_cpu_ms"] = spent / completed if completed else None
    return found


def _level(trials: Sequence[Trial], step: int) -> model.Level:
    """Return one level over all trials: each trial's value, their mean, percentiles of all rows."""
    pairs = [(it, level) for it in trials for level in it.levels if level.window.step == step]
    levels = [level for _, level in pairs]
    calls = [call for trial, level in pairs for call in trial.timed(level)]
    costs = [it.cpu_ms_per_submission for it in levels if it.cpu_ms_per_submission is not None]
    users, rate = levels[0].window.users, _offered_rate(levels)
    return model.Level(
        step=step,
        label=f"{rate:g} arrivals/s" if rate else levels[0].label,
        users=users,
        rate=rate,
        completed=sum(level.completed for level in levels),
        errors=sum(level.errors for level in levels),
        offered=sum(level.window.offered for level in levels),
        started=sum(level.window.started for level in levels),
        shed=sum(level.window.shed for level in levels),
        throughput=spread([level.throughput for level in levels]),
        cpu_ms_per_submission=spread(costs),
        cpu_by_process=_cpu_by_process(levels),
        memory_bytes=spread([float(sum(level.memory_bytes.values())) for level in levels]),
        cores_used=spread([level.cores_used for level in levels]),
        submit_ms=_latency(calls, "submit_ms", [level.submit_ms for level in levels]),
        ready_ms=_latency(calls, "ready_ms", [level.ready_ms for level in levels]),
        read_ms=_latency(calls, "read_ms", [level.read_ms for level in levels]),
    )


def _offered_rate(levels: Sequence[Level]) -> float:
    """Return the arrivals a second that were offered over all trials; 0 in a closed step.

    Not the planned rate: short windows of earlier runs were offered up to a quarter less or more.
    """
    seconds = sum(level.seconds for level in levels)
    return round(sum(level.window.offered for level in levels) / seconds, 2)


def _latency(calls: Sequence[Call], field: str, by_trial: Sequence[Latency]) -> PooledLatency:
    """Return percentiles of all rows, and the p95 with its interval over trials."""
    values = latencies(calls, CALLS[field])
    pooled, rows = latency(values), interval(values, 95)
    if rows is not None and math.isinf(rows[1]):
        rows = None
    return PooledLatency(
        count=pooled.count,
        mean=pooled.mean,
        p50=pooled.p50,
        p95=pooled.p95,
        p99=pooled.p99,
        p95_rows=None if rows is None else list(rows),
        p95_over_trials=of(OverTrials, p95_over_trials(by_trial)),
    )


def _memory(trials: Sequence[Trial]) -> list[model.ProcessMemory]:
    """Return bytes by process: after the deploy, and the most under load; means over trials."""
    rest = [memory(trial.rest) for trial in trials]
    loaded = [most_memory(trial) for trial in trials]
    return [
        of(
            model.ProcessMemory,
            {
                **asdict(process),
                "rest_bytes": fmean([held.get(process, 0) for held in rest]),
                "loaded_bytes": fmean([held.get(process, 0) for held in loaded]),
            },
        )
        for process in sorted(_all(rest) | _all(loaded))
    ]


def _all(held: Iterable[Mapping[Part, int]]) -> set[Part]:
    return {process for one in held for process in one}
