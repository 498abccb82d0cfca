"""What the broker forgets when its machine ends: requests, outcomes, acknowledgements.

Valkey writes its log to disk once a second, so the end of its machine loses the last writes. Here
they are cut off the log while Valkey is down, and every one of them, however old.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from benchmarks.oracle import RecordingClient
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import killed
from benchmarks.tests.faults.test_messages import QUEUE, attempts_of, broker_of
from benchmarks.tests.faults.verification import (
    RECOGNIZING,
    assert_nothing_lost_or_doubled,
    seconds_until,
)

COUNT = 4
FINAL_SECONDS = 60.0
DRAIN_SECONDS = 90.0
OUTCOMES = "submissions"  # the queue of the outcomes, among the services


@contextmanager
def forgotten(target: Target) -> Iterator[None]:
    """Make the broker forget, at the end of the block, all that was written within it."""
    (log,) = (target.run_dir / "data" / "valkey" / "appendonlydir").glob("*.incr.aof")
    kept_bytes = log.stat().st_size
    yield
    target.kill("valkey", signal.SIGKILL)
    assert log.stat().st_size > kept_bytes
    os.truncate(log, kept_bytes)
    target.restart("valkey")


def waiting(target: Target, queue: str) -> int:
    """Return how many messages wait in a queue of the broker."""
    with broker_of(target) as broker:
        return int(broker.llen(queue))


@pytest.mark.row("broker-lost")
def test_requests_that_the_broker_forgets(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    with killed(target, RECOGNIZING[target.arch]):
        with forgotten(target):
            recorder.submit_accepted(COUNT)
            assert waiting(target, QUEUE) == COUNT
        # Before a worker is back, which would take them, and the sweeper publishes them again
        assert waiting(target, QUEUE) == 0
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), FINAL_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("broker-lost")
def test_outcomes_that_the_broker_forgets(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    """Among the services each attempt is made, and its messages wait for the consumer.

    The monolith's worker writes outcomes into rows, so there the requests are forgotten while it
    works on the first of them.
    """
    with ExitStack() as stopped, forgotten(target):
        if target.arch == "microservices":
            stopped.enter_context(killed(target, "submissions-consumer"))
        with killed(target, RECOGNIZING[target.arch]):
            ids = recorder.submit_accepted(COUNT)
        if target.arch == "microservices":
            messages = 2 * COUNT  # begun and completed
            late = seconds_until(lambda: waiting(target, OUTCOMES) >= messages, timeout_seconds=30)
            assert late < 30
        else:
            recorder.wait_for_state(ids, "processing", timeout_seconds=30)
    record.at_most("done after", recorder.drain(timeout_seconds=DRAIN_SECONDS), FINAL_SECONDS)
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@pytest.mark.row("broker-lost")
def test_acknowledgements_that_the_broker_forgets(
    target: Target, recorder: RecordingClient, record: Record
) -> None:
    """The messages come again although their work is done: nothing is done twice."""
    with ExitStack() as stopped:
        stopped.enter_context(killed(target, RECOGNIZING[target.arch]))
        ids = recorder.submit_accepted(COUNT)
        with forgotten(target):
            stopped.close()
            recorder.drain(timeout_seconds=DRAIN_SECONDS)
            time.sleep(1)  # until the last one is acknowledged
    consumed = seconds_until(lambda: waiting(target, QUEUE) == 0, timeout_seconds=FINAL_SECONDS)
    record.at_most("consumed after", consumed, FINAL_SECONDS)
    assert {attempts_of(target, submission_id) for submission_id in ids} == {1}
    assert_nothing_lost_or_doubled(target, recorder.history, record)
