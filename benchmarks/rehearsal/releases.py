"""Releases under light load: good ones and an undo by order, and bad ones that undo themselves."""

import statistics
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from benchmarks.oracle import Event, History, RecordingClient, settled_violations, steady_load
from benchmarks.rehearsal.outcome import RATES, Outcome, failed, load_figures, load_problems
from benchmarks.rehearsal.protocols import EngineTarget
from benchmarks.targets.errors import NotReadyError, TargetError, WrongResponseError
from benchmarks.targets.releases.canary import Canary
from benchmarks.targets.rolling_release import BUILT_TAG, Release

BEFORE_SECONDS = 3.0
# Former pods serve on for 10 s after a release, and then finish: their end is under load too.
AFTER_SECONDS = 20.0
DRAIN_SECONDS = 90.0
NEVER_READY_SECONDS = 45.0

Window = tuple[float, float]  # begin and end, on the history's clock


def roll_out(target: EngineTarget, unit: str, *, count: int, tag: str) -> Outcome:
    """Release a unit `count` times under load, and undo the last release by order.

    The releases are alternately of `tag` and of the tag as built; a canary compares each. One
    that fails is a problem, and the last. Requests that fail while an engine replaces the edge in
    its place are counted, and no problem: the edge has one port, and the engine one container.
    """
    history = History()
    client = RecordingClient(target.base_url, history)
    done: list[Release] = []
    failures: list[str] = []
    interruptions: list[Window] = []
    with Canary(target.base_url) as canary, steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        for number in range(count):
            began = history.now()
            try:
                release = target.release(unit, BUILT_TAG if number % 2 else tag, canary=canary)
            except TargetError as error:
                failures.append(f"release {number + 1} failed: {error}")
                break
            done.append(release)
            if release.interrupted:
                interruptions.append((began, history.now()))
        began = history.now()
        undone = target.undo(unit) if done else 0.0
        if interruptions:  # an undo replaces what the releases replaced
            interruptions.append((began, history.now()))
        time.sleep(AFTER_SECONDS)
    client.drain(timeout_seconds=DRAIN_SECONDS)
    seconds = [release.seconds for release in done] or [0.0]
    figures: dict[str, float | str] = {
        "releases": len(done),
        "containers started": sum(release.started for release in done),
        "median, s": statistics.median(seconds),
        "longest release, s": max(seconds),
        "undone within, s": undone,
    }
    excused = [event for event in failed(history) if _is_within(event, interruptions)]
    if interruptions:
        figures["failed while the edge was replaced"] = len(excused)
    violations = settled_violations(target, history)
    problems = (*failures, *load_problems(history, violations, excused=excused))
    return Outcome("releases", unit, figures | load_figures(history), problems)


def never_ready(target: EngineTarget, unit: str, *, tag: str) -> Outcome:
    """Release under load a version that never becomes ready; the release has to undo itself.

    It has no canary, so that there is more to undo.
    """
    history = History()
    with _undone(target, unit, history) as (figures, problems):
        began = time.monotonic()
        try:
            target.release(unit, tag, timeout_seconds=NEVER_READY_SECONDS)
            problems.append(f"{unit} {tag} became ready")
        except NotReadyError as error:
            figures["cause"] = str(error)
        except TargetError as error:
            problems.append(f"{unit} {tag} ended for another reason: {error}")
        figures["ended after, s"] = time.monotonic() - began
    return Outcome("never ready", unit, figures | load_figures(history), tuple(problems))


def wrong_responses(target: EngineTarget, unit: str, *, tag: str) -> Outcome:
    """Release under load a version with wrong responses; the canary has to refuse it."""
    history = History()
    with Canary(target.base_url) as canary, _undone(target, unit, history) as (figures, problems):
        began = time.monotonic()
        try:
            target.release(unit, tag, canary=canary)
            problems.append(f"the canary let {unit} {tag} pass")
        except WrongResponseError as error:
            figures["cause"] = str(error)
        except TargetError as error:
            problems.append(f"{unit} {tag} ended for another reason: {error}")
        figures["ended after, s"] = time.monotonic() - began
    return Outcome("wrong responses", unit, figures | load_figures(history), tuple(problems))


@contextmanager
def _undone(
    target: EngineTarget, unit: str, history: History
) -> Iterator[tuple[dict[str, float | str], list[str]]]:
    """Give figures and problems to fill within the block, which runs under load.

    A failed request is a problem; so is a process that runs another image after it than before.
    """
    figures: dict[str, float | str] = {}
    problems: list[str] = []
    before = target.images(unit)
    client = RecordingClient(target.base_url, history)
    with steady_load(client, RATES):
        time.sleep(BEFORE_SECONDS)
        yield figures, problems
        time.sleep(AFTER_SECONDS)
    after = target.images(unit)
    if after != before:
        problems.append(f"{unit} runs {_listed(after)} afterwards, not {_listed(before)}")
        target.undo(unit)  # the further steps need the former version
    client.drain(timeout_seconds=DRAIN_SECONDS)
    problems += load_problems(history, settled_violations(target, history))


def _listed(images: Collection[str]) -> str:
    return " and ".join(sorted(images))


def _is_within(event: Event, windows: Sequence[Window]) -> bool:
    """Return whether a request was under way within one of the windows."""
    return any(event.started <= end and event.ended >= begin for begin, end in windows)
