"""A thread's samples distribute its own CPU time, and no other's; shares add up to the whole."""

import pytest

from benchmarks.request_profile.layers import DATABASE, GATEWAY, LAYERS, REST, SERVER, STORE
from benchmarks.request_profile.samples import Thread, samples_by_thread, shares

GATEWAY_FRAME = "serve (/x/monolith/config/exchange.py:1)"
DATABASE_FRAME = "execute (/x/site-packages/psycopg/cursor.py:2)"
WAIT_FRAME = "wait (/usr/lib/python3.11/threading.py:3)"
MAIN, DJANGO = Thread(10, 10, "granian"), Thread(11, 10, "granian")
RUNTIME, STORES = Thread(12, 10, "tokio-rt-worker"), Thread(13, 10, "tokio-rt-worker")


def test_samples_are_added_up_by_thread_and_layer() -> None:
    command = 'process 10:"granian --host a; b"'
    found = samples_by_thread(
        [
            f"{command};thread (10): MainThread;{GATEWAY_FRAME} 3",
            f"{command};thread (10): MainThread;{GATEWAY_FRAME};{DATABASE_FRAME} 2",
            f"thread (11): django_0;{GATEWAY_FRAME} 4",
            f"thread (11): django_0;{GATEWAY_FRAME};{WAIT_FRAME} 99",
            "thread (12) 7",
            f"{GATEWAY_FRAME} 5",
            "",
            "no count",
        ]
    )
    assert found == {10: {GATEWAY: 3, DATABASE: 2}, 11: {GATEWAY: 4}}


def test_a_thread_s_samples_distribute_its_own_cpu_time() -> None:
    samples = samples_by_thread(
        [
            f"thread (10): MainThread;{GATEWAY_FRAME} 1000",
            f"thread (11): django_0;{DATABASE_FRAME} 3",
            f"thread (11): django_0;{GATEWAY_FRAME} 1",
        ]
    )
    found = shares({MAIN: 20.0, DJANGO: 80.0}, samples)
    assert found == pytest.approx({GATEWAY: 0.4, DATABASE: 0.6})
    assert list(found) == [it for it in LAYERS if it in found]


def test_native_threads_are_known_by_their_names_and_their_order() -> None:
    threads = {MAIN: 10.0, STORES: 30.0, RUNTIME: 20.0}
    assert shares(threads, {}) == pytest.approx({SERVER: 0.5, STORE: 0.5})


def test_without_a_server_in_the_process_each_runtime_is_the_stores() -> None:
    worker = {Thread(20, 20, "celery"): 5.0, Thread(21, 20, "tokio-rt-worker"): 15.0}
    assert shares(worker, {}) == pytest.approx({STORE: 0.75, REST: 0.25})


def test_no_cpu_time_has_no_shares() -> None:
    assert shares({MAIN: 0.0}, {10: {GATEWAY: 1}}) == {}  # type: ignore[dict-item]
    assert shares({}, {}) == {}
