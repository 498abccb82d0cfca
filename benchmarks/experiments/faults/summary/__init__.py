"""The experiment's figures, from its raw trials: `experiments.faults` of `results.json`."""

from collections.abc import Sequence

from benchmarks.experiments.faults import TITLE, claims
from benchmarks.experiments.faults.fault_actor import RESTART_SECONDS
from benchmarks.experiments.faults.features import FEATURES, READY_SECONDS, REQUEST_SECONDS
from benchmarks.experiments.faults.recovery import HOLD_SECONDS, NOTICED_SECONDS, SLOWER_THAN
from benchmarks.experiments.faults.summary.arms import sum_up
from benchmarks.experiments.faults.summary.measures import HEADLINES, availability
from benchmarks.experiments.faults.trials import Faulted, Measure, Weigh, each, faulted
from benchmarks.experiments.runner.arms import ARCHITECTURES, Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.judged_claims import Measured, judge_claims
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.results_model.base import of
from benchmarks.results_model.faults import FaultsResults, KeptClaim, Limits
from benchmarks.results_model.faults_figures import (
    FaultsSweep,
    FaultsTrial,
    KeptCounts,
    ObservedFault,
)


def summarize(sweeps: Sequence[Sweep], trials: Sequence[Trial]) -> FaultsResults:
    """Sum up a run's trials. Void ones are listed, and count for nothing else."""
    every = [faulted(trial) for trial in trials]
    counted = [it for it in every if it.trial.counted]
    return FaultsResults(
        title=TITLE,
        features=list(FEATURES),
        limits=Limits(
            request_seconds=REQUEST_SECONDS,
            ready_seconds=READY_SECONDS,
            hold_seconds=HOLD_SECONDS,
            noticed_seconds=NOTICED_SECONDS,
            slower_than=SLOWER_THAN,
            restart_seconds=RESTART_SECONDS,
        ),
        claims=judge_claims([it for sweep in sweeps for it in _measured(sweep, counted)]),
        kept=_kept(counted),
        sweeps=[_sweep(sweep, counted) for sweep in sweeps],
        trials=[_trial(it) for it in every],
    )


def _measured(sweep: Sweep, counted: Sequence[Faulted]) -> list[Measured]:
    """Return what the sweep has of its claims.

    A block that other work disturbed counts as such: served in time, and as quick as before, are
    limits in seconds, which a busy core makes requests miss.
    """
    mine = [it for it in counted if it.trial.sweep == sweep.name]
    return [
        Measured(
            claim,
            _pairs(claim, mine, each, measure),
            disturbed=frozenset(it.trial.block for it in mine if it.trial.disturbed),
            alternatives={
                name: _pairs(claim, mine, weigh, other) for name, weigh, other in alternatives
            },
        )
        for claim, measure, alternatives in HEADLINES
        if claim.sweep == sweep.name
    ]


def _pairs(
    claim: Claim, trials: Sequence[Faulted], weigh: Weigh, measure: Measure
) -> dict[int, Pair]:
    found: dict[int, Pair] = {}
    for block in sorted({it.trial.block for it in trials}):
        by_side = {it.architecture: it for it in trials if it.trial.block == block}
        first, second = (
            weigh(by_side[side], measure) if side in by_side else None
            for side in (claim.first, claim.second)
        )
        found[block] = first, second
    return found


def _kept(counted: Sequence[Faulted]) -> KeptClaim:
    counts = {
        side: [it.kept for it in counted if it.architecture == side and it.kept is not None]
        for side in ARCHITECTURES
    }
    # A block is one of a sweep's: as many as were compared with the stores on both sides
    return claims.judge_kept(counts, min(len(found) for found in counts.values()))


def _sweep(sweep: Sweep, counted: Sequence[Faulted]) -> FaultsSweep:
    begins, ends, latest = (action.at_seconds for action in sweep.actions)
    step = sweep.schedule.steps[0]
    mine = [it for it in counted if it.trial.sweep == sweep.name]
    return FaultsSweep(
        name=sweep.name,
        title=sweep.title,
        blocks=sweep.blocks,
        rate=step.rate,
        calm_seconds=begins,
        failure_seconds=ends - begins,
        after_seconds=step.window_seconds - ends,
        slack_seconds=latest - begins,
        arms=[sum_up(arm, [it for it in mine if it.trial.arm == arm.name]) for arm in sweep.arms],
    )


def _trial(found: Faulted) -> FaultsTrial:
    trial, document = found.trial, found.trial.document
    return FaultsTrial(
        name=trial.name,
        sweep=trial.sweep,
        block=trial.block,
        arm=trial.arm,
        started_at=document["started_at"],
        seconds=document["seconds"],
        deploy_seconds=document.get("deploy_seconds"),
        void=list(trial.void),
        disturbed=trial.disturbed,
        shed=document["drained"].get("shed"),
        restarted=list(found.restarted),
        kept=None if found.kept is None else of(KeptCounts, found.kept),
        faults=[
            ObservedFault(
                fault=seen.fault.name,
                at_seconds=seen.slot.began - found.seen[0].slot.start,
                calm=seen.observation.is_calm,
                availability=availability(seen.observation),
                recovered_seconds=seen.observation.recovered_seconds,
                normal_seconds=seen.observation.normal_seconds,
                unavailable_seconds=seen.observation.unavailable_seconds,
            )
            for seen in found.seen
        ],
    )
