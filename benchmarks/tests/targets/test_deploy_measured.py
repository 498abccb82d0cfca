"""A target that can't be measured is removed, and the engine has its cores back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks.targets.compose import measured as compose
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import measured as kubernetes


class Deployment:
    """A deployment of an engine whose containers can't be listed."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    def stop_image_server(self) -> None:
        self._done.append("without image server")

    def running_containers(self) -> list[Any]:
        message = "docker inspect: no such container"
        raise EngineError(message)

    def stop(self) -> None:
        self._done.append("stopped")


class Budget:
    def __init__(self, done: list[str]) -> None:
        self._done = done

    def give_back(self) -> None:
        self._done.append("given back")


def _on_compose(run_dir: Path) -> None:
    compose.deploy_measured("monolith", run_dir=run_dir, cores={0})


def _on_kubernetes(run_dir: Path) -> None:
    kubernetes.deploy_measured(
        "monolith", context="trial", overlay="local", run_dir=run_dir, cores={0}
    )


@pytest.mark.parametrize(
    ("module", "deploy", "before"),
    [(compose, _on_compose, ["without image server"]), (kubernetes, _on_kubernetes, [])],
)
def test_a_deployment_that_cannot_be_measured_is_removed(
    module: Any,
    deploy: Callable[[Path], None],
    before: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(module, "EngineBudget", lambda _cores, _group: Budget(done))
    monkeypatch.setattr(module, "deploy", lambda _arch, **_options: Deployment(done))
    with pytest.raises(EngineError, match="no such container"):
        deploy(tmp_path)
    assert done == [*before, "stopped", "given back"]


def test_the_conformance_suite_has_its_image_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(compose, "deploy", lambda _arch, **_options: Deployment(done))
    with pytest.raises(EngineError):
        compose.deploy_measured("monolith", run_dir=tmp_path, cores=None)
    assert done == ["stopped"]
