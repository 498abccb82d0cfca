"""The experiment's figures, from its raw trials: `experiments.deploy` of `results.json`."""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.experiments.deploy import TITLE
from benchmarks.experiments.deploy.summary.affected_requests import (
    Limits,
    slow_limits,
    trial_releases,
)
from benchmarks.experiments.deploy.summary.measures import QUESTIONS, Question, Way
from benchmarks.experiments.deploy.summary.totals import totals
from benchmarks.experiments.deploy.summary.waits import waits
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import summarize_arm
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.experiments.runner.summary.sweeps import sweep_fields
from benchmarks.experiments.runner.summary.trials import trial_row
from benchmarks.results_model.experiments import DeployResults
from benchmarks.results_model.releases import ArmReleases
from benchmarks.results_model.sweeps import ReleasesSweep


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> DeployResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    found = [_measured(question, counted, sweeps) for question in QUESTIONS]
    return DeployResults(
        title=TITLE,
        claims=judge_claims([measured for measured in found if measured is not None]),
        floor_cpu_ms=None,
        sweeps=[_sweep(sweep, counted) for sweep in sweeps],
        trials=[trial_row(trial) for trial in trials],
    )


def _measured(
    question: Question, counted: Sequence[Trial], sweeps: Sequence[Sweep]
) -> Measured | None:
    """Return the claim with its measurements; None where no sweep has its scenario."""
    sweep = _sweep_of(question.way.scenario, sweeps)
    if sweep is None:
        return None
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    return Measured(
        replace(question.claim, sweep=sweep.name),
        _pairs(question.way, counted, sweeps),
        disturbed=frozenset(trial.block for trial in mine if trial.disturbed),
        alternatives={
            variation: _pairs(way, counted, sweeps)
            for variation, way in question.alternatives.items()
            if _sweep_of(way.scenario, sweeps) is not None
        },
    )


def _sweep_of(scenario: str, sweeps: Sequence[Sweep]) -> Sweep | None:
    """Return the sweep that releases a scenario; runs of earlier versions had one for all."""
    return next((it for it in sweeps if any(arm.scenario == scenario for arm in it.arms)), None)


def _pairs(way: Way, counted: Sequence[Trial], sweeps: Sequence[Sweep]) -> dict[int, Pair]:
    """Return the monolith's and the services' measurements of a scenario, by block."""
    sweep = _sweep_of(way.scenario, sweeps)
    if sweep is None:
        return {}
    first, second = (arm.name for arm in sweep.arms if arm.scenario == way.scenario)
    measured = {
        (trial.block, trial.arm): way.measure(trial)
        for trial in counted
        if trial.sweep == sweep.name and trial.arm in {first, second}
    }
    return {
        block: (measured.get((block, first)), measured.get((block, second)))
        for block in sorted({block for block, _ in measured})
    }


def _sweep(sweep: Sweep, counted: Sequence[Trial]) -> ReleasesSweep:
    by_arm = {
        arm.name: [trial for trial in counted if (trial.sweep, trial.arm) == (sweep.name, arm.name)]
        for arm in sweep.arms
    }
    arms = [summarize_arm(arm, by_arm[arm.name], None) for arm in sweep.arms]
    return ReleasesSweep(
        **sweep_fields(sweep, arms),
        releases=[
            _releases(
                arm,
                by_arm[arm.name],
                slow_limits(
                    [
                        trial
                        for other in sweep.arms
                        if other.scenario == arm.scenario
                        for trial in by_arm[other.name]
                    ]
                ),
            )
            for arm in sweep.arms
        ],
    )


def _releases(arm: Arm, trials: Sequence[Trial], limits: Limits) -> ArmReleases:
    releases = [trial_releases(trial, limits) for trial in trials]
    return ArmReleases(
        arm=arm.name,
        architecture=arm.architecture,
        scenario=arm.scenario,
        totals=totals(releases, limits, waits(trials)),
        trials=releases,
    )
