"""From trials to the document: ratios in blocks, void trials apart, figures that add up."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.scaling.claims import CLAIMS
from benchmarks.experiments.scaling.summary import summarize
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.sweeps import LoadSweep, WorkSweep
from benchmarks.tests.report.made_up import Circumstances
from benchmarks.tests.report.made_up_arms import costs
from benchmarks.tests.report.sample import (
    LOAD,
    SWEEPS,
    every_trial,
    everything,
    first_trial,
    scaling,
    trials,
    unsaturated,
)


def summed(measured: Sequence[Trial]) -> ScalingResults:
    return summarize([LOAD], measured)


def claims(found: ScalingResults) -> dict[str, JudgedClaim]:
    return {claim.name: claim for claim in found.claims}


def arms(found: ScalingResults, sweep: str = "load") -> dict[str, Arm]:
    (wanted,) = (it for it in found.sweeps if it.name == sweep)
    return {arm.name: arm for arm in wanted.arms}


def test_ratios_are_taken_within_blocks() -> None:
    """Each block's machine had its own speed; the ratio of each block is the same but for it."""
    capacity = claims(summed(trials()))["capacity"]
    assert [block.block for block in capacity.blocks] == [1, 2, 3]
    assert capacity.value == pytest.approx(1.17, rel=0.03)
    assert capacity.verdict is None, "it restates the CPU time"


def test_a_run_has_only_the_claims_of_its_sweeps() -> None:
    assert [*claims(summed(trials()))] == ["cpu-per-submission", "capacity", "open-latency"]
    everywhere = claims(scaling(everything()))
    assert len(everywhere) == len(CLAIMS)
    assert {name: claim.unit for name, claim in everywhere.items()} == {
        "cpu-per-submission": "ms",
        "capacity": "1/s",
        "open-latency": "ms",
        "work-dilutes": "",
        "memory-per-replica": "bytes",
        "worker-memory": "bytes",
        "recovery": "s",
    }


def test_parts_add_up_to_the_whole() -> None:
    by_name = {arm.name: arm for arm in LOAD.arms}
    for name, arm in arms(summed(trials())).items():
        total = sum(part.cpu_ms for part in arm.cpu_by_process)
        assert total == pytest.approx(arm.cpu_ms_per_submission)
        assert total == pytest.approx(sum(costs(by_name[name]).values()), rel=0.02)
        for level in arm.levels:
            parts = sum(part.cpu_ms for part in level.cpu_by_process)
            assert parts == pytest.approx(level.cpu_ms_per_submission.mean, rel=0.02)


def test_a_void_trial_is_listed_and_counts_for_nothing() -> None:
    whole, with_loss = summed(trials()), summed(trials(lost=1))
    assert [bool(it.void) for it in with_loss.trials] == [False] * 5 + [True]
    assert arms(with_loss)["microservices"].counted_trials == 2
    assert arms(with_loss)["monolith"] == arms(whole)["monolith"]
    for claim in with_loss.claims:
        assert [block.block for block in claim.blocks] == [1, 2], "its block has no pair"


def test_arrivals_that_were_never_sent_void_a_trial() -> None:
    (reasons,) = (it.void for it in summed(trials(late=3)).trials if it.void)
    assert len(reasons) == 2, "at each rate of arrivals"
    assert "arrivals were sent (limit 98%)" in reasons[0]


def test_without_saturation_there_is_no_capacity_but_a_cost() -> None:
    found = claims(summed([unsaturated(it) for it in trials()]))
    assert found["capacity"].blocks == []
    assert found["capacity"].words == "Nothing was measured that counts."
    assert found["cpu-per-submission"].blocks


def test_a_disturbed_trial_has_a_cost_but_no_capacity() -> None:
    found = summed(trials(others=0.3))
    assert [it.disturbed for it in found.trials] == [False] * 5 + [True]
    assert found.trials[5].void == []
    by_name = claims(found)
    assert [block.block for block in by_name["cpu-per-submission"].blocks] == [1, 2, 3]
    assert [block.block for block in by_name["capacity"].blocks] == [1, 2]


