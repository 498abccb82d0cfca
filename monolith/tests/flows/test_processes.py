"""The Procfile's processes, with stopped backing services and killed processes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import redis

from tests.backing_services import Postgres, Valkey, procfile_command, wait_until_listening
from tests.conftest import PASSWORD, image_bytes
from tests.ports import free_port

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]


class Processes:
    """The monolith's processes on a database and a broker of their own."""

    def __init__(self, folder: Path) -> None:
        (folder / "data").mkdir()
        self.postgres = Postgres(port=free_port(), folder=folder / "data")
        self.valkey = Valkey(port=free_port())
        self.folder = folder
        self.web_port = 0
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.postgres.port}/postgres",
            "BROKER_URL": f"redis://127.0.0.1:{self.valkey.port}/0",
            "CACHE_URL": f"redis://127.0.0.1:{self.valkey.port}/1",
            "SYNTHETIC_WAIT_MS": "500",
            "TIME_LIMIT_SECONDS": "2",
            "LEASE_SECONDS": "8",
            "REDISPATCH_AFTER_SECONDS": "1",
        }
        self.authorization = ""

    def start_parts(self) -> None:
        self.postgres.start()
        self.valkey.start()
        release = ["sh", "-c", f"exec {procfile_command(ROOT, 'release')}"]
        subprocess.run(release, cwd=ROOT, env=self.environment, check=True, timeout=60)

    def start(self, name: str) -> None:
        if name == "web":
            # A new port each time: the kernel may not have closed the one of a killed process.
            self.web_port = free_port()
            self.environment["PORT"] = str(self.web_port)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                ["sh", "-c", f"exec {procfile_command(ROOT, name)}"],
                cwd=ROOT,
                env=self.environment,
                stderr=log,
                stdout=log,
                start_new_session=True,
            )
        if name == "web":
            wait_until_listening(self.web_port, self.running[name], seconds=30)

    def kill(self, name: str) -> None:
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running.pop(name).wait(timeout=10)

    def worker_restart(self) -> None:
        """Start the process with the current environment, and wait until it is ready."""
        self.kill("worker")
        self.start("worker")
        self.final(self.submit(), within_seconds=60)

    def end(self, name: str) -> float:
        """Terminate the process, and return how many seconds it took."""
        begun = time.monotonic()
        process = self.running.pop(name)
        process.terminate()
        try:
            assert process.wait(timeout=20) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return time.monotonic() - begun

    def child_of(self, name: str) -> int:
        pid = self.running[name].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0])

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.postgres.stop()
        self.valkey.stop()

    def call(
        self, method: str, path: str, body: bytes = b"", media_type: str = "application/json"
    ) -> tuple[int, Any, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        try:
            connection.request(
                method,
                path,
                body,
                {"Content-Type": media_type, "Authorization": self.authorization},
            )
            response = connection.getresponse()
            raw = response.read()
            is_json = "json" in (response.headers.get("Content-Type") or "")
            return response.status, json.loads(raw) if is_json else raw, dict(response.headers)
        finally:
            connection.close()

    def sign_in(self) -> None:
        who = json.dumps({"email": f"{uuid4().hex}@example.org", "password": PASSWORD}).encode()
        assert self.call("POST", "/api/v1/accounts", who)[0] == 201
        _, token, _ = self.call("POST", "/api/v1/tokens", who)
        self.authorization = f"Bearer {token['access_token']}"

    def submit(self) -> str:
        status, body, headers = self.call(
            "POST",
            "/api/v1/submissions",
            b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
            + image_bytes()
            + b"\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        )
        assert status == 202, body
        return headers["location"]

    def final(self, location: str, *, within_seconds: float) -> Any:
        """Wait until the submission is final, also while services are unavailable."""
        deadline = time.monotonic() + within_seconds
        while time.monotonic() < deadline:
            status, body, _ = self.call("GET", f"{location}?wait=2")
            if status == 200 and body["state"] in {"succeeded", "failed"}:
                return body
            assert status in {200, 503}, body
            time.sleep(0.1)
        raise AssertionError(body)

    def until(self, location: str, state: str) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.call("GET", location)[1]["state"] == state:
                return
            time.sleep(0.05)
        raise AssertionError(state)

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    processes = Processes(tmp_path_factory.mktemp("flows"))
    try:
        processes.start_parts()
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
    assert processes.call("GET", "/readyz")[:2] == (
        503,
        {
            "status": "unavailable",
            "parts": {"postgresql": "unavailable", "s3": "ok", "dynamodb": "ok"},
        },
    )
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
