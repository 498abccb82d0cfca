"""A whole run on fake targets: what it writes, what it finds, what stops it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.engine.conformance import Proof
from benchmarks.experiments.engine.errors import ConformanceError
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.reading import load_trials
from benchmarks.experiments.results import derive, draw
from benchmarks.tests.experiments.conftest import ARMS, WEB_MS, WORK_MS, Rig
from benchmarks.tests.experiments.fake_deploy import deployer
from benchmarks.tests.fake_target import Faults


def test_every_trial_is_there_and_adds_up(finished: ResultsFolder) -> None:
    trials = load_trials(finished)
    assert [(trial.block, trial.void) for trial in trials] == [(1, ()), (1, ()), (2, ()), (2, ())]
    assert {trial.arm for trial in trials[:2]} == {trial.arm for trial in trials[2:]} == set(ARMS)
    for trial in trials:
        assert trial.ledger is not None
        assert trial.ledger.accepted == trial.ledger.rows == trial.ledger.results > 0


def test_the_planted_costs_are_found(finished: ResultsFolder) -> None:
    """What a submission costs is set: web, worker (a 40th of its time), database 0.15 ms."""
    arms = derive(finished)["experiments"]["scaling"]["arms"]
    for arm in ARMS:
        cost = WEB_MS[arm] + WORK_MS[arm] / 40 + 0.15
        assert arms[arm]["cpu_ms_per_submission"] == pytest.approx(cost, rel=0.1)


def test_the_claims_are_judged_in_the_right_direction(finished: ResultsFolder) -> None:
    claim = derive(finished)["experiments"]["scaling"]["claims"][0]
    assert claim["measure"] == "CPU-ms per completed submission"
    assert claim["ratio"] == pytest.approx(14 / 19, rel=0.1)
    assert [block["block"] for block in claim["blocks"]] == [1, 2]
    assert "less CPU" in claim["words"]


def test_progress_and_time_left_are_shown(finished: ResultsFolder) -> None:
    shown = (finished.path / "screen.txt").read_text()
    assert "left] conformance of monolith" in shown
    assert "block 2 of 2, trial 4 of 4" in shown
    assert shown.count(" accepted, ") == 4


def test_everything_is_kept(finished: ResultsFolder) -> None:
    results = derive(finished)
    draw(finished, results)
    names = {str(path.relative_to(finished.path)) for path in finished.path.rglob("*")}
    trial = results["run"]["order"][0]
    assert {
        *("run.json", "environment.json", "conformance.json", "results.json", "report.html"),
        *(f"raw/{trial}/{name}" for name in ("trial.json", "rows.csv.gz", "readings.csv.gz")),
        *(f"logs/{trial}/{name}" for name in ("generator.log", "web.log")),
    } <= names
    assert results["run"]["status"] == "complete"


def test_a_target_that_runs_outside_its_cores_is_void(rig: Rig) -> None:
    """The fake claims 20 ms of CPU for each submission; its core was hardly busy."""
    deploy = deployer(work_ms=WORK_MS, web_ms=dict.fromkeys(ARMS, 20.0))
    for trial in load_trials(rig.run(deploy=deploy)):
        assert "of a core outside its own" in trial.void[0]


def test_a_lost_submission_voids_its_trials_in_plain_sight(rig: Rig) -> None:
    folder = rig.run(faults=Faults(lose_every=10))
    results = derive(folder)
    scaling = results["experiments"]["scaling"]
    assert all("the database holds" in trial["void"][0] for trial in scaling["trials"])
    assert scaling["claims"][0]["blocks"] == []
    assert scaling["claims"][0]["verdict"] == "too close to call on this machine"
    assert "is void: the generator was answered 202" in draw(folder, results).read_text()


def test_an_arm_that_fails_conformance_gets_no_number(rig: Rig) -> None:
    rig.proofs["microservices"] = Proof(
        passed=False, cases=3, failed=2, skipped=0, seconds=0.1, failures=("a", "b")
    )
    with pytest.raises(ConformanceError, match="microservices fails 2 of 3"):
        rig.run()
    results = derive(rig.last)
    assert results["experiments"]["scaling"]["trials"] == []
    assert results["run"]["status"].startswith("stopped: microservices fails")
    assert "No trial was run" in draw(rig.last, results).read_text()


def test_a_trial_that_can_t_be_deployed_is_void_and_the_others_count(rig: Rig) -> None:
    whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    deployed = []

    def deploy(arm: str, **options: Any) -> Any:
        deployed.append(arm)
        if len(deployed) == 3:  # the first trial, after two deploys for conformance
            raise RuntimeError("the database did not come up")
        return whole(arm, **options)

    trials = load_trials(rig.run(deploy=deploy))
    assert trials[0].void == ("RuntimeError: the database did not come up",)
    assert trials[1].counted


def test_ctrl_c_keeps_what_was_measured_and_stops_what_runs(rig: Rig) -> None:
    whole = deployer(work_ms=WORK_MS, web_ms=WEB_MS)
    stopped: list[str] = []

    def deploy(arm: str, **options: Any) -> Any:
        @contextmanager
        def target() -> Iterator[Any]:
            with whole(arm, **options) as inner:
                try:
                    yield _InterruptedOnce(inner) if len(stopped) == 3 else inner
                finally:
                    stopped.append(arm)

        return target()

    with pytest.raises(KeyboardInterrupt):
        rig.run(deploy=deploy)
    assert len(stopped) == 4, "the interrupted trial's target was stopped too"
    trials = load_trials(rig.last)
    assert [trial.counted for trial in trials] == [True, False]
    assert trials[1].void == ("interrupted",)
    assert derive(rig.last)["run"]["status"] == "interrupted"


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
    assert len(os.sched_getaffinity(0)) >= 2


def test_the_harness_is_not_patched_by_locust(tmp_path: Path) -> None:
    """Locust patches sockets, threads and subprocesses of whatever process imports it."""
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = "import benchmarks.__main__, sys; sys.exit('gevent' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3], timeout=60
    )
    assert done.returncode == 0
