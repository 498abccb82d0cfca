"""A run on the fake target, made once: two blocks, two levels, nothing but loopback."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from rich.console import Console

from benchmarks.analysis import validity
from benchmarks.experiments.runner import plans
from benchmarks.experiments.runner.arm_conformance import ConformanceRunner
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.conformance import Proof
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.extra_blocks import IsLost
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.plans import Plan
from benchmarks.experiments.runner.profiles import Profile
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import new_record, run
from benchmarks.tests.experiments.fake_deploy import deployer
from benchmarks.tests.fake_target import Faults
from benchmarks.tests.workload.locust_process import IMAGE
from benchmarks.workload.schedule import Schedule, Step

ARMS = ("monolith", "microservices")
WORK_MS = {"monolith": 16.0, "microservices": 20.0}
WEB_MS = {"monolith": 0.04, "microservices": 0.075}
SCHEDULE = Schedule((*Schedule.closed((1, 4), 0.2, 0.8).steps, Step(0.2, 0.8, rate=10.0)))
PASSED = Proof(passed=True, cases=3, failed=0, skipped=0, seconds=0.1, failures=())


def load_sweep(blocks: int = 1, schedule: Schedule = SCHEDULE) -> Sweep:
    arms = tuple(Arm(name, name, {"RECOGNIZER": "synthetic"}) for name in ARMS)
    return Sweep("load", "load", "Load", arms, schedule, blocks)


@dataclass
class FakeSuite(AbstractContextManager["FakeSuite"]):
    """A conformance suite whose proof is given and not made."""

    given: Proof

    def proof(self) -> Proof:
        return self.given

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass


class FakeImages(AbstractContextManager["FakeImages"]):
    """No image server: the fake suite fetches nothing."""

    url = ""

    def __init__(self, _log: Path) -> None:
        pass

    def wait(self) -> None:
        pass

    def __exit__(self, *_exception: object) -> None:
        pass


@dataclass
class Rig:
    """Runs plans on fake targets, with a proof that is given and not made."""

    results: Path
    run_dir: Path
    proofs: dict[str, Proof]
    screen: io.StringIO

    def run(
        self,
        *,
        blocks: int = 1,
        faults: Faults | None = None,
        deploy: Callable[..., Any] | None = None,
        sweep: Sweep | None = None,
        lost: IsLost | None = None,
    ) -> ResultsFolder:
        """Run a plan; lost blocks are made up for only if `lost` decides which are."""
        folder = ResultsFolder.create(self.results, profile="tiny")
        plan = Plan(
            experiment="scaling",
            sweeps=(sweep or load_sweep(blocks),),
            profile=Profile("quick", "hardly anything", replaces_lost=lost is not None),
            seed=11,
            image=IMAGE,
            cores=split_cores(share=True),
        )
        record = new_record(plan, folder)
        self.go(plan, folder, record, deploy=deploy, faults=faults, lost=lost)
        return folder

    def resume(self, folder: ResultsFolder, lost: IsLost | None = None) -> None:
        self.go(*_swapped(folder), lost=lost)

    def go(
        self,
        plan: Plan,
        folder: ResultsFolder,
        record: dict[str, Any],
        *,
        deploy: Callable[..., Any] | None = None,
        faults: Faults | None = None,
        lost: IsLost | None = None,
    ) -> None:
        run(
            plan,
            folder,
            record,
            deploy=deploy or deployer(work_ms=WORK_MS, web_ms=WEB_MS, faults=faults),
            run_dir=self.run_dir,
            console=Console(file=self.screen, width=200),
            conformance=ConformanceRunner(self._suite, FakeImages),
            lost=lost or _is_void,
        )

    def _suite(self, _base_url: str, *, log: Path, **_: object) -> FakeSuite:
        return FakeSuite(self.proofs[log.stem.removeprefix("conformance-")])

    @property
    def last(self) -> ResultsFolder:
        return ResultsFolder.open(max(self.results.iterdir()))


def _is_void(trial: Trial) -> bool:
    """Whatever else this machine does disturbs no test's blocks."""
    return not trial.counted


def _swapped(folder: ResultsFolder) -> tuple[Plan, ResultsFolder, dict[str, Any]]:
    plan, record = plans.resumed(folder)
    return plan, folder, record


def make_rig(folder: Path, proofs: Mapping[str, Proof] | None = None) -> Rig:
    given = dict(proofs or dict.fromkeys(ARMS, PASSED))
    return Rig(folder / "results", folder / "run", given, io.StringIO())


@pytest.fixture(scope="package", autouse=True)
def patience() -> Iterator[None]:
    """A machine that stands still for a moment makes no test red.

    That such trials are void is shown in `tests/analysis` and `tests/injected_faults`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validity, "STALL_LIMIT_MS", 60_000.0)
        patch.setattr(validity, "ACHIEVED_LIMIT", 0.0)
        yield


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return make_rig(tmp_path)


@pytest.fixture(scope="package")
def finished(tmp_path_factory: pytest.TempPathFactory) -> ResultsFolder:
    rig = make_rig(tmp_path_factory.mktemp("finished"))
    folder = rig.run(blocks=2)
    (folder.path / "screen.txt").write_text(rig.screen.getvalue())
    return folder
