"""The simulation of a planned deployment: each process on a core of its own, stores apart."""

import dataclasses
import random
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from simpy import Environment

from benchmarks.planning.machine import Machine
from benchmarks.planning.route import CACHE, CALLS, DATABASE, EDGE, ROUTES, STORE, SWEEPER, WORKER
from benchmarks.planning.service_times import ServiceTimes
from benchmarks.planning.simulation import Place, Recognizer, System, arrivals, drawn
from benchmarks.planning.trial import MS, PERCENTILE, SEED

SUBMISSIONS = 1000
WARM_UP_SECONDS = 0.5  # twice as long as a submission takes
MEDIAN = 0.5


@dataclass(frozen=True, slots=True)
class Fleet:
    """A deployment: replicas by process type without its unit, and the sizes of the stores."""

    replicas: Mapping[str, int]
    database_vcpus: int
    cache_parts: int


@dataclass(frozen=True, slots=True)
class FleetOutcome:
    """Ms from submit to ready, and the share of time in which a worker is taken."""

    p50_ms: float
    p95_ms: float
    worker_busy: float


def simulate(
    architecture: str,
    fleet: Fleet,
    times: ServiceTimes,
    store_waits_ms: Mapping[str, float],
    per_second: float,
) -> FleetOutcome:
    """Return what users wait for at so many Poisson arrivals a second.

    `store_waits_ms` is what the requests to the object store of each call take, which is the
    provider's time and no CPU of the fleet; the edge takes the time that it computes.
    """
    environment, rng = Environment(), random.Random(SEED)
    system = System(
        environment=environment,
        places=_places(environment, architecture, fleet),
        route=ROUTES[architecture],
        times=_with_waits(times.without_search(), store_waits_ms),
        recognizer=Recognizer(cpu_ms=times.search_ms),
        rng=rng,
    )
    seconds = WARM_UP_SECONDS + SUBMISSIONS / per_second
    due = drawn(round(per_second * seconds), seconds * MS, rng)
    environment.process(arrivals(system, due))
    while len(system.done) < len(due):
        environment.step()
    latencies = [
        it.ready_at - it.intended_at for it in system.done if it.intended_at >= WARM_UP_SECONDS * MS
    ]
    p50_ms, p95_ms = np.quantile(latencies, [MEDIAN, PERCENTILE])
    taken = system.worker_ms / environment.now / fleet.replicas[WORKER]
    return FleetOutcome(float(p50_ms), float(p95_ms), taken)


def _places(environment: Environment, architecture: str, fleet: Fleet) -> dict[str, list[Place]]:
    """Return a machine for each process; the sweeper, of which there is one, has its own too."""
    sizes = {
        **dict.fromkeys(ROUTES[architecture].processes, (1, 1)),
        **{name: (count, 1) for name, count in fleet.replicas.items()},
        DATABASE: (1, fleet.database_vcpus),
        CACHE: (fleet.cache_parts, 1),
        SWEEPER: (1, 1),
    }
    return {
        name: [
            Place(
                f"{name}:{number}",
                None if name in (EDGE, STORE) else Machine(environment, cores),
            )
            for number in range(count)
        ]
        for name, (count, cores) in sizes.items()
    }


def _with_waits(times: ServiceTimes, store_waits_ms: Mapping[str, float]) -> ServiceTimes:
    return dataclasses.replace(
        times,
        cpu_ms={
            call: {**times.cpu_ms[call], STORE: store_waits_ms.get(call, 0.0)} for call in CALLS
        },
    )
