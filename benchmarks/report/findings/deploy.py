"""The page on releases: how soon a change serves, and what users notice meanwhile."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.dot_plot import Mark, Series, dot_plot
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.report.formats import NONE
from benchmarks.results_model.experiments import DeployResults
from benchmarks.results_model.figures import OverTrials
from benchmarks.results_model.releases import AffectedShares, ArmReleases, ReleaseTotals
from benchmarks.results_model.sweeps import ReleasesSweep

ARCHITECTURES = ("monolith", "microservices")
SCENARIOS = {  # in the order of the page
    "secret-rotation": "rotate a secret",
    "recognizer-upgrade": "upgrade the recognizer",
    "field-added": "add an API field",
    "two-teams": "two teams at once",
    "never-ready": "a version that never becomes ready",
    "wrong-answers": "a version with wrong responses",
}
UNDONE = ("never-ready", "wrong-answers")


def context(deploy: DeployResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    found = _by_scenario(deploy)
    require("scenarios", shown=sorted(found), assumed=sorted(SCENARIOS))
    for name, sides in found.items():
        for side, totals in sides.items():
            undone = totals.releases if name in UNDONE else 0
            require(f"releases undone, {name}, {side}", shown=totals.undone, assumed=undone)
    steady = _releases(deploy, "steady")
    counted = {side: _counted(deploy, side) for side in ARCHITECTURES}
    require(
        "failed requests during releases",
        shown={side: count["failed"] for side, count in counted.items()},
        assumed=dict.fromkeys(ARCHITECTURES, 0),
    )
    return {
        "claims": by_name(deploy.claims),
        "scenarios": [(title, found[name]) for name, title in SCENARIOS.items()],
        "counted": counted,
        "lines": sorted(
            sides["microservices"].lines for name, sides in found.items() if name != "two-teams"
        ),
        "slowed": {side: _slowed_by_feature(deploy, side) for side in ARCHITECTURES},
        "slow_above": {side: _slow_above_ms(deploy, side) for side in ARCHITECTURES},
        "steady": [
            (arm.arm.removesuffix("-again"), totals, _slowed_share(totals))
            for arm, totals in steady
        ],
    }


def _releases(deploy: DeployResults, *names: str) -> list[tuple[ArmReleases, ReleaseTotals]]:
    """Return the arms of these sweeps, or of all, that have a release, each with its totals."""
    return [
        (arm, arm.totals)
        for sweep in deploy.sweeps
        if isinstance(sweep, ReleasesSweep) and (not names or sweep.name in names)
        for arm in sweep.releases
        if arm.totals is not None
    ]


def _of_scenarios(deploy: DeployResults) -> list[tuple[ArmReleases, ReleaseTotals]]:
    """Return the arms that release a scenario, of whichever sweep, each with its totals."""
    return [(arm, totals) for arm, totals in _releases(deploy) if arm.scenario in SCENARIOS]


def _by_scenario(deploy: DeployResults) -> dict[str, dict[str, ReleaseTotals]]:
    found: dict[str, dict[str, ReleaseTotals]] = {}
    for arm, totals in _of_scenarios(deploy):
        found.setdefault(arm.scenario, {})[arm.architecture] = totals
    return found


def _affected(deploy: DeployResults, side: str) -> list[Mapping[str, AffectedShares]]:
    """Return the affected requests of all releases of a side that release a scenario."""
    arms = _of_scenarios(deploy)
    return [totals.noticed for arm, totals in arms if arm.architecture == side]


def _counted(deploy: DeployResults, side: str) -> dict[str, int]:
    """Return the releases of both sweeps, and the requests that began during them: all, failed."""
    every = [totals for arm, totals in _releases(deploy) if arm.architecture == side]
    seen = [noticed.failed for each in every for noticed in each.noticed.values()]
    return {
        "releases": sum(each.releases for each in every),
        "requests": sum(each.total for each in seen),
        "failed": sum(each.count for each in seen),
    }


def _slowed_by_feature(deploy: DeployResults, side: str) -> dict[str, float]:
    """Return the share of slow requests during the scenarios' releases, by feature and of all."""
    noticed = _affected(deploy, side)
    slow = {feature: [each[feature].slowed for each in noticed] for feature in noticed[0]}
    slow["all"] = [count for counts in slow.values() for count in counts]
    return {
        feature: sum(count.count for count in counts) / sum(count.total for count in counts)
        for feature, counts in slow.items()
    }


def _slow_above_ms(deploy: DeployResults, side: str) -> dict[str, str]:
    """Return the lowest and the highest of the scenarios' limits, by feature: "269 to 286 ms"."""
    limits = [
        totals.slow_above_ms for arm, totals in _of_scenarios(deploy) if arm.architecture == side
    ]
    found: dict[str, str] = {}
    for feature in limits[0]:
        known = [ms for each in limits if (ms := each[feature]) is not None]
        found[feature] = f"{min(known):.0f} to {max(known):.0f} ms" if known else NONE
    return found


def _slowed_share(totals: ReleaseTotals) -> float:
    seen = [noticed.slowed for noticed in totals.noticed.values()]
    return sum(each.count for each in seen) / sum(each.total for each in seen)


def figure(deploy: DeployResults) -> str:
    """Draw the seconds until each kind of release served, of both sides."""
    found = _by_scenario(deploy)
    return dot_plot(
        list(SCENARIOS.values()),
        [
            Series(
                side,
                svg.hue_colour(hue, 1),
                marker,
                [_mark(found[name][side].serving_seconds) for name in SCENARIOS],
            )
            for side, hue, marker in zip(ARCHITECTURES, ("first", "second"), "os", strict=True)
        ],
        name="findings-deploy",
        title="Seconds from the order until the new version serves, or is undone",
        x="seconds until served, or undone",
    )


def _mark(seconds: OverTrials) -> Mark | None:
    if seconds.mean is None:
        return None
    return Mark(seconds.mean, seconds.low, seconds.high)
