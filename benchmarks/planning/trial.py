"""Simulated trials of measured conditions: all processes on one machine, warm-up, windows."""

import random
from dataclasses import dataclass

import numpy as np
from simpy import Environment

from benchmarks.planning.machine import Machine
from benchmarks.planning.points import Conditions
from benchmarks.planning.route import ROUTES
from benchmarks.planning.service_times import ServiceTimes
from benchmarks.planning.simulation import (
    Place,
    Recognizer,
    Submission,
    System,
    arrivals,
    background,
    drawn,
    user,
)

SEED = 20_261_130
CORES = 1  # of the committed runs' targets
CLOSED_SECONDS = 40.0  # long enough for a mean within 1 %
OPEN_SUBMISSIONS = 1500  # for a 95th percentile whose own spread is small
MS = 1000.0
PERCENTILE = 0.95


@dataclass(frozen=True, slots=True)
class Outcome:
    """Submissions a second, ms from the intended start to ready (95th percentile), cores used."""

    throughput: float
    p95_ms: float
    cores: float


@dataclass(frozen=True, slots=True)
class _Trial:
    """The submissions of a trial that were read, and the cores used."""

    submissions: list[Submission]
    cores: float


def simulate(conditions: Conditions, times: ServiceTimes) -> Outcome:
    """Return what the conditions give with these service times, on one machine.

    Closed: one long window. Open: as many windows of the measured length as give enough
    submissions, each after a warm-up, since a queue grows for longer than a short window lasts.
    """
    begin = conditions.warm_up_seconds
    if conditions.is_closed:
        seconds, trials = CLOSED_SECONDS, 1
    else:
        seconds = conditions.window_seconds
        trials = max(1, round(OPEN_SUBMISSIONS / (conditions.rate * seconds)))
    end = begin + seconds
    found = [_simulated(conditions, times, begin, end, SEED + number) for number in range(trials)]
    submissions = [submission for trial in found for submission in trial.submissions]
    latencies = [it.ready_at - it.intended_at for it in submissions if it.intended_at >= begin * MS]
    ready = sum(begin * MS <= it.ready_at < end * MS for it in submissions)
    return Outcome(
        throughput=ready / seconds / trials,
        p95_ms=float(np.quantile(latencies, PERCENTILE)),
        cores=sum(trial.cores for trial in found) / trials,
    )


def _simulated(
    conditions: Conditions, times: ServiceTimes, begin: float, end: float, seed: int
) -> _Trial:
    environment, rng = Environment(), random.Random(seed)
    machine = Machine(environment, CORES)
    system = on_one_machine(environment, machine, conditions, times, rng)
    environment.process(background(system))
    if conditions.is_closed:
        for _ in range(conditions.users):
            environment.process(user(system, rng.random() * begin * MS / 2))
        environment.run(until=end * MS)
    else:
        due = drawn(round(conditions.rate * end), end * MS, rng)
        environment.process(arrivals(system, due))
        while len(system.done) < len(due):
            environment.step()
    return _Trial(system.done, machine.busy_ms / environment.now)


def on_one_machine(
    environment: Environment,
    machine: Machine,
    conditions: Conditions,
    times: ServiceTimes,
    rng: random.Random,
) -> System:
    """Return the processes of an architecture, all on one machine."""
    route = ROUTES[conditions.architecture]
    return System(
        environment=environment,
        places={
            name: [
                Place(f"{name}:{number}", machine)
                for number in range(conditions.replicas.get(name, 1))
            ]
            for name in route.processes
        },
        route=route,
        times=times.without_search(),
        recognizer=recognizer_of(conditions, times),
        rng=rng,
    )


def recognizer_of(conditions: Conditions, times: ServiceTimes) -> Recognizer:
    """Return what recognition is: the search, a set CPU time, or a wait."""
    if conditions.stub_ms is not None:
        return Recognizer(cpu_ms=0.0, wait_ms=conditions.stub_ms)
    if conditions.work_cpu_ms is not None:
        return Recognizer(cpu_ms=conditions.work_cpu_ms)
    return Recognizer(cpu_ms=times.search_ms)
