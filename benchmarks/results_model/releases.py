"""What a sweep of releases adds: what each release took, and the requests that it affected."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from benchmarks.results_model.base import Amount, Count, Feature, Model, about
from benchmarks.results_model.figures import OverTrials, Share


class AffectedRequests(Model):
    """How requests of one feature fared: sign-in, submit, read or page."""

    requests: Annotated[Count, about("How many were meant to begin in that time.")]
    failed: Annotated[
        Count,
        about(
            "Of these, how many got an error, another status than the flow needs, or no response."
        ),
    ]
    slowed: Annotated[Count, about("Of these, how many were slower than `slow_above_ms`.")]


class Release(Model):
    """One release of one unit."""

    change: Annotated[str, about("What was changed; `steady` for the version that serves already.")]
    unit: Annotated[str, about("What was released.")]
    build_seconds: Annotated[
        float, about("To make the artifact, before any load; 0 if it was there.")
    ]
    lines: Annotated[Count, about("Lines of text in the artifact.")]
    lines_changed: Annotated[Count, about("Of these, how many the change wrote.")]
    dependencies: Annotated[Count, about("Pinned dependencies in its lock.")]
    dependencies_changed: Annotated[Count, about("Of these, how many the change pinned.")]
    started: Annotated[Count, about("Processes that were started for it.")]
    ended: Annotated[Count, about("Processes that ended for it.")]
    refused: Annotated[str, about("Why the release was undone; empty if it serves.")]
    steps: Annotated[
        Mapping[str, float], about("Seconds of each step of the rollout, in their order.")
    ]
    ordered_after_seconds: Annotated[float, about("From the window's start to the order.")]
    waited_seconds: Annotated[float, about("For another release of the same unit.")]
    order_seconds: Annotated[
        float,
        about(
            "From the order until the new version served and the old had ended, or what was begun "
            "was undone."
        ),
    ]
    noticed: Annotated[Mapping[Feature, AffectedRequests], about("While it went on.")]


class FeatureSecond(Model):
    """One second of one feature."""

    at_seconds: Annotated[float, about("When it begins.")]
    feature: Annotated[str, about("Sign-in, submit, read or page.")]
    failed: Annotated[Count, about("Requests that failed.")]
    slowest_ms: Annotated[float, about("The slowest that didn't, ms.")]


class TrialReleases(Model):
    """The releases of one trial."""

    trial: Annotated[str, about("The trial's name.")]
    calm_seconds: Annotated[float, about("From the window's start to the first order.")]
    slow_above_ms: Annotated[
        Mapping[Feature, float | None],
        about(
            "By feature: three times the calm median of all trials of the scenario, of both arms; "
            "null where the calm had too few requests."
        ),
    ]
    calm: Annotated[Mapping[Feature, AffectedRequests], about("In the calm seconds.")]
    noticed: Annotated[
        Mapping[Feature, AffectedRequests], about("While any release went on, each request once.")
    ]
    releases: Annotated[Sequence[Release], about("In the order in which they were ordered.")]
    outlasted_seconds: Annotated[
        Amount, about("From the window's end, and that of the load, to the last release's end.")
    ]
    seconds: Annotated[
        Sequence[FeatureSecond],
        about("Second by second from the window's start, for each feature that was requested."),
    ]


class AffectedShares(Model):
    """The shares of one feature."""

    failed: Share
    slowed: Share


class FeatureWait(Model):
    """How long the requests of one feature took while a release went on, over all trials."""

    requests: Annotated[Count, about("How many were meant to begin in that time, each once.")]
    calm_median_ms: Annotated[float | None, about("Before the release, from at least 10 requests.")]
    median_ms: Annotated[float | None, about("During it, from at least 10 requests.")]
    percentile: Annotated[
        Count | None,
        about("The highest of 95, 90, 80 and 50 that has five requests beyond it: 95 from 100 on."),
    ]
    percentile_ms: Annotated[
        float | None, about("That percentile; null with too few requests or too many failures.")
    ]


class ReleaseTotals(Model):
    """One arm's releases together; null where none counts.

    What a trial has several of is added up first.
    """

    trials: Annotated[Count, about("That had a release.")]
    releases: Annotated[Count, about("All of them.")]
    undone: Annotated[Count, about("Of these.")]
    units: Annotated[Amount, about("That were released, mean over trials.")]
    started: Annotated[
        Amount | None, about("Processes, mean over trials; null where a release was undone.")
    ]
    build_seconds: Annotated[Amount, about("Of all artifacts, mean over trials.")]
    serving_seconds: Annotated[
        OverTrials, about("From the first order until the last release had ended, over trials.")
    ]
    waited_seconds: Annotated[
        Amount,
        about("The longest wait of a release for another one of the same unit, mean over trials."),
    ]
    lines: Annotated[Amount, about("Of text that went out, mean over trials.")]
    lines_changed: Annotated[Amount, about("Of these.")]
    dependencies: Annotated[Amount, about("Pinned, that went out, mean over trials.")]
    dependencies_changed: Annotated[Amount, about("Of these.")]
    noticed: Annotated[
        Mapping[Feature, AffectedShares],
        about("By feature, requests that were meant to begin while a release went on, each once."),
    ]
    slow_above_ms: Annotated[
        Mapping[Feature, float | None],
        about("By feature: a request is slow above; null where the calm had too few requests."),
    ]
    waits: Annotated[Mapping[Feature, FeatureWait], about("By feature.")]


class ArmReleases(Model):
    """One arm's releases."""

    arm: Annotated[str, about("The arm's name.")]
    architecture: Annotated[str, about("Its architecture.")]
    scenario: Annotated[str, about("What was released.")]
    totals: ReleaseTotals | None
    trials: Annotated[Sequence[TrialReleases], about("Those that count.")]
