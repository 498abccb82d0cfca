"""The rates of open steps, and how long the window of the highest one lasts.

Rates are shares of what the floor alone could do on the target's cores: both arms must meet the
same arrivals, and a rate that suits this machine is not known beforehand. The floor is: its first
trial runs before any open step.

Claims are judged at the highest rate, by percentiles that need a number of arrivals. So that window
is as long as they take, where the profile has it shorter. One rule holds for all profiles.
"""

import math
from dataclasses import replace
from typing import Any

from benchmarks.analysis.trials import cpu_ms_per_submission
from benchmarks.experiments.runner.arms import FLOOR, Sweep
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.errors import HarnessError
from benchmarks.experiments.runner.measured_trial import load_trial
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.workload.schedule import Schedule, Step

PLANNED_BOUND_PER_SECOND = 16.0  # of the floor, to plan by until it is measured


def settled(sweep: Sweep, bound_per_second: float) -> Schedule:
    """Return the sweep's schedule with arrivals a second, to one decimal, and long enough.

    `bound_per_second` is what the floor can do. The window of the highest rate lasts the longer of
    its seconds and those that the sweep's fewest arrivals take, to a tenth of a second.
    """
    steps = sweep.schedule.steps
    if sweep.rates_are_shares:
        steps = tuple(
            replace(it, rate=max(0.1, round(it.rate * bound_per_second, 1))) if it.is_open else it
            for it in steps
        )
    highest = max(step.rate for step in steps)
    return Schedule(
        tuple(
            _lengthened(step, sweep.fewest_arrivals) if 0 < step.rate == highest else step
            for step in steps
        )
    )


def _lengthened(step: Step, fewest: int) -> Step:
    needed = math.ceil(10 * fewest / step.rate) / 10
    return replace(step, window_seconds=max(step.window_seconds, needed))


class Rates:
    """Read the bound once, write it into run.json, and settle schedules by it."""

    def __init__(self, folder: ResultsFolder, cores: Cores, record: dict[str, Any]) -> None:
        self._folder = folder
        self._cores = cores
        self._record = record

    def settle(self, sweep: Sweep) -> Schedule:
        """Return the sweep's schedule as `settled`, by what this run's floor can do.

        Raises HarnessError where no trial of the floor counts.
        """
        if not sweep.rates_are_shares:
            return settled(sweep, PLANNED_BOUND_PER_SECOND)
        if self._record["bound_per_second"] is None:
            self._record["bound_per_second"] = self._bound()
            self._folder.write_json("run.json", self._record)
        return settled(sweep, self._record["bound_per_second"])

    def _bound(self) -> float:
        """Submissions a second, if the target's cores did nothing but the floor's work."""
        for path in self._folder.trials():
            trial = load_trial(self._folder, path)
            cost = cpu_ms_per_submission(trial.levels)
            if trial.document["architecture"] == FLOOR and trial.counted and cost:
                return round(len(self._cores.target) * 1000 / cost, 3)
        raise HarnessError(
            "No trial of the floor counts, so the rates of arrivals can't be set. The report "
            "has the reasons; end what else runs on this machine, and go on with RESUME."
        )
