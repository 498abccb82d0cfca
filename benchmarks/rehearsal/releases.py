"""Releases under light load: good ones, and one that never becomes ready and is undone."""

import statistics
import time
from collections.abc import Sequence

from benchmarks.oracle import Event, History, RecordingClient, settled_violations, steady_load
from benchmarks.rehearsal.outcome import RATES, Outcome, failed, load_figures, load_problems
from benchmarks.rehearsal.protocols import EngineTarget
from benchmarks.targets.errors import EngineError
from benchmarks.targets.rolling_release import BUILT_TAG, Release

BEFORE_SECONDS = 3.0
# Former pods serve on for 10 s after a release, and then finish: their end is under load too.
AFTER_SECONDS = 20.0
DRAIN_SECONDS = 90.0
NEVER_READY_SECONDS = 45.0

Window = tuple[float, float]  # begin and end, on the history's clock


def roll_out(target: EngineTarget, unit: str, *, count: int, tag: str) -> Outcome:
    """Release a unit `count` times under load, alternately with `tag` and with the tag as built.

    Requests that fail while an engine replaces the edge in its place are counted, and no problem:
    the edge has one port, and the engine one container for it.
    """
    history = History()
    client = RecordingClient(target.base_url, history)
    done: list[Release] = []
    interruptions: list[Window] = []
    with steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        for number in range(count):
            began = history.now()
            release = target.release(unit, BUILT_TAG if number % 2 else tag)
            done.append(release)
            if release.interrupted:
                interruptions.append((began, history.now()))
        time.sleep(AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    seconds = [release.seconds for release in done]
    figures: dict[str, float | str] = {
        "releases": count,
        "containers started": sum(release.started for release in done),
        "median, s": statistics.median(seconds),
        "longest release, s": max(seconds),
    }
    excused = [event for event in failed(history) if _is_within(event, interruptions)]
    if interruptions:
        figures["failed while the edge was replaced"] = len(excused)
    violations = settled_violations(target, history)
    problems = load_problems(history, violations, excused=excused)
    return Outcome("releases", unit, figures | load_figures(history), problems)


def undo_bad(target: EngineTarget, unit: str, *, tag: str) -> Outcome:
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
    return Outcome("bad release", unit, figures | load_figures(history), tuple(problems))


def _is_within(event: Event, windows: Sequence[Window]) -> bool:
    """Return whether a request was under way within one of the windows."""
    return any(event.started <= end and event.ended >= begin for begin, end in windows)
