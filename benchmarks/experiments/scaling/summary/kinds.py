"""The results of a sweep of each kind: its arms, and what the kind adds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from benchmarks.analysis.ratios import ratio_interval
from benchmarks.analysis.trials import closed, points
from benchmarks.analysis.usl import UslFit, fit
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost, spread
from benchmarks.experiments.runner.summary.recoveries import (
    recovered,
    scaled_in_seconds,
    scaling_out,
    series,
)
from benchmarks.experiments.runner.summary.sweeps import SweepFields
from benchmarks.experiments.scaling.published import PUBLISHED
from benchmarks.experiments.scaling.summary.overhead import overhead
from benchmarks.results_model import scaling as model
from benchmarks.results_model.base import of
from benchmarks.results_model.elasticity import ArmRecoveries, Recovery
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.sweeps import (
    AnySweep,
    ElasticitySweep,
    FloorSweep,
    LoadSweep,
    OverheadSweep,
    ReplicasSweep,
    WorkSweep,
)

ByArm = Mapping[str, Sequence[Trial]]
AT_ONCE = (
    "the fewest users keep the target's core full, so the law shows no more than that all is done "
    "one after the other"
)


def _floor(_sweep: Sweep, fields: SweepFields, _trials: ByArm) -> FloorSweep:
    return FloorSweep(**fields)


def _overhead(_sweep: Sweep, fields: SweepFields, trials: ByArm) -> OverheadSweep:
    return OverheadSweep(**fields, overhead=overhead(trials))


def _replicas(_sweep: Sweep, fields: SweepFields, _trials: ByArm) -> ReplicasSweep:
    return ReplicasSweep(**fields)


def _load(sweep: Sweep, fields: SweepFields, trials: ByArm) -> LoadSweep:
    """Add the Universal Scalability Law of each arm, or why there is none."""
    return LoadSweep(**fields, usl=[_law(arm.name, trials[arm.name]) for arm in sweep.arms])


def _law(arm: str, trials: Sequence[Trial]) -> model.ScalabilityLaw:
    sound = [points(trial.levels) for trial in trials if not trial.disturbed]
    if trials and not sound:
        reason = "other work disturbed every trial that counts"
        return model.ScalabilityLaw(arm=arm, refused=reason, fit=None)
    outcome = fit(sound)
    if not isinstance(outcome, UslFit):
        return model.ScalabilityLaw(arm=arm, refused=outcome.reason, fit=None)
    if any(_full_at_once(trial) for trial in trials):
        outcome = replace(outcome, caveats=(*outcome.caveats, AT_ONCE))
    return model.ScalabilityLaw(arm=arm, refused=None, fit=of(model.UslFit, outcome))


def _full_at_once(trial: Trial) -> bool:
    """Whether throughput is at its most from the first closed level on."""
    first = min((level.window.users for level in closed(trial.levels)), default=0)
    return trial.saturation.saturated and trial.saturation.knee_users == first


def _work(sweep: Sweep, fields: SweepFields, trials: ByArm) -> WorkSweep:
    """Add the ratio of the architectures at each cost of the recognizer, and published ones."""
    works = sorted({arm.work_cpu_ms for arm in sweep.arms if arm.work_cpu_ms is not None})
    found = []
    for work in works:
        first, second = (arm.name for arm in sweep.arms if arm.work_cpu_ms == work)
        found.append(
            model.WorkPoint(
                work_cpu_ms=work,
                cpu=_interval(_pairs(trials[first], trials[second], cost)),
                throughput=_interval(_pairs(trials[first], trials[second], _throughput)),
                cpu_ms={name: spread(_values(trials[name])) for name in (first, second)},
            )
        )
    published = [of(model.PublishedRatio, it) for it in PUBLISHED]
    return WorkSweep(**fields, points=found, published=published)


def _throughput(trial: Trial) -> float | None:
    """Return ready submissions a second over all levels, each of which keeps the core busy."""
    if trial.disturbed:
        return None
    seconds = sum(level.seconds for level in trial.levels)
    return sum(level.completed for level in trial.levels) / seconds if seconds else None


def _values(trials: Sequence[Trial]) -> list[float]:
    return [value for value in map(cost, trials) if value is not None]


def _pairs(
    first: Sequence[Trial], second: Sequence[Trial], value: Callable[[Trial], float | None]
) -> list[tuple[float, float]]:
    """Return both arms' values in each block that has them."""
    others = {trial.block: value(trial) for trial in second}
    pairs = [(value(trial), others.get(trial.block)) for trial in first]
    return [(one, other) for one, other in pairs if one and other]


def _interval(pairs: Sequence[tuple[float, float]]) -> Ratio:
    return of(Ratio, ratio_interval(pairs))


def _elasticity(sweep: Sweep, fields: SweepFields, trials: ByArm) -> ElasticitySweep:
    """Add for each arm: how long until latency was back, and latency second by second."""
    recoveries = [_recoveries(arm.name, trials[arm.name]) for arm in sweep.arms]
    return ElasticitySweep(**fields, recoveries=recoveries)


def _recoveries(arm: str, trials: Sequence[Trial]) -> ArmRecoveries:
    each = [found for trial in trials if (found := _recovery(trial)) is not None]
    known = [it.since_order_seconds for it in each if it.since_order_seconds is not None]
    return ArmRecoveries(
        arm=arm,
        since_order_seconds=spread(known),
        start_up_seconds=spread([it.start_up_seconds for it in each]),
        trials=each,
    )


def _recovery(trial: Trial) -> Recovery | None:
    moments, outcome = scaling_out(trial), recovered(trial)
    if moments is None or outcome is None:
        return None
    return Recovery(
        trial=trial.name,
        limit_ms=outcome.limit_ms,
        left=outcome.left,
        since_step_seconds=outcome.since_step_seconds,
        since_order_seconds=outcome.since_order_seconds,
        since_ready_seconds=outcome.since_ready_seconds,
        stayed=outcome.stayed,
        reason=outcome.reason,
        ordered_after_seconds=moments.ordered_at - moments.stepped_at,
        start_up_seconds=moments.ready_at - moments.ordered_at,
        scaled_in_seconds=scaled_in_seconds(trial),
        seconds=series(trial, moments.stepped_at),
    )


OF_KIND: dict[str, Callable[[Sweep, SweepFields, ByArm], AnySweep]] = {
    "floor": _floor,
    "overhead": _overhead,
    "load": _load,
    "work": _work,
    "replicas": _replicas,
    "elasticity": _elasticity,
}
