"""How soon a fault is known, by the order of the tests: figures worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from statistics import fmean

import pytest

from benchmarks.experiments.isolation.records import Key, Record
from benchmarks.experiments.isolation.reports import Outcome, Test
from benchmarks.experiments.isolation.suites import BY_NAME, Tier
from benchmarks.experiments.isolation.tier_runs import TierRun
from benchmarks.experiments.isolation.waits import Order, wait_for_verdict

START = 3.0
RECOGNITION = ["recognition"]
# As the monolith's folders lie: recognition comes last
FOLDERS = (
    ("tests.accounts.test_a::test_one", 1.0),
    ("tests.flows.test_f::test_two", 2.0),
    ("tests.recognition.test_r::test_three", 4.0),
    ("tests.recognition.test_r::test_four", 8.0),
    ("tests.submissions.test_s::test_five", 16.0),
)
SERVICE = (("tests.test_r::test_three", 4.0), ("tests.test_r::test_four", 8.0))


def run_of(
    suite: str,
    tests: Sequence[tuple[str, float]],
    *red: str,
    tier: Tier = Tier.FAST,
    ran: Sequence[int] | None = None,
    selected: tuple[str, ...] | None = None,
) -> TierRun:
    """A suite's run; `red` are the ends of names, `ran` the places in the order of the record."""
    base = tuple(Test(name, Outcome.PASSED, seconds) for name, seconds in tests)
    found = [
        replace(test, outcome=Outcome.FAILED) if red and test.name.endswith(red) else test
        for test in base
    ]
    found = [found[place] for place in ran or range(len(found))]
    seconds = START + sum(test.seconds for test in found)
    key = Key("a-fault", suite, "0", tier)
    record = Record(
        key, "", seconds, 1.0, network_cut=True, output=(), tests=tuple(found), selected=selected
    )
    return TierRun(BY_NAME[suite], tier, record, base)


def waited(runs: Sequence[TierRun], order: Order, owners: Sequence[str] = RECOGNITION) -> object:
    wait = wait_for_verdict(owners, runs, order)
    return wait.tests, wait.seconds


@pytest.mark.parametrize(
    ("order", "monolith", "services"),
    [
        # test_four is red: after test_three of its own component
        (Order.OWNER_FIRST, (2, START + 12.0), (2, START + 12.0)),
        # accounts and flows before it
        (Order.AS_THEY_LIE, (4, START + 15.0), (2, START + 12.0)),
        (Order.OWNER_LAST, (5, START + 31.0), (2, START + 12.0)),
        # each of the other tests comes before it in half of the orders
        (Order.RANDOM, (3, START + 8.0 + 23.0 / 2), (1.5, START + 8.0 + 4.0 / 2)),
    ],
)
def test_both_sides_wait_as_the_order_of_the_tests_has_it(
    order: Order, monolith: tuple[float, float], services: tuple[float, float]
) -> None:
    assert waited([run_of("monolith", FOLDERS, "test_four")], order) == monolith
    assert waited([run_of("recognition", SERVICE, "test_four")], order) == services


def test_the_order_of_the_record_is_of_no_matter() -> None:
    """The suites may be run in any order later; the base record has that of the folders."""
    as_run = run_of("monolith", FOLDERS, "test_four", ran=(3, 4, 0, 2, 1))
    for order in Order:
        assert waited([as_run], order) == waited([run_of("monolith", FOLDERS, "test_four")], order)


def test_the_expected_wait_is_the_mean_over_every_order() -> None:
    red = ("test_two", "test_four")
    tests, seconds = [], []
    for ran in permutations(range(len(FOLDERS))):
        run = run_of("monolith", FOLDERS, *red, ran=ran)
        first = next(n for n, test in enumerate(run.record.tests, 1) if test.is_red)
        tests.append(first)
        seconds.append(START + sum(test.seconds for test in run.record.tests[:first]))
    expected = (pytest.approx(fmean(tests), abs=1e-3), pytest.approx(fmean(seconds), abs=1e-3))
    assert waited([run_of("monolith", FOLDERS, *red)], Order.RANDOM) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.OWNER_FIRST, (1, START + 4.0)),
        (Order.AS_THEY_LIE, (3, 2 * START + 5.0)),
        (Order.OWNER_LAST, (3, 2 * START + 5.0)),
        # in half of the orders test_four comes first, and the green suite
        (Order.RANDOM, (1.5 + 1, START + 4.0 + 4.0 + (START + 1.0) / 2)),
    ],
)
def test_suites_too_are_run_in_that_order(order: Order, expected: tuple[float, float]) -> None:
    """A green suite of another component, and the owner's red one."""
    other = run_of("accounts", [("tests.test_a::test_one", 0.5), ("tests.test_a::test_two", 0.5)])
    own = run_of("recognition", SERVICE, "test_three")
    assert waited([other, own], order) == expected


def test_the_slow_tests_wait_for_the_fast_ones_of_all_suites() -> None:
    fast = [run_of("recognition", SERVICE), run_of("accounts", [("tests.test_a::test_one", 1.0)])]
    slow = run_of("recognition", [("tests.test_p::test_slow", 20.0)], "test_slow", tier=Tier.SLOW)
    for order in Order:
        assert waited([slow, *fast], order) == (4, 3 * START + 12.0 + 1.0 + 20.0)


def test_where_nothing_is_red_all_of_it_is_waited_for() -> None:
    for order in Order:
        assert waited([run_of("monolith", FOLDERS)], order) == (5, START + 31.0)


def test_a_suite_that_cannot_be_collected_reports_it_at_once() -> None:
    fine = run_of("monolith", FOLDERS)
    module = Test("tests.submissions.test_s::", Outcome.ERROR, 0.0)
    broken = replace(fine, record=replace(fine.record, tests=(module,), seconds=START))
    for order in Order:
        assert waited([broken], order, ["submissions"]) == (1, START)


def test_the_owner_s_selected_tests_come_first_as_well() -> None:
    names = (FOLDERS[0][0], FOLDERS[3][0])
    wait = wait_for_verdict(
        RECOGNITION, [run_of("monolith", FOLDERS, "test_four", selected=names)], selected=True
    )
    assert (wait.tests, wait.seconds) == (1, START + 8.0)
    assert (wait.all_tests, wait.all_seconds) == (2, START + 9.0)


def test_the_services_start_is_waited_for_whichever_test_comes_first() -> None:
    """The first test of the record took 21 s, of which 13 s started what all tests need."""
    folders = (("tests.accounts.test_a::test_one", 21.0), *FOLDERS[1:])
    run = run_of("monolith", folders, "test_four")
    assert waited([run], Order.OWNER_FIRST) == (2, START + 12.0)
    started = run.with_services_started()
    # The median of 21, 2, 4, 8 and 16 s is 8 s
    assert waited([started], Order.OWNER_FIRST) == (2, START + 13.0 + 12.0)
    assert waited([started], Order.AS_THEY_LIE) == waited([run], Order.AS_THEY_LIE)
