"""The load of the overhead sweep, on the fake target and with fake references."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.scaling.overhead import parts
from benchmarks.experiments.scaling.overhead.client import (
    Account,
    Body,
    Connection,
    ResponseError,
    ready_ms,
)
from benchmarks.experiments.scaling.overhead.parts import PARTS, Part
from benchmarks.experiments.scaling.overhead.requests import Requests
from benchmarks.targets.floor.references import ASGI, WSGI, Iterations
from benchmarks.tests.fake_target import FakeApplication, Faults, Server
from benchmarks.tests.workload.locust_process import IMAGE

BY_NAME = {part.name: part for part in PARTS}


class FakeTarget:
    """The fake target's server; a stop signal stalls its only worker."""

    def __init__(self, server: Server) -> None:
        self.base_url = server.base_url
        self.application = server.application
        self.signals: list[tuple[str, signal.Signals]] = []

    def kill(self, process: str, number: signal.Signals) -> None:
        self.signals.append((process, number))
        if number is signal.SIGSTOP:
            self.application.stalled.acquire()
        else:
            self.application.stalled.release()


class FakeReferences:
    upload_key = "uploads/1"

    def __init__(self) -> None:
        self.orders: list[tuple[str, int]] = []

    def iterate(self, source: str, count: int) -> Iterations:
        self.orders.append((source, count))
        return Iterations((0.06,) * count, 0.06 * count)


class Minimal(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._respond(202)

    def _respond(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def minimal() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Minimal)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


def made(
    stack: ExitStack, minimal: str, architecture: str = "monolith", faults: Faults | None = None
) -> tuple[Requests, FakeTarget, FakeReferences]:
    application = FakeApplication(work_ms=5.0, faults=faults or Faults())
    target = FakeTarget(stack.enter_context(Server(application)))
    references: Any = FakeReferences()
    connect = stack.enter_context
    requests = Requests(
        target,
        architecture,
        references,
        image_url="http://127.0.0.1:1/load.jpg",
        bodies=(Body.of_upload(IMAGE), Body.of_url("http://127.0.0.1:1/load.jpg")),
        connections=[connect(Connection(target.base_url)) for _ in range(4)],
        minimal={name: connect(Connection(minimal)) for name in (ASGI, WSGI)},
    )
    return requests, target, references


def test_every_part_can_be_done_and_every_submission_is_counted(
    stack: ExitStack, minimal: str
) -> None:
    requests, target, references = made(stack, minimal)
    done = {}
    for part in PARTS:
        with requests.around(part):
            done[part.name] = requests.run(part, part.seconds / 2)
    assert all(it.count >= 1 and it.seconds > 0 for it in done.values())
    assert requests.accepted == requests.succeeded == target.application.accepted
    assert len(target.application.results) == requests.accepted
    assert [source for source, _ in references.orders] == [
        "uploads/1",
        "http://127.0.0.1:1/load.jpg",
    ]
    assert done[parts.UPLOAD].count == 4, "each of four users submits once"
    assert done[parts.SUBMIT].count == 4


def test_at_rest_both_views_of_a_submission_are_kept(stack: ExitStack, minimal: str) -> None:
    requests, _, _ = made(stack, minimal)
    done = requests.run(Part(parts.AT_REST, 3, 0.1), 0.1)
    assert len(done.ready_ms) == len(done.client_ms) == done.count == 3
    assert all(5.0 <= own <= seen for own, seen in zip(done.ready_ms, done.client_ms, strict=True))
    assert set(done.to_json()) == {"count", "seconds", "each_ms", "ready_ms", "client_ms"}


@pytest.mark.parametrize(
    ("architecture", "worker"),
    [("monolith", "monolith-worker"), ("microservices", "recognition-worker")],
)
def test_submissions_are_only_accepted_while_the_workers_are_stopped(
    stack: ExitStack, minimal: str, architecture: str, worker: str
) -> None:
    requests, target, _ = made(stack, minimal, architecture)
    submit = BY_NAME[parts.SUBMIT]
    with requests.around(submit):
        done = requests.run(submit, 0.2)
        assert not target.application.results
        assert requests.succeeded == 0
    assert target.signals == [(worker, signal.SIGSTOP), (worker, signal.SIGCONT)]
    assert len(target.application.results) == done.count == requests.succeeded


def test_a_connection_that_was_closed_between_two_parts_is_made_again(
    stack: ExitStack, minimal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a part begins after the server's time limit for an idle connection."""
    monkeypatch.setattr(Minimal, "timeout", 0.1)
    requests, _, _ = made(stack, minimal)
    for _ in range(2):
        assert requests.run(Part(parts.MINIMAL, 2, 1.0), 1.0).count == 2
        time.sleep(0.3)


def test_a_submission_that_fails_ends_the_trial(stack: ExitStack, minimal: str) -> None:
    requests, _, _ = made(stack, minimal, faults=Faults(fail_every=1))
    with pytest.raises(ResponseError, match="failed"):
        requests.run(BY_NAME[parts.UPLOAD], 0.1)


def test_a_response_with_another_status_is_an_error(stack: ExitStack, minimal: str) -> None:
    requests, target, _ = made(stack, minimal)
    target.application.faults.down.add("/submissions")
    with pytest.raises(ResponseError, match="POST /api/v1/submissions has status 503, not 202"):
        requests.run(BY_NAME[parts.UPLOAD], 0.1)


class Redirecting(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tokens: list[str | None] = []

    def do_GET(self) -> None:
        port = self.connection.getsockname()[1]
        to = {"/here": "/there", "/away": f"http://127.0.0.1:{port}/there?signed=1"}
        self.tokens.append(self.headers.get("Authorization"))
        self.send_response(302 if self.path in to else 200)
        if self.path in to:
            self.send_header("Location", to[self.path])
        body = self.path.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.mark.parametrize(
    ("path", "ends_at", "token"), [("/here", b"/there", "t"), ("/away", b"/there?signed=1", None)]
)
def test_a_redirect_is_followed_and_the_token_stays_within_its_origin(
    stack: ExitStack, path: str, ends_at: bytes, token: str | None
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    Redirecting.tokens.clear()
    with Connection(f"http://127.0.0.1:{server.server_port}") as connection:
        assert connection.send("GET", path, {"Authorization": "t"}) == ends_at
    assert Redirecting.tokens == ["t", token]


def test_the_target_s_own_times_are_those_of_its_document() -> None:
    times = {"created_at": "2026-01-02T03:04:05.100Z", "completed_at": "2026-01-02T03:04:05.350Z"}
    assert ready_ms(times) == pytest.approx(250.0)


def test_the_forms_are_those_of_the_contract(tmp_path: Path) -> None:
    image = tmp_path / "one.jpg"
    image.write_bytes(b"bytes")
    upload = Body.of_upload(image)
    boundary = upload.media_type.partition("boundary=")[2]
    assert upload.content.startswith(f"--{boundary}\r\n".encode())
    assert b'name="image"; filename="one.jpg"' in upload.content
    assert upload.content.endswith(f"bytes\r\n--{boundary}--\r\n".encode())
    assert json.loads(Body.of_url("http://x/y.jpg").content) == {"image_url": "http://x/y.jpg"}


def test_an_account_that_is_refused_is_an_error(stack: ExitStack) -> None:
    application = FakeApplication(faults=Faults(down={"/accounts"}))
    server = stack.enter_context(Server(application))
    with pytest.raises(ResponseError, match="status 503, not 201"):
        Account(server.base_url)
