"""The sweeps of each profile: which arms there are on which platform, in how many blocks."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.experiments.runner.arms import KUBERNETES, MONOLITH, SERVICES, Arm, Engine, Sweep
from benchmarks.workload.schedule import Schedule, Step

LOAD, AUTOSCALING = "load", "autoscaling"
CENTERFACE = {"RECOGNIZER": "centerface"}
# A recognizer that is waited for, as Clarifai's API is, so that more workers help on one core
WAITED = {"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "0", "SYNTHETIC_WAIT_MS": "300"}
# One worker that waits 300 ms carries 3 a second; three carry what the step brings.
CALM_PER_SECOND, BUSY_PER_SECOND = 1.5, 6.0
SCALED_TO = 3


@dataclass(frozen=True, slots=True)
class Size:
    """How much a profile measures: blocks by sweep, users by level, and seconds."""

    blocks: Mapping[str, int]
    window_seconds: float
    levels: tuple[int, ...] = (1, 4, 8)
    step: tuple[float, float, float] = (20.0, 60.0, 10.0)  # calm, busy, calm again


SIZES = {
    "smoke": Size({LOAD: 1, AUTOSCALING: 1}, 2.0, step=(10.0, 45.0, 5.0)),
    "quick": Size({LOAD: 5, AUTOSCALING: 1}, 5.0),
    "standard": Size({LOAD: 6, AUTOSCALING: 5}, 8.0),
    "full": Size({LOAD: 12, AUTOSCALING: 12}, 12.0),
}


def no_sweeps(_profile: str) -> tuple[Sweep, ...]:
    """Return nothing: every arm needs an engine, which `engine_sweeps` is given."""
    return ()


def engine_sweeps(profile: str, engine: Engine) -> tuple[Sweep, ...]:
    """Return the sweeps of a profile on this engine."""
    size = SIZES[profile]
    found = [_load(size, engine)]
    if engine.platform == KUBERNETES:
        found.append(_autoscaling(size, engine))
    return tuple(found)


def _load(size: Size, engine: Engine) -> Sweep:
    arms = tuple(
        arm
        for name in (MONOLITH, SERVICES)
        for arm in (
            Arm(name, name, CENTERFACE),
            Arm(
                f"{name}-{engine.platform}",
                name,
                CENTERFACE,
                platform=engine.platform,
                place=engine.place,
            ),
        )
    )
    schedule = Schedule.closed(
        size.levels,
        warm_up_seconds=1.0,
        window_seconds=size.window_seconds,
        opening_seconds=2.0,
    )
    title = "Load: what a submission costs as local processes, and on the engine"
    return Sweep(LOAD, "load", title, arms, schedule, size.blocks[LOAD])


def _autoscaling(size: Size, engine: Engine) -> Sweep:
    before, busy, after = size.step
    whole = ("monolith-web", "monolith-worker")
    arms = tuple(
        Arm(
            name,
            architecture,
            WAITED,
            platform=engine.platform,
            place=engine.place,
            autoscaled=dict.fromkeys(scaled, SCALED_TO),
        )
        for name, architecture, scaled in (
            ("monolith-whole", MONOLITH, whole),
            ("monolith-worker", MONOLITH, ("monolith-worker",)),
            ("recognition", SERVICES, ("recognition-worker",)),
        )
    )
    schedule = Schedule(
        (
            Step(4.0, before, rate=CALM_PER_SECOND),
            Step(0.0, busy, rate=BUSY_PER_SECOND),
            Step(0.0, after, rate=CALM_PER_SECOND),
        )
    )
    title = "Autoscaling: a step in the arrivals, and nothing is ordered"
    return Sweep(AUTOSCALING, "autoscaling", title, arms, schedule, size.blocks[AUTOSCALING])
