"""The service's processes, on a database and a broker of their own."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import redis
from celery import Celery
from kombu.exceptions import OperationalError

from tests.backing_services import Postgres, Valkey, procfile_command, wait_until_listening
from tests.conftest import image_bytes
from tests.ports import free_port
from tests.recognition import completed, started

ROOT = Path(__file__).parents[1]


class Processes:
    """The service's processes on a database and a broker of their own."""

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
            "LEASE_SECONDS": "4",
            "REDISPATCH_AFTER_SECONDS": "1",
        }
        self.authorization = ""

    def start_backing(self) -> None:
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


class Recognition:
    """Responds to each request as the recognition service would; the broker may restart."""

    def __init__(self, *, port: int) -> None:
        self._client = redis.Redis(port=port)
        self._app = Celery(broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
        self._app.conf.broker_transport_options = {"max_retries": 0}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Recognition":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        self._client.close()
        self._app.close()

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self._response()
            except (redis.RedisError, OperationalError):
                time.sleep(0.2)

    def _response(self) -> None:
        popped: Any = self._client.brpop(["recognition"], timeout=1)
        if popped is None:
            return
        message = json.loads(popped[1])
        ((body,), *_) = json.loads(b64decode(message["body"]))
        submission: Any = SimpleNamespace(id=UUID(body["submission_id"]))
        self._send("recognition.started", started(submission, body["attempt"]))
        time.sleep(0.3)
        self._send("recognition.completed", completed(submission, body["attempt"]))

    def _send(self, name: str, body: dict[str, Any]) -> None:
        self._app.send_task(name, args=[body], queue="submissions", retry=False)
