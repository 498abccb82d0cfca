"""The experiment's figures, from its raw trials: `experiments.deploy` of `results.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.experiments.deploy import TITLE
from benchmarks.experiments.deploy.claims import CLAIMS
from benchmarks.experiments.deploy.summary.affected_requests import trial_releases
from benchmarks.experiments.deploy.summary.totals import totals
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import summarize_arm
from benchmarks.experiments.runner.summary.ratio_claims import judge_pairs
from benchmarks.experiments.runner.summary.trials import trial_row

Pair = tuple[float | None, float | None]
CLAIMED = {"lead-time": "field-added", "two-teams": "two-teams"}  # by claim: of which scenario


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> dict[str, Any]:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    counted = [trial for trial in trials if trial.counted]
    by_name = {sweep.name: sweep for sweep in sweeps}
    return {
        "title": TITLE,
        "claims": [
            judge_pairs(claim, _pairs(counted, by_name[claim.sweep], CLAIMED[claim.name]), "s")
            for claim in CLAIMS
            if claim.sweep in by_name and _asks(by_name[claim.sweep], CLAIMED[claim.name])
        ],
        "floor_cpu_ms": None,
        "sweeps": [_sweep(sweep, counted) for sweep in sweeps],
        "trials": [trial_row(trial) for trial in trials],
    }


def _asks(sweep: Sweep, scenario: str) -> bool:
    return any(arm.scenario == scenario for arm in sweep.arms)


def _sweep(sweep: Sweep, counted: Sequence[Trial]) -> dict[str, Any]:
    by_arm = {
        arm.name: [it for it in counted if (it.sweep, it.arm) == (sweep.name, arm.name)]
        for arm in sweep.arms
    }
    return {
        "name": sweep.name,
        "kind": sweep.kind,
        "title": sweep.title,
        "blocks": sweep.blocks,
        "seconds": sweep.schedule.seconds,
        "steps": sweep.schedule.to_json(),
        "rates_are_shares": sweep.rates_are_shares,
        "actions": [asdict(action) for action in sweep.actions],
        "arms": [summarize_arm(arm, by_arm[arm.name], None) for arm in sweep.arms],
        "releases": [_releases(arm, by_arm[arm.name]) for arm in sweep.arms],
    }


def _releases(arm: Arm, trials: Sequence[Trial]) -> dict[str, Any]:
    releases = [trial_releases(trial) for trial in trials]
    return {
        "arm": arm.name,
        "architecture": arm.architecture,
        "scenario": arm.scenario,
        "totals": totals(releases),
        "trials": releases,
    }


def _pairs(
    counted: Sequence[Trial], sweep: Sweep, scenario: str
) -> dict[int, tuple[float | None, float | None]]:
    """Both architectures' seconds from the commit until all of the scenario serves, by block."""
    first, second = (arm.name for arm in sweep.arms if arm.scenario == scenario)
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    found: dict[int, Pair] = {}
    for block in sorted({trial.block for trial in mine}):
        by_arm: Mapping[str, Trial] = {it.arm: it for it in mine if it.block == block}
        found[block] = _lead(by_arm.get(first)), _lead(by_arm.get(second))
    return found


def _lead(trial: Trial | None) -> float | None:
    """Builds, which go on one after the other, then from the first order to the last end; s."""
    if trial is None:
        return None
    releases = trial_releases(trial)["releases"]
    if not releases:
        return None
    building = sum(it["build_seconds"] for it in releases)
    begun = min(it["ordered_after_seconds"] for it in releases)
    done = max(it["ordered_after_seconds"] + it["order_seconds"] for it in releases)
    return float(building + done - begun)
