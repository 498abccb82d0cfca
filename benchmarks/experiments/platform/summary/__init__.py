"""The experiment's figures, from its raw trials: `experiments.platform` of `results.json`."""

from collections.abc import Mapping, Sequence

from benchmarks.experiments.platform import NAME, TITLE
from benchmarks.experiments.platform.claims import claims_on
from benchmarks.experiments.platform.summary.autoscaling import responses
from benchmarks.experiments.platform.summary.measures import ALTERNATIVES, MEASURES, Measure
from benchmarks.experiments.platform.sweeps import LOAD
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import summarize_arm
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.experiments.runner.summary.pairs import Pairs
from benchmarks.experiments.runner.summary.sweeps import sweep_fields
from benchmarks.experiments.runner.summary.trials import trial_row
from benchmarks.results_model.experiments import OtherResults
from benchmarks.results_model.sweeps import AnySweep, AutoscalingSweep, LoadSweep


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> OtherResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    return OtherResults(
        experiment=NAME,
        title=TITLE,
        claims=judge_claims([_measured(claim, counted) for claim in _claims(sweeps)]),
        floor_cpu_ms=None,
        sweeps=[_sweep(sweep, counted) for sweep in sweeps],
        trials=[trial_row(trial) for trial in trials],
    )


def _claims(sweeps: Sequence[Sweep]) -> Sequence[Claim]:
    """Return the claims about the engine, where the sweep that they are about was run."""
    names = {arm.platform for sweep in sweeps if sweep.name == LOAD for arm in sweep.arms} - {""}
    return [claim for platform in sorted(names) for claim in claims_on(platform)]


def _measured(claim: Claim, counted: Sequence[Trial]) -> Measured:
    sides = (claim.first, claim.second)
    mine = [it for it in counted if it.sweep == claim.sweep and it.arm in sides]
    return Measured(
        claim,
        _pairs(MEASURES[claim.measure], claim, mine),
        disturbed=frozenset(it.block for it in mine if it.disturbed),
        alternatives={
            variation: _pairs(measure, claim, mine)
            for variation, measure in ALTERNATIVES[claim.measure].items()
        },
    )


def _pairs(measure: Measure, claim: Claim, trials: Sequence[Trial]) -> Pairs:
    by_block: dict[int, dict[str, Trial]] = {}
    for trial in trials:
        by_block.setdefault(trial.block, {})[trial.arm] = trial
    return {
        number: (measure(found.get(claim.first)), measure(found.get(claim.second)))
        for number, found in sorted(by_block.items())
    }


def _sweep(sweep: Sweep, counted: Sequence[Trial]) -> AnySweep:
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    by_arm: Mapping[str, list[Trial]] = {
        arm.name: [it for it in mine if it.arm == arm.name] for arm in sweep.arms
    }
    fields = sweep_fields(sweep, [summarize_arm(arm, by_arm[arm.name], None) for arm in sweep.arms])
    if sweep.name == LOAD:
        return LoadSweep(**fields, usl=[])
    found = [responses(arm, by_arm[arm.name]) for arm in sweep.arms]
    return AutoscalingSweep(**fields, responses=found)
