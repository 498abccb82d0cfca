"""One arm's faults over its trials: availability by feature, recovery, slowness, what was kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from statistics import fmean, median
from typing import Any

from benchmarks.analysis.percentiles import latency
from benchmarks.experiments.faults.components import fault_named
from benchmarks.experiments.faults.features import BECOME_READY, FEATURES, Outcome
from benchmarks.experiments.faults.trials import Faulted, Seen
from benchmarks.experiments.faults.windows import Phase, Tally

SLOWER_THAN = 3.0  # times the median of the same feature in the calm seconds
KEPT = ("accepted", "lost", "doubled", "leaked", "orphan_uploads", "failed")


def sum_up(trials: Sequence[Faulted], faults: Sequence[str]) -> dict[str, Any]:
    """Sum up an arm's counted trials, with an entry for each fault in the order given."""
    medians = _medians(trials)
    looked_into = [it.kept for it in trials if it.kept is not None]
    return {
        "trials": len(trials),
        "calm_ms": asdict(latency([it.seconds * 1000 for it in _requests(trials, Phase.BEFORE)])),
        "faults": [_fault(trials, name, medians) for name in faults],
        "restarted": sum(len(it.restarted) for it in trials),
        "kept": {name: sum(getattr(it, name) for it in looked_into) for name in KEPT},
    }


def _fault(trials: Sequence[Faulted], name: str, medians: dict[str, float]) -> dict[str, Any]:
    fault = fault_named(name)
    all_seen = [(trial, it) for trial in trials for it in trial.seen if it.fault == fault]
    seen = [(trial, it) for trial, it in all_seen if it.observation.is_calm]
    observations = [it.observation for _, it in seen]
    during = [it for trial, one in seen for it in _served(trial, one, Phase.DURING)]
    recovered = [it.recovered_seconds for it in observations]
    drained = [it.drained_seconds for it in observations]
    means = [it.mean(lambda counts: counts.share) for it in observations]
    return {
        "name": name,
        "how": fault.how,
        "component": fault.component.label,
        "kind": fault.component.kind,
        "trials": len(seen),
        "not_calm": len(all_seen) - len(seen),
        "features": {
            feature: {
                "before": _pooled(it.before[feature] for it in observations),
                "during": _spread(it.during[feature] for it in observations),
                "after": _pooled(it.after[feature] for it in observations),
            }
            for feature in FEATURES
        },
        "mean": fmean(known) if (known := [it for it in means if it is not None]) else None,
        "recovered": _seconds(recovered),
        "drained": _seconds(drained),
        "requests_ms": asdict(latency([it.seconds * 1000 for it in during])),
        "slowed": _share(during, lambda it: it.seconds > SLOWER_THAN * medians[it.feature]),
    }


def _medians(trials: Sequence[Faulted]) -> dict[str, float]:
    found: dict[str, list[float]] = {feature: [] for feature in FEATURES}
    for it in _requests(trials, Phase.BEFORE):
        found[it.feature].append(it.seconds)
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


def _spread(tallies: Iterable[Tally]) -> dict[str, Any]:
    """The mean over trials with the lowest and the highest, and the counts of all together."""
    found = list(tallies)
    shares = [it.share for it in found if it.share is not None]
    return {
        "share": fmean(shares) if shares else None,
        "low": min(shares, default=None),
        "high": max(shares, default=None),
        "in_time": sum(it.in_time for it in found),
        "served": sum(it.served for it in found),
        "total": sum(it.total for it in found),
    }


def _seconds(values: Sequence[float | None]) -> dict[str, Any]:
    """The mean and the longest of those that ended in the watched time, and how many didn't."""
    known = [it for it in values if it is not None]
    return {
        "mean": fmean(known) if known else None,
        "longest": max(known, default=None),
        "not_seen": len(values) - len(known),
    }


def _share(found: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float | None:
    return sum(map(holds, found)) / len(found) if found else None
