"""One trial as `results.json` lists it: whether it counts, and what it measured."""

from benchmarks.analysis.trials import Level
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost
from benchmarks.results_model import trials as model
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import Latency


def trial_row(trial: Trial) -> model.Trial:
    """List a trial; a void one with its reasons."""
    document = trial.document
    return model.Trial(
        name=trial.name,
        number=document["number"],
        sweep=trial.sweep,
        block=trial.block,
        arm=trial.arm,
        started_at=document["started_at"],
        seconds=document["seconds"],
        deploy_seconds=document.get("deploy_seconds"),
        load_average=document["load_average"],
        void=list(trial.void),
        ledger=of(model.Ledger, trial.ledger) if trial.ledger else None,
        capacity=trial.capacity,
        disturbed=trial.disturbed,
        saturated=trial.saturation.saturated,
        knee_users=trial.saturation.knee_users,
        cpu_ms_per_submission=cost(trial),
        wall_drift_ms=document["drained"].get("wall_drift_ms"),
        target_clock_skew_ms=document["drained"].get("target_clock_skew_ms"),
        levels=[_level(level) for level in trial.levels],
    )


def _level(level: Level) -> model.TrialLevel:
    window = level.window
    return model.TrialLevel(
        step=window.step,
        label=level.label,
        users=window.users,
        rate=window.rate,
        seconds=level.seconds,
        completed=level.completed,
        calls=level.calls,
        errors=level.errors,
        offered=window.offered,
        started=window.started,
        shed=window.shed,
        throughput=level.throughput,
        submit_ms=of(Latency, level.submit_ms),
        ready_ms=of(Latency, level.ready_ms),
        read_ms=of(Latency, level.read_ms),
        cpu_ms_per_submission=level.cpu_ms_per_submission,
        cores_used=level.cores_used,
        generator_share=window.generator_share,
        harness_share=window.harness_share,
        lag_p99_ms=window.lag_p99_ms,
        lag_max_ms=window.lag_max_ms,
        steal_share=window.steal_share,
        foreign_cores=level.foreign_cores,
        escaped_cores=level.escaped_cores,
        counters=dict(window.counters),
    )
