"""The sweeps of the offload experiment in the terminal: one line for each arm."""

from collections.abc import Iterator

from benchmarks.report import formats
from benchmarks.report.sections.offload import FEATURES, place
from benchmarks.results_model.sweeps import AnySweep, ColdStartsSweep, OffloadSweep, StepSweep


def lines(sweep: AnySweep) -> Iterator[str]:
    """Return the lines about a sweep; none about one of another experiment."""
    match sweep:
        case OffloadSweep():
            return _latencies(sweep)
        case ColdStartsSweep():
            return _cold_starts(sweep)
        case StepSweep():
            return _step(sweep)
    return iter(())


def _latencies(sweep: OffloadSweep) -> Iterator[str]:
    """Return each arm's 95th percentiles, and the share of submissions that met a cold start."""
    for arm in sweep.offload:
        found = ", ".join(
            f"{words} {formats.ms(arm.latency_ms[feature].p95)}"
            for feature, words in FEATURES.items()
        )
        starts = arm.starts
        met = "" if starts is None else f"; {formats.percent(starts.met.share, 1)} met a cold start"
        yield f"{sweep.name}, {place(arm)}: p95 in ms: {found}{met}"


def _cold_starts(sweep: ColdStartsSweep) -> Iterator[str]:
    """Return what the submissions of each moment met."""
    for arm in sweep.cold_starts:
        found = ", ".join(
            f"{it.moment} {it.met.count} of {it.met.total} met a start, "
            f"{formats.ms(it.ready_ms.mean)} ms"
            for it in arm.moments
        )
        yield f"{sweep.name}, {arm.arm}: {found}"


def _step(sweep: StepSweep) -> Iterator[str]:
    """Return how soon latency was back, and when no environment was left."""
    for arm in sweep.responses:
        back = arm.since_step_seconds
        none = [it.none_after_seconds for it in arm.trials if it.none_after_seconds is not None]
        most = max((it.count for trial in arm.trials for it in trial.environments), default=0)
        environments = (
            f"; up to {most} environments, none {formats.number(max(none), 1)} s after the load"
            if none
            else ""
        )
        yield (
            f"{sweep.name}, {arm.arm}: from the step until latency was back "
            f"{formats.number(back.mean, 1)} s "
            f"(known in {len(back.trials)} of {formats.count(len(arm.trials), 'trial')})"
            f"{environments}"
        )
