"""Processes that stop, start again, or close connections."""

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.upstream import Edge, assert_problem, names, running


@contextmanager
def _edge(folder: Path, submissions: str, **more: str) -> Iterator[Edge]:
    accounts = f"127.0.0.1:{free_port()}"
    edge = Edge(folder, ACCOUNTS_UPSTREAMS=accounts, SUBMISSIONS_UPSTREAMS=submissions, **more)
    try:
        yield edge
    finally:
        edge.stop()


@pytest.mark.slow
def test_a_service_that_is_away_and_comes_back(tmp_path: Path) -> None:
    port = free_port()
    with _edge(tmp_path, f"127.0.0.1:{port}") as edge:
        for path in ("/api/v1/submissions", "/api/v1/tokens", "/readyz"):
            begun = time.monotonic()
            response = edge.send(path, method="POST", body=b"{}")
            assert time.monotonic() - begun < 5
            assert_problem(response, 503, "unavailable")
            assert response.headers["Retry-After"] == "1"
        assert edge.send("/").status == 200
        with running("submissions", port) as service:
            deadline = time.monotonic() + 10
            while edge.send("/api/v1/submissions").status != 200:
                assert time.monotonic() < deadline
            assert service.received


def test_one_of_two_processes_goes_away(tmp_path: Path) -> None:
    with running("one") as one, contextlib.ExitStack() as stack:
        two = stack.enter_context(running("two"))
        with _edge(tmp_path, f"127.0.0.1:{one.port} 127.0.0.1:{two.port}") as edge:
            bodies: set[bytes] = set()
            while bodies != {b"one", b"two"}:
                bodies.add(edge.send("/api/v1/submissions").body)
            one.received.clear()
            stack.close()
            # At once: no health check has failed yet.
            responses = [
                edge.send("/api/v1/submissions", method="POST", body=b"x") for _ in range(10)
            ]
            assert {response.status for response in responses} == {200}
            assert len(one.received) == 10


def test_a_post_is_never_made_twice(tmp_path: Path) -> None:
    with (
        running("one") as one,
        running("two") as two,
        _edge(tmp_path, f"127.0.0.1:{one.port} 127.0.0.1:{two.port}") as edge,
    ):
        one.hang_up = two.hang_up = True
        response = edge.send("/api/v1/submissions", method="POST", body=b"x")
        assert_problem(response, 503, "unavailable")
        assert len(one.received) + len(two.received) == 1


@pytest.mark.parametrize("from_dns", [False, True], ids=["list", "srv"])
def test_clients_that_break_off_their_bodies_are_no_failures_of_a_process(
    tmp_path: Path, from_dns: bool
) -> None:
    head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    with running("one") as one, contextlib.ExitStack() as stack:
        if from_dns:
            resolver = f"127.0.0.1:{stack.enter_context(names(one.port))}"
            edge = stack.enter_context(
                _edge(tmp_path, "web.target", UPSTREAMS_FROM="srv", UPSTREAMS_RESOLVER=resolver)
            )
        else:
            edge = stack.enter_context(_edge(tmp_path, f"127.0.0.1:{one.port}"))
        for _ in range(30):
            begun = len(one.begun)
            with socket.create_connection(("127.0.0.1", edge.port), timeout=20) as client:
                client.sendall(head + bytes(50_000))
                deadline = time.monotonic() + 20
                while len(one.begun) == begun:  # the process has it too
                    assert time.monotonic() < deadline
                    time.sleep(0.005)
            assert edge.send("/api/v1/submissions", method="POST", body=b"x").status == 200
            assert edge.send("/api/v1/submissions").status == 200
