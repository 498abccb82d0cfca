"""The deploy experiment's sweeps: the scenarios of each profile, under steady arrivals."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.experiments.catalogue.releases import SCENARIOS, STEADY
from benchmarks.experiments.catalogue.sides import UNITS
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES, Action, Arm, Sweep
from benchmarks.workload.schedule import Schedule, Step

# Arrivals a second, mixed: some two fifths of one core's time on either side, so that there is room
# for the new processes to start, and none to start unnoticed.
RATE = 6.0
SETTINGS = {"RECOGNIZER": "centerface"}
EVERY = tuple(scenario.name for scenario in SCENARIOS)
# A test proves what another column takes; here it would repeat what another field does.
HEADLINES = tuple(name for name in EVERY if name != "column-added")


@dataclass(frozen=True, slots=True)
class Size:
    """How much a profile measures. `calm_seconds` is what a window has before the release."""

    scenarios: tuple[str, ...]
    blocks: Mapping[str, int]
    calm_seconds: float = 10.0
    window_seconds: float = 36.0
    releases: int = 20  # of each unit, in the steady sweep
    steady_seconds: float = 200.0


SIZES = {
    "smoke": Size(("field-added",), {"releases": 1}, calm_seconds=4.0, window_seconds=30.0),
    "quick": Size(("field-added", "two-teams"), {"releases": 3}),
    "standard": Size(HEADLINES, {"releases": 3, "steady": 1}),
    "full": Size(EVERY, {"releases": 12, "steady": 3}),
}


def sweeps(profile: str) -> tuple[Sweep, ...]:
    """Return all sweeps of a profile, in their order within a block."""
    size = SIZES[profile]
    made = {"releases": _releases, "steady": _steady}
    return tuple(
        make(size, size.blocks[name]) for name, make in made.items() if name in size.blocks
    )


def _releases(size: Size, blocks: int) -> Sweep:
    arms = tuple(
        Arm(f"{name}-{architecture}", architecture, SETTINGS, scenario=name)
        for name in size.scenarios
        for architecture in (MONOLITH, SERVICES)
    )
    title = "Releases under steady arrivals"
    schedule, actions = _schedule(size.window_seconds), (Action(size.calm_seconds, out=True),)
    return Sweep("releases", "releases", title, arms, schedule, blocks, actions)


def _steady(size: Size, blocks: int) -> Sweep:
    arms = tuple(
        Arm(f"{unit}-again", architecture, SETTINGS, scenario=f"{STEADY} {unit} {size.releases}")
        for architecture, units in UNITS.items()
        for unit in units
    )
    title = f"Each unit released {size.releases} times, one release after the other"
    schedule, actions = _schedule(size.steady_seconds), (Action(size.calm_seconds, out=True),)
    return Sweep("steady", "releases", title, arms, schedule, blocks, actions)


def _schedule(window_seconds: float) -> Schedule:
    return Schedule((Step(4.0, window_seconds, rate=RATE, mixed=True),))
