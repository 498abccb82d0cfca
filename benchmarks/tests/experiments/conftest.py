"""A run on the fake target, made once: two blocks, two levels, nothing but loopback."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.experiments.engine import run as engine
from benchmarks.experiments.engine.conformance import Proof
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.profiles import Profile
from benchmarks.experiments.engine.run import Plan, run
from benchmarks.tests.experiments.fake_deploy import deployer
from benchmarks.tests.fake_target import Faults
from benchmarks.tests.workload.locusting import IMAGE
from benchmarks.workload.schedule import Schedule

ARMS = ("monolith", "microservices")
WORK_MS = {"monolith": 16.0, "microservices": 20.0}
WEB_MS = {"monolith": 0.15, "microservices": 0.30}
SCHEDULE = Schedule((1, 4), warm_up_seconds=0.2, window_seconds=0.8)
PASSED = Proof(passed=True, cases=3, failed=0, skipped=0, seconds=0.1, failures=())


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
    ) -> ResultsFolder:
        profile = Profile("tiny", blocks, SCHEDULE, "seconds")
        folder = ResultsFolder.create(self.results, profile=profile.name)
        plan = Plan("scaling", ARMS, {"RECOGNIZER": "synthetic"}, profile, 11, IMAGE)
        run(
            plan,
            folder,
            deploy=deploy or deployer(work_ms=WORK_MS, web_ms=WEB_MS, faults=faults),
            run_dir=self.run_dir,
            console=Console(file=self.screen, width=200),
        )
        return folder

    @property
    def last(self) -> ResultsFolder:
        return ResultsFolder.open(max(self.results.iterdir()))


def make_rig(folder: Path, patch: pytest.MonkeyPatch) -> Rig:
    proofs = dict.fromkeys(ARMS, PASSED)

    def prove(_base_url: str, *, log: Path, **_: object) -> Proof:
        return proofs[log.stem.removeprefix("conformance-")]

    patch.setattr(engine, "prove", prove)  # the suite needs a real target
    return Rig(folder / "results", folder / "run", proofs, io.StringIO())


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return make_rig(tmp_path, monkeypatch)


@pytest.fixture(scope="package")
def finished(tmp_path_factory: pytest.TempPathFactory) -> ResultsFolder:
    with pytest.MonkeyPatch.context() as patch:
        rig = make_rig(tmp_path_factory.mktemp("finished"), patch)
        folder = rig.run(blocks=2)
        (folder.path / "screen.txt").write_text(rig.screen.getvalue())
    return folder