def test_a_law_of_disturbed_trials_alone_is_refused_for_that() -> None:
    found = summed([first_trial(Circumstances(others=0.3))])
    (load,) = found.sweeps
    assert isinstance(load, LoadSweep)
    assert load.usl[0].refused == "other work disturbed every trial that counts"
    assert str(load.usl[1].refused).startswith("no levels were measured")


def test_percentiles_are_of_all_rows_of_all_counted_trials() -> None:
    level = arms(summed(trials()))["monolith"].levels[3]
    assert (
        level.ready_ms.count
        == level.completed
        == sum(one.levels[3].completed for one in trials() if one.arm == "monolith")
    )


def test_one_block_gives_a_ratio_without_an_interval() -> None:
    found = claims(summed(trials()[:2]))["cpu-per-submission"]
    assert found.value is not None
    assert found.low is None
    assert found.scatter is None
    assert found.verdict == "inconclusive"
    assert "in the one block that counts" in found.words


def test_the_more_work_the_nearer_the_ratio_is_to_one() -> None:
    (work,) = (sweep for sweep in scaling(everything()).sweeps if isinstance(sweep, WorkSweep))
    ratios = [point.cpu.ratio for point in work.points if point.cpu.ratio is not None]
    assert ratios == sorted(ratios)
    assert len(ratios) == len(work.points)
    assert [point.work_cpu_ms for point in work.points] == [0.0, 35.0, 140.0]


def test_costs_are_given_in_multiples_of_the_floor_where_the_work_is_its() -> None:
    found = scaling(everything())
    floor = found.floor_cpu_ms
    monolith = arms(found)["monolith"]
    assert floor is not None
    assert monolith.floor_multiple is not None
    assert monolith.floor_multiple * floor == pytest.approx(monolith.cpu_ms_per_submission)
    assert arms(found, "waiting")["monolith"].floor_multiple is None


def test_nothing_measured_is_summed_up_too() -> None:
    found = summarize(SWEEPS, [])
    assert all(claim.value is None for claim in found.claims)
    assert all(arm.levels == [] for sweep in found.sweeps for arm in sweep.arms)


def test_what_was_never_back_counts_as_the_time_that_was_watched() -> None:
    """Left out, the slowest recoveries would make their arm look good."""
    (sweep,) = (it for it in SWEEPS if it.name == "elasticity")
    measured = [it for it in every_trial() if it.sweep == "elasticity"]
    (claim,) = summarize([sweep], [_never_back(it, "monolith-worker") for it in measured]).claims
    watched = sweep.schedule.steps[1].window_seconds - 5.0  # the order comes 5 s after the step
    assert [block.first for block in claim.blocks] == [pytest.approx(watched)] * 3
    neither = [_never_back(_never_back(it, "monolith-worker"), "recognition") for it in measured]
    (claim,) = summarize([sweep], neither).claims
    assert claim.blocks == [], "of two without a recovery neither is sooner"


def _never_back(trial: Trial, arm: str) -> Trial:
    if trial.arm != arm:
        return trial
    since = trial.levels[1].window.start
    slow = (
        replace(call, latency_ms=60_000.0) if call.intended_at >= since else call
        for call in trial.calls
    )
    return replace(trial, calls=tuple(slow))


def test_a_replica_s_memory_is_its_own_processes() -> None:
    """Three more of all: three webs and three workers, and no backing service."""
    (sweep,) = (it for it in SWEEPS if it.name == "replicas-working")
    measured = [it for it in every_trial() if it.sweep == "replicas-working" and it.block == 1]
    small, large = (
        next(it for it in measured if it.arm == arm) for arm in ("monolith-x1", "monolith-whole-x4")
    )
    held = [
        sum(
            amount
            for process, amount in trial.levels[-1].memory_bytes.items()
            if process.role == "unit"
        )
        for trial in (small, large)
    ]
    claim = claims(summarize([sweep], measured))["memory-per-replica"]
    assert claim.blocks[0].first == pytest.approx((held[1] - held[0]) / 3)
