"""A long series of one architecture against itself, and against itself slowed by a tenth.

A block has three trials in random order: `plain`, `again`, which is the same, and `slower`, whose
recognizer uses more CPU, by 10 % of a submission's cost, which a pilot trial measures. The trials
are those of the quick profile's load sweep, without its open steps, which don't enter the CPU
figure.
"""

from dataclasses import replace

from benchmarks.experiments.runner.arms import MONOLITH, Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost
from benchmarks.experiments.scaling.sweeps import CENTERFACE, sweeps
from benchmarks.workload.schedule import Schedule

SLOW_DOWN = 0.10
PLAIN, AGAIN, SLOWER = "plain", "again", "slower"
OVERRIDE = "selfcheck/code_overrides/slower"


def pilot() -> Sweep:
    """Return a sweep of one trial, whose cost sets the size of the slow-down."""
    return Sweep("pilot", "load", "The pilot", (_arm(PLAIN, 0.0),), _quick().schedule, 1)


def series(blocks: int, *, plain_cpu_ms: float) -> Sweep:
    """Return the sweep of the series, given the cost of a submission in the pilot."""
    planted = SLOW_DOWN * plain_cpu_ms
    arms = (_arm(PLAIN, 0.0), _arm(AGAIN, 0.0), _arm(SLOWER, planted))
    return Sweep("series", "load", "A/A, and a planted slow-down", arms, _quick().schedule, blocks)


def costs(trials: list[Trial]) -> dict[int, dict[str, float]]:
    """Return CPU-ms per submission by block and arm; only blocks whose three trials count."""
    found: dict[int, dict[str, float]] = {}
    for trial in trials:
        value = cost(trial)
        if trial.counted and value is not None:
            found.setdefault(trial.block, {})[trial.arm] = value
    return {
        block: arms for block, arms in found.items() if len(arms) == len((PLAIN, AGAIN, SLOWER))
    }


def _quick() -> Sweep:
    """Return the quick profile's load sweep, without its open steps."""
    (load,) = [sweep for sweep in sweeps("quick") if sweep.name == "load"]
    return replace(
        load, schedule=Schedule(tuple(step for step in load.schedule.steps if step.users))
    )


def _arm(name: str, planted_cpu_ms: float) -> Arm:
    settings = {
        **CENTERFACE,
        "PLANTED_CPU_MS": f"{planted_cpu_ms:.3f}",
    }
    return Arm(name, MONOLITH, settings, plant=OVERRIDE)
