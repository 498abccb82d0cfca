"""The experiment's figures, from its raw trials: `experiments.deploy` of `results.json`."""

from collections.abc import Mapping, Sequence

from benchmarks.experiments.deploy import TITLE
from benchmarks.experiments.deploy.claims import CLAIMS
from benchmarks.experiments.deploy.summary.affected_requests import trial_releases
from benchmarks.experiments.deploy.summary.totals import totals
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import summarize_arm
from benchmarks.experiments.runner.summary.judged_claims import Measured, Pair, judge_claims
from benchmarks.experiments.runner.summary.sweeps import sweep_fields
from benchmarks.experiments.runner.summary.trials import trial_row
from benchmarks.results_model.experiments import DeployResults
from benchmarks.results_model.releases import ArmReleases
from benchmarks.results_model.sweeps import ReleasesSweep

CLAIMED = {"lead-time": "field-added", "two-teams": "two-teams"}  # by claim: of which scenario


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> DeployResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    by_name = {sweep.name: sweep for sweep in sweeps}
    return DeployResults(
        title=TITLE,
        claims=judge_claims(
            [
                _measured(claim, counted, by_name[claim.sweep])
                for claim in CLAIMS
                if claim.sweep in by_name
                and _releases_scenario(by_name[claim.sweep], CLAIMED[claim.name])
            ]
        ),
        floor_cpu_ms=None,
        sweeps=[_sweep(sweep, counted) for sweep in sweeps],
        trials=[trial_row(trial) for trial in trials],
    )


def _measured(claim: Claim, counted: Sequence[Trial], sweep: Sweep) -> Measured:
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    return Measured(
        claim,
        _pairs(mine, sweep, CLAIMED[claim.name]),
        disturbed=frozenset(trial.block for trial in mine if trial.disturbed),
    )


def _releases_scenario(sweep: Sweep, scenario: str) -> bool:
    return any(arm.scenario == scenario for arm in sweep.arms)


def _sweep(sweep: Sweep, counted: Sequence[Trial]) -> ReleasesSweep:
    by_arm = {
        arm.name: [it for it in counted if (it.sweep, it.arm) == (sweep.name, arm.name)]
        for arm in sweep.arms
    }
    arms = [summarize_arm(arm, by_arm[arm.name], None) for arm in sweep.arms]
    return ReleasesSweep(
        **sweep_fields(sweep, arms),
        releases=[_releases(arm, by_arm[arm.name]) for arm in sweep.arms],
    )


def _releases(arm: Arm, trials: Sequence[Trial]) -> ArmReleases:
    releases = [trial_releases(trial) for trial in trials]
    return ArmReleases(
        arm=arm.name,
        architecture=arm.architecture,
        scenario=arm.scenario,
        totals=totals(releases),
        trials=releases,
    )


def _pairs(mine: Sequence[Trial], sweep: Sweep, scenario: str) -> dict[int, Pair]:
    """Return both sides' seconds from the commit until all of the scenario serves, by block."""
    first, second = (arm.name for arm in sweep.arms if arm.scenario == scenario)
    found: dict[int, Pair] = {}
    for block in sorted({trial.block for trial in mine}):
        by_arm: Mapping[str, Trial] = {it.arm: it for it in mine if it.block == block}
        found[block] = _lead(by_arm.get(first)), _lead(by_arm.get(second))
    return found


def _lead(trial: Trial | None) -> float | None:
    """Return the seconds of all builds, and then from the first order to the last end."""
    if trial is None:
        return None
    releases = trial_releases(trial).releases
    if not releases:
        return None
    building = sum(it.build_seconds for it in releases)
    begun = min(it.ordered_after_seconds for it in releases)
    done = max(it.ordered_after_seconds + it.order_seconds for it in releases)
    return building + done - begun
