"""Releases under light load: good ones, and one that never becomes ready and is undone."""

import statistics
import time

from benchmarks.oracle import History, RecordingClient, settled_violations, steady_load
from benchmarks.oracle.load import Feature
from benchmarks.rehearsal.outcome import Outcome, load_figures, load_problems
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import KubernetesTarget
from benchmarks.targets.kubernetes.manifests import BUILT_TAG

RATES: dict[Feature, float] = {
    "submit": 0.5,
    "read": 2.0,
    "list": 0.5,
    "account": 0.5,
    "page": 0.5,
    "sign-in": 0.1,
}
BEFORE_SECONDS = 3.0
# Former pods serve on for 10 s after a release, and then finish: their end is under load too.
AFTER_SECONDS = 20.0
DRAIN_SECONDS = 90.0
NEVER_READY_SECONDS = 45.0


def roll_out(target: KubernetesTarget, unit: str, *, count: int, tag: str) -> Outcome:
    """Release a unit `count` times under load, alternately with `tag` and with the tag as built."""
    history = History()
    client = RecordingClient(target.base_url, history)
    with steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        tags = [BUILT_TAG if number % 2 else tag for number in range(count)]
        done = [target.release(unit, each) for each in tags]
        time.sleep(AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    seconds = [release.seconds for release in done]
    figures = {
        "releases": count,
        "pods started": sum(release.started for release in done),
        "median, s": statistics.median(seconds),
        "longest release, s": max(seconds),
    }
    problems = load_problems(history, settled_violations(target, history))
    return Outcome(f"releases of {unit}", figures | load_figures(history), problems)


def undo_bad(target: KubernetesTarget, unit: str, *, tag: str) -> Outcome:
    """Release under load a version that never becomes ready, and undo it."""
    history = History()
    client = RecordingClient(target.base_url, history)
    problems: list[str] = []
    cause = ""
    with steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        began = time.monotonic()
        try:
            target.release(unit, tag, timeout_seconds=NEVER_READY_SECONDS)
            problems.append(f"{unit} {tag} became ready")
        except EngineError as error:
            cause = str(error)
        refused = time.monotonic() - began
        undone = target.undo(unit)
        time.sleep(AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    figures: dict[str, float | str] = {
        "cause": cause,
        "given up after, s": refused,
        "undone within, s": undone,
    }
    problems += load_problems(history, settled_violations(target, history))
    return Outcome(f"bad release of {unit}", figures | load_figures(history), tuple(problems))
