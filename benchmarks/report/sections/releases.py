"""The deploy experiment's sweeps: what each release took, what went along, and who noticed."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from markupsafe import Markup

from benchmarks.report.figures.timeline import Line, timelines
from benchmarks.report.looks import looks

FEATURES = ("sign-in", "submit", "read", "page")


def section(sweep: Mapping[str, Any], _experiment: Mapping[str, Any]) -> dict[str, Any]:
    """One drawing with a panel per arm and feature; the template has the tables."""
    by_arm = looks(sweep["arms"])
    lines = [
        Line(it["arm"], by_arm[it["arm"]], it["trials"][0])
        for it in sweep["releases"]
        if it["trials"] and it["trials"][0]["releases"]
    ]
    drawings = {}
    if lines:
        drawings["timelines"] = timelines(
            lines,
            name=f"{sweep['name']}-timelines",
            title="Requests second by second while releases go on",
        )
    return {
        "rows": [_row(it) for it in sweep["releases"] if _every(it)],
        "features": FEATURES,
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }


def _every(it: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [release for trial in it["trials"] for release in trial["releases"]]


def _row(it: Mapping[str, Any]) -> dict[str, Any]:
    """One arm over all of its trials that count: means of each trial's releases together."""
    trials = [trial["releases"] for trial in it["trials"] if trial["releases"]]
    every = _every(it)
    return {
        "arm": it["arm"],
        "trials": len(trials),
        "releases": len(every),
        "units": fmean(len({release["unit"] for release in of}) for of in trials),
        "refused": sum(bool(release["refused"]) for release in every),
        "started": fmean(_sum(of, "started") for of in trials),
        "build_seconds": fmean(_sum(of, "build_seconds") for of in trials),
        "serving_seconds": fmean(_span(of) for of in trials),
        "waited_seconds": fmean(max(release["waited_seconds"] for release in of) for of in trials),
        "lines": fmean(_sum(of, "lines") for of in trials),
        "lines_changed": fmean(_sum(of, "lines_changed") for of in trials),
        "dependencies": fmean(_sum(of, "dependencies") for of in trials),
        "dependencies_changed": fmean(_sum(of, "dependencies_changed") for of in trials),
        "noticed": {
            feature: {
                field: sum(release["noticed"][feature][field] for release in every)
                for field in ("requests", "failed", "slowed")
            }
            for feature in FEATURES
        },
    }


def _sum(releases: Sequence[Mapping[str, Any]], field: str) -> float:
    return float(sum(release[field] for release in releases))


def _span(releases: Sequence[Mapping[str, Any]]) -> float:
    """Seconds from the first order until the last release had ended."""
    begun = min(it["ordered_after_seconds"] for it in releases)
    ended = max(it["ordered_after_seconds"] + it["order_seconds"] for it in releases)
    return float(ended - begun)
