"""Overhead: what is divided by what, over which blocks or rounds, against which goal."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.scaling.overhead import parts
from benchmarks.experiments.scaling.summary import summarize
from benchmarks.experiments.scaling.sweeps import sweeps
from benchmarks.results_model.overhead import Overhead, OverheadFigure
from benchmarks.results_model.sweeps import OverheadSweep
from benchmarks.tests.report.made_up_overhead import overhead_trial, without_part


def swept(profile: str = "standard") -> Sweep:
    (found,) = (it for it in sweeps(profile) if it.name == "overhead")
    return found


def trials(sweep: Sweep, blocks: int) -> list[Trial]:
    return [
        overhead_trial(sweep, arm, block, 2 * block + place, speed=1 + 0.02 * block)
        for block in range(1, blocks + 1)
        for place, arm in enumerate(sweep.arms)
    ]


def overhead(sweep: Sweep, measured: Sequence[Trial]) -> Overhead:
    (found,) = summarize([sweep], measured).sweeps
    assert isinstance(found, OverheadSweep)
    return found.overhead


def figure(found: Overhead, name: str, arm: str = "monolith") -> OverheadFigure:
    (one,) = (it for it in found.figures if (it.name, it.arm) == (name, arm))
    return one


@pytest.mark.parametrize(
    ("name", "ratio"),
    [
        ("upload-cpu", 72 / 60),
        ("url-cpu", 60 / 50),
        ("throughput", 1 / 1.2),
        ("ready", 65 / 62),
        ("client", 80 / 62),
        ("read", 3.0),
        ("result", 5.0),
        ("image", 5.5),
        ("submit", 10.0),
        ("submit-over-insert", 4.0),
    ],
)
def test_each_figure_is_a_part_over_its_own_reference(name: str, ratio: float) -> None:
    found = figure(overhead(swept(), trials(swept(), 5)), name)
    assert found.ratio.ratio == pytest.approx(ratio)
    assert len(found.ratio.blocks) == 5


def test_a_target_does_not_pay_for_the_references_beside_it() -> None:
    """They poll and wait a little, in whatever part; it is no work of the target's."""
    assert figure(overhead(swept(), trials(swept(), 2)), "read").value == pytest.approx(
        1.2 / 1.03, rel=0.001
    )


def test_the_services_are_also_divided_by_the_monolith() -> None:
    found = figure(overhead(swept(), trials(swept(), 5)), "services-cpu", "microservices")
    assert found.ratio.ratio == pytest.approx(1.05)
    assert found.goal is not None
    assert found.goal.limit == 1.08


def test_with_several_blocks_the_sample_is_the_block_and_its_rounds_are_one() -> None:
    found = overhead(swept(), trials(swept(), 3))
    assert found.per == "block"
    assert found.rounds > 1
    assert len(figure(found, "upload-cpu").ratio.blocks) == 3
    assert (
        "3 blocks" in figure(found, "ready").ratio.method
        or "equal" in figure(found, "ready").ratio.method
    )


def test_with_one_block_it_is_the_round() -> None:
    quick = swept("quick")
    found = overhead(quick, trials(quick, 1))
    assert found.per == "round"
    assert len(figure(found, "upload-cpu").ratio.blocks) == found.rounds >= 3


def test_the_reverse_of_a_goal_for_the_most_is_a_goal_for_the_least() -> None:
    found = overhead(swept(), trials(swept(), 2))
    goal = figure(found, "throughput").goal
    assert goal is not None
    assert (goal.limit, goal.is_most) == (0.8, False)
    assert figure(found, "submit-over-insert").goal is None


def test_a_part_without_a_request_has_no_figure() -> None:
    measured = [without_part(it, parts.READ) for it in trials(swept(), 2)]
    found = overhead(swept(), measured)
    assert figure(found, "read").ratio.ratio is None
    assert figure(found, "result").ratio.ratio is not None


def test_without_a_trial_that_counts_nothing_is_known() -> None:
    measured = [replace(it, void=("it failed",)) for it in trials(swept(), 2)]
    found = overhead(swept(), measured)
    assert all(it.ratio.ratio is None for it in found.figures)
    assert all(it.cpu_ms is None for it in found.minimal)


def test_what_a_minimal_endpoint_costs_is_listed() -> None:
    costs = [it.cpu_ms for it in overhead(swept(), trials(swept(), 1)).minimal]
    assert costs == pytest.approx([0.4 / 1.02, 0.1 / 1.02, 1.0 / 1.02])


def test_parts_are_no_levels_of_the_arm_or_the_trial() -> None:
    """A results file with each part as a level would be thousands of lines longer."""
    found = summarize([swept()], trials(swept(), 1))
    assert all(not arm.levels and arm.counted_trials == 1 for arm in found.sweeps[0].arms)
    assert all(not trial.levels for trial in found.trials)
