"""From trials to the document: hand-made trials with what they must come to."""

from collections.abc import Mapping

import pytest

from benchmarks.experiments.deploy.summary import summarize
from benchmarks.experiments.deploy.sweeps import sweeps
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.report.warnings import warnings
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.experiments import DeployResults
from benchmarks.results_model.sweeps import ReleasesSweep
from benchmarks.tests.experiments.deploy.made_up import CALM_SECONDS, note, trial
from benchmarks.tests.report.sample import results, trials

UNEVEN = (0.0, 0.1, -0.1, 0.05, -0.05, 0.02, -0.02, 0.01)  # seconds, of each block
SECONDS: Mapping[tuple[str, str], float] = {  # of a release of each scenario
    ("field-added", "monolith"): 15.0,
    ("field-added", "microservices"): 10.0,
    ("secret-rotation", "monolith"): 15.0,
    ("secret-rotation", "microservices"): 4.0,
}


def released(arm: Arm, sweep: Sweep, block: int, *, during_ms: Mapping[str, float]) -> Trial:
    side = arm.architecture
    seconds = SECONDS.get((arm.scenario, side), 8.0) + UNEVEN[block - 1]
    notes = [note(CALM_SECONDS, seconds)]
    if arm.scenario == "two-teams":
        waits = seconds if side == "monolith" else 0.0
        notes.append(note(CALM_SECONDS, waits + seconds, waited=waits, build_seconds=1.0))
    return trial(notes, sweep=sweep.name, arm=arm.name, block=block, during_ms=during_ms[side])


def run(profile: str, **during_ms: float) -> DeployResults:
    planned = [it for it in sweeps(profile) if it.name != "steady"]
    slow = {"monolith": 200.0, "microservices": 200.0, **during_ms}
    made = [
        released(arm, sweep, block, during_ms=slow)
        for sweep in planned
        for block in range(1, sweep.blocks + 1)
        for arm in sweep.arms
    ]
    return summarize(planned, made)


@pytest.fixture(scope="module")
def standard() -> DeployResults:
    return run("standard", microservices=300.0)


def claim(found: DeployResults, name: str) -> JudgedClaim:
    (one,) = (it for it in found.claims if it.name == name)
    return one


def test_the_lead_time_is_the_build_and_the_release(standard: DeployResults) -> None:
    judged = claim(standard, "lead-time")
    assert judged.value == pytest.approx((3.0 + 15.0) / (3.0 + 10.0), rel=0.01)
    assert judged.verdict == "supported"
    assert (judged.first_side, judged.second_side) == ("monolith", "microservices")
    by = {it.variation: it for it in judged.alternatives}
    assert by["without the build"].value == pytest.approx(15.0 / 10.0, rel=0.01)
    (accounts,) = (it for name, it in by.items() if "accounts" in name)
    assert accounts.value == pytest.approx(18.0 / 7.0, rel=0.01)
    assert accounts.verdict == "supported"
    (once,) = (it for name, it in by.items() if "imaging" in name)
    assert (once.blocks, once.verdict) == (1, "inconclusive")


def test_two_teams_take_the_longest_build_once(standard: DeployResults) -> None:
    judged = claim(standard, "two-teams")
    assert judged.sweep == "two-teams"
    assert judged.value == pytest.approx((3.0 + 16.0) / (3.0 + 8.0), rel=0.02)
    by = {it.variation: it for it in judged.alternatives}
    assert by["one build after the other"].value == pytest.approx((4.0 + 16.0) / (4.0 + 8.0), 0.02)


def test_longer_waits_in_the_services_refute_the_claim(standard: DeployResults) -> None:
    judged = claim(standard, "submit-wait")
    assert (judged.first, judged.second) == pytest.approx((200.0, 300.0))
    assert judged.verdict == "not supported"
    assert "0.667 times" in judged.words


def test_equal_waits_are_no_difference_that_matters() -> None:
    judged = claim(run("quick"), "submit-wait")
    assert judged.verdict == "no difference that matters"
    assert len(judged.blocks) == 5


def test_a_profile_without_a_scenario_lacks_its_claim() -> None:
    found = run("quick", monolith=300.0)
    assert [it.name for it in found.claims] == ["lead-time", "submit-wait"]
    assert claim(found, "submit-wait").verdict == "supported"
    variations = [it.variation for it in claim(found, "lead-time").alternatives]
    assert len(variations) == 2, "those that the field's own trials give"


def test_the_other_component_may_contradict() -> None:
    """The field's release hurts the services more, another component's hurts the monolith more."""
    planned = [it for it in sweeps("standard") if it.name in {"releases", "components"}]
    made = [
        released(arm, sweep, block, during_ms=slow)
        for sweep, slow in zip(
            planned,
            (
                {"monolith": 200.0, "microservices": 300.0},
                {"monolith": 300.0, "microservices": 200.0},
            ),
            strict=True,
        )
        for block in range(1, sweep.blocks + 1)
        for arm in sweep.arms
    ]
    judged = claim(summarize(planned, made), "submit-wait")
    assert judged.verdict == "inconclusive"
    assert "accounts" in judged.reason


def test_totals_have_the_limit_and_the_waits_in_ms(standard: DeployResults) -> None:
    first = standard.sweeps[0]
    assert isinstance(first, ReleasesSweep)
    totals = {arm.architecture: arm.totals for arm in first.releases}
    monolith, services = totals["monolith"], totals["microservices"]
    assert monolith is not None
    assert services is not None
    assert services.slow_above_ms["submit"] == 300.0
    assert monolith.slow_above_ms == services.slow_above_ms, "one limit, so shares are comparable"
    wait = services.waits["submit"]
    assert (wait.percentile, wait.percentile_ms, wait.calm_median_ms) == (95, 300.0, 100.0)


def test_a_block_without_one_side_is_left_out() -> None:
    (planned,) = sweeps("quick")
    made = [
        released(arm, planned, block, during_ms={"monolith": 200.0, "microservices": 200.0})
        for block in range(1, 6)
        for arm in planned.arms
        if (arm.architecture, block) != ("monolith", 3)
    ]
    found = summarize([planned], made)
    assert [it.block for it in claim(found, "lead-time").blocks] == [1, 2, 4, 5]
    assert claim(found, "lead-time").verdict == "inconclusive"


def test_releases_that_outlast_the_load_have_a_warning() -> None:
    (planned,) = sweeps("quick")
    made = [
        trial([note(1.0, seconds)], sweep=planned.name, arm=arm.name)
        for arm, seconds in zip(planned.arms, (4.0, 90.0), strict=True)
    ]
    document = results(trials())
    (warning,) = (it for it in warnings(document, summarize([planned], made)) if "outlasted" in it)
    assert warning.startswith("In 1 of 2 trials a release outlasted the load, by up to ")
    assert not [
        it for it in warnings(document, summarize([planned], made[:1])) if "outlasted" in it
    ]
