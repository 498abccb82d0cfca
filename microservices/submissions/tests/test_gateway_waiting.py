"""The web process over its socket: long polls, stalls, and its end."""

import contextlib
import json
import os
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import redis

from config.bodies import Limits
from tests.gateway import (
    PLACES,
    SUBMISSIONS,
    begin,
    exchange,
    finish,
    get,
    read,
    stalled,
    until,
)
from tests.processes import Processes

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]

BODIES_PER_CLIENT = Limits().bodies_per_owner


def test_many_wait_to_the_limit_without_a_thread_or_a_connection(web: Processes) -> None:
    location = web.submit()
    with contextlib.ExitStack() as stack:
        begun = time.monotonic()
        waiting = fill(web, f"{location}?wait=15", stack)
        assert len(waiting) == PLACES
        assert exchange(web, get(web, SUBMISSIONS)).status == 200
        connections = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'"
        assert web.rows(connections)[0][0] <= 9  # the pool, and this query's own
        for connection in waiting:
            reply = read(connection)
            assert (reply.status, json.loads(reply.body)["state"]) == (200, "pending")
            assert "retry-after" not in reply.headers
            assert time.monotonic() - begun >= 15


def fill(web: Processes, path: str, stack: contextlib.ExitStack) -> list[socket.socket]:
    """Let clients wait until one gets its response at once; return those that wait."""
    waiting: list[socket.socket] = []
    for _ in range(PLACES * 2):
        waiting.append(stack.enter_context(begin(web, get(web, path))))
        seconds = 0.0 if len(waiting) <= PLACES else 5.0
        for refused in select.select(waiting, [], [], seconds)[0]:
            reply = read(refused)
            assert (reply.status, reply.headers["retry-after"]) == (200, "1")
            waiting.remove(refused)
            return waiting
    raise AssertionError(len(waiting))


def notify(web: Processes, notice: bytes) -> None:
    with redis.Redis.from_url(web.environment["CACHE_URL"]) as client:
        assert client.publish("submission.final", notice) == 1


def test_a_waiting_client_is_woken_by_a_notice(web: Processes) -> None:
    location = web.submit()
    exchange(web, get(web, f"{location}?wait=1"))  # the subscriber has started
    with begin(web, get(web, f"{location}?wait=20")) as connection:
        time.sleep(1)
        begun = time.monotonic()
        for notice in (b"\xff\xfe", b"", os.urandom(500), location.rpartition("/")[2].encode()):
            notify(web, notice)
        # The row isn't final: only the notice can have caused the response.
        assert json.loads(read(connection).body)["state"] == "pending"
        assert time.monotonic() - begun < 10


@pytest.mark.parametrize("deleted", [False, True])
def test_a_waiting_client_is_woken_without_a_notice(web: Processes, deleted: bool) -> None:
    location = web.submit()
    with begin(web, get(web, f"{location}?wait=20")) as connection:
        time.sleep(1)
        begun = time.monotonic()
        if deleted:
            assert web.call("DELETE", location)[0] == 204
            read(connection).assert_problem(404, "not-found")
        else:
            finish(web, location)
            assert json.loads(read(connection).body)["state"] == "failed"
        assert time.monotonic() - begun < 10


def test_a_waiting_client_that_goes_away_leaves_its_place(web: Processes) -> None:
    location = web.submit()
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            assert len(fill(web, f"{location}?wait=20", stack)) == PLACES
        head = get(web, f"{location}?wait=1")
        until(lambda: "retry-after" not in exchange(web, head).headers)  # noqa: B023 - at once


def test_a_final_state_is_not_waited_for(web: Processes) -> None:
    """It needs no place among the waiting clients, all of which are taken."""
    location, final = web.submit(), web.submit()
    finish(web, final)
    with contextlib.ExitStack() as stack:
        assert len(fill(web, f"{location}?wait=20", stack)) == PLACES
        response = exchange(web, get(web, f"{final}?wait=20"))
        assert json.loads(response.body)["state"] == "failed"
        assert "retry-after" not in response.headers


def test_what_is_refused_is_not_held_back(web: Processes) -> None:
    location = web.submit()
    begun = time.monotonic()
    exchange(web, get(web, f"{location}?wait=21")).assert_problem(422, "invalid")
    exchange(web, get(web, f"{location}?wait=20", "Accept: image/png")).assert_problem(
        406, "not-acceptable"
    )
    exchange(web, f"GET {location}?wait=20 HTTP/1.1").assert_problem(401, "unauthenticated")
    exchange(web, get(web, f"{SUBMISSIONS}/{uuid4()}?wait=20")).assert_problem(404, "not-found")
    assert time.monotonic() - begun < 15


def test_a_body_that_is_not_used_takes_no_place_after_it_was_read(web: Processes) -> None:
    for _ in range(BODIES_PER_CLIENT + 1):
        head = f"GET {SUBMISSIONS}/{uuid4()}?wait=1 HTTP/1.1\r\nContent-Length: 2"
        exchange(web, head, b"{}").assert_problem(401, "unauthenticated")
    location = web.submit()
    waited = get(web, f"{location}?wait=1", "Content-Length: 2")
    assert json.loads(exchange(web, waited, b"{}").body)["state"] == "pending"


def test_a_response_comes_while_the_database_stalls(web: Processes) -> None:
    location = web.submit()
    with stalled(web), ThreadPoolExecutor(40) as clients:
        begun = time.monotonic()
        stuck = [clients.submit(exchange, web, get(web, location)) for _ in range(40)]
        time.sleep(1)
        assert exchange(web, "GET /livez HTTP/1.1").status == 200
        assert exchange(web, "GET /api/v1/schema HTTP/1.1").status == 200
        assert exchange(web, "GET /readyz HTTP/1.1").status == 503
        for future in stuck:
            reply = future.result()
            reply.assert_problem(503, "unavailable")
            assert reply.headers["retry-after"] == "1"
        assert time.monotonic() - begun < 40
    until(lambda: exchange(web, get(web, location)).status == 200)


def test_waiting_clients_get_what_there_is_when_the_process_ends(web: Processes) -> None:
    location = web.submit()
    with begin(web, get(web, f"{location}?wait=20")) as connection:
        time.sleep(0.5)
        begun = time.monotonic()
        ending = threading.Thread(target=web.end, args=("web",))
        ending.start()
        reply = read(connection)
        assert (json.loads(reply.body)["state"], reply.headers["retry-after"]) == ("pending", "1")
        ending.join()
        assert time.monotonic() - begun < 15
