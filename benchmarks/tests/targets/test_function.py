"""The choice of a function, and what is missing for it. tests/faults deploys with one."""

from pathlib import Path

import pytest
from benchmarks.targets import ARCHITECTURES, deploy
from benchmarks.targets.local.function import is_function, runtime_packages, timeout_seconds
from benchmarks.targets.local.procfile import read_procfile

from backing import PlatformError
from backing.ports import free_port

ATTEMPT_SECONDS, LEASE_SECONDS = 30, 45  # the units' defaults


def test_a_worker_makes_the_attempts_by_default() -> None:
    assert not is_function({})
    assert not is_function({"RECOGNITION": "celery"})
    assert is_function({"RECOGNITION": "lambda"})


def test_a_deployment_with_an_unknown_choice_is_refused(tmp_path: Path) -> None:
    settings = {"RECOGNITION": "serverless"}
    with pytest.raises(PlatformError) as refused:
        deploy("monolith", run_dir=tmp_path, edge_port=free_port(), settings=settings)
    assert str(refused.value) == "There is no RECOGNITION=serverless: use celery or lambda."


def test_a_deployment_without_the_runtime_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENVS", str(tmp_path))
    settings = {"RECOGNITION": "lambda"}
    with pytest.raises(PlatformError) as refused:
        deploy("monolith", run_dir=tmp_path / "run", edge_port=free_port(), settings=settings)
    folder = tmp_path / "monolith-function"
    expected = f"The environment {folder} is missing: run `make .venvs/monolith-function` first."
    assert str(refused.value) == expected


def test_the_runtime_is_found_in_the_unit_s_own_environment(tmp_path: Path) -> None:
    packages = tmp_path / "monolith-function" / "lib" / "python3.11" / "site-packages"
    (packages / "awslambdaric").mkdir(parents=True)
    assert runtime_packages(ARCHITECTURES["monolith"].unit("monolith"), tmp_path) == packages


def test_the_function_outlives_an_attempt_but_not_its_lease() -> None:
    assert ATTEMPT_SECONDS + 5 < timeout_seconds({}) < LEASE_SECONDS
    assert timeout_seconds({"TIME_LIMIT_SECONDS": "5"}) == 15


@pytest.mark.parametrize("name", ["monolith", "microservices"])
def test_one_unit_of_each_architecture_has_a_function_and_a_worker(name: str) -> None:
    (unit,) = [it for it in ARCHITECTURES[name].units if it.function is not None]
    assert "recognizer" in unit.needs
    assert "worker" in read_procfile(unit.folder)
