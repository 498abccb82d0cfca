"""The experiment's sweeps: which components fail in each profile, for how long, how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.experiments.faults.components import (
    BACKING,
    KILL,
    PROCESSES,
    STALL,
    fault_names,
)
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH, SERVICES, Action, Arm, Sweep
from benchmarks.workload.schedule import Schedule, Step

KIND = "faults"
# Arrivals a second: some two fifths of one core's time on either side, as in the deploy experiment,
# so that there is room to start a process and to catch up.
RATE = 6.0
OPENING_SECONDS = 4.0
SETTINGS = {"RECOGNIZER": "centerface"}
HEADLINES = ("processes-killed", "backing-stalled")

FaultsOf = Callable[[str], tuple[str, ...]]  # by architecture


def _processes(how: str) -> FaultsOf:
    return lambda architecture: fault_names(how, PROCESSES[architecture])


def _backing(how: str) -> FaultsOf:
    return lambda _architecture: fault_names(how, BACKING)


def _few(architecture: str) -> tuple[str, ...]:
    worker = {MONOLITH: "monolith-worker", SERVICES: "recognition-worker"}[architecture]
    return (f"{KILL} {worker}", f"{STALL} postgres")


SWEEPS: Mapping[str, tuple[str, FaultsOf]] = {
    "processes-killed": ("One process type killed at a time", _processes(KILL)),
    "processes-stalled": ("One process type stalled at a time", _processes(STALL)),
    "backing-stalled": ("One backing service or the edge stalled at a time", _backing(STALL)),
    "backing-killed": ("One backing service or the edge killed at a time", _backing(KILL)),
    "few": ("A worker killed, PostgreSQL stalled", _few),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much a profile measures. Each fault has calm seconds, the failure, and seconds after.

    While the fault before still shows, a failure begins up to `slack_seconds` later, and has so
    much less after it.
    """

    sweeps: tuple[str, ...]
    blocks: int
    calm_seconds: float
    failure_seconds: float
    after_seconds: float
    slack_seconds: float

    @property
    def fault_seconds(self) -> float:
        """What one fault takes in all."""
        return self.calm_seconds + self.failure_seconds + self.after_seconds


SIZES = {
    "smoke": Size(("few",), 1, 4.0, 3.0, 4.5, 1.0),
    # Five blocks give the claims about processes a verdict. That about the backing services needs
    # twelve: its difference is about as large as the scatter over blocks, 0.02.
    "quick": Size(HEADLINES[:1], 5, 4.0, 6.0, 10.0, 6.0),
    "standard": Size(HEADLINES[:1], 5, 4.0, 6.0, 10.0, 6.0),
    "full": Size(tuple(name for name in SWEEPS if name != "few"), 12, 5.0, 8.0, 30.0, 15.0),
}


def sweeps(profile: str) -> tuple[Sweep, ...]:
    """Return all sweeps of a profile, in their order within a block."""
    size = SIZES[profile]
    return tuple(_sweep(name, size) for name in size.sweeps)


def _sweep(name: str, size: Size) -> Sweep:
    title, faults_of = SWEEPS[name]
    arms = tuple(Arm(it, it, SETTINGS, faults=faults_of(it)) for it in ARCHITECTURES)
    most = max(len(arm.faults) for arm in arms)
    steps = tuple(
        Step(
            0.0 if place else OPENING_SECONDS,
            size.fault_seconds,
            rate=RATE,
            mixed=True,
            even=True,
            persistent=True,
        )
        for place in range(most)
    )
    failure = (
        Action(size.calm_seconds, out=True),
        Action(size.calm_seconds + size.failure_seconds, out=False),
        Action(size.calm_seconds + size.slack_seconds, out=True),
    )
    return Sweep(name, KIND, title, arms, Schedule(steps), size.blocks, failure)
