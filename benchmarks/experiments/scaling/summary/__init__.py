"""The experiment's figures, from its raw trials: `experiments.scaling` of `results.json`."""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.experiments.runner.arms import EXTERNAL, FLOOR, Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import floor_cost, summarize_arm
from benchmarks.experiments.runner.summary.judged_claims import judge_claims
from benchmarks.experiments.runner.summary.sweeps import sweep_fields
from benchmarks.experiments.runner.summary.trials import trial_row
from benchmarks.experiments.scaling import TITLE
from benchmarks.experiments.scaling.claims import CLAIMS, EARLIER_CLAIMS, EXTERNAL_CLAIMS
from benchmarks.experiments.scaling.summary.claim_measures import measured
from benchmarks.experiments.scaling.summary.kinds import OF_KIND
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.sweeps import AnySweep


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> ScalingResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    floor = floor_cost(counted)
    return ScalingResults(
        title=TITLE,
        claims=judge_claims(
            [
                measured(claim, counted, {sweep.name: sweep for sweep in sweeps})
                for claim in _claims(sweeps)
            ]
        ),
        floor_cpu_ms=floor,
        sweeps=[_sweep(sweep, counted, floor) for sweep in sweeps],
        trials=[trial_row(_without_parts(trial)) for trial in trials],
    )


def _claims(sweeps: Sequence[Sweep]) -> list[Claim]:
    """Return the claims that these sweeps decide."""
    names = {sweep.name for sweep in sweeps}
    external = any(arm.architecture == EXTERNAL for sweep in sweeps for arm in sweep.arms)
    claims = EXTERNAL_CLAIMS if external else (*CLAIMS, *EARLIER_CLAIMS)
    return [claim for claim in claims if claim.sweep in names]


def _sweep(sweep: Sweep, counted: Sequence[Trial], floor: float | None) -> AnySweep:
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    by_arm = {arm.name: [it for it in mine if it.arm == arm.name] for arm in sweep.arms}
    arms = [
        summarize_arm(
            arm,
            [_without_parts(trial) for trial in by_arm[arm.name]],
            None if arm.architecture == FLOOR else floor,
        )
        for arm in sweep.arms
    ]
    return OF_KIND[sweep.kind](sweep, sweep_fields(sweep, arms), by_arm)


def _without_parts(trial: Trial) -> Trial:
    """Return a trial without levels that are parts of a round: these have figures of their own."""
    parts = any("part" in window for window in trial.document.get("windows", ()))
    return replace(trial, levels=()) if parts else trial
