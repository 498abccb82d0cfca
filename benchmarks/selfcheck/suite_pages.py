"""Whole quick runs of the isolation experiment, simulated from a series of one architecture."""

import random
from dataclasses import dataclass, replace

from benchmarks.analysis.intervals import Interval, mean_interval
from benchmarks.experiments.catalogue.faults import FAULTS
from benchmarks.experiments.isolation.claims import SECONDS
from benchmarks.experiments.isolation.summary import Both, judge_faults
from benchmarks.experiments.isolation.summary.measures import MEASURES
from benchmarks.experiments.isolation.summary.sides import Side
from benchmarks.experiments.isolation.sweeps import QUICK_FAULTS, some_of_each_component
from benchmarks.experiments.runner.arms import MONOLITH, SERVICES
from benchmarks.selfcheck import pages
from benchmarks.selfcheck.series import AGAIN, PLAIN, SLOWER
from benchmarks.selfcheck.suite_series import Sides

FAULTS_OF_A_RUN = QUICK_FAULTS


@dataclass(frozen=True, slots=True)
class SuitePages:
    """Simulated runs: of equal sides, and of sides whose suites start later."""

    alike: list[pages.Page]
    slower: list[pages.Page]


def simulated(sides: Sides, *, seed: int, count: int = pages.PAGES) -> SuitePages:
    """Simulate so many runs each way. Raises ValueError with too few faults in the series."""
    order = random.Random(seed)
    return SuitePages(
        [_page(sides, order, (PLAIN, AGAIN)) for _ in range(count)],
        [_page(sides, order, None) for _ in range(count)],
    )


def _page(sides: Sides, order: random.Random, alike: tuple[str, str] | None) -> pages.Page:
    """Judge one run; without `alike` the monolith's place has the suites that start later."""
    pairs: list[Both] = []
    known = [fault for fault in FAULTS if fault.name in sides[PLAIN]]
    for fault in some_of_each_component(known, FAULTS_OF_A_RUN, order):
        first, second = (
            (SLOWER, order.choice((PLAIN, AGAIN))) if alike is None else order.sample(alike, k=2)
        )
        pairs.append(
            (
                _placed(sides[first][fault.name], MONOLITH),
                _placed(sides[second][fault.name], SERVICES),
            )
        )
    return {claim.name: claim.verdict for claim in judge_faults(pairs)}


def _placed(side: Side, architecture: str) -> Side:
    return replace(side, document={**side.document, "architecture": architecture})


def longer(sides: Sides) -> Interval:
    """Return how many seconds longer the verdict takes with the later start, over all faults."""
    measure = MEASURES[SECONDS.name].main
    return mean_interval(
        [
            (measure(late) or 0.0) - (measure(sides[PLAIN][fault]) or 0.0)
            for fault, late in sides[SLOWER].items()
        ],
        per="fault",
    )
