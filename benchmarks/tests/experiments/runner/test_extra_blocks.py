"""Lost blocks are made up for: by the rule alone, within its budget, and after a stop too."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.blocks import Planned, plan
from benchmarks.experiments.runner.extra_blocks import (
    ExtraBlocks,
    IsLost,
    is_lost,
    most_extra,
    whole_order,
)
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.tests.experiments.conftest import ARMS, WEB_MS, WORK_MS, Rig, load_sweep
from benchmarks.tests.experiments.fake_deploy import deployer
from benchmarks.tests.report.made_up import Circumstances
from benchmarks.tests.report.sample import first_trial
from benchmarks.workload.schedule import Schedule

SEED = 3
SHORT = Schedule.closed((2,), 0.1, 0.4)


def sweep(name: str, blocks: int) -> Sweep:
    return Sweep(name, "load", "It", tuple(Arm(arm, arm) for arm in ARMS), SHORT, blocks)


class Lost:
    """Loses the trials of these blocks of a sweep, on one arm."""

    def __init__(self, blocks: Collection[tuple[str, int]]) -> None:
        self.blocks = blocks

    def __call__(self, trial: Trial) -> bool:
        return (trial.sweep, trial.block) in self.blocks and trial.arm == ARMS[1]


class WrittenRun:
    """A run whose trials are written and not run."""

    def __init__(self, path: Path, sweeps: list[Sweep], lost: IsLost) -> None:
        self.folder = ResultsFolder.create(path, profile="tiny")
        self.sweeps = sweeps
        planned = plan(sweeps, SEED)
        self.record: dict[str, Any] = {
            "seed": SEED,
            "order": [it.name for it in planned],
            "extra_blocks": [],
        }
        self.extra = ExtraBlocks(self.folder, sweeps, self.record, lost)
        self.write(planned)

    def write(self, trials: list[Planned]) -> None:
        for trial in trials:
            document = {
                "name": trial.name,
                "sweep": trial.sweep,
                "block": trial.block,
                "arm": trial.arm,
                "architecture": trial.arm,
                "steps": SHORT.to_json(),
                "problem": None,
                "target_cores": [0],
                "windows": [],
                "drained": {},
                "actions": [],
            }
            self.folder.trial(trial.name)
            self.folder.write_json(f"raw/{trial.name}/trial.json", document)

    def added(self) -> Iterator[tuple[str, int]]:
        """Write extra blocks as long as there are any."""
        while trials := self.extra.next():
            self.write(trials)
            assert sorted(it.arm for it in trials) == sorted(ARMS)
            yield trials[0].sweep, trials[0].block


def test_one_lost_block_is_made_up_for_by_one(tmp_path: Path) -> None:
    run = WrittenRun(tmp_path, [sweep("load", 5)], Lost({("load", 2)}))
    assert list(run.added()) == [("load", 6)]


def test_without_a_lost_block_there_is_none_more(tmp_path: Path) -> None:
    run = WrittenRun(tmp_path, [sweep("load", 5)], Lost({("work", 2)}))
    assert list(run.added()) == []
    assert run.record["extra_blocks"] == []


def test_the_budget_ends_however_many_are_lost(tmp_path: Path) -> None:
    everything = Lost([("load", block) for block in range(1, 20)])
    run = WrittenRun(tmp_path, [sweep("load", 5)], everything)
    assert list(run.added()) == [("load", 6), ("load", 7), ("load", 8)]
    assert [most_extra(blocks) for blocks in (1, 2, 5, 6, 40)] == [1, 2, 3, 4, 24]


def test_a_lost_extra_block_is_made_up_for_as_well(tmp_path: Path) -> None:
    run = WrittenRun(tmp_path, [sweep("load", 5)], Lost({("load", 1), ("load", 6)}))
    assert list(run.added()) == [("load", 6), ("load", 7)]


def test_sweeps_take_turns(tmp_path: Path) -> None:
    lost = Lost([(name, block) for name in ("load", "work") for block in (1, 2)])
    run = WrittenRun(tmp_path, [sweep("load", 5), sweep("work", 4)], lost)
    assert list(run.added()) == [("load", 6), ("work", 5), ("load", 7), ("work", 6)]


def test_the_order_grows_in_run_json_and_is_that_of_a_resumed_run(tmp_path: Path) -> None:
    run = WrittenRun(tmp_path, [sweep("load", 5), sweep("work", 2)], Lost({("load", 2)}))
    list(run.added())
    written = run.folder.read_json("run.json")
    order = whole_order(run.sweeps, SEED, written["extra_blocks"])
    assert [it.name for it in order] == written["order"]
    assert [it.number for it in order] == list(range(1, 2 * 5 + 2 * 2 + 2 + 1))
    assert order[-1].block == 6


def test_the_arms_of_extra_blocks_are_in_random_order() -> None:
    every = [
        whole_order([sweep("load", 1)], seed, [{"sweep": "load", "block": 2}]) for seed in range(20)
    ]
    assert {order[2].arm for order in every} == set(ARMS)


def test_void_and_disturbed_trials_are_lost_and_no_others() -> None:
    """Whatever was measured: only whether the trial counts, and other work."""
    assert not is_lost(first_trial())
    assert not is_lost(first_trial(Circumstances(speed=0.2)))
    assert is_lost(first_trial(Circumstances(lost=1)))
    disturbed = first_trial(Circumstances(others=0.3))
    assert disturbed.counted
    assert is_lost(disturbed)


def test_other_work_while_most_arrivals_came_loses_the_block() -> None:
    assert is_lost(replace(first_trial(), disturbed_arrivals=True))


def test_other_work_beside_an_injected_fault_loses_its_block() -> None:
    """A killed process is still read, with what it had used, so it doesn't look like other work."""
    fault = {"fault": "kill monolith-web"}
    disturbed, calm = first_trial(Circumstances(others=0.3)), first_trial()
    for trial in (disturbed, calm):
        trial.document["actions"] = [fault]
    assert is_lost(disturbed)
    assert not is_lost(calm)
    assert not is_lost(replace(calm, disturbed_arrivals=True)), "one of many windows"


