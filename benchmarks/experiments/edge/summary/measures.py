"""What each claim is judged by, of one trial, and the other ways of measuring the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE
from benchmarks.experiments.edge.claims import IMAGE_CPU, IMAGE_TOTAL, PAGE_CPU, PAGE_TOTAL
from benchmarks.experiments.edge.summary.windows import Key, windows_of
from benchmarks.experiments.edge.sweeps import FIRST_VISIT, IMAGE, RETURN_VISIT
from benchmarks.experiments.runner.arms import ARCHITECTURES, Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.judged_claims import Measured
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.results_model.edge import VisitCpu, VisitKind, Way

ALONE, BUSY = 1, 4  # connections
Measure = Callable[[VisitCpu], float]


def application(cpu: VisitCpu) -> float:
    """Return the CPU-ms of the units' web processes."""
    return cpu.application


def units(cpu: VisitCpu) -> float:
    """Return the CPU-ms of all processes of the units."""
    return cpu.application + cpu.other_units


def total(cpu: VisitCpu) -> float:
    """Return the CPU-ms of all processes."""
    return cpu.total


@dataclass(frozen=True, slots=True)
class How:
    """What is measured: of which kind of visit, over how many connections."""

    measure: Measure
    kind: VisitKind
    connections: int = ALONE


@dataclass(frozen=True, slots=True)
class Question:
    """A claim, how it is measured, and how else with as good reasons."""

    claim: Claim
    how: How
    alternatives: Mapping[str, How]


QUESTIONS = (
    Question(
        PAGE_CPU,
        How(application, FIRST_VISIT),
        {
            "with four connections at once": How(application, FIRST_VISIT, BUSY),
            "all processes of the units, their idle work included": How(units, FIRST_VISIT),
        },
    ),
    Question(
        PAGE_TOTAL,
        How(total, FIRST_VISIT),
        {
            "with four connections at once": How(total, FIRST_VISIT, BUSY),
            "a return visit: the page alone, which has not changed": How(total, RETURN_VISIT),
        },
    ),
    Question(
        IMAGE_CPU,
        How(application, IMAGE),
        {"with four connections at once": How(application, IMAGE, BUSY)},
    ),
    Question(
        IMAGE_TOTAL,
        How(total, IMAGE),
        {"with four connections at once": How(total, IMAGE, BUSY)},
    ),
)


def measured_claims(sweep: Sweep, counted: Sequence[Trial]) -> Iterator[Measured]:
    """Yield each claim with its measurements, over the architectures that the sweep has."""
    mine = [trial for trial in counted if trial.sweep == sweep.name]
    arms = [arm.architecture for arm in sweep.arms]
    for question in QUESTIONS:
        alternatives = {
            variation: _pairs(mine, arms, how) for variation, how in question.alternatives.items()
        }
        if len(arms) > 1:
            alternatives |= {
                f"the {architecture} alone": _pairs(mine, [architecture], question.how)
                for architecture in ARCHITECTURES
                if architecture in arms
            }
        yield Measured(
            question.claim,
            _pairs(mine, arms, question.how),
            disturbed=frozenset(trial.block for trial in mine if trial.disturbed),
            alternatives=alternatives,
        )


def _pairs(trials: Sequence[Trial], architectures: Sequence[str], how: How) -> dict[int, Pair]:
    """Return both sides by block: from the application, and from the edge."""
    found: dict[int, Pair] = {}
    for block in sorted({trial.block for trial in trials}):
        of_block = {trial.arm: trial for trial in trials if trial.block == block}
        if all(architecture in of_block for architecture in architectures):
            wanted = [of_block[architecture] for architecture in architectures]
            found[block] = (
                _side(wanted, how, FROM_APPLICATION),
                _side(wanted, how, FROM_EDGE),
            )
    return found


def _side(trials: Sequence[Trial], how: How, way: Way) -> float | None:
    """Return the mean over the architectures' trials; None where one has no visits."""
    key = Key(way, how.kind, how.connections)
    costs = [
        window.per_visit() for trial in trials for window in windows_of(trial) if window.key == key
    ]
    known = [how.measure(cost) for cost in costs if cost is not None]
    return fmean(known) if len(known) == len(trials) else None
