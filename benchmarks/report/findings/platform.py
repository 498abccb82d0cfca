"""The page on a container engine: what it costs beside local processes, and how it scales."""

from dataclasses import dataclass
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.dot_plot import Mark, Series
from benchmarks.report.figures.goal_plot import goal_plot
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import FindingsError
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.autoscaling import ArmAutoscaling
from benchmarks.results_model.claims import Alternative, JudgedClaim
from benchmarks.results_model.experiments import OtherResults
from benchmarks.results_model.sweeps import AutoscalingSweep, LoadSweep

ENGINES = {"compose": "Docker Compose", "kubernetes": "Kubernetes"}
SIDES = {"monolith": ("monolith", "first", "o"), "microservices": ("services", "second", "s")}
ENGINE_UNIT = "engine"  # of the engine's own processes
ROWS = ("CPU, all processes", "CPU, without the engine itself", "wait of one user")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU-ms of a submission of one side: as local processes and on the engine, and its own part.

    `engine` and `own` are None where nothing was measured that counts, and so is `local`.
    """

    side: str
    local: float | None
    engine: float | None
    own: float | None


def context(results: OtherResults) -> dict[str, Any]:
    """Return what the template needs of the results. FindingsError without a sweep of load."""
    sweep = _load(results)
    arms = {arm.name: arm for arm in sweep.arms}
    platform = _platform(sweep)
    responses = [
        _response(arm)
        for it in results.sweeps
        if isinstance(it, AutoscalingSweep)
        for arm in it.responses
    ]
    return {
        "engine": ENGINES[platform],
        "platform": platform,
        "claims": by_name(results.claims),
        "blocks": sweep.blocks,
        "costs": [_cost(arms, side, platform) for side in SIDES],
        "responses": responses,
        "trials": sum(it["trials"] for it in responses),
        "known": sum(it["known"] for it in responses),
        "stayed": sum(it["stayed"] for it in responses),
        "rates": next(
            (
                [step.rate for step in it.steps]
                for it in results.sweeps
                if isinstance(it, AutoscalingSweep)
            ),
            [],
        ),
    }


def figure(results: OtherResults) -> str:
    """Draw what the engine takes over local processes, for both sides."""
    claims = {claim.name: claim for claim in results.claims}
    platform = _platform(_load(results))
    series = []
    for side, (label, hue, marker) in SIDES.items():
        cpu, wait = (claims[f"platform-{it}-{side}"] for it in ("cpu", "latency"))
        marks = [_mark(cpu), *map(_mark, cpu.alternatives), _mark(wait)]
        series.append(Series(label, svg.hue_colour(hue, 1), marker, marks))
    return goal_plot(
        ROWS,
        [None] * len(ROWS),
        series,
        name=f"findings-{platform}",
        title=f"What a submission takes on {ENGINES[platform]}, over local processes",
        x="ratio, with its 95 % interval",
    )


def _load(results: OtherResults) -> LoadSweep:
    for sweep in results.sweeps:
        if isinstance(sweep, LoadSweep):
            return sweep
    message = "The run has no sweep of load."
    raise FindingsError(message)


def _platform(sweep: LoadSweep) -> str:
    """Return the engine's name in the arms' names: `kubernetes` of `monolith-kubernetes`."""
    names = {arm.name.removeprefix(f"{arm.architecture}-") for arm in sweep.arms}
    (found,) = names & {*ENGINES}
    return found


def _cost(arms: dict[str, Arm], side: str, platform: str) -> Cost:
    on_engine = arms[f"{side}-{platform}"]
    own = sum(it.cpu_ms for it in on_engine.cpu_by_process if it.unit == ENGINE_UNIT)
    return Cost(
        SIDES[side][0],
        arms[side].cpu_ms_per_submission,
        on_engine.cpu_ms_per_submission,
        own if on_engine.cpu_by_process else None,
    )


def _mark(found: JudgedClaim | Alternative) -> Mark | None:
    return None if found.value is None else Mark(found.value, found.low, found.high)


def _response(arm: ArmAutoscaling) -> dict[str, Any]:
    """Return an arm's seconds, and the fewest and the most processes of any trial."""
    return {
        "arm": arm.arm,
        "trials": len(arm.trials),
        "fewest": len(arm.processes),
        "most": max((trial.most for trial in arm.trials), default=None),
        "first_more": arm.first_more_seconds.mean,
        "back": arm.since_step_seconds.mean,
        "known": len(arm.since_step_seconds.trials),
        "stayed": sum(trial.stayed is True for trial in arm.trials),
        "fewest_again": arm.fewest_again_seconds.mean,
    }
