"""A short load without any disturbance."""

import time

from benchmarks.oracle import History, RecordingClient, settled_violations, steady_load
from benchmarks.oracle.load import Feature
from benchmarks.rehearsal.outcome import RATES, Outcome, load_figures, load_problems
from benchmarks.rehearsal.protocols import EngineTarget

TIMES = 4  # the light load of the other steps
DRAIN_SECONDS = 120.0


def send(target: EngineTarget, *, seconds: float) -> Outcome:
    """Load a target for so many seconds, more than in the other steps; no request may fail."""
    history = History()
    client = RecordingClient(target.base_url, history)
    rates: dict[Feature, float] = {feature: TIMES * rate for feature, rate in RATES.items()}
    with steady_load(client, rates):
        time.sleep(seconds)
    drained = client.drain(timeout_seconds=DRAIN_SECONDS)
    problems = load_problems(history, settled_violations(target, history))
    figures = {"seconds": seconds, "final after, s": drained} | load_figures(history)
    return Outcome("load", "", figures, problems)
