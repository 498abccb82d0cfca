"""What is done together about once a second."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from submissions import batches
from submissions.batches import Batches


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(batches, "_PAUSE_SECONDS", 0.1)
    yield
    until(lambda: threads() == 0)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def threads() -> int:
    return sum(it.name == "batches" for it in threading.enumerate())


def test_items_are_given_together_and_each_once() -> None:
    given: list[list[int]] = []
    collected: Batches[int] = Batches(given.append)
    for item in range(3):
        collected.add(item)
    until(lambda: bool(given))
    assert given == [[0, 1, 2]]
    collected.add(3)
    until(lambda: len(given) == 2)
    assert given == [[0, 1, 2], [3]]


def test_there_is_no_thread_while_there_is_nothing_to_do() -> None:
    given: list[list[int]] = []
    collected: Batches[int] = Batches(given.append)
    assert threads() == 0
    for rounds in (1, 2):
        collected.add(rounds)
        assert threads() == 1
        until(lambda: threads() == 0)
        assert len(given) == rounds


def test_a_batch_that_fails_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    given: list[list[int]] = []

    def call(items: list[int]) -> None:
        given.append(items)
        if len(given) == 1:
            raise OSError

    collected: Batches[int] = Batches(call)
    with caplog.at_level(logging.WARNING):
        collected.add(1)
        until(lambda: bool(given))
        collected.add(2)
        until(lambda: len(given) == 2)
    assert given == [[1], [2]]
    assert "a batch of 1 is left to the sweeper: OSError()" in caplog.messages


def test_what_is_too_much_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_ITEMS_MAX", 2)
    given: list[list[int]] = []
    collected: Batches[int] = Batches(given.append)
    for item in range(3):
        collected.add(item)
    until(lambda: bool(given))
    assert given == [[0, 1]]


def test_it_works_in_a_forked_process() -> None:
    """Such as a worker's child, whose parent may have used it before."""
    reading, writing = os.pipe()

    def write(items: list[int]) -> None:
        os.write(writing, b"%d" % items[-1])

    collected: Batches[int] = Batches(write)
    collected.add(1)
    child = os.fork()
    if child == 0:
        try:
            collected.add(2)
            time.sleep(1)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    until(lambda: threads() == 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as given:
        assert sorted(given.read().decode()) == ["1", "2"]
