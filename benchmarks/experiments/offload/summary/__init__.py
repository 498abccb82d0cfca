"""The experiment's figures, from its raw trials: `experiments.offload` of `results.json`."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.experiments.offload import TITLE
from benchmarks.experiments.offload.summary.cold_starts import cold_starts
from benchmarks.experiments.offload.summary.features import CALLS, pooled
from benchmarks.experiments.offload.summary.measures import (
    ALTERNATIVES,
    WAYS,
    Way,
    claims_of,
    is_run,
)
from benchmarks.experiments.offload.summary.starts import function_starts
from benchmarks.experiments.offload.summary.steps import step_responses
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import summarize_arm
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.experiments.runner.summary.pairs import Pairs
from benchmarks.experiments.runner.summary.sweeps import SweepFields, sweep_fields
from benchmarks.experiments.runner.summary.trials import trial_row
from benchmarks.results_model.experiments import OffloadResults
from benchmarks.results_model.offload import ArmOffload, Place
from benchmarks.results_model.sweeps import (
    AnySweep,
    ColdStartsSweep,
    OffloadSweep,
    StepSweep,
)

ByArm = Mapping[str, Sequence[Trial]]


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> OffloadResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    by_name = {sweep.name: sweep for sweep in sweeps}
    return OffloadResults(
        title=TITLE,
        claims=judge_claims([_measured(claim, counted, by_name) for claim in claims_of(by_name)]),
        floor_cpu_ms=None,
        sweeps=[_sweep(sweep, counted) for sweep in sweeps],
        trials=[trial_row(trial) for trial in trials],
    )


def _measured(claim: Claim, counted: Sequence[Trial], sweeps: Mapping[str, Sweep]) -> Measured:
    """Return what the counted trials have of a claim and of its alternatives, by block."""
    way = WAYS[claim.name]
    mine = [it for it in counted if it.sweep == way.sweep and it.arm in way.arms]
    return Measured(
        claim,
        _pairs(way, counted),
        disturbed=frozenset(it.block for it in mine if it.disturbed or it.disturbed_arrivals),
        alternatives={
            variation: _pairs(other, counted)
            for variation, other in ALTERNATIVES[claim.name].items()
            if is_run(other, sweeps)
        },
    )


def _pairs(way: Way, counted: Sequence[Trial]) -> Pairs:
    mine = [trial for trial in counted if trial.sweep == way.sweep]
    return {
        number: way.measure({it.arm: it for it in mine if it.block == number})
        for number in sorted({trial.block for trial in mine})
    }


def _sweep(sweep: Sweep, counted: Sequence[Trial]) -> AnySweep:
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    by_arm = {arm.name: [it for it in mine if it.arm == arm.name] for arm in sweep.arms}
    arms = [summarize_arm(arm, by_arm[arm.name], None) for arm in sweep.arms]
    return _OF_KIND[sweep.kind](sweep, sweep_fields(sweep, arms), by_arm)


def _offload(sweep: Sweep, fields: SweepFields, trials: ByArm) -> OffloadSweep:
    """Add the latencies of each feature, by arm."""
    return OffloadSweep(**fields, offload=[_arm(arm, trials[arm.name]) for arm in sweep.arms])


def _arm(arm: Arm, trials: Sequence[Trial]) -> ArmOffload:
    return ArmOffload(
        arm=arm.name,
        place=_place(arm),
        is_apart=bool(arm.apart),
        latency_ms={feature: pooled(trials, feature) for feature in CALLS},
        starts=function_starts(trials),
    )


def _place(arm: Arm) -> Place:
    if arm.plant:
        return "request"
    return "function" if arm.is_function else "worker"


def _cold(sweep: Sweep, fields: SweepFields, trials: ByArm) -> ColdStartsSweep:
    """Add what submissions met at each moment, by arm."""
    found = [cold_starts(arm.name, trials[arm.name]) for arm in sweep.arms]
    return ColdStartsSweep(**fields, cold_starts=found)


def _step(sweep: Sweep, fields: SweepFields, trials: ByArm) -> StepSweep:
    """Add how soon latency was back, by arm."""
    found = [step_responses(arm.name, trials[arm.name]) for arm in sweep.arms]
    return StepSweep(**fields, responses=found)


_OF_KIND: Mapping[str, Callable[[Sweep, SweepFields, ByArm], AnySweep]] = {
    "offload": _offload,
    "cold-starts": _cold,
    "step": _step,
}
