"""The measurements of a block that claims compare, each of both sides."""

from collections.abc import Callable, Mapping

from benchmarks.analysis.percentiles import Latency, judged
from benchmarks.analysis.recovery import STRIDE_SECONDS
from benchmarks.analysis.trials import Level, opened
from benchmarks.analysis.usage import memory
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.arms import cost, most_memory
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.experiments.runner.summary.recoveries import busiest, recovered, scaling_out

Block = Mapping[str, Trial]  # the counted trials of one block, by arm
Measure = Callable[[Block, Sweep], Pair]  # in the order in which the claim names its sides
Held = Callable[[Trial], float]  # bytes of a trial's own processes


def cpu(block: Block, sweep: Sweep) -> Pair:
    """Measure CPU-ms per completed submission on the full core: services, monolith."""
    monolith, services = sweep.arms
    return cost(block.get(services.name)), cost(block.get(monolith.name))


def cpu_of_arrivals(block: Block, sweep: Sweep) -> Pair:
    """Measure the same at the highest rate of arrivals, at which the core has time to spare."""
    levels = [highest(block.get(arm.name)) for arm in sweep.arms]
    monolith, services = (it.cpu_ms_per_submission if it else None for it in levels)
    return services, monolith


def capacity(block: Block, sweep: Sweep) -> Pair:
    """Measure submissions per second: first arm, second arm."""
    first, second = (it.capacity if it else None for it in map(block.get, _names(sweep)))
    return first, second


def open_latency(percentile: int) -> Measure:
    """Measure submit to ready at the highest rate of arrivals, in ms: second arm, first arm."""

    def measure(block: Block, sweep: Sweep) -> Pair:
        first, second = (
            _percentile(block.get(name), "ready_ms", percentile) for name in _names(sweep)
        )
        return second, first

    return measure


def reads(percentile: int) -> Measure:
    """Measure reading a result at the highest rate of arrivals, in ms: in request, in worker."""

    def measure(block: Block, _sweep: Sweep) -> Pair:
        inside, outside = (
            _percentile(block.get(name), "read_ms", percentile)
            for name in ("in-request", "in-worker")
        )
        return inside, outside

    return measure


def highest(trial: Trial | None) -> Level | None:
    """Return the level of the highest rate of arrivals."""
    levels = opened(trial.levels) if trial is not None else []
    return max(levels, key=lambda level: level.window.rate, default=None)


def _percentile(trial: Trial | None, field: str, percentile: int) -> float | None:
    level = highest(trial)
    if level is None:
        return None
    latency: Latency = getattr(level, field)
    return judged(latency, percentile)


def _names(sweep: Sweep) -> list[str]:
    return [arm.name for arm in sweep.arms]


def work_dilutes(least: int) -> Measure:
    """Measure services ÷ monolith in CPU: with little recognition, with the most of it.

    `least` is the place of the little one among the sweep's costs. With its sign: how far apart
    two equal sides seem to be grows with the scatter alone, which is larger where they do little.
    """

    def measure(block: Block, sweep: Sweep) -> Pair:
        works = sorted({arm.work_cpu_ms for arm in sweep.arms if arm.work_cpu_ms is not None})
        return _ratio_at(block, sweep, works[least]), _ratio_at(block, sweep, works[-1])

    return measure


def _ratio_at(block: Block, sweep: Sweep, work_cpu_ms: float) -> float | None:
    monolith, services = (
        cost(block.get(arm.name)) for arm in sweep.arms if arm.work_cpu_ms == work_cpu_ms
    )
    return services / monolith if monolith and services else None


def loaded(trial: Trial) -> float:
    """Return the most bytes that the units' own processes held at a window's end.

    Without the backing services, which hold more as more is carried, by either side.
    """
    return sum(held for part, held in most_memory(trial).items() if part.role == "unit")


def at_rest(trial: Trial) -> float:
    """Return the bytes that they held after the deploy, before any load."""
    return sum(held for part, held in memory(trial.rest).items() if part.role == "unit")


def memory_per_replica(monolith: str, held: Held = loaded) -> Measure:
    """Measure the bytes that each replica beyond the first takes: monolith, recognition."""

    def measure(block: Block, sweep: Sweep) -> Pair:
        most = max(int(name.rpartition("-x")[2]) for name in _names(sweep))
        if most == 1:
            return None, None
        first, second = (
            _added(block.get(one), block.get(f"{many}-x{most}"), most, held)
            for one, many in (("monolith-x1", monolith), ("microservices-x1", "recognition"))
        )
        return first, second

    return measure


def _added(small: Trial | None, large: Trial | None, count: int, held: Held) -> float | None:
    if small is None or large is None:
        return None
    return (held(large) - held(small)) / (count - 1)


def recovery(monolith: str) -> Measure:
    """Measure seconds from the order to scale out until latency is back: monolith, recognition.

    What wasn't back counts as all the time that was watched, unless both weren't: then there is no
    value.
    """

    def measure(block: Block, _sweep: Sweep) -> Pair:
        first, second = (_since_order(block.get(name)) for name in (monolith, "recognition"))
        if first is None or second is None or (first[1] and second[1]):
            return None, None
        return first[0], second[0]

    return measure


def _since_order(trial: Trial | None) -> tuple[float, bool] | None:
    """Return the seconds since the order, and whether latency wasn't back by then."""
    found = None if trial is None else recovered(trial)
    moments = None if trial is None else scaling_out(trial)
    if trial is None or found is None or found.limit_ms is None or moments is None:
        return None
    if found.since_order_seconds is not None:
        return max(found.since_order_seconds, STRIDE_SECONDS), False
    return busiest(trial).window.end - moments.ordered_at, True


def start_up(monolith: str) -> Measure:
    """Measure seconds from the order until the new processes are ready: monolith, recognition."""

    def measure(block: Block, _sweep: Sweep) -> Pair:
        moments = [
            scaling_out(trial) if trial else None
            for trial in (block.get(monolith), block.get("recognition"))
        ]
        first, second = (it.ready_at - it.ordered_at if it else None for it in moments)
        return first, second

    return measure
