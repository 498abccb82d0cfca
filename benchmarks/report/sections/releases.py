"""The deploy experiment's sweeps: the cost of each release, and the affected requests."""

from typing import Any

from markupsafe import Markup

from benchmarks.report.figures.timeline import Line, timelines
from benchmarks.report.formats import number
from benchmarks.report.styles import styles_of
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.sweeps import ReleasesSweep

COUNTED = ("releases", "requests", "failed", "slowed")
FEATURES = ("sign-in", "submit", "read", "page")


def section(sweep: ReleasesSweep) -> dict[str, Any]:
    """Return the values of the template, with a drawing of a panel per arm and feature."""
    by_arm = styles_of(sweep.arms)
    lines = [
        Line(arm.arm, by_arm[arm.arm], arm.trials[0])
        for arm in sweep.releases
        if arm.trials and arm.trials[0].releases
    ]
    drawings = {}
    if lines:
        drawings["timelines"] = timelines(
            lines,
            name=f"{sweep.name}-timelines",
            title="Requests second by second during releases",
        )
    return {
        "rows": [{"arm": arm.arm, "totals": arm.totals} for arm in sweep.releases if arm.totals],
        "features": FEATURES,
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
    }


def during(experiment: TrialResults) -> dict[str, dict[str, Any]]:
    """Return, by architecture, the releases and the requests intended to begin during one."""
    found: dict[str, dict[str, Any]] = {}
    for sweep in experiment.sweeps:
        for arm in sweep.releases if isinstance(sweep, ReleasesSweep) else ():
            if arm.totals is None:
                continue
            summed = found.setdefault(arm.architecture, dict.fromkeys(COUNTED, 0))
            summed["releases"] += arm.totals.releases
            for seen in arm.totals.noticed.values():
                summed["requests"] += seen.failed.total
                summed["failed"] += seen.failed.count
                summed["slowed"] += seen.slowed.count
    return found


def by_feature(experiment: TrialResults) -> dict[str, dict[str, dict[str, int]]]:
    """Return the slow requests during releases, by feature and architecture, with all requests."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for sweep in experiment.sweeps:
        for arm in sweep.releases if isinstance(sweep, ReleasesSweep) else ():
            for feature, seen in (arm.totals.noticed if arm.totals else {}).items():
                if not seen.slowed.total:
                    continue
                sides = found.setdefault(feature, {})
                counts = sides.setdefault(arm.architecture, {"slowed": 0, "requests": 0})
                counts["slowed"] += seen.slowed.count
                counts["requests"] += seen.slowed.total
    return found


def slow_limits(experiment: TrialResults) -> str:
    """Return from how many ms on a request is slow, by feature, over all arms; empty if unknown."""
    limits: dict[str, list[float]] = {}
    for sweep in experiment.sweeps:
        for arm in sweep.releases if isinstance(sweep, ReleasesSweep) else ():
            for feature, limit in (arm.totals.slow_above_ms if arm.totals else {}).items():
                if limit is not None:
                    limits.setdefault(feature, []).append(limit)
    texts = []
    for feature, found in limits.items():
        low, high = number(min(found), 0), number(max(found), 0)
        texts.append(f"{feature} {low if low == high else f'{low} to {high}'} ms")
    return ", ".join(texts)
