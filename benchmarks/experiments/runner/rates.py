"""The rates of open steps: shares of what the floor alone could do on the target's cores.

Both arms must meet the same arrivals, and a rate that suits this machine is not known beforehand.
The floor is: its first trial runs before any open step.
"""

from dataclasses import replace
from typing import Any

from benchmarks.analysis.trials import cpu_ms_per_submission
from benchmarks.experiments.runner.arms import FLOOR, Sweep
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.errors import HarnessError
from benchmarks.experiments.runner.measured_trial import load_trial
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.workload.schedule import Schedule


class Rates:
    """Read the bound once, write it into run.json, and settle schedules by it."""

    def __init__(self, folder: ResultsFolder, cores: Cores, record: dict[str, Any]) -> None:
        self._folder = folder
        self._cores = cores
        self._record = record

    def settle(self, sweep: Sweep) -> Schedule:
        """Return the sweep's schedule, with shares turned into arrivals a second, to one decimal.

        Raises HarnessError where no trial of the floor counts.
        """
        if not sweep.rates_are_shares:
            return sweep.schedule
        if self._record["bound_per_second"] is None:
            self._record["bound_per_second"] = self._bound()
            self._folder.write_json("run.json", self._record)
        bound = self._record["bound_per_second"]
        return Schedule(
            tuple(
                replace(step, rate=max(0.1, round(step.rate * bound, 1))) if step.rate else step
                for step in sweep.schedule.steps
            )
        )

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
