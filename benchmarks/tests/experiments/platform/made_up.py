"""Trials made by hand: either platform under load, and a step that an engine follows by itself."""

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.analysis.trials import READY
from benchmarks.experiments.platform.sweeps import engine_sweeps
from benchmarks.experiments.runner.arms import Engine, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.tests.experiments.offload.made_up import call, made, starts_of_windows
from benchmarks.tests.report.made_up import Circumstances, Maker

KUBERNETES = Engine("kubernetes", {"context": "trial", "overlay": "local"})
LOAD, AUTOSCALING = engine_sweeps("standard", KUBERNETES)
SPEEDS = (1.0, 0.97, 1.02, 0.99, 1.01, 0.98)  # of the machine, block by block


def loaded(slower: float, blocks: int = 6, sweep: Sweep = LOAD) -> list[Trial]:
    """Return trials of `load`, in which the engine makes everything so many times slower."""
    maker = Maker()
    for block in range(1, blocks + 1):
        for place, arm in enumerate(sweep.arms):
            speed = SPEEDS[block - 1] * (1 + (block + place) % 3 / 300)
            about = Circumstances(speed=speed / slower if arm.platform else speed)
            maker.trial(sweep, arm, block, about)
    return maker.made


def stepped(
    more_after: Mapping[str, float], sweep: Sweep = AUTOSCALING, blocks: int = 5
) -> list[Trial]:
    """Return trials of `autoscaling`: two processes more so many seconds after the step, by arm.

    Latency is back a second later.
    """
    begins = starts_of_windows(sweep)
    stepped_at, ends = begins[1], begins[2] + sweep.schedule.steps[2].window_seconds
    found = []
    for block in range(1, blocks + 1):
        for arm in sweep.arms:
            after = more_after[arm.name] + block / 10
            calls = []
            for index, (step, start) in enumerate(zip(sweep.schedule.steps, begins, strict=True)):
                for number in range(step.arrivals):
                    at = start + number / step.rate
                    is_late = 0 <= at - stepped_at < after + 1
                    calls.append(call(READY, at, 5000.0 if is_late else 400.0, index))
            counts = [
                (begins[0], 1),
                (stepped_at + after, 3),
                (ends + 20, 3),
                (ends + 25, 1),
            ]
            note = {
                "processes": {name: [list(it) for it in counts] for name in arm.autoscaled},
                "load_ended_at": ends,
            }
            found.append(made(sweep, arm.name, block, calls, actions=[note]))
    return found


def voided(trial: Trial) -> Trial:
    """Return the trial as one that doesn't count."""
    return replace(trial, void=("it was interrupted",))
