"""Submissions a second where recognition is waited for, with one worker and with more."""

import threading
import time
import uuid

from benchmarks.oracle import RecordingClient
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.flow import WAIT_SECONDS, Flow
from benchmarks.recognizer.plan import (
    WAIT_MS,
    WAITING_CLIENTS,
    WAITING_SECONDS,
    WAITING_WORKERS,
    order,
)
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.measure.inventory import FINAL_STATES

WORKERS = {"monolith": "monolith-worker", "microservices": "recognition-worker"}
WARM_UP_SECONDS = 1.5
_JOIN_SECONDS = 40.0
_FEWEST = 2  # completions between which there is a time


def waiting_blocks(cores: frozenset[int], blocks: int) -> dict[str, list[dict[int, float]]]:
    """Return the submissions a second of each block, by architecture and number of workers.

    The numbers are in a random order within a block; the target is scaled from one to the other.
    """
    found: dict[str, list[dict[int, float]]] = {}
    for name in ARCHITECTURES:
        settings = {
            "RECOGNIZER": "synthetic",
            "SYNTHETIC_CPU_MS": "0",
            "SYNTHETIC_WAIT_MS": f"{WAIT_MS:g}",
        }
        with Flow(name, cores, **settings) as flow:
            found[name] = [
                {
                    workers: _with_workers(flow, name, workers)
                    for workers in order(WAITING_WORKERS, block)
                }
                for block in range(blocks)
            ]
    return found


def _with_workers(flow: Flow, architecture: str, workers: int) -> float:
    flow.target.scale(WORKERS[architecture], workers)
    ends = _completions(flow.client, WARM_UP_SECONDS + WAITING_SECONDS)
    return rate(ends, WARM_UP_SECONDS)


def rate(ends: list[float], since: float) -> float:
    """Return the completions a second after `since`, between the first and the last of them.

    RecognizerError if there are too few.
    """
    counted = sorted(end for end in ends if end >= since)
    if len(counted) < _FEWEST:
        raise RecognizerError("Too few submissions were completed for a rate.")
    return (len(counted) - 1) / (counted[-1] - counted[0])


def _completions(client: RecordingClient, seconds: float) -> list[float]:
    """Keep clients submitting for so long; return the seconds of each end since the beginning."""
    began, ends = time.monotonic(), list[float]()

    def keep_submitting() -> None:
        while time.monotonic() - began < seconds:
            accepted = client.submit(uuid.uuid4().hex)
            waited = client.wait(str(accepted.event.submission_id), WAIT_SECONDS)
            ended = time.monotonic() - began
            if waited.event.state in FINAL_STATES and ended <= seconds:
                ends.append(ended)

    threads = [
        threading.Thread(target=keep_submitting, daemon=True) for _ in range(WAITING_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_JOIN_SECONDS)
    return ends
