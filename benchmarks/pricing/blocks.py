"""What the trials of a run measured, block by block, as the cost model takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, geometric_mean

from benchmarks.analysis.trials import upper_half
from benchmarks.analysis.usage import add
from benchmarks.cost.operations import ArchitectureCounts, OperationCounts
from benchmarks.cost.usage import Usage
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.summary.arms import most_memory

SWEEP = "load"
ARMS = (MONOLITH, SERVICES)


@dataclass(frozen=True, slots=True)
class Side:
    """One architecture in one block; `cpu_ms` is of one submission, by process type."""

    cpu_ms: Mapping[str, float]
    memory_bytes: Mapping[str, float]
    capacity: float | None


@dataclass(frozen=True, slots=True)
class Block:
    """Both architectures in one block."""

    number: int
    sides: Mapping[str, Side]
    disturbed: bool


def read_blocks(folder: ResultsFolder) -> list[Block]:
    """Return the blocks of a run's load sweep that count on both sides.

    Raises UsageError for a run without one, or on several cores: nothing can be priced.
    """
    cores = folder.read_json("environment.json")["cpu"]["target_cores"]
    if len(cores) != 1:
        raise UsageError(
            f"{folder.path} is of a target on {len(cores)} cores: costs come from runs on one core."
        )
    found: dict[int, dict[str, Trial]] = {}
    for trial in load_trials(folder):
        if trial.sweep == SWEEP and trial.arm in ARMS and trial.counted:
            found.setdefault(trial.block, {})[trial.arm] = trial
    blocks = [
        Block(
            number,
            {arm: _side(trial) for arm, trial in trials.items()},
            any(trial.disturbed for trial in trials.values()),
        )
        for number, trials in sorted(found.items())
        if len(trials) == len(ARMS)
    ]
    if not blocks:
        raise UsageError(
            f"{folder.path} has no block of the sweep {SWEEP!r} that counts on both architectures: "
            "there is nothing to price. Name a run of the experiment scaling."
        )
    return blocks


def usage(blocks: Sequence[Block], arm: str, counts: OperationCounts) -> Usage:
    """Return the means of some blocks of one architecture, with its operations."""
    sides = [block.sides[arm] for block in blocks]
    return Usage(
        cpu_ms=_means([side.cpu_ms for side in sides]),
        memory_bytes=_means([side.memory_bytes for side in sides]),
        counts=_counts(counts, arm),
    )


def capacity(blocks: Sequence[Block], arm: str) -> float | None:
    """Return the submissions a second of one architecture, over its undisturbed blocks."""
    found = [value for block in blocks if (value := block.sides[arm].capacity) is not None]
    return geometric_mean(found) if found else None


def _counts(counts: OperationCounts, arm: str) -> ArchitectureCounts:
    if arm not in counts.architectures:
        raise UsageError(f"The counted operations lack {arm}: count-operations counts both.")
    return counts.architectures[arm]


def _side(trial: Trial) -> Side:
    levels = upper_half(trial.levels)
    completed = sum(level.completed for level in levels)
    cpu_ms: dict[str, float] = {}
    for process, spent in add([level.cpu_ms for level in levels]).items():
        name = _type_of(process.process, process.role)
        cpu_ms[name] = cpu_ms.get(name, 0.0) + spent / completed
    held = {
        _type_of(process.process, process.role): float(amount)
        for process, amount in most_memory(trial).items()
        if process.role == "unit"
    }
    return Side(cpu_ms, held, trial.capacity)


def _type_of(process: str, role: str) -> str:
    """Return the type of a unit's process: `monolith-web` of `monolith-web-1`."""
    return process.rpartition("-")[0] if role == "unit" else process


def _means(values: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = sorted({name for it in values for name in it})
    return {name: fmean(it.get(name, 0.0) for it in values) for name in names}
