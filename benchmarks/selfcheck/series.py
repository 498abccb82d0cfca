"""One architecture against itself, and against itself slowed down by a tenth: a long series.

A block has three trials in random order: `plain`, `again`, which is the same, and `slower`, whose
recognizer burns more CPU, by 10 % of what a submission costs, measured by a pilot trial. The trials
are those of the quick profile's load sweep, without its arrivals, which the CPU figure isn't from.
"""

from dataclasses import replace

from benchmarks.experiments.runner.arms import MONOLITH, Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost
from benchmarks.experiments.scaling.sweeps import CENTERFACE, sweeps
from benchmarks.workload.schedule import Schedule

SLOW_DOWN = 0.10
PLAIN, AGAIN, SLOWER = "plain", "again", "slower"
PLANT = "selfcheck/plants/slower"


def pilot() -> Sweep:
    """One trial, from which the size of the plant is taken."""
    return Sweep("pilot", "load", "The pilot", (_arm(PLAIN, 0.0),), _quick().schedule, 1)


def series(blocks: int, *, plain_cpu_ms: float) -> Sweep:
    """The series, given what a submission costs in the pilot."""
    planted = SLOW_DOWN * plain_cpu_ms
    arms = (_arm(PLAIN, 0.0), _arm(AGAIN, 0.0), _arm(SLOWER, planted))
    return Sweep("series", "load", "A/A, and a planted slow-down", arms, _quick().schedule, blocks)


def costs(trials: list[Trial]) -> dict[int, dict[str, float]]:
    """CPU-ms per submission by block and arm; only blocks of which all three trials count."""
    found: dict[int, dict[str, float]] = {}
    for trial in trials:
        value = cost(trial)
        if trial.counted and value is not None:
            found.setdefault(trial.block, {})[trial.arm] = value
    return {
        block: arms for block, arms in found.items() if len(arms) == len((PLAIN, AGAIN, SLOWER))
    }


def _quick() -> Sweep:
    """The quick profile's load sweep, without its open steps."""
    (load,) = [sweep for sweep in sweeps("quick") if sweep.name == "load"]
    return replace(load, schedule=Schedule(tuple(it for it in load.schedule.steps if it.users)))


def _arm(name: str, planted_cpu_ms: float) -> Arm:
    settings = {
        **CENTERFACE,
        "PLANTED_CPU_MS": f"{planted_cpu_ms:.3f}",
    }
    return Arm(name, MONOLITH, settings, plant=PLANT)
