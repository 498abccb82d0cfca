"""The choice of a function, and what is missing for it. tests/faults deploys with one."""

from pathlib import Path
from typing import Any

import pytest
from benchmarks.commands.up import check_recognition
from benchmarks.oracle import History, RecordingClient
from benchmarks.targets import ARCHITECTURES, REPOSITORY, Target, deploy
from benchmarks.targets.local.function import is_function, runtime_packages, timeout_seconds
from benchmarks.targets.local.procfile import read_procfile

from backing import BackingError, PlatformError
from backing.ports import free_port
from backing.state import RunState

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


def test_up_refuses_what_is_up_with_the_other_choice(tmp_path: Path) -> None:
    up = RunState(tmp_path, "mark", {"recognition": "lambda"}, ())
    check_recognition(up, "monolith", "lambda")
    with pytest.raises(BackingError) as refused:
        check_recognition(up, "monolith", "celery")
    expected = "monolith: up already with RECOGNITION=lambda; run make down first."
    assert str(refused.value) == expected


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


IMAGES = sorted((REPOSITORY / "shared" / "fixtures" / "images").iterdir())


def document_of(target: Target, image: Path) -> dict[str, Any]:
    """What became of an image, without what differs between two submissions of it."""
    client = RecordingClient(target.base_url, History(), image=image.read_bytes())
    try:
        event = client.submit().event
        if event.submission_id is None:
            return {"code": event.code}
        client.drain(timeout_seconds=60)
        response = client.result(event.submission_id).response
        assert response is not None
        document: dict[str, Any] = response.json()
        return {k: v for k, v in document.items() if k not in {"submission_id", "created_at"}}
    finally:
        client.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["monolith", "microservices"])
def test_worker_and_function_return_the_same_results(name: str, tmp_path: Path) -> None:
    found = {}
    for arm in ("celery", "lambda"):
        settings = {"RECOGNITION": arm}
        run_dir = tmp_path / arm
        with deploy(name, run_dir=run_dir, edge_port=free_port(), settings=settings) as target:
            types = {process.name.rpartition("-")[0] for process in target.processes}
            assert bool(types & {"monolith-worker", "recognition-worker"}) == (arm == "celery")
            found[arm] = {image.name: document_of(target, image) for image in IMAGES}
    assert found["lambda"] == found["celery"]
    assert sum(bool(document.get("detections")) for document in found["lambda"].values()) > 5