def test_only_a_smoke_run_makes_up_for_nothing() -> None:
    assert [name for name, it in PROFILES.items() if not it.replaces_lost] == ["smoke"]


@pytest.mark.slow
def test_a_disturbed_block_is_run_once_more(rig: Rig) -> None:
    folder = rig.run(sweep=load_sweep(2, SHORT), lost=Lost({("load", 1)}))
    assert [(it.block, it.counted) for it in load_trials(folder)] == [
        *((block, True) for block in (1, 1, 2, 2, 3, 3)),
    ]
    record = folder.read_json("run.json")
    assert record["extra_blocks"] == [{"sweep": "load", "block": 3}]
    assert record["status"] == "complete"
    shown = rig.screen.getvalue()
    assert "load: blocks were lost, so block 3 is run as well" in shown
    assert "trial 6 of 6, load, block 3 of 2 planned" in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "blocks"), [(None, [1, 1]), (lambda trial: not trial.counted, [1, 1, 2, 2])]
)
def test_a_void_trial_is_made_up_for_where_the_profile_does(
    rig: Rig, lost: IsLost | None, blocks: list[int]
) -> None:
    whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed: list[Arm] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) == 2 + 1:  # the first trial, after two deploys for conformance
            raise RuntimeError("the database did not come up")
        return whole(arm, **options)

    trials = load_trials(rig.run(sweep=load_sweep(1, SHORT), deploy=deploy, lost=lost))
    assert [it.block for it in trials] == blocks
    assert [it.counted for it in trials] == [False, *(True for _ in blocks[1:])]


@pytest.mark.slow
def test_a_run_that_stops_in_an_extra_block_goes_on_there(rig: Rig) -> None:
    """The first arm of the extra block is run, the second isn't; then a further one is needed."""
    whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed: list[Arm] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) == 2 + 4 + 2:  # conformance, two blocks, the extra one's second
            raise KeyboardInterrupt
        return whole(arm, **options)

    with pytest.raises(KeyboardInterrupt):
        rig.run(sweep=load_sweep(2, SHORT), deploy=deploy, lost=Lost({("load", 1)}))
    folder = rig.last
    assert folder.read_json("run.json")["extra_blocks"] == [{"sweep": "load", "block": 3}]
    first = (folder.trials()[0] / "trial.json").read_bytes()
    rig.resume(folder, lost=Lost({("load", 1), ("load", 3)}))
    trials = load_trials(folder)
    assert [it.block for it in trials] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert all(it.counted for it in trials)
    assert (folder.trials()[0] / "trial.json").read_bytes() == first
    assert json.loads((folder.path / "run.json").read_text())["status"] == "complete"
