"""The tests and seconds until the verdict on a fault, by the order in which the tests are run.

Pure: from records to figures. Whatever the order, a suite takes what it took to start, and each
test what it took. The fast tests of all suites are run before the slow ones, and these before the
end-to-end ones. The verdict is known at the first red test; where none is red, after all that was
run. A suite that can't start or be collected reports that after all that it took.

The order is the same function of the owners on both sides. The monolith's suite holds the tests of
all components, a service's suite those of one: so an order within the suite matters to the former
alone, which is why no claim may rest on the one that the folders' names happen to give.

What a test takes includes the backing services that it was the first to need in the recorded
order; in another order they would start with another test. `TierRun.with_services_started` is an
estimate of that.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from benchmarks.experiments.isolation.reports import Test
from benchmarks.experiments.isolation.suites import Tier
from benchmarks.experiments.isolation.tier_runs import TierRun


class Order(StrEnum):
    """The order of a tier's tests."""

    OWNER_FIRST = "the tests of the broken component first"
    AS_THEY_LIE = "each suite's tests in the order of its folders and files"
    OWNER_LAST = "the tests of the broken component last"
    RANDOM = "in random order, suites and tests: the exact expected value"


@dataclass(frozen=True, slots=True)
class Wait:
    """What it takes until the verdict, and until all that was run is over.

    `tests` is a whole number but for a random order.
    """

    tests: float
    seconds: float
    all_tests: int
    all_seconds: float


@dataclass(frozen=True, slots=True)
class _Spent:
    tests: float
    seconds: float
    is_red: bool


def wait_for_verdict(
    owners: Collection[str],
    runs: Sequence[TierRun],
    order: Order = Order.OWNER_FIRST,
    *,
    selected: bool = False,
) -> Wait:
    """Return the wait in an order, for all tests or for those that the impact selects.

    `runs` are the suites in the order in which they were run.
    """
    chosen = [(run, run.selected if selected else run.record.tests) for run in runs]
    tests, seconds = 0.0, 0.0
    for tier in Tier:
        of_tier = [(run, ran) for run, ran in chosen if run.tier is tier]
        spent = _of_tier(owners, of_tier, order)
        tests, seconds = tests + spent.tests, seconds + spent.seconds
        if spent.is_red:
            break
    return Wait(
        int(tests) if tests.is_integer() else round(tests, 3),
        round(seconds, 3),
        sum(len(ran) for _, ran in chosen),
        round(sum(_whole(run, ran) for run, ran in chosen), 3),
    )


def _of_tier(
    owners: Collection[str], runs: Sequence[tuple[TierRun, Sequence[Test]]], order: Order
) -> _Spent:
    if order is Order.RANDOM:
        return _in_random_order([_expected_until_red(run, ran) for run, ran in runs])
    ordered = [(run, _ordered(owners, run, ran, order)) for run, ran in runs]
    if order is not Order.AS_THEY_LIE:
        wanted = order is Order.OWNER_FIRST  # sorting is stable
        ordered.sort(key=lambda suite: _has_own(owners, *suite) is not wanted)
    return _in_turn(_until_red(run, ran) for run, ran in ordered)


def _has_own(owners: Collection[str], run: TierRun, ran: Sequence[Test]) -> bool:
    return any(run.suite.owner_of(test.name) in owners for test in (*ran, *run.base))


def _ordered(
    owners: Collection[str], run: TierRun, ran: Sequence[Test], order: Order
) -> list[Test]:
    """Return the tests as the suite has them at the base, the owners' first or last."""
    places = {test.name: place for place, test in enumerate(run.base)}
    found = sorted(ran, key=lambda test: places.get(test.name, len(places)))
    if order is not Order.AS_THEY_LIE:
        wanted = order is Order.OWNER_FIRST
        found.sort(key=lambda test: (run.suite.owner_of(test.name) in owners) is not wanted)
    return found


def _in_turn(suites: Iterable[_Spent]) -> _Spent:
    tests, seconds = 0.0, 0.0
    for spent in suites:
        tests, seconds = tests + spent.tests, seconds + spent.seconds
        if spent.is_red:
            return _Spent(tests, seconds, is_red=True)
    return _Spent(tests, seconds, is_red=False)


def _in_random_order(suites: Sequence[_Spent]) -> _Spent:
    """Return the expectation over all orders of the suites.

    Of r red suites each is the first one in 1/r of the orders, and a green suite comes before all
    of them in 1/(r + 1).
    """
    red = [spent for spent in suites if spent.is_red]
    green = [spent for spent in suites if not spent.is_red]
    share = 1 / (len(red) + 1)
    tests = share * sum(spent.tests for spent in green)
    seconds = share * sum(spent.seconds for spent in green)
    if red:
        tests += fmean(spent.tests for spent in red)
        seconds += fmean(spent.seconds for spent in red)
    return _Spent(tests, seconds, is_red=bool(red))


def _until_red(run: TierRun, ran: Sequence[Test]) -> _Spent:
    if not run.is_broken:
        seconds = run.start_seconds
        for number, test in enumerate(ran, 1):
            seconds += test.seconds
            if test.is_red:
                return _Spent(number, seconds, is_red=True)
    return _Spent(len(ran), _whole(run, ran), is_red=run.is_broken)


def _expected_until_red(run: TierRun, ran: Sequence[Test]) -> _Spent:
    """Return the expectation over all orders of a suite's tests, as over suites."""
    if run.is_broken or not any(test.is_red for test in ran):
        return _until_red(run, ran)
    each = [_Spent(1, test.seconds, test.is_red) for test in ran]
    found = _in_random_order(each)
    return _Spent(found.tests, run.start_seconds + found.seconds, is_red=True)


def _whole(run: TierRun, ran: Sequence[Test]) -> float:
    return run.start_seconds + sum(test.seconds for test in ran)
