"""Web processes that are scaled by order under load, and workers that follow their queue."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.oracle import History, RecordingClient, settled_violations, steady_load
from benchmarks.rehearsal.outcome import RATES, Outcome, load_figures, load_problems
from benchmarks.rehearsal.protocols import AutoscaledTarget, EngineTarget
from benchmarks.rehearsal.releases import AFTER_SECONDS
from benchmarks.rehearsal.worker import DRAIN_SECONDS, submit_slow, worker_of

DOWN_SECONDS = 420.0  # an autoscaler waits for 300 s before it scales down
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
    return Outcome(f"{process} scaled", {"second process, s": up} | load_figures(history), problems)


def by_queue(target: AutoscaledTarget, *, submissions: int) -> Outcome:
    """Make a queue that one worker can't empty, and leave scaling to the autoscaler."""
    process = worker_of(target)
    history = History()
    client = RecordingClient(target.base_url, history)
    with _watched(target, process) as pods:
        began = time.monotonic()
        submit_slow(client, submissions, seconds=5)
        client.drain(timeout_seconds=DRAIN_SECONDS)
        drained = time.monotonic() - began
        deadline = time.monotonic() + DOWN_SECONDS
        while pods[-1][1] > 1 and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    problems = load_problems(history, settled_violations(target, history))
    counts = [count for _, count in pods]
    most = max(counts)
    if most < 2:  # noqa: PLR2004 - more than the one that always runs
        problems = (*problems, "never more than one worker ran")
    if counts[-1] != 1:
        problems = (*problems, f"{counts[-1]} workers were left")
    figures: dict[str, float | str] = {
        "most workers": most,
        "first new worker after, s": next((at for at, count in pods if count > 1), -1.0) - began,
        "queue empty after, s": drained,
        "workers by second": ", ".join(f"{count} from {at - began:.0f} s" for at, count in pods),
    }
    return Outcome(f"{process} scaled by its queue", figures | load_figures(history), problems)


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
