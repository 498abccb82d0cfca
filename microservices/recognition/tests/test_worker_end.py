"""The end of an attempt and of a worker: by the time limit, by SIGTERM."""

import time
from pathlib import Path

import pytest

from tests.backing_services import Broker, upload_request, wait_for, worker

pytestmark = [pytest.mark.usefixtures("s3"), pytest.mark.slow]


def test_the_soft_limit_interrupts(broker: Broker, tmp_path: Path, upload: str) -> None:
    with worker(tmp_path / "log", SYNTHETIC_WAIT_MS="20000", TIME_LIMIT_SECONDS="2"):
        body = upload_request(upload)
        broker.request(body)
        begun = time.monotonic()
        name, outcome = broker.final(body["submission_id"])
        assert (name, outcome["code"]) == ("recognition.failed", "timed-out")
        assert time.monotonic() - begun < 6
        wait_for(lambda: broker.client.hlen("unacked") == 0, seconds=5)


def test_a_worker_finishes_its_image_at_sigterm(
    broker: Broker, tmp_path: Path, upload: str
) -> None:
    with worker(tmp_path / "log", SYNTHETIC_WAIT_MS="1500") as running:
        body = upload_request(upload)
        broker.request(body)
        broker.started(body["submission_id"])
        running.process.terminate()
        assert running.process.wait(timeout=15) == 0
        assert broker.final(body["submission_id"], seconds=1)[0] == "recognition.completed"
