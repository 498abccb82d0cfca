"""One arm's releases together: what they took and carried, and the requests affected."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from benchmarks.analysis.percentiles import over_trials
from benchmarks.analysis.proportions import share_of
from benchmarks.experiments.deploy.summary.affected_requests import Limits
from benchmarks.experiments.deploy.summary.features import FEATURES
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import OverTrials, Share
from benchmarks.results_model.releases import (
    AffectedRequests,
    AffectedShares,
    FeatureWait,
    Release,
    ReleaseTotals,
    TrialReleases,
)


def totals(
    trials: Sequence[TrialReleases], limits: Limits, waits: Mapping[str, FeatureWait]
) -> ReleaseTotals | None:
    """Sum up the trials of an arm, as `trial_releases` returns them; None without a release.

    What a trial has several of (two teams, one unit again and again) is added up per trial first;
    figures without an interval are means over trials. `limits` and `waits` are the arm's.
    """
    by_trial = [trial.releases for trial in trials if trial.releases]
    if not by_trial:
        return None
    every = [release for releases in by_trial for release in releases]

    def mean(value: Callable[[Release], float]) -> float:
        return fmean(sum(map(value, releases)) for releases in by_trial)

    is_whole = not any(release.refused for release in every)  # what was undone has no count
    return ReleaseTotals(
        trials=len(by_trial),
        releases=len(every),
        undone=sum(bool(release.refused) for release in every),
        units=fmean(len({release.unit for release in releases}) for releases in by_trial),
        started=mean(lambda release: release.started) if is_whole else None,
        build_seconds=mean(lambda release: release.build_seconds),
        serving_seconds=of(OverTrials, over_trials([_span(releases) for releases in by_trial])),
        waited_seconds=fmean(max(it.waited_seconds for it in releases) for releases in by_trial),
        lines=mean(lambda release: release.lines),
        lines_changed=mean(lambda release: release.lines_changed),
        dependencies=mean(lambda release: release.dependencies),
        dependencies_changed=mean(lambda release: release.dependencies_changed),
        noticed={
            feature: _affected([trial.noticed[feature] for trial in trials]) for feature in FEATURES
        },
        slow_above_ms=limits,
        waits=waits,
    )


def _affected(found: Sequence[AffectedRequests]) -> AffectedShares:
    requests = sum(it.requests for it in found)
    return AffectedShares(
        failed=of(Share, share_of(sum(it.failed for it in found), requests)),
        slowed=of(Share, share_of(sum(it.slowed for it in found), requests)),
    )


def _span(releases: Sequence[Release]) -> float:
    """Return the seconds from the first order until the last release had ended."""
    begun = min(it.ordered_after_seconds for it in releases)
    return max(it.ordered_after_seconds + it.order_seconds for it in releases) - begun
