"""One arm's releases together: what they took, what went along, who noticed, with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from benchmarks.analysis.percentiles import over_trials
from benchmarks.analysis.proportions import share_of
from benchmarks.experiments.deploy.summary.affected_requests import FEATURES

Release = Mapping[str, Any]
CARRIED = ("lines", "lines_changed", "dependencies", "dependencies_changed")


def totals(trials: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Sum up the trials of an arm, as `trial_releases` returns them; None without a release.

    What a trial has several of (two teams, one unit again and again) is added up per trial first;
    figures without an interval are means over trials.
    """
    by_trial = [trial["releases"] for trial in trials if trial["releases"]]
    if not by_trial:
        return None
    every = [release for of in by_trial for release in of]
    return {
        "trials": len(by_trial),
        "releases": len(every),
        "undone": sum(bool(release["refused"]) for release in every),
        "units": fmean(len({release["unit"] for release in of}) for of in by_trial),
        "started": _started(by_trial),
        "build_seconds": fmean(_sum(of, "build_seconds") for of in by_trial),
        "serving_seconds": asdict(over_trials([_span(of) for of in by_trial])),
        "waited_seconds": fmean(max(it["waited_seconds"] for it in of) for of in by_trial),
        **{field: fmean(_sum(of, field) for of in by_trial) for field in CARRIED},
        "noticed": {feature: _noticed(every, feature) for feature in FEATURES},
    }


def _started(by_trial: Sequence[Sequence[Release]]) -> float | None:
    """Processes of a trial's releases; None where one was undone, which has no count."""
    if any(release["refused"] for of in by_trial for release in of):
        return None
    return fmean(_sum(of, "started") for of in by_trial)


def _noticed(releases: Sequence[Release], feature: str) -> dict[str, Any]:
    seen = [release["noticed"][feature] for release in releases]
    requests = sum(it["requests"] for it in seen)
    return {
        what: asdict(share_of(sum(it[what] for it in seen), requests))
        for what in ("failed", "slowed")
    }


def _sum(releases: Sequence[Release], field: str) -> float:
    return float(sum(release[field] for release in releases))


def _span(releases: Sequence[Release]) -> float:
    """Seconds from the first order until the last release had ended."""
    begun = min(it["ordered_after_seconds"] for it in releases)
    ended = max(it["ordered_after_seconds"] + it["order_seconds"] for it in releases)
    return float(ended - begun)
