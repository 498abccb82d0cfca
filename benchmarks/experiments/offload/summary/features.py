"""The features of the flow among a trial's calls, and their latencies in the measured window."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.analysis.percentiles import interval, latency, p95_over_trials
from benchmarks.analysis.trials import Call, Level, is_flow, latencies
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import OverTrials, PooledLatency

SIGN_IN, READ, SUBMIT, RESULT = "sign-in", "read", "submit", "ready"
# The generator's names of each feature's calls. An arrival that was shed would have submitted most
# slots' work: it never became ready.
CALLS: Mapping[str, Callable[[Call], bool]] = {
    SIGN_IN: lambda call: call.name == "/tokens",
    READ: lambda call: call.name == "/submissions",
    SUBMIT: lambda call: call.name == "/submissions (upload)",
    RESULT: is_flow,
}


def values(trial: Trial, feature: str, level: Level | None = None) -> list[float]:
    """Return the latencies of a feature in ms, of a level, or of the first; infinite for failed."""
    found = level or next(iter(trial.levels), None)
    if found is None:
        return []
    return latencies(trial.timed(found), CALLS[feature])


def pooled(trials: Sequence[Trial], feature: str) -> PooledLatency:
    """Return the latencies of a feature over all trials, and the p95 of each trial."""
    by_trial = [values(trial, feature) for trial in trials]
    rows = [value for found in by_trial for value in found]
    whole, ends = latency(rows), interval(rows, 95)
    return PooledLatency(
        count=whole.count,
        mean=whole.mean,
        p50=whole.p50,
        p95=whole.p95,
        p99=whole.p99,
        p95_rows=None if ends is None or ends[1] == float("inf") else list(ends),
        p95_over_trials=of(OverTrials, p95_over_trials([latency(found) for found in by_trial])),
    )
