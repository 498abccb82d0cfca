"""Whose tests caught a fault, whose other tests failed, and how soon that was known."""

from dataclasses import replace

from benchmarks.experiments.isolation.records import Key, Record
from benchmarks.experiments.isolation.reports import Outcome, Test
from benchmarks.experiments.isolation.suites import BY_NAME, Tier, end_to_end
from benchmarks.experiments.isolation.tier_runs import TierRun
from benchmarks.experiments.isolation.verdicts import Caught, Counts, judge

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
BASE = (
    Test("tests.accounts.test_a::test_one", PASSED, 1.0),
    Test("tests.submissions.test_b::test_two", PASSED, 2.0),
    Test("tests.config.test_c::test_three", PASSED, 4.0),
)


def run_of(
    *red: str,
    suite: str = "monolith",
    tier: Tier = Tier.FAST,
    base: tuple[Test, ...] = BASE,
    selected: tuple[str, ...] | None = None,
) -> TierRun:
    """All tests of the base ran; those whose name ends so are red. Starting took 3 s."""
    tests = tuple(
        replace(test, outcome=FAILED) if test.name.endswith(red) and red else test for test in base
    )
    seconds = 3.0 + sum(test.seconds for test in tests)
    key = Key("a-fault", suite, "0", tier)
    record = Record(
        key, "", seconds, 1.0, network_cut=True, output=(), tests=tests, selected=selected
    )
    found = end_to_end("monolith") if suite == "end-to-end" else BY_NAME[suite]
    return TierRun(found, tier, record, base)


def test_the_owner_catches_it() -> None:
    judged = judge(["submissions"], [run_of("test_two")])
    assert judged.caught is Caught.OWNER
    assert judged.red == Counts(own=1, whole=0, others=0)
    assert judged.blast == 0
    assert (judged.wait.tests, judged.wait.seconds) == (1, 5.0)
    assert (judged.wait.all_tests, judged.wait.all_seconds) == (3, 10.0)


def test_the_tests_of_the_whole_are_every_component_s() -> None:
    judged = judge(["submissions"], [run_of("test_three")])
    assert judged.caught is Caught.OWNER
    assert judged.red == Counts(own=0, whole=1, others=0)


def test_only_other_components_tests_catch_it() -> None:
    judged = judge(["submissions"], [run_of("test_one")])
    assert judged.caught is Caught.OTHER
    assert judged.blast == 1
    assert judged.red_owners == ("accounts",)


def test_only_the_whole_flow_catches_it_or_nothing_does() -> None:
    green = [run_of(), run_of(tier=Tier.SLOW)]
    flow = (Test("cases.test_flow::test_it", PASSED, 9.0),)
    end = run_of("test_it", suite="end-to-end", tier=Tier.END_TO_END, base=flow)
    judged = judge(["submissions"], [*green, end])
    assert judged.caught is Caught.END_TO_END
    assert judged.blast == 0
    assert judged.wait.seconds == 10.0 + 10.0 + 12.0
    assert judge(["submissions"], green).caught is Caught.NOTHING


def test_what_should_have_run_and_did_not_is_unable() -> None:
    fine = run_of()
    broken = Test("tests.submissions.test_b::", Outcome.ERROR, 0.0)
    of = TierRun(fine.suite, fine.tier, replace(fine.record, tests=(broken,), seconds=3.0), BASE)
    judged = judge(["submissions"], [of])
    assert judged.unable == Counts(own=1, whole=1, others=1)
    assert judged.red == Counts(0, 0, 0)
    assert judged.caught is Caught.OWNER
    assert judged.wait.seconds == 3.0
    hung = TierRun(fine.suite, fine.tier, replace(fine.record, tests=(), problem="killed"), BASE)
    assert judge(["accounts"], [hung]).unable.others == 1


def test_the_verdict_is_there_at_the_first_red_suite() -> None:
    own = (Test("tests.test_a::test_four", PASSED, 1.0),)
    services = [run_of("test_four", suite="accounts", base=own), run_of(suite="edge", base=own)]
    judged = judge(["accounts"], services)
    assert (judged.wait.tests, judged.wait.seconds) == (1, 4.0)
    assert judged.wait.all_tests == 2
    assert judge(["accounts"], services[::-1]) == judged, "in whichever order they were run"


def test_with_selected_tests_only_those_are_waited_for() -> None:
    chosen = ("tests.submissions.test_b::test_two",)
    judged = judge(["submissions"], [run_of("test_two", selected=chosen)])
    assert (judged.selected.tests, judged.selected.seconds) == (1, 5.0)
    assert not judged.selection_misses
    missed = judge(["submissions"], [run_of("test_one", selected=chosen)])
    assert missed.selection_misses
    assert (missed.selected.tests, missed.selected.seconds) == (1, 5.0)
