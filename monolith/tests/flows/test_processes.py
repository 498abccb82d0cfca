"""The Procfile's processes, with stopped backing services and killed processes."""

import os
import signal
import socket
import time
from collections.abc import Iterator

import pytest
import redis

from tests.flows.processes import Processes

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    processes = Processes(tmp_path_factory.mktemp("flows"))
    try:
        processes.start_backing()
        for name in ("worker", "sweeper", "web"):
            processes.start(name)
        processes.sign_in()
        yield processes
    finally:
        processes.stop()


def test_the_flow(processes: Processes) -> None:
    location = processes.submit()
    body = processes.final(location, within_seconds=60)
    assert body["state"] == "succeeded"
    assert body["detection_count"] == 1
    status, result, _ = processes.call("GET", f"{location}/result")
    assert status == 200
    assert result["submission_id"] == body["id"]
    status, image, headers = processes.call("GET", f"{location}/image")
    assert status == 200
    assert headers["content-type"] == result["image"]["media_type"]
    assert image
    assert processes.call("GET", "/api/v1/account")[1]["submission_count"] == 1


def test_a_child_of_the_worker_is_killed(processes: Processes) -> None:
    location = processes.submit()
    processes.until(location, "processing")
    os.kill(processes.child_of("worker"), signal.SIGKILL)
    assert processes.final(location, within_seconds=15)["state"] == "succeeded"
    attempt = processes.rows("SELECT attempt FROM submissions_submission ORDER BY id DESC LIMIT 1")
    assert attempt == [(2,)]


@pytest.mark.timeout(240)
def test_a_child_of_the_worker_is_stuck(processes: Processes) -> None:
    """A stuck process is killed at the hard limit and reported, long before its lease ends."""
    lease_seconds = processes.environment["LEASE_SECONDS"]
    processes.environment["LEASE_SECONDS"] = "110"
    try:
        processes.worker_restart()
        location = processes.submit()
        processes.until(location, "processing")
        os.kill(processes.child_of("worker"), signal.SIGSTOP)  # ignores the soft limit
        assert processes.final(location, within_seconds=90)["state"] == "succeeded"
        attempt = processes.rows(
            "SELECT attempt FROM submissions_submission ORDER BY id DESC LIMIT 1"
        )
        assert attempt == [(2,)]
    finally:
        processes.environment["LEASE_SECONDS"] = lease_seconds
        processes.worker_restart()


@pytest.mark.timeout(240)
def test_the_soft_limit_interrupts_a_call_of_the_store(processes: Processes) -> None:
    """A child that waits for a stalled store is not killed at the hard limit."""
    kept = {name: processes.environment[name] for name in ("AWS_ENDPOINT_URL_S3", "LEASE_SECONDS")}
    with socket.create_server(("127.0.0.1", 0)) as stalled:
        url = f"http://127.0.0.1:{stalled.getsockname()[1]}"
        processes.environment |= {"AWS_ENDPOINT_URL_S3": url, "LEASE_SECONDS": "110"}
        try:
            processes.kill("worker")
            processes.start("worker")
            location = processes.submit()
            processes.until(location, "processing")
            child = processes.child_of("worker")
            body = processes.final(location, within_seconds=90)
            assert (body["state"], body["error"]["code"]) == ("failed", "timed-out")
            assert processes.child_of("worker") == child
            assert processes.call("DELETE", location)[0] == 204
        finally:
            processes.environment |= kept
            processes.worker_restart()


def test_the_whole_worker_is_killed(processes: Processes) -> None:
    location = processes.submit()
    processes.until(location, "processing")
    processes.kill("worker")
    waiting = processes.submit()
    processes.start("worker")
    assert processes.final(waiting, within_seconds=60)["state"] == "succeeded"
    assert processes.final(location, within_seconds=60)["state"] == "succeeded"


def test_the_web_process_is_killed(processes: Processes) -> None:
    location = processes.submit()
    processes.kill("web")
    processes.start("web")
    assert processes.final(location, within_seconds=60)["state"] == "succeeded"


def test_the_broker_is_killed(processes: Processes) -> None:
    before = processes.submit()
    processes.valkey.stop()
    meanwhile = processes.submit()  # 202 all the same
    time.sleep(0.5)
    processes.valkey.start()  # empty
    after = processes.submit()
    for location in (before, meanwhile, after):
        assert processes.final(location, within_seconds=60)["state"] == "succeeded"


def test_the_broker_is_emptied(processes: Processes) -> None:
    locations = [processes.submit() for _ in range(4)]
    with redis.Redis(port=processes.valkey.port) as client:
        client.flushall()
    locations.append(processes.submit())
    for location in locations:
        assert processes.final(location, within_seconds=60)["state"] == "succeeded"


def test_the_database_is_killed(processes: Processes) -> None:
    before = processes.submit()
    processes.until(before, "processing")
    processes.postgres.kill()
    for _ in range(3):
        status, body, headers = processes.call("GET", before)
        assert (status, body["code"]) == (503, "unavailable")
        assert headers["retry-after"]
    down = {
        "status": "unavailable",
        "parts": {"postgresql": "unavailable", "s3": "ok", "dynamodb": "ok"},
    }
    begun = time.monotonic()
    while processes.call("GET", "/readyz")[:2] != (503, down):  # a slow check is one that failed
        assert time.monotonic() - begun < 30
        time.sleep(0.1)
    assert processes.call("GET", "/livez")[0] == 200
    processes.postgres.start()
    begun = time.monotonic()
    while processes.call("GET", "/readyz")[0] != 200:
        assert time.monotonic() - begun < 10
        time.sleep(0.1)
    after = processes.submit()
    for location in (before, after):
        assert processes.final(location, within_seconds=60)["state"] == "succeeded"
    assert all(process.poll() is None for process in processes.running.values())


def test_nothing_is_doubled(processes: Processes) -> None:
    """After the tests above: one row, one recognition, one result for each 202."""
    assert processes.rows(
        "SELECT count(*) FROM submissions_submission WHERE state <> 'succeeded'"
    ) == [(0,)]
    assert processes.rows(
        "SELECT (SELECT count(*) FROM submissions_submission)"
        " = (SELECT count(*) FROM recognition_recognition)"
    ) == [(True,)]


def test_each_process_ends_at_sigterm(processes: Processes) -> None:
    assert processes.end("sweeper") < 8
    assert processes.end("worker") < 15
    assert processes.end("web") < 10
