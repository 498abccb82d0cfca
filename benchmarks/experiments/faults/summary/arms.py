"""One arm's faults over its trials: availability by feature, recovery, slowness, what was kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean, median

from benchmarks.analysis.percentiles import latency
from benchmarks.experiments.faults.components import fault_named
from benchmarks.experiments.faults.features import BECOME_READY, FEATURES, Outcome
from benchmarks.experiments.faults.kept_submissions import Kept
from benchmarks.experiments.faults.recovery import SLOWER_THAN
from benchmarks.experiments.faults.slots import Phase
from benchmarks.experiments.faults.trials import Faulted, Seen
from benchmarks.experiments.faults.windows import Tally
from benchmarks.experiments.runner.arms import Arm
from benchmarks.results_model.base import of
from benchmarks.results_model.faults_figures import (
    DuringShares,
    FaultFigures,
    FaultsArm,
    FeatureShares,
    KeptCounts,
    SecondsAfter,
)
from benchmarks.results_model.figures import Latency


def sum_up(arm: Arm, trials: Sequence[Faulted]) -> FaultsArm:
    """Sum up an arm's counted trials, with an entry for each of its faults in their order."""
    medians = _medians(trials)
    calm = [it.seconds * 1000 for it in _requests(trials, Phase.BEFORE)]
    return FaultsArm(
        name=arm.name,
        architecture=arm.architecture,
        settings=dict(arm.settings),
        trials=len(trials),
        calm_ms=of(Latency, latency(calm)),
        faults=[_fault(trials, name, medians) for name in arm.faults],
        restarted=sum(len(it.restarted) for it in trials),
        kept=_kept([it.kept for it in trials if it.kept is not None]),
    )


def _kept(trials: Sequence[Kept]) -> KeptCounts:
    return KeptCounts(
        accepted=sum(kept.accepted for kept in trials),
        lost=sum(kept.lost for kept in trials),
        doubled=sum(kept.doubled for kept in trials),
        leaked=sum(kept.leaked for kept in trials),
        orphan_uploads=sum(kept.orphan_uploads for kept in trials),
        failed=sum(kept.failed for kept in trials),
    )


def _fault(trials: Sequence[Faulted], name: str, medians: dict[str, float]) -> FaultFigures:
    fault = fault_named(name)
    all_seen = [(trial, seen) for trial in trials for seen in trial.seen if seen.fault == fault]
    calm = [(trial, seen) for trial, seen in all_seen if seen.observation.is_calm]
    observations = [seen.observation for _, seen in calm]
    during = [it for trial, seen in calm for it in _served(trial, seen, Phase.DURING)]
    means = [it.mean(lambda counts: counts.share) for it in observations]
    down = [it.unavailable_seconds for it in observations]
    return FaultFigures(
        name=name,
        how=fault.how,
        component=fault.component.label,
        kind=fault.component.kind,
        trials=len(calm),
        not_calm=len(all_seen) - len(calm),
        features={
            feature: FeatureShares(
                before=_pooled(it.before[feature] for it in observations),
                during=_spread(it.during[feature] for it in observations),
                after=_pooled(it.after[feature] for it in observations),
            )
            for feature in FEATURES
        },
        mean=fmean(known) if (known := [it for it in means if it is not None]) else None,
        recovered=_seconds([it.recovered_seconds for it in observations]),
        normal=_seconds([it.normal_seconds for it in observations]),
        unavailable_seconds=fmean(down) if down else None,
        drained=_seconds([it.drained_seconds for it in observations]),
        requests_ms=of(Latency, latency([it.seconds * 1000 for it in during])),
        slowed=_share(during, lambda outcome: _is_slow(outcome, medians)),
    )


def _is_slow(outcome: Outcome, medians: Mapping[str, float]) -> bool:
    return outcome.seconds > SLOWER_THAN * medians[outcome.feature]


def _medians(trials: Sequence[Faulted]) -> dict[str, float]:
    found: dict[str, list[float]] = {feature: [] for feature in FEATURES}
    for outcome in _requests(trials, Phase.BEFORE):
        found[outcome.feature].append(outcome.seconds)
    return {feature: median(them) if them else float("inf") for feature, them in found.items()}


def _requests(trials: Iterable[Faulted], phase: Phase) -> list[Outcome]:
    return [it for trial in trials for seen in trial.seen for it in _served(trial, seen, phase)]


def _served(trial: Faulted, seen: Seen, phase: Phase) -> list[Outcome]:
    """The requests of a fault's phase that were served, in time or late."""
    return [
        it
        for it in trial.outcomes
        if it.served
        and it.feature != BECOME_READY
        and seen.slot.start <= it.intended_at < seen.slot.end
        and seen.slot.phase(it) is phase
    ]


def _pooled(tallies: Iterable[Tally]) -> float | None:
    found = list(tallies)
    total = sum(it.total for it in found)
    return sum(it.in_time for it in found) / total if total else None


def _spread(tallies: Iterable[Tally]) -> DuringShares:
    """Return the mean over trials, the lowest and the highest, and the counts of all together."""
    found = list(tallies)
    shares = [it.share for it in found if it.share is not None]
    return DuringShares(
        share=fmean(shares) if shares else None,
        low=min(shares, default=None),
        high=max(shares, default=None),
        in_time=sum(it.in_time for it in found),
        served=sum(it.served for it in found),
        total=sum(it.total for it in found),
    )


def _seconds(values: Sequence[float | None]) -> SecondsAfter:
    """Return the mean and the longest of those seen to end, and how many weren't."""
    known = [it for it in values if it is not None]
    return SecondsAfter(
        mean=fmean(known) if known else None,
        longest=max(known, default=None),
        not_seen=len(values) - len(known),
    )


def _share(found: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float | None:
    return sum(map(holds, found)) / len(found) if found else None
