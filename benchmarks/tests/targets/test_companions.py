"""Clarifai's stub beside a target. It runs in the monolith's environment."""

import base64
import os
import time
from pathlib import Path

import httpx
import pytest
from benchmarks.targets import ARCHITECTURES, ClarifaiStub
from benchmarks.targets.local.companions import join_settings
from benchmarks.tests.targets.conftest import COMPANION_CORES

from backing import Supervisor


def test_the_stub_responds_late_and_only_for_its_key(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run") as supervisor:
        stub = ClarifaiStub(latency_ms=400)
        settings = stub.start(supervisor, ARCHITECTURES["monolith"], COMPANION_CORES)
        process = supervisor.processes["clarifai"]
        supervisor.wait_ready(process)
        assert os.sched_getaffinity(process.pid) == COMPANION_CORES
        assert process.spec.role == "companion"
        assert settings["RECOGNIZER"] == "clarifai"

        def request(key: str) -> httpx.Response:
            image = {"base64": base64.b64encode(b"image").decode()}
            return httpx.post(
                f"{settings['CLARIFAI_URL']}/v2/models/face-detection/outputs",
                headers={"Authorization": f"Key {key}"},
                json={"inputs": [{"data": {"image": image}}]},
                trust_env=False,
            )

        began = time.monotonic()
        response = request(settings["CLARIFAI_API_KEY"])
        assert time.monotonic() - began >= 0.4
        assert response.status_code == httpx.codes.OK
        assert request("another").status_code == httpx.codes.UNAUTHORIZED


def test_a_companion_adds_to_the_settings_and_contradicts_none() -> None:
    assert join_settings({"A": "1"}, {"A": "1", "B": "2"}) == {"A": "1", "B": "2"}
    with pytest.raises(ValueError, match="RECOGNIZER is 'synthetic' in the settings"):
        join_settings({"RECOGNIZER": "synthetic"}, {"RECOGNIZER": "clarifai"})
