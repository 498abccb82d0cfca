"""A whole run on fake targets: what it writes, what it finds, what stops it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner import disk
from benchmarks.experiments.runner.arms import FLOOR, Action, Arm, Sweep
from benchmarks.experiments.runner.conformance import Proof
from benchmarks.experiments.runner.errors import (
    ConformanceError,
    DeploymentError,
    DiskFullError,
    FolderError,
    MachineError,
)
from benchmarks.experiments.runner.measured_trial import load_trials
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import _done
from benchmarks.tests.experiments.conftest import ARMS, WEB_MS, WORK_MS, Rig
from benchmarks.tests.experiments.fake_deploy import DATABASE_MS, WORK_TO_CPU, deployer
from benchmarks.tests.fake_target import Faults
from benchmarks.tests.report.sample import scaling
from benchmarks.workload.schedule import Schedule, Step

pytestmark = pytest.mark.slow
EVERYWHERE = os.sched_getaffinity(0)
FAILED_PROOF = Proof(passed=False, cases=3, failed=2, skipped=0, seconds=0.1, failures=("a", "b"))


def test_every_trial_is_there_and_adds_up(finished: ResultsFolder) -> None:
    trials = load_trials(finished)
    assert [(trial.block, trial.void) for trial in trials] == [(1, ()), (1, ()), (2, ()), (2, ())]
    assert {trial.arm for trial in trials[:2]} == {trial.arm for trial in trials[2:]} == set(ARMS)
    for trial in trials:
        assert trial.ledger is not None
        assert trial.ledger.accepted == trial.ledger.rows == trial.ledger.results
        assert trial.ledger.accepted > 0


def test_the_planted_costs_are_found(finished: ResultsFolder) -> None:
    """What a submission costs is set: web, worker (a part of its time) and database."""
    (sweep,) = scaling(derive(finished)).sweeps
    for arm in sweep.arms:
        cost = WEB_MS[arm.name] + WORK_MS[arm.name] / WORK_TO_CPU + DATABASE_MS
        assert arm.cpu_ms_per_submission == pytest.approx(cost, rel=0.1)
        assert arm.per_submission["messages_published"] == pytest.approx(3.0, rel=0.1)


def test_arrivals_are_counted_and_measured_from_their_intended_start(
    finished: ResultsFolder,
) -> None:
    (sweep,) = scaling(derive(finished)).sweeps
    for arm in sweep.arms:
        (opened,) = [level for level in arm.levels if level.rate]
        assert opened.offered == 2 * round(10.0 * 0.8)
        assert opened.rate == pytest.approx(opened.offered / 1.6, rel=0.2), "that was offered"
        # A busy machine may send the last ones late; `tests/workload` counts them one by one.
        assert opened.offered / 2 < opened.started <= opened.offered
        assert opened.shed == 0
        assert (opened.ready_ms.p50 or 0.0) >= WORK_MS[arm.name]


def test_the_claims_are_judged_in_the_right_direction(finished: ResultsFolder) -> None:
    claim = scaling(derive(finished)).claims[0]
    assert claim.measure == "CPU-ms per completed submission"
    assert (claim.first_side, claim.second_side) == ("microservices", "monolith")
    assert claim.value == pytest.approx(0.24 / 0.18, rel=0.1)
    assert [block.block for block in claim.blocks] == [1, 2]
    assert claim.words.startswith("The services need 1.")
    assert claim.verdict is Verdict.INCONCLUSIVE
    assert claim.reason == "Only 2 blocks of the 5 that a verdict needs."


def test_progress_and_time_left_are_shown(finished: ResultsFolder) -> None:
    shown = (finished.path / "screen.txt").read_text()
    assert "left] conformance of monolith and microservices" in shown
    assert "trial 4 of 4, load, block 2 of 2" in shown
    assert shown.count(" accepted, ") == 4


def test_everything_is_kept(finished: ResultsFolder) -> None:
    results = derive(finished)
    draw(finished, results)
    names = {str(path.relative_to(finished.path)) for path in finished.path.rglob("*")}
    trial = results.run.order[0]
    assert {
        *("run.json", "environment.json", "conformance.json", "results.json", "report.html"),
        *(f"raw/{trial}/{name}" for name in ("trial.json", "rows.csv.gz", "readings.csv.gz")),
        *(f"logs/{trial}/{name}" for name in ("generator.log", "web.log")),
    } <= names
    assert results.run.status == "complete"


def test_a_target_that_runs_outside_its_cores_is_void(rig: Rig) -> None:
    """The fake claims half a second of CPU for each submission; no core had so much."""
    deploy = deployer(work_ms=WORK_MS, web_ms=dict.fromkeys(ARMS, 500.0))
    for trial in load_trials(rig.run(deploy=deploy)):
        assert "of a core outside its own" in trial.void[0]


def test_a_companion_that_fills_the_generator_s_core_voids_its_trials(rig: Rig) -> None:
    deploy = deployer(work_ms=WORK_MS, web_ms=WEB_MS, companion_share=0.85)
    for trial in load_trials(rig.run(deploy=deploy)):
        assert "the generator used" in trial.void[0]


def test_a_lost_submission_voids_its_trials_in_plain_sight(rig: Rig) -> None:
    folder = rig.run(faults=Faults(lose_every=10))
    results = derive(folder)
    found = scaling(results)
    assert all("the target holds" in trial.void[0] for trial in found.trials)
    assert found.claims[0].blocks == []
    assert found.claims[0].verdict is Verdict.INCONCLUSIVE
    assert found.claims[0].reason.startswith("Only 0 blocks")
    page = draw(folder, results).read_text()
    assert "1 is void</strong>" in page
    assert "the generator got 202" in page


def test_an_arm_that_fails_conformance_gets_no_number(rig: Rig) -> None:
    rig.proofs["microservices"] = FAILED_PROOF
    with pytest.raises(ConformanceError, match="microservices fails 2 of 3"):
        rig.run()
    results = derive(rig.last)
    assert scaling(results).trials == []
    assert results.run.status.startswith("stopped: microservices fails")
    assert "No trial was run" in draw(rig.last, results).read_text()


def test_a_trial_that_can_t_be_deployed_is_void_and_the_others_count(rig: Rig) -> None:
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed = []

    def deploy(arm: Arm, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) == 3:  # the first trial, after two deploys for conformance
            raise RuntimeError("the database did not come up")
        return deploy_whole(arm, **options)

    trials = load_trials(rig.run(deploy=deploy))
    assert trials[0].void == ("RuntimeError: the database did not come up",)
    assert trials[1].counted


def test_a_machine_without_what_a_target_needs_stops_the_run_which_goes_on_later(rig: Rig) -> None:
    """Else all trials that are left would end within a moment, and never be run again."""
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed: list[Arm] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) >= 4:  # from the second trial on, after two deploys for conformance
            raise MachineError("Port 8080 of 127.0.0.1 is taken.")
        return deploy_whole(arm, **options)

    with pytest.raises(MachineError, match=r"^Port 8080 of 127\.0\.0\.1 is taken\.$"):
        rig.run(blocks=2, deploy=deploy)
    folder = rig.last
    assert [trial.counted for trial in load_trials(folder)] == [True, False]
    assert folder.read_json("run.json")["status"] == "stopped: Port 8080 of 127.0.0.1 is taken."
    rig.resume(folder)
    assert [trial.counted for trial in load_trials(folder)] == [True] * 4
    assert folder.read_json("run.json")["status"] == "complete"


def test_a_side_that_no_longer_starts_stops_the_run_before_all_trials_are_spent(rig: Rig) -> None:
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    is_broken: list[bool] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        is_broken.append(len(is_broken) >= 2 and arm.name == "monolith")
        if is_broken[-1]:
            raise DeploymentError("monolith-web-1 ended before it was ready.")
        return deploy_whole(arm, **options)

    with pytest.raises(DeploymentError, match=r"^monolith couldn't be deployed in 3 trials in a r"):
        rig.run(blocks=6, deploy=deploy)
    assert sum(is_broken) == 3
    status = rig.last.read_json("run.json")["status"]
    assert status.endswith(
        "the last one: DeploymentError: monolith-web-1 ended before it was ready."
    )


def test_ctrl_c_keeps_what_was_measured_and_stops_what_runs(rig: Rig) -> None:
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    stopped: list[str] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        @contextmanager
        def target() -> Iterator[Any]:
            with deploy_whole(arm, **options) as inner:
                try:
                    yield _InterruptedOnce(inner) if len(stopped) == 3 else inner
                finally:
                    stopped.append(arm.name)

        return target()

    with pytest.raises(KeyboardInterrupt):
        rig.run(deploy=deploy)
    assert len(stopped) == 4, "the interrupted trial's target was stopped too"
    trials = load_trials(rig.last)
    assert [trial.counted for trial in trials] == [True, False]
    assert trials[1].void == ("interrupted",)
    assert derive(rig.last).run.status == "interrupted"


def test_an_interrupted_run_goes_on_where_it_was(rig: Rig) -> None:
    """What was measured stays as it was; what was under way is run again."""
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed: list[Arm] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) == 4:
            raise KeyboardInterrupt
        return deploy_whole(arm, **options)

    with pytest.raises(KeyboardInterrupt):
        rig.run(blocks=2, deploy=deploy)
    folder = rig.last
    first = folder.trials()[0]
    written = (first / "trial.json").read_bytes()
    rig.resume(folder)
    trials = load_trials(folder)
    assert [trial.counted for trial in trials] == [True] * 4
    assert (first / "trial.json").read_bytes() == written
    run = derive(folder).run
    assert run.status == "complete"
    assert len(run.resumed_at) == 1
    with pytest.raises(FolderError, match="is complete"):
        rig.resume(folder)


def test_a_run_of_other_code_is_not_resumed(rig: Rig) -> None:
    rig.proofs["monolith"] = FAILED_PROOF
    with pytest.raises(ConformanceError):
        rig.run()
    folder = rig.last
    record = folder.read_json("run.json")
    folder.write_json("run.json", {**record, "order": record["order"][::-1]})
    with pytest.raises(FolderError, match="planned by another version of the code"):
        rig.resume(folder)


@pytest.mark.parametrize("what", ["source", "cpu", "versions"])
def test_a_run_of_another_commit_or_machine_is_not_resumed(rig: Rig, what: str) -> None:
    rig.proofs["monolith"] = FAILED_PROOF
    with pytest.raises(ConformanceError):
        rig.run()
    folder = rig.last
    environment = folder.read_json("environment.json")
    folder.write_json("environment.json", {**environment, what: {"other": True}})
    with pytest.raises(FolderError, match=f"begun with another {what}"):
        rig.resume(folder)


def test_a_floor_that_did_not_count_is_run_again(rig: Rig) -> None:
    """It would set the rates: without it a resumed run could never go on."""
    document = {"problem": None, "architecture": FLOOR}
    folder = ResultsFolder.create(rig.results, profile="tiny")
    folder.trial("001-floor-block1-floor")
    folder.write_json("raw/001-floor-block1-floor/trial.json", document)
    assert _done(folder, {"bound_per_second": None}) == set()
    assert _done(folder, {"bound_per_second": 18.2}) == {"001-floor-block1-floor"}


def test_a_full_disk_stops_the_run_in_a_sentence_and_keeps_what_there_is(rig: Rig) -> None:
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed: list[Arm] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return deploy_whole(arm, **options)

    with pytest.raises(DiskFullError, match=r"The disk is full\. What was measured until then"):
        rig.run(blocks=2, deploy=deploy)
    folder = rig.last
    assert [trial.counted for trial in load_trials(folder)] == [True, False]
    assert derive(folder).run.status.startswith("stopped: The disk is full")
    assert not (folder.path / ".reserve").exists()
    rig.resume(folder)
    assert [trial.counted for trial in load_trials(folder)] == [True] * 4


def test_a_run_without_room_from_its_start_goes_on_as_its_message_advises(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(disk, "NEEDED_BYTES", 2**62)
        with pytest.raises(DiskFullError, match=r"Make room, then `make compare RESUME="):
            rig.run()
    folder = rig.last
    assert folder.read_json("run.json")["status"].startswith("stopped: Only ")
    rig.resume(folder)
    assert [trial.counted for trial in load_trials(folder)] == [True] * 2


def test_a_sweep_that_scales_records_what_was_ordered_and_when(rig: Rig) -> None:
    """Scaled out in the second step and back in the third, each at its moment."""
    made: list[Any] = []
    deploy_whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)

    def deploy(arm: Arm, **options: Any) -> Any:
        made.append(deploy_whole(arm, **options))
        return made[-1]

    steps = (Step(0.2, 0.6, rate=10), Step(0.0, 1.0, rate=20), Step(0.0, 0.8, rate=10))
    arms = (Arm("monolith", "monolith", scaled={"app-worker": 3}),)
    actions = (Action(0.8, out=True), Action(1.8, out=False))
    sweep = Sweep("elasticity", "elasticity", "It", arms, Schedule(steps), 1, actions)
    (trial,) = load_trials(rig.run(deploy=deploy, sweep=sweep))
    assert made[-1].scaled == [("app-worker", 3), ("app-worker", 1)]
    out, back = trial.document["actions"]
    assert (out["out"], back["out"]) == (True, False)
    stepped_at = trial.levels[1].window.start
    assert 0.15 < out["ordered_at"] - stepped_at < back["ordered_at"] - stepped_at - 0.5
    assert trial.void == ()


class _InterruptedOnce:
    """A target during whose second reading Ctrl-C is pressed."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._samples = 0

    def sample(self) -> Any:
        self._samples += 1
        if self._samples == 2:
            raise KeyboardInterrupt
        return self._inner.sample()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def test_the_harness_has_its_cores_back_afterwards(finished: ResultsFolder) -> None:
    assert os.sched_getaffinity(0) == EVERYWHERE


def test_the_harness_is_not_patched_by_locust(tmp_path: Path) -> None:
    """Locust patches sockets, threads and subprocesses of whatever process imports it."""
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = "import benchmarks.commands.compare, sys; sys.exit('gevent' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[4], timeout=60
    )
    assert done.returncode == 0
