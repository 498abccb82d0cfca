"""The end of an attempt and of a worker: by the time limit, by SIGTERM."""

import socket
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


def test_the_soft_limit_interrupts_a_call_of_the_store(
    broker: Broker, tmp_path: Path, upload: str
) -> None:
    """A child that waits for a stalled store is not killed at the hard limit."""
    with socket.create_server(("127.0.0.1", 0)) as stalled:
        url = f"http://127.0.0.1:{stalled.getsockname()[1]}"
        with worker(tmp_path / "log", AWS_ENDPOINT_URL_S3=url, TIME_LIMIT_SECONDS="2") as running:
            body = upload_request(upload)
            broker.request(body)
            broker.started(body["submission_id"])
            children = running.children()
            name, outcome = broker.final(body["submission_id"], seconds=20)
            assert (name, outcome["code"]) == ("recognition.failed", "timed-out")
            assert running.children() == children


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
