"""Long series of one architecture's trials: equal ones, and ones with a planted effect.

A block has three trials in random order: `plain`, `again`, which is the same, and `slower`. In the
series of load the recognizer of `slower` uses more CPU, by 10 % of a submission's cost, which a
pilot trial measures. In the series of releases, the release command of `slower` takes a second
longer. The trials are those of the quick profile.
"""

from dataclasses import dataclass, replace

from benchmarks.experiments.deploy import sweeps as deploy
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES, Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost
from benchmarks.experiments.scaling import sweeps as scaling
from benchmarks.selfcheck.pages import Places
from benchmarks.workload.schedule import Schedule

SLOW_DOWN = 0.10
LONGER_SECONDS = 1.0
PLAIN, AGAIN, SLOWER = "plain", "again", "slower"
OVERRIDE = "selfcheck/code_overrides/slower"
SCENARIO = "field-added"


@dataclass(frozen=True, slots=True)
class Series:
    """A series and what it stands for: `quick` are the sweeps of a run that is simulated from it.

    `run` are the sweeps that are measured; `places` are those of the two architectures.
    """

    experiment: str
    run: tuple[Sweep, ...]
    quick: tuple[Sweep, ...]
    places: Places

    @property
    def blocks(self) -> int:
        """Return the blocks of a simulated run."""
        (compared,) = (sweep for sweep in self.quick if sweep.name == self.places.sweep)
        return compared.blocks


def pilot() -> Sweep:
    """Return a sweep of one trial, whose cost sets the size of the slow-down."""
    (load,) = (sweep for sweep in scaling.sweeps("quick") if sweep.name == "load")
    closed = Schedule(tuple(step for step in load.schedule.steps if step.users))
    return Sweep("pilot", "load", "The pilot", (_loaded(PLAIN, 0.0),), closed, 1)


def of_load(blocks: int, *, plain_cpu_ms: float) -> Series:
    """Return the series of load, given the cost of a submission in the pilot."""
    arms = (
        _loaded(PLAIN, 0.0),
        _loaded(AGAIN, 0.0),
        _loaded(SLOWER, SLOW_DOWN * plain_cpu_ms),
    )
    quick = scaling.sweeps("quick")
    return Series(
        "scaling", _with(quick, "load", arms, blocks), quick, Places("load", MONOLITH, SERVICES)
    )


def of_releases(blocks: int) -> Series:
    """Return the series of releases, of the scenario that the quick profile releases."""
    arms = (_released(PLAIN, 0.0), _released(AGAIN, 0.0), _released(SLOWER, LONGER_SECONDS))
    quick = deploy.sweeps("quick")
    places = Places("releases", f"{SCENARIO}-{MONOLITH}", f"{SCENARIO}-{SERVICES}")
    return Series("deploy", _with(quick, "releases", arms, blocks), quick, places)


def _with(
    quick: tuple[Sweep, ...], name: str, arms: tuple[Arm, ...], blocks: int
) -> tuple[Sweep, ...]:
    return tuple(
        replace(sweep, arms=arms, blocks=blocks) if sweep.name == name else sweep for sweep in quick
    )


def costs(trials: list[Trial]) -> dict[int, dict[str, float]]:
    """Return CPU-ms per submission by block and arm; only blocks whose three trials count."""
    found: dict[int, dict[str, float]] = {}
    for trial in trials:
        value = cost(trial)
        if trial.sweep == "load" and trial.counted and value is not None:
            found.setdefault(trial.block, {})[trial.arm] = value
    return {
        block: arms for block, arms in found.items() if len(arms) == len((PLAIN, AGAIN, SLOWER))
    }


def _loaded(name: str, planted_cpu_ms: float) -> Arm:
    settings = {**scaling.CENTERFACE, "PLANTED_CPU_MS": f"{planted_cpu_ms:.3f}"}
    return Arm(name, MONOLITH, settings, plant=OVERRIDE)


def _released(name: str, longer_seconds: float) -> Arm:
    settings = {**deploy.SETTINGS, "PLANTED_RELEASE_SECONDS": f"{longer_seconds:g}"}
    return Arm(name, MONOLITH, settings, scenario=SCENARIO, plant=OVERRIDE)
