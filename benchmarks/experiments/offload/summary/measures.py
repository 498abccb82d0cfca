"""How each claim is measured, of which arms, and which other ways of measuring there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.analysis.percentiles import JUDGED_BEYOND, judged, latency, values_needed
from benchmarks.experiments.offload.claims import CLAIMS
from benchmarks.experiments.offload.summary.cold_starts import AFTER_IDLE, WARM, ready_ms
from benchmarks.experiments.offload.summary.features import READ, RESULT, SIGN_IN, SUBMIT, values
from benchmarks.experiments.offload.summary.steps import since_order, since_step
from benchmarks.experiments.offload.sweeps import BUSY, WAITING
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.claim import Claim
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.summary.pairs import Pair
from benchmarks.workload.arrivals import SUBMIT as SUBMITTED

Block = Mapping[str, Trial]  # the counted trials of one block, by arm
Measure = Callable[[Block], Pair]
Since = Callable[[Trial | None], tuple[float, bool] | None]  # seconds, whether it wasn't back
P95, P50 = 95, 50
FEWEST = JUDGED_BEYOND * values_needed(P95)  # requests behind a 95th percentile


@dataclass(frozen=True, slots=True)
class Way:
    """One way to measure a claim: its sweep, the arms that it needs, and the measurement.

    `feature` is the feature whose 95th percentile is taken; empty for another measurement.
    """

    sweep: str
    arms: tuple[str, ...]
    measure: Measure
    feature: str = ""


def _percentile(sweep: str, feature: str, first: str, second: str, q: int = P95) -> Way:
    def measure(block: Block) -> Pair:
        one, other = (
            judged(latency(values(block[arm], feature)), q) if arm in block else None
            for arm in (first, second)
        )
        return one, other

    return Way(sweep, (first, second), measure, feature if q == P95 else "")


def _step(first: str, second: str, since: Since = since_step) -> Way:
    """Return seconds until latency is back. A block in which neither side was back has none."""

    def measure(block: Block) -> Pair:
        one, other = since(block.get(first)), since(block.get(second))
        if one is None or other is None or (one[1] and other[1]):
            return None, None
        return one[0], other[0]

    return Way("step", (first, second), measure)


def _after_idle(arm: str) -> Way:
    def measure(block: Block) -> Pair:
        trial = block.get(arm)
        if trial is None:
            return None, None
        return ready_ms(trial, AFTER_IDLE), ready_ms(trial, WARM)

    return Way("cold", (arm,), measure)


SERVICES_WORKER, SERVICES_FUNCTION = "microservices-worker", "microservices-function"
REQUEST, WORKER, FUNCTION = "monolith-request", "monolith-worker", "monolith-function"
_MEDIAN = "the median instead of the 95th percentile"
_BESIDE = "the function shares the API's core"
_APART = "the worker has a machine of its own, too"
_WAITED = "recognition is waited for, and takes no CPU"
_AT_ONCE = "the order to scale comes at the moment of the step"
WAYS: Mapping[str, Way] = {
    "busy": _percentile(BUSY, READ, REQUEST, FUNCTION),
    "worker-reads": _percentile(BUSY, READ, WORKER, FUNCTION),
    "offloading": _percentile(BUSY, READ, REQUEST, WORKER),
    "worker-sign-in": _percentile(BUSY, SIGN_IN, WORKER, FUNCTION),
    "worker-submit": _percentile(BUSY, SUBMIT, WORKER, FUNCTION),
    "function-ready": _percentile(BUSY, RESULT, FUNCTION, WORKER),
    "services-reads": _percentile(BUSY, READ, SERVICES_WORKER, SERVICES_FUNCTION),
    "recovery": _step(WORKER, FUNCTION),
    "services-recovery": _step(SERVICES_WORKER, SERVICES_FUNCTION),
    "after-idle": _after_idle(FUNCTION),
}


def _others(feature: str, first: str, second: str) -> dict[str, Way]:
    """Return the other ways to measure the latency of a feature, with the function as one side."""
    beside = {FUNCTION: "monolith-function-beside"}
    return {
        _MEDIAN: _percentile(BUSY, feature, first, second, P50),
        _BESIDE: _percentile(BUSY, feature, beside.get(first, first), beside.get(second, second)),
        _WAITED: _percentile(WAITING, feature, first, second),
    }


def _apart(feature: str, first: str, second: str) -> dict[str, Way]:
    """Return the way in which the worker has a machine of its own."""
    apart = {WORKER: "monolith-worker-apart"}
    return {_APART: _percentile(BUSY, feature, apart.get(first, first), apart.get(second, second))}


ALTERNATIVES: Mapping[str, Mapping[str, Way]] = {
    "busy": _others(READ, REQUEST, FUNCTION),
    "worker-reads": _others(READ, WORKER, FUNCTION),
    "offloading": {
        _MEDIAN: _percentile(BUSY, READ, REQUEST, WORKER, P50),
        _WAITED: _percentile(WAITING, READ, REQUEST, WORKER),
    },
    "worker-sign-in": _others(SIGN_IN, WORKER, FUNCTION),
    "worker-submit": _others(SUBMIT, WORKER, FUNCTION),
    "function-ready": _others(RESULT, FUNCTION, WORKER) | _apart(RESULT, FUNCTION, WORKER),
    "services-reads": {
        _MEDIAN: _percentile(BUSY, READ, SERVICES_WORKER, SERVICES_FUNCTION, P50),
    },
    "recovery": {_AT_ONCE: _step(WORKER, FUNCTION, since_order)},
    "services-recovery": {_AT_ONCE: _step(SERVICES_WORKER, SERVICES_FUNCTION, since_order)},
    "after-idle": {"of the services' function": _after_idle(SERVICES_FUNCTION)},
}


def claims_of(sweeps: Mapping[str, Sweep]) -> list[Claim]:
    """Return the claims whose arms were run.

    Without those whose 95th percentile has too few requests in a window, if any claim is left.
    """
    run = [claim for claim in CLAIMS if is_run(WAYS[claim.name], sweeps)]
    decided = [it for it in run if _has_enough(WAYS[it.name], sweeps)]
    return decided or run


def is_run(way: Way, sweeps: Mapping[str, Sweep]) -> bool:
    """Return whether the sweep of a way was run, with all of its arms."""
    sweep = sweeps.get(way.sweep)
    return sweep is not None and {*way.arms} <= {arm.name for arm in sweep.arms}


def _has_enough(way: Way, sweeps: Mapping[str, Sweep]) -> bool:
    """Return whether the planned window has enough requests of the feature."""
    if not way.feature:
        return True
    (step,) = sweeps[way.sweep].schedule.steps
    wanted = SUBMITTED if way.feature == RESULT else way.feature
    return step.arrivals * step.group.count(wanted) >= FEWEST * len(step.group)
