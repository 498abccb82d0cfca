"""A results document from made-up trials, through the same code as real ones."""

from dataclasses import replace
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.saturation import find_saturation
from benchmarks.analysis.trials import (
    READY,
    Call,
    Level,
    Window,
    is_disturbed,
    measure,
    saturation,
    void_reasons,
)
from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.engine.reading import Trial
from benchmarks.experiments.scaling_summary import summarize
from benchmarks.report import schema

CAPACITY = {"monolith": 12.0, "microservices": 10.0}
COSTS = {
    "monolith": {
        Part("unit", "monolith", "monolith-worker-1"): 50.0,
        Part("unit", "monolith", "monolith-web-1"): 20.0,
        Part("backing", "postgres", "postgres"): 6.0,
        Part("edge", "edge", "edge"): 2.0,
    },
    "microservices": {
        Part("unit", "recognition", "recognition-worker-1"): 52.0,
        Part("unit", "submissions", "submissions-web-1"): 20.0,
        Part("unit", "submissions", "submissions-consumer-1"): 9.0,
        Part("backing", "postgres", "postgres"): 8.0,
        Part("edge", "edge", "edge"): 2.5,
    },
}
SECONDS = 12.0


def _readings(arm: str, at: float, completed: float) -> list[Reading]:
    return [
        Reading(at, part, 100 + number, cost * completed, (20 + 10 * number) * 2**20)
        for number, (part, cost) in enumerate(COSTS[arm].items())
    ]


def _level(arm: str, users: int, speed: float, others: float) -> tuple[Level, tuple[Call, ...]]:
    throughput = min(users * 7.0, CAPACITY[arm]) * speed
    completed = round(throughput * SECONDS)
    ready_ms = users / throughput * 1000
    ends = [100.0 + (n + 0.5) * SECONDS / completed for n in range(completed)]
    calls = tuple(
        call
        for n, end in enumerate(ends)
        for call in (
            Call("/submissions (upload)", end, ready_ms / 10 * (1 + n % 5 / 10), failed=False),
            Call(READY, end, ready_ms * (1 + n % 7 / 20), failed=False),
        )
    )
    window = Window(
        users=users,
        start=100.0,
        end=100.0 + SECONDS,
        before=_readings(arm, 100.0, 0.0),
        after=_readings(arm, 100.0 + SECONDS, completed / speed**0.2),
        generator_share=0.04,
        harness_share=0.01,
        lag_p99_ms=2.0,
        steal_share=0.0,
        core_busy_seconds=completed / speed**0.2 * sum(COSTS[arm].values()) / 1000
        + others * SECONDS,
    )
    return measure(window, calls), calls


def trial(
    number: int,
    block: int,
    arm: str,
    *,
    speed: float = 1.0,
    lost: int = 0,
    others: float = 0.0,
) -> Trial:
    """One trial; `speed` is the machine's, `lost` rows are missing, `others` use so many cores."""
    measured = [_level(arm, users, speed, others) for users in (1, 2, 4, 8)]
    levels = tuple(level for level, _ in measured)
    count = sum(level.completed for level in levels)
    ledger = Ledger(count, count, 0, count - lost, count - lost, 0, count - lost)
    return Trial(
        document={
            "name": f"{number:02d}-block{block}-{arm}",
            "number": number,
            "block": block,
            "arm": arm,
            "started_at": "2026-01-02T03:04:05+00:00",
            "seconds": 50.0,
            "deploy_seconds": 8.0,
            "load_average": [0.1, 0.2, 0.3],
        },
        levels=levels,
        calls=tuple(calls for _, calls in measured),
        rest=tuple(_readings(arm, 0.0, 0.0)),
        ledger=ledger,
        saturation=saturation(levels),
        void=tuple(void_reasons(levels, ledger)),
        disturbed=is_disturbed(levels, target_cores=1),
    )


def trials(*, lost: int = 0) -> list[Trial]:
    """Three blocks; `lost` rows are missing in the last trial."""
    return [
        trial(1, 1, "monolith", speed=1.0),
        trial(2, 1, "microservices", speed=1.01),
        trial(3, 2, "microservices", speed=0.94),
        trial(4, 2, "monolith", speed=0.95),
        trial(5, 3, "monolith", speed=0.99),
        trial(6, 3, "microservices", speed=1.0, lost=lost),
    ]


def results(measured: list[Trial]) -> dict[str, Any]:
    """The whole document."""
    document = {
        "schema_version": schema.SCHEMA_VERSION,
        "run": {
            "id": "20260102T030405Z-quick",
            "profile": "quick",
            "blocks": 3,
            "seed": 5,
            "order": [it.name for it in measured],
            "arms": ["monolith", "microservices"],
            "schedule": {
                "levels": [1, 2, 4, 8],
                "warm_up_seconds": 1.0,
                "window_seconds": SECONDS,
                "opening_seconds": 2.0,
            },
            "image": "load.jpg",
            "settings": {"RECOGNIZER": "centerface"},
            "started_at": "2026-01-02T03:04:05+00:00",
            "finished_at": "2026-01-02T03:09:35+00:00",
            "status": "complete",
        },
        "environment": {
            "cpu": {
                "model": "Some CPU 3000",
                "cores": 2,
                "target_cores": [0],
                "generator_core": 1,
                "governor": "unknown",
                "virtual": True,
            },
            "memory_bytes": 8 * 2**30,
            "system": {"kernel": "6.1", "machine": "x86_64", "distribution": "Some Linux 12"},
            "load_average_before": [0.1, 0.2, 0.3],
            "versions": {"python": "3.11.7", "locust": "2.47.0"},
            "source": {"commit": "0123456789abcdef", "changed": False},
            "settings": {"RECOGNIZER": "centerface"},
        },
        "conformance": {
            arm: {
                "passed": True,
                "cases": 150,
                "failed": 0,
                "skipped": 0,
                "seconds": 31.0,
                "failures": [],
                "selection": "all",
            }
            for arm in CAPACITY
        },
        "experiments": {"scaling": summarize(measured)},
    }
    schema.check(document)
    return document


def unsaturated(measured: Trial) -> Trial:
    """The same trial, without its levels past the knee."""
    levels = measured.levels[:1]
    return replace(
        measured, levels=levels, calls=measured.calls[:1], saturation=find_saturation([])
    )
