"""Notices that submissions are final: hints that never delay work for long."""

import socket
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from pytest_django import Settings

from submissions import broker, notices
from submissions.broker import Gate


@pytest.fixture
def stalled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A cache that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        server.setblocking(False)
        settings.CACHE_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/1"
        monkeypatch.setattr(notices, "_gate", Gate())
        notices._client.cache_clear()
        yield server
    notices._client.cache_clear()


def connection_count(server: socket.socket) -> int:
    """Accept pending connections and return how many there were."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_a_stalled_cache_is_tried_once_a_second_and_not_at_each_submission(
    stalled: socket.socket,
) -> None:
    begun = time.monotonic()
    for _ in range(20):
        notices.final_publish(uuid4())
    seconds = time.monotonic() - begun
    assert 1 <= connection_count(stalled) <= 1 + seconds / broker._PAUSE_SECONDS


def test_a_cache_that_is_back_is_used_again(stalled: socket.socket, settings: Settings) -> None:
    notices.final_publish(uuid4())
    assert not notices._gate.enter()
    settings.CACHE_URL = settings.BROKER_URL
    notices._client.cache_clear()
    time.sleep(broker._PAUSE_SECONDS)
    notices.final_publish(uuid4())
    assert notices._gate.enter()
    assert notices._gate.enter()
