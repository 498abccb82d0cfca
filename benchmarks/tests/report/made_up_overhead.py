"""Made-up trials of the sweep of overhead: each part at a known cost, with known times."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.saturation import find_saturation
from benchmarks.analysis.trials import Level, Window, measure
from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.scaling.overhead import parts

COUNT, SECONDS = 10, 0.5
LOOP, S3 = Part("unit", "floor", "floor-loop-1"), Part("backing", "s3", "s3")
ASGI, WSGI = (Part("unit", "floor", f"floor-{it}-1") for it in ("asgi", "wsgi"))
POSTGRES, VALKEY = (Part("backing", it, it) for it in ("postgres", "valkey"))
WEB, WORKER = Part("unit", "app", "app-web-1"), Part("unit", "app", "app-worker-1")
# CPU-ms of one request or iteration, by process
COSTS: Mapping[str, Mapping[Part, float]] = {
    parts.FLOOR_UPLOAD: {LOOP: 50.0, S3: 10.0},
    parts.UPLOAD: {WEB: 10.0, WORKER: 52.0, S3: 10.0},
    parts.FLOOR_URL: {LOOP: 45.0, S3: 5.0},
    parts.BY_URL: {WEB: 5.0, WORKER: 50.0, S3: 5.0},
    parts.AT_REST: {WEB: 10.0, WORKER: 52.0, S3: 10.0},
    parts.MINIMAL: {ASGI: 0.4},
    parts.READ: {WEB: 1.2},
    parts.RESULT: {WEB: 1.6, S3: 0.4},
    parts.IMAGE: {WEB: 1.2, S3: 1.0},
    parts.MINIMAL_WSGI: {WSGI: 0.1},
    parts.INSERT: {WSGI: 0.6, POSTGRES: 0.3, VALKEY: 0.1},
    parts.SUBMIT: {WEB: 3.0, POSTGRES: 0.5, S3: 0.5},
}
NOISE = {ASGI: 0.02, WSGI: 0.02, LOOP: 0.1}  # what references use while the target is measured
DEARER = {"microservices": 1.05}  # than the monolith, where the target is measured
FLOOR_MS, READY_MS, CLIENT_MS = 62.0, 65.0, 80.0


def overhead_trial(sweep: Sweep, arm: Arm, block: int, number: int, speed: float = 1.0) -> Trial:
    """Return a trial of the sweep; a machine of another `speed` takes as much CPU for all parts."""
    steps = [parts.place_of(step) for step in range(len(sweep.schedule.steps))]
    windows = [
        _described(step, round_number, part.name) for step, (round_number, part) in enumerate(steps)
    ]
    levels = tuple(_level(arm, step, part.name, speed) for step, (_, part) in enumerate(steps))
    return Trial(
        document={
            "name": f"{number:03d}-{sweep.name}-block{block}-{arm.name}",
            "number": number,
            "sweep": sweep.name,
            "block": block,
            "arm": arm.name,
            "architecture": arm.architecture,
            "started_at": "2026-01-02T03:04:05+00:00",
            "seconds": 30.0,
            "deploy_seconds": 8.0,
            "load_average": [0.1, 0.2, 0.3],
            "actions": [],
            "windows": windows,
            "drained": {"wall_drift_ms": 0.0, "target_clock_skew_ms": None},
        },
        levels=levels,
        calls=(),
        rest=(),
        ledger=Ledger(40, 40, 0, 40, 40, 0, 40),
        saturation=find_saturation([]),
        void=(),
        disturbed=False,
    )


def without_part(made: Trial, name: str) -> Trial:
    """Return the trial as if no request of a part had been made."""
    windows = [it | ({"count": 0} if it["part"] == name else {}) for it in made.document["windows"]]
    return replace(made, document={**made.document, "windows": windows})


def _described(step: int, number: int, part: str) -> dict[str, Any]:
    is_floor = part == parts.FLOOR_UPLOAD
    return {
        "step": step,
        "part": part,
        "round": number,
        "count": COUNT,
        "seconds": SECONDS if is_floor else 1.2 * SECONDS,
        "each_ms": [FLOOR_MS] * COUNT if is_floor else [],
        "ready_ms": [READY_MS, READY_MS, 500.0] if part == parts.AT_REST else [],
        "client_ms": [CLIENT_MS, CLIENT_MS, 500.0] if part == parts.AT_REST else [],
    }


def _level(arm: Arm, step: int, part: str, speed: float) -> Level:
    start, end = 100.0 + step, 100.0 + step + SECONDS
    is_own = not any(it.unit == "floor" for it in COSTS[part])
    dearer = DEARER.get(arm.architecture, 1.0) if is_own else 1.0
    used = {it: cost * COUNT * dearer / speed for it, cost in COSTS[part].items()}
    used = {**NOISE, **used}
    window = Window(
        step=step,
        users=1,
        rate=0.0,
        start=start,
        end=end,
        before=[Reading(start, it, 1, 1000.0, 1) for it in used],
        after=[Reading(end, it, 1, 1000.0 + amount, 1) for it, amount in used.items()],
        generator_share=0.0,
        harness_share=0.3,
        lag_p99_ms=0.0,
        lag_max_ms=0.0,
        steal_share=0.0,
        core_busy_seconds=sum(used.values()) / 1000,
    )
    return measure(window, ())
