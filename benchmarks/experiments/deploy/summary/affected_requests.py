"""The requests that failed or were slow while a release went on, by feature.

Slow is slower than SLOWER_THAN times the median that the same feature had in the calm seconds of
both arms of the scenario, before their releases were ordered: one limit, so that the two sides'
shares are comparable. The limits are reported in ms.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.analysis.trials import Call
from benchmarks.experiments.deploy.summary.features import (
    FEATURES,
    before,
    during,
    feature_of,
    first_order,
    of_feature,
    releases_of,
)
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.releases import (
    AffectedRequests,
    FeatureSecond,
    Release,
    TrialReleases,
)

SLOWER_THAN = 3.0
FEWEST = 5  # requests that have a median worth the name
BIN_SECONDS = 1.0

Limits = Mapping[str, float | None]  # ms, by feature; None where the calm had too few requests


def slow_limits(trials: Sequence[Trial]) -> dict[str, float | None]:
    """Return the ms above which a request is slow, by feature, from the calm of these trials.

    Of all trials together: a few calm seconds of one trial have too few sign-ins.
    """
    calm = [call for trial in trials for call in before(trial)]
    return {name: _limit_ms(of_feature(calm, name)) for name in FEATURES}


def trial_releases(trial: Trial, limits: Limits) -> TrialReleases:
    """Return the releases of a trial with the requests affected, in seconds from the window."""
    start, calm = trial.levels[0].window.start, before(trial)
    return TrialReleases(
        trial=trial.name,
        calm_seconds=first_order(trial) - start,
        slow_above_ms=limits,
        calm=_by_feature(calm, limits),
        noticed=_by_feature(during(trial), limits),
        releases=[_release(trial, note, limits) for note in releases_of(trial)],
        outlasted_seconds=max(
            [0.0, *(note["ended_at"] - trial.levels[0].window.end for note in releases_of(trial))]
        ),
        seconds=_series(trial, start),
    )


def _release(trial: Trial, note: Mapping[str, Any], limits: Limits) -> Release:
    """Return one release: seconds from the order, which includes waiting for one's turn."""
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
        ordered_after_seconds=note["ordered_at"] - trial.levels[0].window.start,
        waited_seconds=note["began_at"] - note["ordered_at"],
        order_seconds=note["ended_at"] - note["ordered_at"],
        noticed=_by_feature(during(trial, [note]), limits),
    )


def _limit_ms(calm: Sequence[Call]) -> float | None:
    known = [call.latency_ms for call in calm if not call.failed]
    return SLOWER_THAN * median(known) if len(known) >= FEWEST else None


def _by_feature(calls: Sequence[Call], limits: Limits) -> dict[str, AffectedRequests]:
    return {name: _affected(of_feature(calls, name), limits[name]) for name in FEATURES}


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
        feature = feature_of(call)
        if feature is not None and call.intended_at >= start:
            second = int((call.intended_at - start) // BIN_SECONDS)
            bins.setdefault((second, feature), []).append(call)
    return [
        FeatureSecond(
            at_seconds=second * BIN_SECONDS,
            feature=name,
            failed=sum(call.failed for call in calls),
            slowest_ms=max((call.latency_ms for call in calls if not call.failed), default=0.0),
        )
        for (second, name), calls in sorted(bins.items())
    ]
