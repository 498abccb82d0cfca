"""What is read of a run: CPU time by process type and block, memory, capacity."""

from pathlib import Path
from statistics import geometric_mean

import pytest
from msgspec import structs

from benchmarks.cost.document import read_cost
from benchmarks.cost.operations import COUNTS, read_counts
from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.pricing.blocks import ARMS, Block, capacity, read_blocks, usage
from benchmarks.repository import REPOSITORY
from benchmarks.results_model import reading
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.tests.pricing.made_up import block

RESULTS = REPOSITORY / "benchmarks" / "results"
EXAMPLE = RESULTS / "example"
AGAIN = "run: make cost RESULTS=benchmarks/results/example INTO=benchmarks/results/example-cost"


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    return read_blocks(ResultsFolder.open(EXAMPLE))


def test_each_block_has_both_architectures_and_their_processes(blocks: list[Block]) -> None:
    assert len(blocks) >= 5
    for measured in blocks:
        assert set(measured.sides) == set(ARMS)
        assert {"monolith-web", "monolith-worker", "monolith-sweeper"} == set(
            measured.sides["monolith"].memory_bytes
        )
        assert {"postgres", "valkey"} <= set(measured.sides["microservices"].cpu_ms)
        assert "recognition-worker" in measured.sides["microservices"].memory_bytes


def test_the_cpu_time_of_all_processes_is_that_of_the_trial(blocks: list[Block]) -> None:
    results = reading.read(EXAMPLE / "results.json").results
    assert isinstance(results, ScalingResults)
    trials = {
        (trial.block, trial.arm): trial.cpu_ms_per_submission
        for trial in results.trials
        if trial.sweep == "load" and not trial.void
    }
    for measured in blocks:
        for arm, side in measured.sides.items():
            assert sum(side.cpu_ms.values()) == pytest.approx(trials[measured.number, arm])


def test_the_capacity_is_that_of_the_undisturbed_trials(blocks: list[Block]) -> None:
    results = reading.read(EXAMPLE / "results.json").results
    assert isinstance(results, ScalingResults)
    numbers = {it.number for it in blocks}
    for arm in ARMS:
        capacities = [
            trial.capacity
            for trial in results.trials
            if (trial.sweep, trial.arm) == ("load", arm) and trial.block in numbers
            if trial.capacity is not None and not trial.void
        ]
        assert capacities
        assert capacity(blocks, arm) == pytest.approx(geometric_mean(capacities))


def test_the_committed_cost_is_of_the_committed_run(blocks: list[Block]) -> None:
    document = read_cost(COUNTS.with_name("cost.json"))
    assert document.run == reading.read(EXAMPLE / "results.json").run.id, AGAIN
    assert document.blocks == len(blocks), AGAIN
    for arm in ARMS:
        found = usage(blocks, arm, read_counts(COUNTS))
        assert document.architectures[arm].cpu_ms == pytest.approx(found.cpu_ms), AGAIN
        assert document.architectures[arm].memory_bytes == pytest.approx(found.memory_bytes), AGAIN


def test_the_mean_is_over_the_blocks() -> None:
    both = [block(1, 50.0), block(2, 70.0)]
    found = usage(both, "monolith", read_counts(COUNTS))
    assert found.cpu_ms["monolith-worker"] == pytest.approx(60.0)
    assert found.worker == "monolith-worker"
    assert found.types == ("monolith-sweeper", "monolith-web", "monolith-worker")


@pytest.mark.parametrize("name", ["example-deploy", "example-isolation"])
def test_a_run_without_that_load_is_refused(name: str) -> None:
    folder: Path = RESULTS / name
    with pytest.raises(UsageError, match="there is nothing to price"):
        read_blocks(ResultsFolder.open(folder))


def test_a_run_on_several_cores_is_refused(tmp_path: Path) -> None:
    folder = ResultsFolder.begin(tmp_path / "run")
    folder.write_json("environment.json", {"cpu": {"target_cores": [0, 1]}})
    with pytest.raises(UsageError, match="on 2 cores: costs come from runs on one core"):
        read_blocks(folder)


def test_counts_of_one_side_are_refused() -> None:
    found = read_counts(COUNTS)
    one = {"monolith": found.architectures["monolith"]}
    only = structs.replace(found, architectures=one)
    with pytest.raises(UsageError, match="lack microservices"):
        usage([block(1, 50.0)], "microservices", only)
