"""Arrivals in stock Locust, in one process or distributed over its workers."""

from locust.env import Environment
from locust.runners import MasterRunner, Runner, WorkerRunner

from benchmarks.workload.arrival_coordinator import ArrivalCoordinator
from benchmarks.workload.arrival_generator import ArrivalGenerator
from benchmarks.workload.slots import ArrivalUser


class LocustArrivals:
    """Begins the arrivals when all slots have started; ends the run after the last flow.

    Every worker draws the whole schedule by the seed and generates each n-th arrival of it, so all
    workers together make the arrivals that one process makes. A worker reports when its slots have
    started, and when all have, the master starts them together. A local runner sends itself the
    messages that a master and its workers send each other.
    """

    def __init__(self, environment: Environment, runner: Runner, slot: type[ArrivalUser]) -> None:
        if not isinstance(runner, WorkerRunner):
            ArrivalCoordinator(environment, runner)
        if not isinstance(runner, MasterRunner):
            ArrivalGenerator(environment, runner, slot)
