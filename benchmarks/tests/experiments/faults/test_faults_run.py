"""Whole runs on fake targets with a planted truth: what is down is shown so, and nothing else."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.experiments.faults import NAME
from benchmarks.experiments.faults.fault_actor import FaultActor
from benchmarks.experiments.faults.sweeps import KIND
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner import plans
from benchmarks.experiments.runner.arm_conformance import ConformanceRunner
from benchmarks.experiments.runner.arms import Action, Arm, Sweep
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.plans import Plan
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import new_record
from benchmarks.experiments.runner.run import run as run_plan
from benchmarks.results_model.faults import FaultsResults
from benchmarks.tests.experiments.conftest import PASSED, FakeImages, FakeSuite
from benchmarks.tests.experiments.faults.fake_faults import fault_deployer
from benchmarks.tests.workload.locust_process import IMAGE
from benchmarks.workload.schedule import Schedule, Step

pytestmark = pytest.mark.slow
# Calm seconds enough for a busy machine, on which requests take a second
STEP = Step(0.0, 9.0, rate=25.0, mixed=True, even=True, persistent=True)
FAILURE = (Action(2.5, out=True), Action(4.0, out=False), Action(4.0, out=True))
FAULTS = {
    "monolith": ("kill monolith-web", "kill monolith-worker"),
    "microservices": ("kill accounts-web", "kill submissions-web", "kill recognition-worker"),
}


def sweep(faults: Mapping[str, tuple[str, ...]], blocks: int = 1) -> Sweep:
    arms = tuple(Arm(name, name, faults=of) for name, of in faults.items())
    schedule = Schedule((STEP,) * max(map(len, faults.values())))
    return Sweep("processes-killed", KIND, "Killed", arms, schedule, blocks, FAILURE)


def carry_out(
    folder: Path, wanted: Sweep, deploy: Callable[..., Any] | None = None
) -> ResultsFolder:
    results = ResultsFolder.create(folder / "results", profile="tiny")
    plan = Plan(
        NAME, (wanted,), PROFILES["quick"], seed=3, image=IMAGE, cores=split_cores(share=True)
    )
    _go(folder, results, plan, new_record(plan, results), deploy)
    return results


def _go(
    folder: Path,
    results: ResultsFolder,
    plan: Plan,
    record: dict[str, Any],
    deploy: Callable[..., Any] | None = None,
) -> None:
    run_plan(
        plan,
        results,
        record,
        deploy=deploy or fault_deployer(),
        actor=FaultActor,
        run_dir=folder / "run",
        console=Console(file=io.StringIO(), width=200),
        conformance=ConformanceRunner(lambda _url, **_: FakeSuite(PASSED), FakeImages),
        # A fake target claims hardly any CPU, so that its core always looks used by other work.
        lost=lambda trial: bool(trial.void),
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> ResultsFolder:
    return carry_out(tmp_path_factory.mktemp("finished"), sweep(FAULTS))


@pytest.fixture(scope="module")
def found(finished: ResultsFolder) -> FaultsResults:
    results = derive(finished).results
    assert isinstance(results, FaultsResults)
    return results


def during(found: FaultsResults, arm: str, fault: str) -> dict[str, float | None]:
    (one,) = [it for it in found.sweeps[0].arms if it.name == arm]
    (seen,) = [it for it in one.faults if it.name == fault]
    assert seen.trials == 1, "every feature worked before"
    return {name: it.during.share for name, it in seen.features.items()}


# A request that was under way as the failure began was served: so a share isn't 0 to the digit.
DOWN, UP = pytest.approx(0.0, abs=0.2), pytest.approx(1.0, abs=0.2)


def test_a_sign_in_that_is_down_is_shown_and_nothing_else(found: FaultsResults) -> None:
    assert during(found, "microservices", "kill accounts-web") == {
        "sign in": DOWN,
        "submit": UP,
        "read": UP,
        "page": UP,
        "become ready": UP,
    }


def test_the_monolith_s_web_process_takes_everything_but_the_page(found: FaultsResults) -> None:
    assert during(found, "monolith", "kill monolith-web") == {
        "sign in": DOWN,
        "submit": DOWN,
        "read": DOWN,
        "page": UP,
        "become ready": DOWN,
    }


def test_a_worker_that_is_down_for_a_moment_lets_everything_be_accepted(
    found: FaultsResults,
) -> None:
    shares = during(found, "monolith", "kill monolith-worker")
    assert shares["submit"] == shares["read"] == shares["sign in"] == UP


def test_nothing_was_lost(found: FaultsResults) -> None:
    for side in found.kept.sides.values():
        assert side.accepted > 10
        assert side.lost == side.doubled == 0
    assert [it.void for it in found.trials] == [[], []]


def test_the_claim_compares_the_means_of_what_was_available(found: FaultsResults) -> None:
    claim = found.claims[0]
    (block,) = claim.blocks
    assert block.first == pytest.approx((0.8 + 0.4 + 1.0) / 3, abs=0.15)
    assert block.second == pytest.approx((0.2 + 1.0) / 2, abs=0.15)
    assert claim.value == pytest.approx(block.first - block.second)
    assert claim.verdict == "inconclusive", "one block decides nothing"


def test_an_arm_with_fewer_faults_ends_sooner(finished: ResultsFolder) -> None:
    steps = {
        (document := finished.read_json(f"raw/{path.name}/trial.json"))["arm"]: len(
            document["steps"]
        )
        for path in finished.trials()
    }
    assert steps == {name: len(faults) for name, faults in FAULTS.items()}


def test_the_report_shows_both_maps(finished: ResultsFolder) -> None:
    page = draw(finished, derive(finished)).read_text()
    for arm in FAULTS:
        assert f'id="processes-killed-{arm}-title"' in page
    assert "submissions web: sign in" in page


def test_a_stopped_run_is_gone_on_with(tmp_path: Path) -> None:
    few = {"monolith": ("kill monolith-web",), "microservices": ("kill accounts-web",)}
    begun: list[str] = []

    def deploy(arm: Arm, **options: Any) -> Any:
        begun.append(arm.name)
        if len(begun) == 4:  # two to be proved, one trial, and the second is interrupted
            raise KeyboardInterrupt
        return fault_deployer()(arm, **options)

    with pytest.raises(KeyboardInterrupt):
        carry_out(tmp_path, sweep(few), deploy)
    (path,) = (tmp_path / "results").iterdir()
    results = ResultsFolder.open(path)
    plan, record = plans.resumed(results)
    _go(tmp_path, results, plan, record)
    assert derive(results).run.status == "complete"
    assert len(results.trials()) == 2
