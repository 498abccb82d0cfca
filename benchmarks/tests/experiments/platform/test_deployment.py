"""What the platforms have in common when an arm is deployed, and what is refused before."""

import threading
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from backing import BackingError, PlatformError, StartError
from benchmarks.command_line import main
from benchmarks.commands import compared_steps
from benchmarks.experiments.platform.run import EXPERIMENT
from benchmarks.experiments.runner import arm_conformance, deployment
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.errors import DeploymentError, HarnessError, MachineError
from benchmarks.experiments.runner.platforms import require_platforms
from benchmarks.experiments.runner.trial_experiment import TrialExperiment
from benchmarks.targets.compose import measured
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import measured as kubernetes

ON_KUBERNETES = Arm(
    "c", "monolith", platform="kubernetes", place={"context": "away", "overlay": "local"}
)
ON_COMPOSE = [Arm("monolith", "monolith"), Arm("b", "monolith", platform="compose")]


def test_no_statement_is_logged_on_either_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(deployment, "deploy", lambda _arch, **options: given.append(options))
    assert isinstance(EXPERIMENT, TrialExperiment)
    for deploy in (EXPERIMENT.deploy, deployment.deploy_arm):
        deploy(Arm("monolith", "monolith"), run_dir=tmp_path, cores=Cores(frozenset({0}), 1))
    assert [it["count_statements"] for it in given] == [False, True]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (PlatformError("Port 8080 is taken."), MachineError),  # so it is for all trials that follow
        (StartError("postgres was not ready within 30 s."), DeploymentError),
    ],
)
def test_what_the_machine_lacks_is_no_failed_start(
    raised: BackingError,
    expected: type[HarnessError],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def deploy(_arch: str, **_options: object) -> None:
        raise raised

    monkeypatch.setattr(deployment, "deploy", deploy)
    with pytest.raises(HarnessError, match=str(raised)) as found:
        deployment.deploy_arm(Arm("monolith", "monolith"), run_dir=tmp_path, cores=None)
    assert type(found.value) is expected


def test_without_docker_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compared_steps, "RESULTS", tmp_path / "results")
    arguments = ["--target", "compose", "--profile", "smoke", "--share-core"]
    assert main(["compare", *arguments]) == 1
    assert capsys.readouterr().err == "docker is missing: install Docker Engine.\n"
    assert not (tmp_path / "results").exists()


def test_each_architecture_on_compose_is_looked_at_and_no_local_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(measured, "require_measurable", looked.append)
    require_platforms([*ON_COMPOSE, Arm("c", "microservices")])
    assert looked == ["monolith"]


def kubeconfig(folder: Path) -> str:
    """Write a context `away`, whose cluster isn't there."""
    path = folder / "kubeconfig"
    path.write_text(
        "{apiVersion: v1, kind: Config, users: [{name: away, user: {}}],"
        " clusters: [{name: away, cluster: {server: 'http://127.0.0.1:1'}}],"
        " contexts: [{name: away, context: {cluster: away, user: away}}]}"
    )
    return str(path)


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ("nowhere", "kubectl has no context 'nowhere'. The contexts are: away.\n"),
        ("away", "No Kubernetes responds at the context 'away': start it first.\n"),
    ],
)
def test_without_its_cluster_nothing_is_begun(
    context: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KUBECONFIG", kubeconfig(tmp_path))
    monkeypatch.setattr(compared_steps, "RESULTS", tmp_path / "results")
    arguments = ["--target", "kubernetes", "--context", context, "--profile", "smoke"]
    assert main(["compare", *arguments, "--share-core"]) == 1
    assert capsys.readouterr().err == message
    assert not (tmp_path / "results").exists()


def test_a_measurement_by_another_user_than_root_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measured, "require_engine", lambda _arch: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(EngineError):
        measured.require_measurable("monolith")
    with pytest.raises(MachineError, match=r"measured by root alone: run this as root\.$"):
        require_platforms(ON_COMPOSE)
    monkeypatch.setattr(kubernetes, "require_place", lambda _arch, **_place: None)
    with pytest.raises(MachineError, match=r"measured by root alone: run this as root\.$"):
        require_platforms([ON_KUBERNETES])


def test_an_arm_that_is_checked_alone_is_deployed_where_an_interrupt_reaches_it(
    tmp_path: Path,
) -> None:
    threads: list[bool] = []

    def deploy(arm: Arm, **_options: object) -> AbstractContextManager[str]:
        threads.append(threading.current_thread() is threading.main_thread())
        return nullcontext(arm.name)

    bench: Any = SimpleNamespace(deploy=deploy, run_dir=tmp_path)
    with ExitStack() as stack:
        assert arm_conformance._deploy(bench, ON_COMPOSE[1:], stack) == ["b"]
        assert threads == [True]
        assert arm_conformance._deploy(bench, ON_COMPOSE, stack) == ["monolith", "b"]
        assert threads == [True, False, False]
