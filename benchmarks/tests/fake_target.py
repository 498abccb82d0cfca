"""A target without a database, a broker or a model: keeps the contract as far as the load needs it.

One thread "recognizes" a submission after another in a set time, so that it saturates as a real
target does. Faults can be planted. Runs in a test's own process, or by itself:

    python benchmarks/tests/fake_target.py --port 8085 --work-ms 40
"""

import argparse
import json
import queue
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Faults:
    """What to do wrong."""

    lose_every: int = 0  # the n-th accepted submission leaves no row
    fail_every: int = 0  # the n-th submission ends as failed
    refuse_every: int = 0  # the n-th submission gets a 503
    slow_by_ms: float = 0.0
    reported_as: str = ""  # the state of every submission, whatever it is
    clock_ahead_seconds: float = 0.0  # of the wall clock that `created_at` is read from
    # Paths below the API, or "/", that get a 503 now, and with a / in the end all below
    # them; a test changes it while it runs
    down: set[str] = field(default_factory=set)


@dataclass
class FakeApplication:
    """Accounts, tokens, submissions, in memory."""

    work_ms: float = 20.0
    sign_up_ms: float = 0.0  # what hashing a password takes
    faults: Faults = field(default_factory=Faults)
    passwords: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    submissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)  # of each account
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    work: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    stalled: threading.Lock = field(default_factory=threading.Lock)  # held: nothing is recognized
    accepted: int = 0

    def recognize(self) -> None:
        """The worker's loop."""
        while (submission_id := self.work.get()) is not None:
            with self.stalled:
                time.sleep((self.work_ms + self.faults.slow_by_ms) / 1000)
            number = len(self.results) + 1
            submission = self.submissions[submission_id]
            failed = self.faults.fail_every and number % self.faults.fail_every == 0
            with self.changed:
                submission["state"] = "failed" if failed else "succeeded"
                submission["completed_at"] = _moment(time.time())
                if not failed:
                    self.results[submission_id] = {"submission_id": submission_id}
                self.changed.notify_all()

    def submit(self, owner: str) -> tuple[int, dict[str, Any]]:
        with self.changed:
            self.accepted += 1
            number = self.accepted
        if self.faults.refuse_every and number % self.faults.refuse_every == 0:
            return 503, {"code": "unavailable"}
        lose_every = self.faults.lose_every
        created = time.time() + self.faults.clock_ahead_seconds
        submission: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "state": "pending",
            "owner": owner,
            "created_at": _moment(created),
            "error": None,
        }
        with self.changed:
            self.rows[owner] += not (lose_every and number % lose_every == 0)
        self.submissions[submission["id"]] = submission
        self.work.put(submission["id"])
        return 202, dict(submission)

    def wait(self, submission_id: str, seconds: float) -> dict[str, Any] | None:
        with self.changed:
            submission = self.submissions.get(submission_id)
            if submission is not None:
                self.changed.wait_for(lambda: submission["state"] != "pending", timeout=seconds)
                reported = self.faults.reported_as or submission["state"]
                return {**submission, "state": reported}
        return None


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


