"""The Procfile's processes, with stopped backing services and killed processes."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis

from tests.accounts import Accounts
from tests.processes import Processes, Recognition

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory, accounts: Accounts) -> Iterator[Processes]:
    processes = Processes(tmp_path_factory.mktemp("flows"))
    try:
        processes.start_backing()
        for name in ("consumer", "sweeper", "web"):
            processes.start(name)
        processes.authorization = f"Bearer {accounts.token(uuid4())}"
        with Recognition(port=processes.valkey.port):
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
    assert processes.call("GET", "/internal/submission-count")[1] == {"count": 1}


def test_the_consumer_is_killed(processes: Processes) -> None:
    location = processes.submit()
    processes.kill("consumer")
    waiting = processes.submit()
    processes.start("consumer")
    for one in (waiting, location):
        assert processes.final(one, within_seconds=60)["state"] == "succeeded"


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
    down = {"status": "unavailable", "parts": {"postgresql": "unavailable", "s3": "ok"}}
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


def test_nothing_is_lost_and_nothing_left(processes: Processes) -> None:
    """After the tests above: every 202 is final, and the outbox is empty after about a second."""
    assert processes.rows(
        "SELECT count(*) FROM submissions_submission WHERE state <> 'succeeded'"
    ) == [(0,)]
    begun = time.monotonic()
    while processes.rows("SELECT count(*) FROM submissions_outboxmessage") != [(0,)]:
        assert time.monotonic() - begun < 30
        time.sleep(0.1)


def test_each_process_ends_at_sigterm(processes: Processes) -> None:
    assert processes.end("sweeper") < 8
    assert processes.end("consumer") < 15
    assert processes.end("web") < 10
