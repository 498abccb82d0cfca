"""The plan: what each profile releases, in how many blocks, and how long that takes."""

import pytest

from benchmarks.analysis.verdicts import FEWEST_BLOCKS
from benchmarks.experiments.catalogue.releases import SCENARIOS
from benchmarks.experiments.deploy.summary.measures import QUESTIONS
from benchmarks.experiments.deploy.sweeps import CALM_SECONDS, sweeps
from benchmarks.experiments.runner.arms import ARCHITECTURES, Sweep
from benchmarks.experiments.runner.plans import trial_seconds
from benchmarks.experiments.runner.profiles import PROFILES

LONGEST = {"two-teams": 24.6}  # seconds of a release in `results/example-deploy`
LONGEST_OF_ONE = 12.5


def planned_seconds(profile: str) -> float:
    """Return what the trials take; the conformance suite runs once for all experiments of a run."""
    return sum(
        sweep.blocks * trial_seconds(sweep, arm) for sweep in sweeps(profile) for arm in sweep.arms
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_sweeps_survive_the_file_and_have_both_sides_of_each_scenario(profile: str) -> None:
    for sweep in sweeps(profile):
        assert Sweep.from_json(sweep.to_json()) == sweep
        if sweep.name == "steady":
            continue
        scenarios = [arm.scenario for arm in sweep.arms]
        assert scenarios == [name for name in dict.fromkeys(scenarios) for _ in ARCHITECTURES]
        assert [arm.architecture for arm in sweep.arms[:2]] == list(ARCHITECTURES)


@pytest.mark.parametrize("profile", sorted(set(PROFILES) - {"smoke"}))
def test_every_claim_has_the_blocks_that_a_verdict_needs(profile: str) -> None:
    blocks = {arm.scenario: sweep.blocks for sweep in sweeps(profile) for arm in sweep.arms}
    claimed = [question for question in QUESTIONS if question.way.scenario in blocks]
    assert {question.claim.name for question in claimed} >= {"lead-time", "submit-wait"}
    for question in claimed:
        assert blocks[question.way.scenario] >= FEWEST_BLOCKS
    if profile != "quick":
        assert len(claimed) == len(QUESTIONS)
        # An alternative is judged by the same rules
        assert blocks["secret-rotation"] >= FEWEST_BLOCKS


def test_full_has_every_scenario() -> None:
    released = {arm.scenario for sweep in sweeps("full") for arm in sweep.arms}
    assert released >= {scenario.name for scenario in SCENARIOS}


def test_quick_takes_six_minutes_and_a_half_and_standard_thirty() -> None:
    assert planned_seconds("quick") <= 6.5 * 60
    assert planned_seconds("standard") <= 30 * 60


@pytest.mark.parametrize("profile", PROFILES)
def test_a_window_has_room_for_the_longest_release(profile: str) -> None:
    for sweep in sweeps(profile):
        if sweep.name == "steady":
            continue
        longest = max(LONGEST.get(arm.scenario, LONGEST_OF_ONE) for arm in sweep.arms)
        assert sweep.schedule.steps[0].window_seconds >= CALM_SECONDS + 1.15 * longest
