"""Trials made by hand: a release, or two, with requests of every feature before and during them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from benchmarks.analysis.trials import Call
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.tests.report import sample

CALM_SECONDS = 20.0  # a request of each feature comes every tenth of a second
NAMES = {"sign-in": "/tokens", "submit": "submit to ready", "read": "/submissions", "page": "/"}


def call(at: float, name: str, latency_ms: float = 100.0, *, failed: bool = False) -> Call:
    """Return a request that was intended at this moment."""
    return Call(name, at, at + latency_ms / 1000, latency_ms, failed, step=0, measured=True)


@cache
def start() -> float:
    """Return when the window of every trial here begins."""
    return _any_trial().levels[0].window.start


@cache
def _any_trial() -> Trial:
    return sample.trials()[0]


def note(
    ordered_at: float, seconds: float, *, waited: float = 0.0, **fields: Any
) -> dict[str, Any]:
    """Return what a trial records of a release; moments are seconds of the window."""
    ordered = start() + ordered_at
    return {
        "change": "field-added",
        "unit": "submissions",
        "build_seconds": 3.0,
        "refused": "",
        "lines": 100,
        "lines_changed": 1,
        "dependencies": 9,
        "dependencies_changed": 0,
        "started": 3,
        "ended": 3,
        "steps": {"edge switched": 0.2, "old processes drained": 1.0},
        "ordered_at": ordered,
        "began_at": ordered + waited,
        "ended_at": ordered + seconds,
        **fields,
    }


def trial(
    notes: Sequence[Mapping[str, Any]],
    *,
    sweep: str = "releases",
    arm: str = "field-added-monolith",
    block: int = 1,
    calls: Sequence[Call] | None = None,
    during_ms: float = 100.0,
) -> Trial:
    """Return a trial with these releases; from the calm's end on a request takes `during_ms`."""
    made = _any_trial()
    if calls is None:
        calls = [
            call(start() + tenth / 10, name, 100.0 if tenth < 10 * CALM_SECONDS else during_ms)
            for tenth in range(400)
            for name in NAMES.values()
        ]
    document = {
        **made.document,
        "name": f"{block:03d}-{sweep}-block{block}-{arm}",
        "sweep": sweep,
        "arm": arm,
        "block": block,
        "architecture": arm.rpartition("-")[2],
        "actions": list(notes),
    }
    return replace(made, calls=tuple(calls), document=document, void=())