class Handler(BaseHTTPRequestHandler):
    """Responds for the application that the server carries."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def handle_one_request(self) -> None:
        super().handle_one_request()
        self.close_connection = self.close_connection or self.server.dead

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self._count(url.path)
        if self._is_down(url.path):
            return
        path = url.path.removeprefix("/api/v1").strip("/").split("/")
        application = self.server.application
        match path:
            case [""]:
                self._answer(200, b"<!doctype html><title>page</title>", "text/html")
            case ["readyz"]:
                self._answer(200, {})
            case _ if self._owner() is None:
                self._answer(401, {"code": "unauthenticated"})
            case ["account"]:
                owner = self._owner() or ""
                self._answer(200, {"email": owner, "submission_count": application.rows[owner]})
            case ["submissions"]:
                self._answer(200, {"items": [], "next_cursor": None})
            case ["submissions", submission_id]:
                seconds = float(parse_qs(url.query).get("wait", ["0"])[0])
                submission = application.wait(submission_id, seconds)
                self._answer(200 if submission else 404, submission or {"code": "not-found"})
            case ["submissions", submission_id, "result"]:
                result = application.results.get(submission_id)
                self._answer(200 if result else 409, result or {"code": "result-not-ready"})
            case ["submissions", submission_id, "image"]:
                self._answer(
                    200 if submission_id in application.results else 409, b"", "image/jpeg"
                )
            case _:
                self._answer(404, {"code": "not-found"})

    def do_POST(self) -> None:
        self._count(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_down(self.path):
            return
        application = self.server.application
        match self.path.removeprefix("/api/v1"):
            case "/accounts":
                document = json.loads(body)
                if document["email"] in application.passwords:
                    self._answer(409, {"code": "email-taken"})
                    return
                time.sleep(application.sign_up_ms / 1000)
                application.passwords[document["email"]] = document["password"]
                self._answer(201, {"id": document["email"], "email": document["email"]})
            case "/tokens":
                document = json.loads(body)
                if application.passwords.get(document["email"]) != document["password"]:
                    self._answer(401, {"code": "invalid-credentials"})
                    return
                token = uuid.uuid4().hex
                application.tokens[token] = document["email"]
                self._answer(200, {"access_token": token, "expires_in": 900})
            case "/submissions":
                owner = self._owner()
                if owner is None:
                    self._answer(401, {"code": "unauthenticated"})
                    return
                is_upload = self.headers["Content-Type"].startswith("multipart/form-data")
                if is_upload and b'name="image"' not in body:
                    self._answer(422, {"code": "invalid"})
                    return
                self._answer(*application.submit(owner))
            case _:
                self._answer(404, {"code": "not-found"})

    def do_DELETE(self) -> None:
        self._count(self.path)
        application = self.server.application
        submission_id = self.path.rpartition("/")[2]
        found = application.submissions.pop(submission_id, None)
        application.results.pop(submission_id, None)
        if found is not None:
            application.rows[found["owner"]] -= 1
        self._answer(404 if found is None else 204, b"")

    def _owner(self) -> str | None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.server.application.tokens.get(token)

    def _is_down(self, path: str) -> bool:
        """Return whether the test's faults set this path to a 503."""
        inner = path.removeprefix("/api/v1") or "/"
        is_down = any(
            inner == down or (down.strip("/") and down.endswith("/") and inner.startswith(down))
            for down in tuple(self.server.application.faults.down)
        )
        if is_down:
            self._answer(503, {"code": "unavailable"})
        return is_down

    def _count(self, path: str) -> None:
        calls = self.server.application.calls
        key = f"{self.command} {path}"
        calls[key] = calls.get(key, 0) + 1

    def _answer(self, status: int, document: Any, media_type: str = "application/json") -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if status == 503:
            self.send_header("Retry-After", "1")
        if status == 202:
            self.send_header("Location", f"/api/v1/submissions/{document['id']}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, application: FakeApplication, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.application = application
        self.dead = False
        self.base_url = f"http://127.0.0.1:{self.server_port}"
        self._loops = [
            threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True),
            threading.Thread(target=application.recognize, daemon=True),
        ]

    def stop_answering(self) -> None:
        """Break every connection from now on, as a process that was killed does."""
        self.dead = True

    def finish_request(self, request: Any, client_address: Any) -> None:
        if not self.dead:
            super().finish_request(request, client_address)

    def __enter__(self) -> "Server":
        for thread in self._loops:
            thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self.shutdown()
        self.application.work.put(None)
        self.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--work-ms", type=float, default=20.0)
    options = parser.parse_args()
    with Server(FakeApplication(work_ms=options.work_ms), options.port) as server:
        print(server.base_url, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
