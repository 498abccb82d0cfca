"""The deploy experiment's sweeps: the scenarios of each profile, under steady arrivals.

The durations and numbers of blocks follow from the committed run `results/example-deploy`:

* A release of one change took up to 12.5 s on either side, two at once up to 24.6 s. A window has
  room for the calm seconds, that, and 15 % more at least: a release that outlasts the load is
  quicker at its end than one that doesn't.
* The log ratio of the lead times lay around 0.20 and scattered over the blocks by 0.10, without the
  builds by 0.07. Builds no longer share a core with the start of the load, which made some of them
  twice as long. With a scatter of 0.07, 8 blocks find the ratio beyond the smallest effect, log
  1.1, in 83 % of runs when it is judged at 98.3 %, the strictest of three claims, and in 95 % of
  runs at 95 %; 5 blocks in 42 and 71 %. (Noncentral t, as in `analysis.power`.)
* The wait for a submission, around -0.26 with 0.095, is found by 8 blocks in 93 to 99 % of runs;
  the two teams' ratio, around 0.36 with 0.11, by 5 blocks in 84 to 97 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.experiments.catalogue.releases import STEADY
from benchmarks.experiments.catalogue.sides import UNITS
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES, Action, Arm, Sweep
from benchmarks.workload.schedule import Schedule, Step

# Arrivals a second, mixed: some two fifths of one core's time on either side, so that there is room
# for the new processes to start, and none to start unnoticed.
RATE = 6.0
SETTINGS = {"RECOGNIZER": "centerface"}
WARM_UP_SECONDS = 3.0
CALM_SECONDS = 4.0  # of a window, before the release
ONE_RELEASE_SECONDS, TWO_RELEASES_SECONDS = 18.5, 33.0  # windows
STEADY_RELEASES, STEADY_SECONDS = 20, 200.0  # of each unit; at 0.1 s each or at 10 s


@dataclass(frozen=True, slots=True)
class Group:
    """Scenarios that are released in the same number of blocks, each in such a window."""

    title: str
    scenarios: tuple[str, ...]
    window_seconds: float = ONE_RELEASE_SECONDS


GROUPS: Mapping[str, Group] = {
    "releases": Group("A field added to the API, under steady arrivals", ("field-added",)),
    "two-teams": Group(
        "Two teams that release at once, under steady arrivals",
        ("two-teams",),
        TWO_RELEASES_SECONDS,
    ),
    "components": Group(
        "A secret rotated in accounts, under steady arrivals",
        ("secret-rotation",),
    ),
    # What a release does that is undone needs few blocks; an upgrade is no claim of its own.
    "others": Group(
        "An upgrade of the recognizer, and releases that are undone, under steady arrivals",
        ("recognizer-upgrade", "never-ready", "wrong-answers"),
    ),
    "more": Group(
        "A dependency bumped, and a column added, under steady arrivals",
        ("dependency-bumped", "column-added"),
    ),
}
STEADY_TITLE = f"Each unit released {STEADY_RELEASES} times, one release after the other"
BLOCKS: Mapping[str, Mapping[str, int]] = {
    "smoke": {"releases": 1},
    "quick": {"releases": 5},
    "standard": {"releases": 8, "two-teams": 5, "components": 5, "others": 1},
    "full": {
        "releases": 24,
        "two-teams": 12,
        "components": 12,
        "others": 12,
        "more": 12,
        STEADY: 3,
    },
}


def sweeps(profile: str) -> tuple[Sweep, ...]:
    """Return all sweeps of a profile, in their order within a block."""
    return tuple(
        _steady(blocks) if name == STEADY else _releases(name, GROUPS[name], blocks)
        for name, blocks in BLOCKS[profile].items()
    )


def _releases(name: str, group: Group, blocks: int) -> Sweep:
    arms = tuple(
        Arm(f"{scenario}-{architecture}", architecture, SETTINGS, scenario=scenario)
        for scenario in group.scenarios
        for architecture in (MONOLITH, SERVICES)
    )
    return _sweep(name, group.title, arms, group.window_seconds, blocks)


def _steady(blocks: int) -> Sweep:
    arms = tuple(
        Arm(f"{unit}-again", architecture, SETTINGS, scenario=f"{STEADY} {unit} {STEADY_RELEASES}")
        for architecture, units in UNITS.items()
        for unit in units
    )
    return _sweep(STEADY, STEADY_TITLE, arms, STEADY_SECONDS, blocks)


def _sweep(
    name: str, title: str, arms: tuple[Arm, ...], window_seconds: float, blocks: int
) -> Sweep:
    schedule = Schedule((Step(WARM_UP_SECONDS, window_seconds, rate=RATE, mixed=True),))
    return Sweep(name, "releases", title, arms, schedule, blocks, (Action(CALM_SECONDS, out=True),))
