"""The figures of a made-up run, their form, and the page that is drawn of them."""

import json
from pathlib import Path

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.isolation.claims import CLAIMS
from benchmarks.experiments.isolation.summary import summarize
from benchmarks.experiments.isolation.summary.measures import (
    MEASURES,
    OWN_SUITES,
    SELECTED,
    STARTED,
)
from benchmarks.experiments.isolation.waits import Order
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.isolation_faults import CountsByOwner, Wait
from benchmarks.tests.experiments.isolation.made_up import make


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> IsolationResults:
    return summarize(make(tmp_path_factory.mktemp("run")))


def test_each_fault_is_reported_of_on_both_sides(found: IsolationResults) -> None:
    assert [it.name for it in found.faults] == ["accounts-wrong", "submissions-broken"]
    wrong = found.faults[0].sides
    assert wrong["monolith"].red == CountsByOwner(own=1, whole=0, others=1)
    assert wrong["monolith"].blast == 1
    assert wrong["microservices"].blast == 0
    assert wrong["monolith"].wait == Wait(tests=1, seconds=3.0, all_tests=4, all_seconds=6.0)
    broken = found.faults[1].sides["monolith"]
    assert broken.unable == CountsByOwner(own=1, whole=1, others=2)
    assert broken.suites[0].problem == "can't be made"


def test_the_shares_are_claims_and_the_teams_are_counted(found: IsolationResults) -> None:
    blast, owner = _claim(found, "blast"), _claim(found, "owner")
    assert (blast.first, blast.second, blast.value) == (1.0, 0.0, 1.0)
    assert (blast.first_side, blast.scale, blast.unit) == ("monolith", "difference", "share")
    assert (owner.first_side, owner.value) == ("microservices", 0.0)
    assert blast.verdict is Verdict.INCONCLUSIVE
    assert blast.reason == "Only 2 faults of the 5 that a verdict needs."
    assert found.caught["monolith"]["by the owner's tests"] == 2
    # Who broke all tests sees no more red; who broke two of them does.
    monolith, services = found.teams["monolith"], found.teams["microservices"]
    assert monolith is not None
    assert services is not None
    assert (monolith.see_other, services.see_other) == (0.5, 0.0)


def _claim(found: IsolationResults, name: str) -> JudgedClaim:
    return next(claim for claim in found.claims if claim.name == name)


def test_each_claim_is_measured_in_the_other_ways_that_it_depends_on(
    found: IsolationResults,
) -> None:
    assert set(MEASURES) == {claim.name for claim in CLAIMS}
    for claim in found.claims:
        assert claim.depends
        varied = [it.variation for it in claim.alternatives]
        assert varied == list(MEASURES[claim.name].alternatives)
        assert all(it.blocks == 2 for it in claim.alternatives)
        assert OWN_SUITES in varied
    seconds = _claim(found, "verdict-seconds")
    assert {it.variation for it in seconds.alternatives} == {
        *(str(order) for order in Order if order is not Order.OWNER_FIRST),
        SELECTED,
        STARTED,
        OWN_SUITES,
    }
    assert _claim(found, "verdict-tests").restates == "verdict-seconds"
    assert _claim(found, "verdict-tests").verdict is None


def test_what_counts_as_a_component_s_own_is_varied(found: IsolationResults) -> None:
    """In the monolith all tests are unable after the second fault; other ones fail at the first."""
    values = {it.variation: it.value for it in _claim(found, "blast").alternatives}
    assert values["red tests alone, without those that can't run"] == 0.5
    assert values["the tests of the whole monolith count as other components'"] == 1.0


def test_without_a_selection_of_tests_nothing_is_reported_of_one(tmp_path: Path) -> None:
    """As in a quick run, which doesn't record what each test needs."""
    for path in (make(tmp_path) / "raw").glob("*/*.json"):
        document = json.loads(path.read_text())
        if "selected" in document:
            path.write_text(json.dumps({**document, "selected": None}))
    found = summarize(tmp_path)
    assert all(side.selected is None for fault in found.faults for side in fault.sides.values())
    varied = {it.variation for claim in found.claims for it in claim.alternatives}
    assert not [it for it in varied if "pytest-testmon" in it]
    assert OWN_SUITES in varied
