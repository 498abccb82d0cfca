"""What is measured of one side of a fault for each claim, and in which other ways it could be.

Both sides are measured by the same function. A way of measuring gives None for a fault that it
leaves out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.experiments.catalogue.components import CONTRACTS, IMAGING
from benchmarks.experiments.isolation.claims import BLAST, CPU, OWNER, SECONDS, TESTS
from benchmarks.experiments.isolation.suites import Tier
from benchmarks.experiments.isolation.summary.sides import Side
from benchmarks.experiments.isolation.tier_runs import TierRun
from benchmarks.experiments.isolation.verdicts import Counts
from benchmarks.experiments.isolation.waits import Order, Wait, wait_for_verdict

Measure = Callable[[Side], float | None]
SELECTED = f"only the tests that pytest-testmon selects, {Order.OWNER_FIRST}"
STARTED = "the backing services' start counts before any test, whichever comes first (an estimate)"
OWN_SUITES = "only faults in components that have a suite of their own in the services"
_COMMON = (IMAGING, CONTRACTS)


@dataclass(frozen=True, slots=True)
class Measures:
    """How a claim's sides are measured, and by what else, each with what it varies."""

    main: Measure
    alternatives: Mapping[str, Measure]


def _wait(side: Side, order: Order = Order.OWNER_FIRST, *, selected: bool = False) -> Wait:
    return wait_for_verdict(side.owners, side.runs, order, selected=selected)


def _seconds(side: Side, order: Order = Order.OWNER_FIRST, *, selected: bool = False) -> float:
    return _wait(side, order, selected=selected).seconds


def _seconds_started(side: Side) -> float:
    runs = [run.with_services_started() for run in side.runs]
    return wait_for_verdict(side.owners, runs).seconds


def _tests(side: Side, order: Order = Order.OWNER_FIRST, *, selected: bool = False) -> float:
    # Where nothing could be collected or installed, that took no test; count the attempt.
    return max(_wait(side, order, selected=selected).tests, 1)


def _cpu(side: Side) -> float | None:
    return _summed_cpu([run for run in side.runs if run.tier is Tier.FAST])


def _cpu_of_all(side: Side) -> float | None:
    return _summed_cpu(side.runs)


def _if_selected(measure: Measure, side: Side) -> float | None:
    return measure(side) if side.is_selected else None


def _summed_cpu(runs: list[TierRun] | tuple[TierRun, ...]) -> float | None:
    return sum(run.record.cpu_seconds or 0.0 for run in runs) or None


def _cpu_of_selected(side: Side) -> float | None:
    """Return the CPU seconds of the selected tests: of each suite's, their share of its seconds."""
    fast = [run for run in side.runs if run.tier is Tier.FAST]
    return sum((run.record.cpu_seconds or 0.0) * _selected_share(run) for run in fast) or None


def _selected_share(run: TierRun) -> float:
    if not run.record.seconds:
        return 1.0
    left_out = sum(test.seconds for test in run.record.tests)
    left_out -= sum(test.seconds for test in run.selected)
    return max(0.0, 1 - left_out / run.record.seconds)


def _blast(side: Side) -> float:
    return float(side.judged.blast > 0)


def _blast_by_red(side: Side) -> float:
    return float(side.judged.red.others > 0)


def _blast_with_whole(side: Side) -> float:
    judged = side.judged
    return float(judged.blast + judged.red.whole + judged.unable.whole > 0)


def _blast_with_flow(side: Side) -> float:
    is_red = any(run.is_red for run in side.runs if run.tier is Tier.END_TO_END)
    return float(side.judged.blast > 0 or is_red)


def _own(side: Side) -> float:
    red, unable = side.judged.red, side.judged.unable
    return float(_own_and_whole(red) + _own_and_whole(unable) > 0)


def _own_and_whole(counts: Counts) -> int:
    return counts.own + counts.whole


def _own_by_red(side: Side) -> float:
    return float(_own_and_whole(side.judged.red) > 0)


def _own_without_whole(side: Side) -> float:
    return float(side.judged.red.own + side.judged.unable.own > 0)


def _of_own_suites(measure: Measure, side: Side) -> float | None:
    return None if side.document["component"] in _COMMON else measure(side)


def _measures(main: Measure, others: Mapping[str, Measure]) -> Measures:
    return Measures(main, {**others, OWN_SUITES: partial(_of_own_suites, main)})


def _orders(measure: Callable[..., float], more: Mapping[str, Measure]) -> Measures:
    return _measures(
        measure,
        {
            **more,
            **{
                str(order): partial(measure, order=order)
                for order in Order
                if order is not Order.OWNER_FIRST
            },
            SELECTED: partial(_if_selected, partial(measure, selected=True)),
        },
    )


MEASURES: Mapping[str, Measures] = {
    SECONDS.name: _orders(_seconds, {STARTED: _seconds_started}),
    TESTS.name: _orders(_tests, {}),
    CPU.name: _measures(
        _cpu,
        {
            "only the tests that pytest-testmon selects, by their share of a suite's seconds": (
                partial(_if_selected, _cpu_of_selected)
            ),
            "with the slow tests and the deployed flow, where they were run": _cpu_of_all,
        },
    ),
    BLAST.name: _measures(
        _blast,
        {
            "red tests alone, without those that can't run": _blast_by_red,
            "the tests of the whole monolith count as other components'": _blast_with_whole,
            "the cases of the deployed flow count as other components'": _blast_with_flow,
        },
    ),
    OWNER.name: _measures(
        _own,
        {
            "red tests alone, without those that can't run": _own_by_red,
            "the tests of the whole monolith aren't its components' own": _own_without_whole,
        },
    ),
}
