"""Load from threads during a fault, with each request recorded."""

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from benchmarks.oracle.client import Exchange, RecordingClient

Feature = Literal["sign-in", "submit", "read", "list", "account", "page"]
JOIN_SECONDS = 40.0
# Simultaneous requests: a stalled target holds each for up to the client's time limit.
AT_ONCE = 256


@contextmanager
def load(
    client: RecordingClient, clients: int = 4, *, pause_seconds: float = 0.2
) -> Iterator[list[Exchange]]:
    """Submit from several threads for the length of the block, with pauses in between.

    Closed load: each thread waits for its response. The list grows meanwhile.
    """
    exchanges: list[Exchange] = []
    stop = threading.Event()

    def keep_submitting() -> None:
        while not stop.wait(pause_seconds):
            exchanges.append(client.submit(uuid.uuid4().hex))

    threads = [threading.Thread(target=keep_submitting, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield exchanges
    finally:
        stop.set()
        _join(threads)


@contextmanager
def steady_load(
    client: RecordingClient, rates: Mapping[Feature, float], *, seed: int = 1
) -> Iterator[None]:
    """Send each feature's requests at its rate a second for the length of the block.

    Open load: arrivals are a Poisson process and don't wait for earlier ones; an event's `due` is
    when its request was meant to start. RuntimeError, at the block's end, if more than
    `AT_ONCE` were under way, so that some were never sent.
    """
    stop, requests = threading.Event(), _RequestThreads()
    drivers = [
        threading.Thread(
            target=_arrivals,
            args=(client, feature, rate),
            kwargs={
                "chance": random.Random(f"{seed}/{feature}"),
                "stop": stop,
                "requests": requests,
            },
            daemon=True,
        )
        for feature, rate in rates.items()
        if rate > 0
    ]
    for driver in drivers:
        driver.start()
    try:
        yield
    finally:
        stop.set()
        _join(drivers)
        requests.join()
    if requests.shed:
        message = f"{requests.shed} requests were not sent: {AT_ONCE} were under way"
        raise RuntimeError(message)


def _arrivals(
    client: RecordingClient,
    feature: Feature,
    rate: float,
    *,
    chance: random.Random,
    stop: threading.Event,
    requests: "_RequestThreads",
) -> None:
    due = client.history.now()
    while True:
        due += chance.expovariate(rate)
        if stop.wait(max(0.0, due - client.history.now())):
            return
        requests.start(_request(client, feature, due))


def _request(client: RecordingClient, feature: Feature, due: float) -> Callable[[], object]:
    return {
        "sign-in": lambda: client.sign_in(due=due),
        "submit": lambda: client.submit(uuid.uuid4().hex, due=due),
        "read": lambda: _read_newest(client, due),
        "list": lambda: client.list(due=due),
        "account": lambda: client.account(due=due),
        "page": lambda: client.page(due=due),
    }[feature]


def _read_newest(client: RecordingClient, due: float) -> None:
    accepted = list(client.history.accepted)
    if accepted:
        client.read(accepted[-1], due=due)
    else:
        client.list(due=due)


class _RequestThreads:
    """Threads of one request each, up to `AT_ONCE`; further requests are counted as shed."""

    def __init__(self) -> None:
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self.shed = 0

    def start(self, work: Callable[[], object]) -> None:
        with self._lock:
            self._threads = {thread for thread in self._threads if thread.is_alive()}
            if len(self._threads) >= AT_ONCE:
                self.shed += 1
                return
            thread = threading.Thread(target=work, daemon=True)
            self._threads.add(thread)
            thread.start()

    def join(self) -> None:
        _join(list(self._threads))


def _join(threads: list[threading.Thread]) -> None:
    """Wait for threads; TimeoutError if a request hangs beyond the client's own limit."""
    deadline = time.monotonic() + JOIN_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        message = f"a request hung for more than {JOIN_SECONDS:g} s"
        raise TimeoutError(message)
