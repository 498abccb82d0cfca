"""Web processes that are scaled by order under load, and workers that follow their queue."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.oracle import History, RecordingClient, settled_violations, steady_load
from benchmarks.rehearsal.outcome import RATES, Outcome, load_figures, load_problems
from benchmarks.rehearsal.protocols import AutoscaledTarget, EngineTarget
from benchmarks.rehearsal.releases import AFTER_SECONDS
from benchmarks.rehearsal.worker import DRAIN_SECONDS, submit_slow

MOST = 3  # workers, on a node of two processors
DOWN_SECONDS = 120.0  # within which the surplus is gone
POLL_SECONDS = 1.0


def by_order(target: EngineTarget, process: str) -> Outcome:
    """Scale a web process type to two processes and back under load: none may be cut off."""
    history = History()
    client = RecordingClient(target.base_url, history)
    with steady_load(client, RATES):
        up = target.scale(process, 2)
        time.sleep(AFTER_SECONDS)
        target.scale(process, 1)
        time.sleep(AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    problems = load_problems(history, settled_violations(target, history))
    figures = {"second process, s": up} | load_figures(history)
    return Outcome("order", process, figures, problems)


def by_queue(target: AutoscaledTarget, *, submissions: int, least: int = 1) -> Outcome:
    """Make a queue that one worker can't empty, and leave scaling to the autoscaler.

    With `least` 0 there is no worker at the beginning, and none is left at the end.
    """
    process = target.architecture.worker
    target.autoscale({process: MOST}, least=least)
    wait_for_pods(target, process, least)
    history = History()
    client = RecordingClient(target.base_url, history)
    with _watched(target, process) as pods:
        began = time.monotonic()
        submit_slow(client, submissions, seconds=5)
        client.drain(timeout_seconds=DRAIN_SECONDS)
        drained = time.monotonic() - began
        deadline = time.monotonic() + DOWN_SECONDS
        while pods[-1][1] > least and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    problems = load_problems(history, settled_violations(target, history))
    counts = [count for _, count in pods]
    most = max(counts)
    if most < 2:  # noqa: PLR2004 - more than one
        problems = (*problems, "never more than one worker ran")
    if counts[-1] != least:
        problems = (*problems, f"{counts[-1]} workers were left")
    figures: dict[str, float | str] = {
        "fewest workers": least,
        "most workers": most,
        "first new worker after, s": next(
            (at - began for at, count in pods if at >= began and count > least), -1.0
        ),
        "queue empty after, s": drained,
    }
    workers = tuple((round(at - began, 2), count) for at, count in pods)
    return Outcome("queue", process, figures | load_figures(history), problems, workers)


def wait_for_pods(target: AutoscaledTarget, process: str, count: int) -> None:
    """Wait until a process type has so many pods, for `DOWN_SECONDS` at most."""
    deadline = time.monotonic() + DOWN_SECONDS
    while len(target.pods(process)) != count and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


@contextmanager
def _watched(target: AutoscaledTarget, process: str) -> Iterator[list[tuple[float, int]]]:
    """Give the numbers of ready pods within the block, each with the time since which it holds."""
    pods = [(time.monotonic(), len(target.pods(process)))]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(POLL_SECONDS):
            count = len(target.pods(process))
            if count != pods[-1][1]:
                pods.append((time.monotonic(), count))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield pods
    finally:
        stop.set()
        thread.join()
