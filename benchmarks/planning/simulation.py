"""The simulation of submissions on their way: arrivals, workers, machines, latencies.

SimPy advances the time from event to event, and everything random is drawn from a seed, so the
same arguments give the same result. A step's time is exponential with the measured mean, the usual
assumption where only the mean is known; what a recognizer takes is constant, as the floor's loop
takes the same time for each image. All times are milliseconds.
"""

import random
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from simpy import Environment, Event, Store

from benchmarks.planning.machine import Machine
from benchmarks.planning.route import CONSUMER, ONE_AT_A_TIME, WORKER, Route, Step
from benchmarks.planning.service_times import ServiceTimes

Steps = Generator[Event, Any, None]
SLICE_MS = 100.0


@dataclass(frozen=True, slots=True)
class Recognizer:
    """What a worker does between reading the image and storing the result, in ms."""

    cpu_ms: float
    wait_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """A process on a machine; with no machine, it takes its time and no core."""

    name: str
    machine: Machine | None


@dataclass(slots=True)
class Submission:
    """When a submission was to begin, was answered 202, was known to be final, and was read."""

    intended_at: float
    submitted_at: float = 0.0
    ready_at: float = 0.0
    read_at: float = 0.0


@dataclass(slots=True)
class System:
    """Processes by type, with the times and the route of their architecture."""

    environment: Environment
    places: dict[str, list[Place]]
    route: Route
    times: ServiceTimes
    recognizer: Recognizer
    rng: random.Random
    done: list[Submission] = field(default_factory=list)
    worker_ms: float = 0.0  # in which a worker was taken
    _turns: dict[str, Iterator[Place]] = field(default_factory=dict)
    _free: dict[str, Store] = field(default_factory=dict)
    _jobs: int = 0

    def __post_init__(self) -> None:
        """Let every worker and consumer wait for a message."""
        for name, places in self.places.items():
            self._turns[name] = cycle(places)
        for name in (WORKER, CONSUMER):
            if name in self.places:
                self._free[name] = Store(self.environment)
                self._free[name].items.extend(self.places[name])

    def submit(self, submission: Submission) -> Steps:
        """Submit, wait until it is final, and read the result."""
        yield from self._steps(self.route.submit)
        submission.submitted_at = self.environment.now
        recognized = self.environment.process(self._recognize())
        yield from self._steps(self.route.wait_begins)
        yield recognized
        yield from self._steps(self.route.wait_ends)
        submission.ready_at = self.environment.now
        self.environment.process(self._steps(self.route.beside))
        yield from self._steps(self.route.result)
        submission.read_at = self.environment.now
        self.done.append(submission)

    def _recognize(self) -> Steps:
        """Take a worker for one submission; then a consumer where there is one."""
        place = yield self._free[WORKER].get()
        begun = self.environment.now
        if self.route.started:
            self.environment.process(self._consume(self.route.started))
        yield from self._steps(self.route.before, worker=place)
        yield self.compute(place, self.recognizer.cpu_ms)
        if self.recognizer.wait_ms:
            yield self.environment.timeout(self.recognizer.wait_ms)
        yield from self._steps(self.route.after, worker=place)
        self._free[WORKER].put(place)
        self.worker_ms += self.environment.now - begun
        if self.route.completed:
            yield from self._consume(self.route.completed)

    def _consume(self, steps: Iterable[Step]) -> Steps:
        place = yield self._free[CONSUMER].get()
        yield from self._steps(steps, consumer=place)
        self._free[CONSUMER].put(place)

    def _steps(self, steps: Iterable[Step], **taken: Place) -> Steps:
        for step in steps:
            mean_ms = self.times.of(step.process, step.call) * step.share
            if mean_ms:
                cpu_ms = self.rng.expovariate(1 / mean_ms)
                place = taken.get(step.process) or next(self._turns[step.process])
                yield self.compute(place, cpu_ms)

    def compute(self, place: Place, cpu_ms: float) -> Event:
        """Return the event of the end of so much CPU time of a process."""
        if place.machine is None:
            return self.environment.timeout(cpu_ms)
        name = place.name
        if name.partition(":")[0] not in ONE_AT_A_TIME:
            self._jobs += 1
            name = f"{name}:{self._jobs}"
        return place.machine.compute(name, cpu_ms)


def arrivals(system: System, at_ms: Iterable[float]) -> Steps:
    """Begin a submission at each of these times, whatever became of the others."""
    environment = system.environment
    for at in at_ms:
        yield environment.timeout(max(0.0, at - environment.now))
        environment.process(system.submit(Submission(environment.now)))


def user(system: System, after_ms: float) -> Steps:
    """Begin after so many ms: submit, wait, read and begin again, for ever."""
    yield system.environment.timeout(after_ms)
    while True:
        yield from system.submit(Submission(system.environment.now))


def background(system: System) -> Steps:
    """Compute what every process computes without any request, in slices."""
    environment = system.environment
    while True:
        yield environment.timeout(SLICE_MS)
        for process, cpu_ms in system.times.background_ms.items():
            for place in system.places.get(process, ())[:1]:
                system.compute(place, cpu_ms * SLICE_MS / 1000)


def drawn(count: int, milliseconds: float, rng: random.Random) -> list[float]:
    """Return so many times of Poisson arrivals, given their number: uniform, and rising.

    As the generator of an open load draws them (`workload/arrivals.py`).
    """
    return sorted(rng.random() * milliseconds for _ in range(count))
