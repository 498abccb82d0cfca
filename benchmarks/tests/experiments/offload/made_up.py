"""Trials made by hand: arrivals of every feature, the starts of environments, a step in load."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from benchmarks.analysis.trials import READY, Call, measure
from benchmarks.experiments.offload.sweeps import MOMENTS, sweeps
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.tests.report import sample

NAMES = {"sign-in": "/tokens", "read": "/submissions", "submit": "/submissions (upload)"}
BEGIN = 100.0
Latency = Callable[[str, str], float]  # ms, by arm and feature ("ready" for the result)


def sweep_named(name: str, profile: str = "standard") -> Sweep:
    """Return a sweep of a profile."""
    (found,) = (sweep for sweep in sweeps(profile) if sweep.name == name)
    return found


def starts_of_windows(sweep: Sweep) -> list[float]:
    """Return when each window of the sweep begins."""
    steps = sweep.schedule.steps
    ends = accumulate((step.seconds for step in steps), initial=BEGIN)
    return [end + step.warm_up_seconds for end, step in zip(ends, steps, strict=False)]


def call(name: str, at: float, latency_ms: float, step: int) -> Call:
    """Return a call that was intended at this moment, in a window."""
    ended = at + latency_ms / 1000
    return Call(name, at, ended, latency_ms, failed=False, step=step, measured=True)


def made(
    sweep: Sweep,
    arm: str,
    block: int,
    calls: Sequence[Call],
    *,
    actions: Sequence[Mapping[str, Any]] = (),
) -> Trial:
    """Return a trial with these calls, and a window for each of the sweep's steps."""
    any_trial = sample.trials()[0]
    window = any_trial.levels[0].window
    windows = [
        replace(
            window,
            step=index,
            users=0,
            rate=step.rate,
            start=start,
            end=start + step.window_seconds,
            offered=step.arrivals,
            started=step.arrivals,
        )
        for index, (step, start) in enumerate(
            zip(sweep.schedule.steps, starts_of_windows(sweep), strict=True)
        )
    ]
    document = {
        **any_trial.document,
        "name": f"{block:03d}-{sweep.name}-block{block}-{arm}",
        "sweep": sweep.name,
        "arm": arm,
        "block": block,
        "actions": list(actions),
        "windows": [
            {"step": it.step, "started_at": it.start, "ended_at": it.end} for it in windows
        ],
        "drained": {
            **any_trial.document["drained"],
            "accepted": sum(it.name == READY for it in calls),
        },
    }
    levels = tuple(measure(it, calls) for it in windows)
    return replace(any_trial, document=document, calls=tuple(calls), levels=levels, void=())


def function_note(
    counts: Sequence[tuple[float, int]], starts: Sequence[tuple[float, float]], ended_at: float
) -> dict[str, Any]:
    """Return what the actor records; a start is when it was ready, and its seconds."""
    return {
        "environments": [list(it) for it in counts],
        "load_ended_at": ended_at,
        "starts": [{"ready_at": at, "seconds": seconds} for at, seconds in starts],
    }


def steady(sweep: Sweep, latency: Latency, blocks: int = 5) -> list[Trial]:
    """Return trials of `busy`: each arrival takes what `latency` returns, a few per cent apart."""
    (step,) = sweep.schedule.steps
    (start,) = starts_of_windows(sweep)
    found = []
    for block in range(1, blocks + 1):
        for arm in sweep.arms:
            calls = []
            for number in range(step.arrivals):
                feature = step.group[number % len(step.group)]
                at = start + number / step.rate
                swing = (1 + number % 7 / 50) * (1 + block / 100)
                calls.append(call(NAMES[feature], at, latency(arm.name, feature) * swing, 0))
                if feature == "submit":
                    calls.append(call(READY, at, latency(arm.name, "ready") * swing, 0))
            actions = []
            if arm.is_function:
                note = function_note([(start, 0), (start + 3, 2)], [(start + 2, 1.5)], start + 40)
                actions = [note]
            found.append(made(sweep, arm.name, block, calls, actions=actions))
    return found


def cold(sweep: Sweep, ready_ms: Mapping[str, float], blocks: int = 5) -> list[Trial]:
    """Return trials of `cold`, with submit to ready by moment; all but the warm meet a start."""
    found = []
    for block in range(1, blocks + 1):
        for arm in sweep.arms:
            calls, starts = [], []
            begins = starts_of_windows(sweep)
            for step, moment in MOMENTS.items():
                for number in range(sweep.schedule.steps[step].arrivals):
                    at = begins[step] + 0.1 + number / 100
                    calls.append(call(READY, at, ready_ms[moment] + number + block, step))
                    if moment != "warm":
                        starts.append((at + 1.0, 0.9))
            note = function_note([(begins[0], 0)], starts, begins[-1] + 5)
            found.append(made(sweep, arm.name, block, calls, actions=[note]))
    return found


def stepped(sweep: Sweep, back_seconds: Mapping[str, float], blocks: int = 5) -> list[Trial]:
    """Return trials of `step`: latency is high from the step on, for so many seconds, by arm."""
    begins = starts_of_windows(sweep)
    stepped_at = begins[1]
    found = []
    for block in range(1, blocks + 1):
        for arm in sweep.arms:
            calls = []
            for index, (step, start) in enumerate(zip(sweep.schedule.steps, begins, strict=True)):
                for number in range(step.arrivals):
                    at = start + number / step.rate
                    is_late = 0 <= at - stepped_at < back_seconds[arm.name] + block / 10
                    calls.append(call(READY, at, 5000.0 if is_late else 400.0, index))
            ends = begins[2] + 5
            if arm.is_function:
                counts = [(begins[0], 1), (stepped_at + 2, 4), (ends, 4), (ends + 11, 0)]
                actions = [function_note(counts, [(stepped_at + 1, 0.8)] * 3, ends)]
            else:
                actions = [
                    {"out": True, "ordered_at": stepped_at + 5, "ready_at": stepped_at + 8},
                    {"out": False, "ordered_at": begins[2] + 1, "ready_at": begins[2] + 2},
                ]
            found.append(made(sweep, arm.name, block, calls, actions=actions))
    return found
