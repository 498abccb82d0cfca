"""The two measurements of a block that each claim compares."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.analysis.recovery import STRIDE_SECONDS
from benchmarks.analysis.trials import Level, opened
from benchmarks.analysis.validity import DISTURBANCE_LIMIT
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost, most_memory
from benchmarks.experiments.runner.summary.judged_claims import Measured, Pair, Pairs
from benchmarks.experiments.scaling.summary.recoveries import busiest, recovered, scaling_out

Block = Mapping[str, Trial]  # the counted trials of one block, by arm
Measure = Callable[[Block, Sweep], Pair]  # in the order in which the claim names its sides


def measured(claim: Claim, counted: Sequence[Trial], sweeps: Mapping[str, Sweep]) -> Measured:
    """Return what the counted trials have of a claim and of its alternatives, by block."""
    mine = [trial for trial in counted if trial.sweep == claim.sweep]
    return Measured(
        claim,
        _pairs(MEASURES[claim.name], mine, sweeps[claim.sweep]),
        disturbed=frozenset(trial.block for trial in mine if trial.disturbed),
        alternatives={
            variation: _pairs(
                measure, [trial for trial in counted if trial.sweep == name], sweeps[name]
            )
            for variation, name, measure in ALTERNATIVES.get(claim.name, ())
            if name in sweeps
        },
    )


def _pairs(measure: Measure, trials: Sequence[Trial], sweep: Sweep) -> Pairs:
    return {
        number: measure({it.arm: it for it in trials if it.block == number}, sweep)
        for number in sorted({trial.block for trial in trials})
    }


def _cpu(block: Block, sweep: Sweep) -> Pair:
    monolith, services = sweep.arms
    return cost(block.get(services.name)), cost(block.get(monolith.name))


def _capacity(block: Block, sweep: Sweep) -> Pair:
    found = [block.get(arm.name) for arm in sweep.arms]
    first, second = (None if trial is None else trial.capacity for trial in found)
    return first, second


def _open_latency(block: Block, sweep: Sweep) -> Pair:
    monolith, services = (_slowest(block.get(arm.name)) for arm in sweep.arms)
    return services, monolith


def _slowest(trial: Trial | None) -> float | None:
    """p95 from submit to ready at the highest rate of arrivals; ms."""
    level = _at_the_highest_rate(trial)
    return None if level is None else level.ready_ms.p95


def _at_the_highest_rate(trial: Trial | None) -> Level | None:
    """The level; None where other work on the target's core decides its latency."""
    levels = opened(trial.levels) if trial is not None else []
    highest = max(levels, key=lambda level: level.window.rate, default=None)
    return None if highest is None or highest.disturbance > DISTURBANCE_LIMIT else highest


def _work_dilutes(block: Block, sweep: Sweep) -> Pair:
    works = sorted({arm.work_cpu_ms for arm in sweep.arms if arm.work_cpu_ms is not None})
    return _ratio_at(block, sweep, works[0]), _ratio_at(block, sweep, works[-1])


def _ratio_at(block: Block, sweep: Sweep, work_cpu_ms: float) -> float | None:
    """How far apart the architectures are, whichever needs more: 1.1 for 1.1 and for 1/1.1."""
    first, second = (
        cost(block.get(arm.name)) for arm in sweep.arms if arm.work_cpu_ms == work_cpu_ms
    )
    return max(first / second, second / first) if first and second else None


def _memory_per_replica(whole: str) -> Measure:
    def measure(block: Block, sweep: Sweep) -> Pair:
        most = max(int(arm.name.rpartition("-x")[2]) for arm in sweep.arms)
        return (
            _added(block, "monolith-x1", f"{whole}-x{most}", most),
            _added(block, "microservices-x1", f"recognition-x{most}", most),
        )

    return measure


def _added(block: Block, one: str, many: str, count: int) -> float | None:
    """Bytes of the units' own processes that each replica beyond the first takes.

    Without the backing services, which hold more as more is carried, by either side.
    """
    small, large = block.get(one), block.get(many)
    if small is None or large is None or count == 1:
        return None
    return (_of_units(large) - _of_units(small)) / (count - 1)


def _of_units(trial: Trial) -> int:
    return sum(held for part, held in most_memory(trial).items() if part.role == "unit")


def _recovery(monolith: str) -> Measure:
    def measure(block: Block, _sweep: Sweep) -> Pair:
        """Seconds; what wasn't back counts as all the time watched, unless both weren't."""
        found = [_since_order(block.get(name)) for name in (monolith, "recognition")]
        if None in found or all(censored for _, censored in filter(None, found)):
            return None, None
        first, second = (seconds for seconds, _ in filter(None, found))
        return first, second

    return measure


def _since_order(trial: Trial | None) -> tuple[float, bool] | None:
    """How long it took from the order, and whether only that much is known."""
    found = None if trial is None or trial.disturbed else recovered(trial)
    moments = None if trial is None else scaling_out(trial)
    if trial is None or found is None or found.limit_ms is None or moments is None:
        return None
    if found.since_order_seconds is not None:
        return max(found.since_order_seconds, STRIDE_SECONDS), False
    return busiest(trial).window.end - moments.ordered_at, True


def _reads(block: Block, _sweep: Sweep) -> Pair:
    return _slowest_read(block.get("in-request")), _slowest_read(block.get("in-worker"))


def _slowest_read(trial: Trial | None) -> float | None:
    """p95 of reading a result at the highest rate of arrivals; ms."""
    level = _at_the_highest_rate(trial)
    return None if level is None else level.read_ms.p95


MEASURES: dict[str, Measure] = {
    "cpu-per-submission": _cpu,
    "capacity": _capacity,
    "open-latency": _open_latency,
    "work-dilutes": _work_dilutes,
    "memory-per-replica": _memory_per_replica("monolith-whole"),
    "worker-memory": _memory_per_replica("monolith-worker"),
    "recovery": _recovery("monolith-worker"),
    "offloading": _reads,
}
_WITHOUT_MODEL = "with a recognizer that is waited for, so that no model is loaded"
ALTERNATIVES: dict[str, tuple[tuple[str, str, Measure], ...]] = {  # variation, sweep, measure
    "memory-per-replica": (
        (_WITHOUT_MODEL, "replicas-waiting", _memory_per_replica("monolith-whole")),
    ),
    "worker-memory": (
        (_WITHOUT_MODEL, "replicas-waiting", _memory_per_replica("monolith-worker")),
    ),
    "recovery": (("the monolith scaled whole", "elasticity", _recovery("monolith-whole")),),
}
