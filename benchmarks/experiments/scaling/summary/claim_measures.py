"""How each claim is measured, by which alternatives, and which blocks other work disturbed."""

from collections.abc import Mapping, Sequence

from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.judged_claims import Measured
from benchmarks.experiments.runner.summary.pairs import Pairs
from benchmarks.experiments.scaling.summary import measures
from benchmarks.experiments.scaling.summary.measures import Measure

MEASURES: Mapping[str, Measure] = {
    "cpu-per-submission": measures.cpu,
    "capacity": measures.capacity,
    "open-latency": measures.open_latency(95),
    "work-dilutes": measures.work_dilutes(0),
    "memory-per-replica": measures.memory_per_replica("monolith-whole"),
    "worker-memory": measures.memory_per_replica("monolith-worker"),
    "recovery": measures.recovery("monolith-worker"),
    "offloading": measures.reads(95),
}
_WITHOUT_MODEL = "with a recognizer that is waited for, so that no model is loaded"
_AT_REST = "before any load, when no model is loaded"
_MEDIAN = "the median instead of the 95th percentile"
ALTERNATIVES: Mapping[str, tuple[tuple[str, str, Measure], ...]] = {  # variation, sweep, measure
    "cpu-per-submission": (
        ("at the highest rate of arrivals, with time to spare", "load", measures.cpu_of_arrivals),
        ("with a recognizer that is waited for", "waiting", measures.cpu),
    ),
    "open-latency": ((_MEDIAN, "load", measures.open_latency(50)),),
    "work-dilutes": (
        ("with the second least recognition instead of none", "work", measures.work_dilutes(1)),
    ),
    "memory-per-replica": (
        (_WITHOUT_MODEL, "replicas-waiting", measures.memory_per_replica("monolith-whole")),
        (
            _AT_REST,
            "replicas-working",
            measures.memory_per_replica("monolith-whole", measures.at_rest),
        ),
    ),
    "worker-memory": (
        (_WITHOUT_MODEL, "replicas-waiting", measures.memory_per_replica("monolith-worker")),
        (
            _AT_REST,
            "replicas-working",
            measures.memory_per_replica("monolith-worker", measures.at_rest),
        ),
    ),
    "recovery": (
        ("the monolith scaled whole", "elasticity", measures.recovery("monolith-whole")),
        (
            "seconds from the order until the new processes are ready",
            "elasticity",
            measures.start_up("monolith-worker"),
        ),
    ),
    "offloading": ((_MEDIAN, "offloading", measures.reads(50)),),
}
OF_ARRIVALS = ("open-latency", "offloading")  # measured in the window of the highest rate
OF_MEMORY = ("memory-per-replica", "worker-memory")


def measured(claim: Claim, counted: Sequence[Trial], sweeps: Mapping[str, Sweep]) -> Measured:
    """Return what the counted trials have of a claim and of its alternatives, by block."""
    mine = [trial for trial in counted if trial.sweep == claim.sweep]
    return Measured(
        claim,
        _pairs(MEASURES[claim.name], mine, sweeps[claim.sweep]),
        disturbed=frozenset(trial.block for trial in mine if _is_disturbed(claim, trial)),
        alternatives={
            variation: _pairs(
                measure, [trial for trial in counted if trial.sweep == name], sweeps[name]
            )
            for variation, name, measure in ALTERNATIVES.get(claim.name, ())
            if name in sweeps
        },
    )


def _is_disturbed(claim: Claim, trial: Trial) -> bool:
    """Return whether other work on the target's cores changed what the claim measures.

    Other work takes no memory of the target's processes.
    """
    if claim.name in OF_MEMORY:
        return False
    return trial.disturbed or (claim.name in OF_ARRIVALS and trial.disturbed_arrivals)


def _pairs(measure: Measure, trials: Sequence[Trial], sweep: Sweep) -> Pairs:
    return {
        number: measure({it.arm: it for it in trials if it.block == number}, sweep)
        for number in sorted({trial.block for trial in trials})
    }
