"""No connection is held during calls to other services, and calls have short timeouts."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from celery.fixups.django import DjangoFixup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from rest_framework.test import APIClient

from config.celery import app
from config.checks import Check, states
from submissions import broker, consumers
from submissions.broker import Gate, publish
from submissions.models import State, Submission
from tests import recognition
from tests.backing_services import Valkey
from tests.conftest import image_bytes
from tests.network import network_watch
from tests.test_queries import CALLS, PATH
from tests.test_reading import completed, submitted


def _upload(owner: APIClient) -> HttpResponse:
    image = SimpleUploadedFile("a.jpg", image_bytes())
    return owner.post(PATH, {"image": image}, format="multipart")


REQUESTS: dict[str, Callable[[APIClient, str], HttpResponse]] = {
    **CALLS,
    "POST /submissions with an upload": lambda owner, _: _upload(owner),
    "GET /readyz": lambda owner, _: owner.get("/readyz"),
}
SILENT = {"GET /submissions", "GET /submissions/{id}"}  # these call only the database


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_holds_no_connection_while_it_calls_others(
    name: str, owner: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = submitted(owner)
    completed(location)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)  # as with a pool
    held: list[bool] = []
    with network_watch(lambda _: held.append(connection.connection is not None)):
        REQUESTS[name](owner, location).close()
    assert bool(held) is (name not in SILENT)
    assert not any(held)


@pytest.mark.django_db
def test_the_limits_of_a_session_are_in_force() -> None:
    with connection.cursor() as cursor:
        limits = {}
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            limits[name] = cursor.fetchone()[0]
    assert limits == {
        "statement_timeout": "10s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
    }


@pytest.mark.django_db
def test_a_host_that_vanishes_is_noticed() -> None:
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as live:
        option = {
            name: live.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
            for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
        }
        assert live.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    silence = option["TCP_KEEPIDLE"] + option["TCP_KEEPINTVL"] * option["TCP_KEEPCNT"]
    assert silence <= 15
    assert option["TCP_USER_TIMEOUT"] == 10_000


def test_after_a_failure_only_one_tries() -> None:
    gate = Gate()
    assert gate.enter()
    assert gate.enter()
    gate.report(published=False)
    assert not gate.enter()
    time.sleep(broker._PAUSE_SECONDS)
    assert [gate.enter() for _ in range(3)] == [True, False, False]
    gate.report(published=True)
    assert gate.enter()
    assert gate.enter()


def test_a_stalled_broker_is_not_waited_for_one_by_one(valkey: Valkey) -> None:
    def timed(_: int) -> tuple[bool, float]:
        begun = time.monotonic()
        published = publish("nothing", args=[str(uuid4())], queue="nothing")
        return published, time.monotonic() - begun

    with ThreadPoolExecutor(32) as threads:
        assert all(published for published, _ in threads.map(timed, range(32)))
        os.kill(valkey.pid, signal.SIGSTOP)
        try:
            first = list(threads.map(timed, range(32)))
            then = list(threads.map(timed, range(320)))
        finally:
            os.kill(valkey.pid, signal.SIGCONT)
        assert not any(published for published, _ in first + then)
        waited = [seconds for _, seconds in then if seconds > 0.5]
        assert len(waited) <= 2  # the probe
        deadline = time.monotonic() + 30
        while not timed(0)[0]:
            assert time.monotonic() < deadline, "nothing is published again"
            time.sleep(broker._PAUSE_SECONDS)


def test_a_check_that_hangs_is_reported_in_time_and_has_no_second() -> None:
    end, calls = threading.Event(), 0

    def hang() -> None:
        nonlocal calls
        calls += 1
        end.wait()

    checks = {
        "hanging": Check(hang, failures=(OSError,)),
        "sound": Check(lambda: None, failures=(OSError,)),
    }
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: states(checks), range(24)))
    assert time.monotonic() - begun < 4  # three waits of 1.5 s, one after the other, take 4.5 s
    assert found == [{"hanging": "unavailable", "sound": "ok"}] * 24
    assert calls == 1
    end.set()
    while states(checks)["hanging"] != "ok":
        time.sleep(0.01)


def _session_end() -> None:
    """End the session of this connection on the server, as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_kept_between_tasks() -> None:
    connection.ensure_connection()
    kept = connection.connection
    fixup: Any = DjangoFixup(app)
    for _ in range(10):  # before and after each task
        fixup.worker_fixup.close_database()
    assert connection.connection is kept
    assert connection.is_usable()


@pytest.mark.django_db(transaction=True)
def test_a_restart_of_the_database_between_tasks_costs_nothing(owner: APIClient) -> None:
    submission = Submission.objects.get(id=submitted(owner).rpartition("/")[2])
    _session_end()
    consumers.recognition_completed(recognition.completed(submission))
    submission.refresh_from_db()
    assert (submission.state, submission.attempt) == (State.SUCCEEDED, 1)
