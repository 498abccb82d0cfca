"""Trials made by hand: in each window so many visits, at a known cost by group of processes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.saturation import find_saturation
from benchmarks.analysis.trials import Call, Window, measure
from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE, WAYS
from benchmarks.experiments.edge.sweeps import (
    CODINGS,
    FIRST_VISIT,
    IMAGE,
    KINDS,
    RETURN_VISIT,
    Kind,
)
from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.experiments.runner.measured_trial import Trial

VISITS = 50
WINDOW_SECONDS, EVERY_SECONDS = 2.0, 3.0
LATENCY_MS = {FIRST_VISIT: 20.0, RETURN_VISIT: 1.0, IMAGE: 5.0}
REQUESTS = {FIRST_VISIT: 25.0, RETURN_VISIT: 1.0, IMAGE: 1.0}
# CPU-ms of one visit by way and kind: the application's, the edge's
COSTS: Mapping[tuple[str, str], tuple[float, float]] = {
    (FROM_APPLICATION, FIRST_VISIT): (20.0, 10.0),
    (FROM_EDGE, FIRST_VISIT): (0.0, 4.0),
    (FROM_APPLICATION, RETURN_VISIT): (0.6, 0.3),
    (FROM_EDGE, RETURN_VISIT): (0.0, 0.1),
    (FROM_APPLICATION, IMAGE): (3.0, 0.5),
    (FROM_EDGE, IMAGE): (2.0, 1.0),
}
BACKING_MS, WORKER_MS = 0.5, 0.02


def trial(
    arm: str = MONOLITH,
    block: int = 1,
    *,
    factor: float = 1.0,
    costs: Mapping[tuple[str, str], tuple[float, float]] = COSTS,
    first_way: str = FROM_EDGE,
    void: tuple[str, ...] = (),
    disturbed: bool = False,
) -> Trial:
    """Return a trial in which each visit cost `costs` times `factor`."""
    ways = sorted(WAYS, key=lambda way: way != first_way)
    steps = [(way, kind) for way in ways for kind in KINDS]
    windows = [
        _window(arm, step, kind, [factor * cost for cost in costs[way, kind.name]])
        for step, (way, kind) in enumerate(steps)
    ]
    calls = [
        call
        for window, (_, kind) in zip(windows, steps, strict=True)
        for call in _calls(window, kind)
    ]
    levels = tuple(measure(window, calls) for window in windows)
    return Trial(
        document={
            "name": f"{block:03d}-visits-{arm}",
            "number": block,
            "sweep": "visits",
            "block": block,
            "arm": arm,
            "started_at": "2026-11-29T06:00:00+00:00",
            "seconds": 30.0,
            "deploy_seconds": 7.0,
            "windows": [_described(step, way, kind) for step, (way, kind) in enumerate(steps)],
            "drained": {"bytes_by_coding": {way: _sizes() for way in WAYS}},
            "actions": [],
        },
        levels=levels,
        calls=tuple(calls),
        rest=(),
        ledger=Ledger(1, 1, 0, 1, 1, 0, 1),
        saturation=find_saturation([]),
        void=void,
        disturbed=disturbed,
    )


def without_visits(made: Trial, way: str, kind: str) -> Trial:
    """Return the trial without any visit of a kind by a way."""
    empty = {
        it["step"] for it in made.document["windows"] if (it["way"], it["kind"]) == (way, kind)
    }
    return replace(made, calls=tuple(call for call in made.calls if call.step not in empty))


def _window(arm: str, step: int, kind: Kind, cost: list[float]) -> Window:
    start = 100.0 + step * EVERY_SECONDS
    application, edge = cost
    spent = {
        Part("unit", arm, f"{arm}-web-1"): application * VISITS,
        Part("unit", arm, f"{arm}-worker-1"): WORKER_MS * VISITS,
        Part("edge", "edge", "edge"): edge * VISITS,
        Part("backing", "s3", "s3"): BACKING_MS * VISITS,
    }
    return Window(
        step=step,
        users=kind.connections,
        rate=0.0,
        start=start,
        end=start + WINDOW_SECONDS,
        before=[Reading(start, part, 1, 1000.0, 1) for part in spent],
        after=[
            Reading(start + WINDOW_SECONDS, part, 1, 1000.0 + amount, 1)
            for part, amount in spent.items()
        ],
        generator_share=0.0,
        harness_share=0.3,
        lag_p99_ms=0.0,
        lag_max_ms=0.0,
        steal_share=0.0,
        core_busy_seconds=sum(spent.values()) / 1000,
    )


def _calls(window: Window, kind: Kind) -> list[Call]:
    """Return the visits of a window, and one that ends after it, which doesn't count."""
    between = WINDOW_SECONDS / VISITS
    seconds = LATENCY_MS[kind.name] / 1000
    begins = [window.start + number * between for number in range(VISITS)]
    return [
        Call(kind.name, at, at + seconds, seconds * 1000, False, window.step, measured=True)
        for at in (*begins, window.end)
    ]


def _described(step: int, way: str, kind: Kind) -> dict[str, Any]:
    sizes = {"image": 68_000.0} if kind.name == IMAGE else {"page": 3_000.0}
    if kind.name == FIRST_VISIT:
        sizes["asset"] = 44_000.0
    return {
        "step": step,
        "way": way,
        "kind": kind.name,
        "connections": kind.connections,
        "requests_per_visit": REQUESTS[kind.name],
        "wire_bytes_per_visit": sizes,
    }


def _sizes() -> dict[str, dict[str, int]]:
    return {coding: {"page": 3_000, "asset": 44_000} for coding in CODINGS}
