"""CPU time and capacity of each arm of two runs."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.results_model.arms import Arm
from benchmarks.results_model.experiments import ExperimentResults, TrialResults

MEASURES: tuple[tuple[Callable[[Arm], float | None], str, int], ...] = (
    (lambda arm: arm.cpu_ms_per_submission, "CPU-ms per submission", 1),
    (lambda arm: arm.capacity, "capacity, submissions/s", 2),
)


@dataclass(frozen=True, slots=True)
class PairedArm:
    """One measure of an arm; None for a run without it. `digits` are decimal places."""

    sweep: str
    arm: str
    measure: str
    digits: int
    first: float | None
    second: float | None

    @property
    def ratio(self) -> float | None:
        """Second ÷ first, where both are known."""
        return self.second / self.first if self.first and self.second else None


def paired_arms(first: ExperimentResults, second: ExperimentResults) -> list[PairedArm]:
    """Return the measures that either run has; none for an experiment without trials."""
    both = [_arms(results) for results in (first, second)]
    found = [
        PairedArm(
            sweep=key[0],
            arm=key[1],
            measure=measure,
            digits=digits,
            first=value(both[0][key]) if key in both[0] else None,
            second=value(both[1][key]) if key in both[1] else None,
        )
        for key in dict.fromkeys([*both[0], *both[1]])
        for value, measure, digits in MEASURES
    ]
    return [row for row in found if row.first is not None or row.second is not None]


def _arms(results: ExperimentResults) -> dict[tuple[str, str], Arm]:
    if not isinstance(results, TrialResults):
        return {}
    return {(sweep.name, arm.name): arm for sweep in results.sweeps for arm in sweep.arms}
