"""A backing service that is restarted under light load."""

import time

from benchmarks.oracle import History, RecordingClient, settled_violations, steady_load
from benchmarks.rehearsal.outcome import RATES, Outcome, failed, load_figures, load_problems
from benchmarks.rehearsal.protocols import EngineTarget
from benchmarks.rehearsal.releases import AFTER_SECONDS, BEFORE_SECONDS

DRAIN_SECONDS = 120.0
# After its return, until every process has new connections
RECOVERY_SECONDS = 15.0


def restart(target: EngineTarget, service: str) -> Outcome:
    """Restart a backing service under load; nothing may be lost or doubled.

    Requests may fail while it is away, and for `RECOVERY_SECONDS` after that.
    """
    history = History()
    client = RecordingClient(target.base_url, history)
    with steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        began = history.now()
        seconds = target.restart(service)
        recovered = history.now() + RECOVERY_SECONDS
        time.sleep(RECOVERY_SECONDS + AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    excused = [it for it in failed(history) if it.started <= recovered and it.ended >= began]
    violations = settled_violations(target, history)
    problems = load_problems(history, violations, excused=excused)
    figures = {"away, s": seconds} | load_figures(history)
    return Outcome("restart", service, figures, problems)
