"""The requests that failed or were slow while a release went on, by feature.

Slow is slower than SLOWER_THAN times the median that the same feature had in the same trial before
the release was ordered: so few seconds have no 95th percentile.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.analysis.trials import READY, SHED, Call
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.releases import (
    AffectedRequests,
    FeatureSecond,
    Release,
    TrialReleases,
)

SLOWER_THAN = 3.0
FEWEST = 5  # requests that have a median worth the name
# What of the flow is whose, by the names of the generator's rows. Each feature is one kind of call,
# so that its median is of something; what a submission waits for counts as "submit".
FEATURES = {
    "sign-in": frozenset({"/tokens"}),
    "submit": frozenset({READY, SHED}),
    "read": frozenset({"/submissions"}),
    "page": frozenset({"/"}),
}
# A refused call has no READY row.
_UNSUBMITTED = "/submissions (upload)"
BIN_SECONDS = 1.0


def trial_releases(trial: Trial) -> TrialReleases:
    """Return the releases of a trial with the requests affected, in seconds from the window."""
    window = trial.levels[0].window
    notes = [note for note in trial.document["actions"] if "ended_at" in note]
    ordered_at = min((note["ordered_at"] for note in notes), default=window.end)
    calm = [call for call in trial.calls if window.start <= call.intended_at < ordered_at]
    limits = {name: _limit_ms(_of(calm, name)) for name in FEATURES}
    return TrialReleases(
        trial=trial.name,
        calm_seconds=ordered_at - window.start,
        slow_above_ms=limits,
        calm={name: _affected(_of(calm, name), limits[name]) for name in FEATURES},
        releases=[_release(note, trial.calls, limits, window.start) for note in notes],
        seconds=_series(trial, window.start),
    )


def _release(
    note: dict[str, Any], calls: Sequence[Call], limits: dict[str, float | None], start: float
) -> Release:
    """Return one release: seconds from the order, which includes waiting for one's turn."""
    during = [it for it in calls if note["began_at"] <= it.intended_at < note["ended_at"]]
    return Release(
        change=note["change"],
        unit=note["unit"],
        build_seconds=note["build_seconds"],
        lines=note["lines"],
        lines_changed=note["lines_changed"],
        dependencies=note["dependencies"],
        dependencies_changed=note["dependencies_changed"],
        started=note.get("started", 0),
        ended=note.get("ended", 0),
        refused=note["refused"],
        steps=note["steps"],
        ordered_after_seconds=note["ordered_at"] - start,
        waited_seconds=note["began_at"] - note["ordered_at"],
        order_seconds=note["ended_at"] - note["ordered_at"],
        noticed={name: _affected(_of(during, name), limits[name]) for name in FEATURES},
    )


def _of(calls: Sequence[Call], feature: str) -> list[Call]:
    return [call for call in calls if _feature(call) == feature]


def _feature(call: Call) -> str | None:
    if call.name == _UNSUBMITTED and call.failed:
        return "submit"
    return next((name for name, names in FEATURES.items() if call.name in names), None)


def _limit_ms(calm: Sequence[Call]) -> float | None:
    known = [it.latency_ms for it in calm if not it.failed]
    return SLOWER_THAN * median(known) if len(known) >= FEWEST else None


def _affected(calls: Sequence[Call], limit_ms: float | None) -> AffectedRequests:
    return AffectedRequests(
        requests=len(calls),
        failed=sum(call.failed for call in calls),
        slowed=sum(
            not call.failed and limit_ms is not None and call.latency_ms > limit_ms
            for call in calls
        ),
    )


def _series(trial: Trial, start: float) -> list[FeatureSecond]:
    """Return the slowest request and the failures of each second and feature."""
    bins: dict[tuple[int, str], list[Call]] = {}
    for call in trial.calls:
        feature = _feature(call)
        if feature is not None and call.intended_at >= start:
            second = int((call.intended_at - start) // BIN_SECONDS)
            bins.setdefault((second, feature), []).append(call)
    return [
        FeatureSecond(
            at_seconds=second * BIN_SECONDS,
            feature=name,
            failed=sum(call.failed for call in calls),
            slowest_ms=max((it.latency_ms for it in calls if not it.failed), default=0.0),
        )
        for (second, name), calls in sorted(bins.items())
    ]
